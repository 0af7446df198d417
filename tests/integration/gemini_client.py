"""Both SDKs of Gemini, each asked in the same words and telling in the same."""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import dataclass
from typing import Any

import pytest
from google import genai
from google.genai import types
from pydantic import BaseModel

with warnings.catch_warnings():
    # It is at its end, and says so whenever it is imported.
    warnings.simplefilter("ignore", FutureWarning)
    import google.generativeai as old_genai

# Each new session of google-genai makes aiohttp warn of how it is made.
SESSION_WARNING = pytest.mark.filterwarnings(
    "ignore:Inheritance class AiohttpClientSession:DeprecationWarning"
)
MODEL = "gemini-3.5-flash-lite"
PROMPT = "Attention is a lookup. It costs memory."
SYSTEM = "You summarize."


class Segment(BaseModel):
    """What is asked for as JSON."""

    title: str
    start: int
    words: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What an SDK makes of an answer; ``tokens`` are asked, given and all of them."""

    text: str | None
    reason: str | None
    blocked: str | None
    tokens: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class NewSdk:
    """google-genai, without retries; ``seconds`` is its timeout."""

    url: str
    key: str = "k3y-good"
    seconds: float = 10.0
    version: str | None = None

    def _client(self) -> Any:
        options = types.HttpOptions(
            base_url=self.url,
            timeout=int(self.seconds * 1000),
            api_version=self.version,
            # None would send a dropped call once more, after up to ten seconds.
            retry_options=types.HttpRetryOptions(attempts=1),
        )
        return genai.Client(api_key=self.key, http_options=options).aio

    async def ask(self, model: str = MODEL, text: str = PROMPT, **config: Any) -> Told:
        """Return what the model answers."""
        how = types.GenerateContentConfig(system_instruction=SYSTEM, **config)
        async with self._client() as client:
            found = await client.models.generate_content(model=model, contents=text, config=how)
        candidates, feedback, usage = (
            found.candidates,
            found.prompt_feedback,
            found.usage_metadata or types.GenerateContentResponseUsageMetadata(),
        )
        reason = candidates[0].finish_reason if candidates else None
        return Told(
            found.text,
            reason.value if reason else None,
            feedback.block_reason.value if feedback else None,
            (
                usage.prompt_token_count or 0,
                usage.candidates_token_count or 0,
                usage.total_token_count or 0,
            ),
        )

    async def model(self, name: str = MODEL) -> int | None:
        """Return how many tokens a model takes in."""
        async with self._client() as client:
            found: int | None = (await client.models.get(model=name)).input_token_limit
            return found


@dataclass(frozen=True, slots=True)
class OldSdk:
    """google-generativeai over HTTP, in a thread, for it cannot be awaited."""

    url: str
    key: str = "k3y-good"
    seconds: float = 10.0

    async def ask(self, model: str = MODEL, text: str = PROMPT, **config: Any) -> Told:
        """Return what the model answers."""
        return await asyncio.to_thread(self._ask, model, text, config)

    async def model(self, name: str = MODEL) -> int:
        """Return how many tokens a model takes in."""
        return await asyncio.to_thread(self._model, name)

    def _configure(self) -> dict[str, Any]:
        where = {"api_endpoint": self.url}
        old_genai.configure(api_key=self.key, transport="rest", client_options=where)
        return {"timeout": self.seconds, "retry": None}

    def _model(self, name: str) -> int:
        options = self._configure()
        found: int = old_genai.get_model(
            f"models/{name}", request_options=options
        ).input_token_limit
        return found

    def _ask(self, model: str, text: str, config: dict[str, Any]) -> Told:
        options = self._configure()
        found = old_genai.GenerativeModel(model, system_instruction=SYSTEM).generate_content(
            text, generation_config=config, request_options=options
        )
        first = found.candidates[0] if found.candidates else None
        reason = first.finish_reason if first else None
        usage = found.usage_metadata
        return Told(
            first.content.parts[0].text if first and first.content.parts else None,
            str(getattr(reason, "name", reason)) if first else None,
            found.prompt_feedback.block_reason.name if found.prompt_feedback else None,
            (usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count),
        )


Sdk = NewSdk | OldSdk
