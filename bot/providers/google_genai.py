"""Single calls to Gemini by google-genai, the SDK that Google maintains."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.core.settings import GeminiSettings
from bot.providers.failures import UNUSABLE, of_network, of_nonsense, of_setup, of_status
from bot.providers.model_calls import MOST_TOKENS, Generated, ModelCalls, Prompt

if TYPE_CHECKING:
    from google.genai import types
    from google.genai.client import AsyncClient


class GoogleGenai(ModelCalls):
    """The SDK is imported, in a thread, for the first call: it takes half a second."""

    def __init__(self, settings: GeminiSettings) -> None:
        self._settings = settings
        self._opening = asyncio.Lock()
        self._client: AsyncClient | None = None

    async def generate(self, prompt: Prompt, *, within_s: float) -> Generated:
        """Return a model's answer; raise CallFailed."""
        config: types.GenerateContentConfigDict = {
            "system_instruction": prompt.system,
            "max_output_tokens": MOST_TOKENS,
            "http_options": {"timeout": _milliseconds(within_s)},
        }
        answer = await self._asked(
            lambda client: client.models.generate_content(
                model=self._settings.model, contents=prompt.user, config=config
            )
        )
        return _generated(answer)

    async def describe(self, *, within_s: float) -> str:
        """Return the model's name as Gemini knows it; raise CallFailed."""
        config: types.GetModelConfigDict = {"http_options": {"timeout": _milliseconds(within_s)}}
        known = await self._asked(
            lambda client: client.models.get(model=self._settings.model, config=config)
        )
        return str(known.name or self._settings.model).removeprefix("models/")

    async def _asked(self, call: Callable[[AsyncClient], Awaitable[Any]]) -> Any:
        client = await self._opened()
        from google.genai import errors

        try:
            return await call(client)
        except errors.APIError as error:
            raise of_status(error.code, error.details) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise of_network(error) from error
        except Exception as error:
            # What the SDK makes of an answer that is not Gemini's: it stumbles in many ways.
            raise of_nonsense(error) from error

    async def _opened(self) -> AsyncClient:
        async with self._opening:
            if self._client is None:
                try:
                    self._client = await asyncio.to_thread(self._made)
                except Exception as error:
                    raise of_setup(error) from error
            return self._client

    def _made(self) -> AsyncClient:
        package = importlib.import_module("google.genai")
        client: AsyncClient = package.Client(
            api_key=self._settings.api_key,
            vertexai=False,
            http_options={
                "base_url": self._settings.base_url,
                # Else it tries again by itself, up to ten seconds later, after a dropped
                # connection, and takes the key along to wherever it is redirected.
                "retry_options": {"attempts": 1},
                "async_client_args": {"allow_redirects": False},
            },
        ).aio
        return client

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _milliseconds(within_s: float) -> int:
    return max(int(within_s * 1000), 1)


def _generated(answer: Any) -> Generated:
    """Return what stands in an answer, whatever is missing from it."""
    try:
        candidate = (answer.candidates or [None])[0]
        reason = getattr(candidate, "finish_reason", None)
        ended = str(getattr(reason, "value", reason) or "")
        if candidate is None:
            feedback = answer.prompt_feedback
            blocked = getattr(feedback, "block_reason", None)
            ended = f"blocked: {getattr(blocked, 'value', blocked)}" if blocked else "empty"
        parts = getattr(getattr(candidate, "content", None), "parts", None) or []
        text = "".join(part.text for part in parts if part.text and not part.thought)
        usage = answer.usage_metadata
        return Generated(
            "" if ended in UNUSABLE else text,
            ended == "STOP",
            ended,
            getattr(usage, "prompt_token_count", None) or 0,
            (getattr(usage, "candidates_token_count", None) or 0)
            + (getattr(usage, "thoughts_token_count", None) or 0),
        )
    except (AttributeError, TypeError, IndexError) as error:
        raise of_nonsense(error) from error
