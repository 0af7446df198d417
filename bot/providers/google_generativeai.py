"""Single calls to Gemini by google-generativeai, which its maker has replaced by google-genai.

Over HTTP it knows synchronous calls alone, so each has a thread of its own. The threads are
daemons: one whose call hangs keeps neither the event loop nor the end of the process waiting.
"""

from __future__ import annotations

import asyncio
import importlib
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter

from bot.core.settings import GeminiSettings
from bot.providers.failures import UNUSABLE, of_network, of_nonsense, of_setup, of_status
from bot.providers.model_calls import (
    MOST_TOKENS,
    CallFailed,
    Generated,
    ModelCalls,
    Prompt,
    Trouble,
)

Value = TypeVar("Value")

MOST_THREADS = 8
"""Calls that may be under way or hang: twice as many as are made at one time."""

MOST_BYTES = 4_000_000
"""Of an answer; one of MOST_TOKENS takes a few thousand."""


class GoogleGenerativeai(ModelCalls):
    """The SDK is imported and set up, in a thread, for the first call. Its setup is global."""

    def __init__(self, settings: GeminiSettings) -> None:
        self._settings = settings
        self._setting_up = threading.Lock()
        self._free = threading.BoundedSemaphore(MOST_THREADS)
        self._sdk: Any = None

    async def generate(self, prompt: Prompt, *, within_s: float) -> Generated:
        """Return a model's answer; raise CallFailed."""

        def call() -> Generated:
            model = self._ready().GenerativeModel(
                self._settings.model,
                system_instruction=prompt.system,
                generation_config={"max_output_tokens": MOST_TOKENS},
            )
            return _generated(
                model.generate_content(prompt.user, request_options=_options(within_s))
            )

        return await self._in_thread(call)

    async def describe(self, *, within_s: float) -> str:
        """Return the model's name as Gemini knows it; raise CallFailed."""

        def call() -> str:
            known = self._ready().get_model(
                f"models/{self._settings.model}", request_options=_options(within_s)
            )
            return str(known.name).removeprefix("models/")

        return await self._in_thread(call)

    def _ready(self) -> Any:
        with self._setting_up:
            if self._sdk is None:
                try:
                    self._sdk = self._made()
                except Exception as error:
                    raise of_setup(error) from error
            return self._sdk

    def _made(self) -> Any:
        with warnings.catch_warnings():
            # It says at every import that it has ended; decision 11 says why it is here.
            warnings.simplefilter("ignore")
            sdk = importlib.import_module("google.generativeai")
            clients = importlib.import_module("google.generativeai.client")
        sdk.configure(
            api_key=self._settings.api_key,
            transport="rest",
            client_options={"api_endpoint": self._settings.base_url},
        )
        for made in (clients.get_default_generative_client(), clients.get_default_model_client()):
            for scheme in ("https://", "http://"):
                made.transport._session.mount(scheme, _Bounded())
        return sdk

    async def _in_thread(self, call: Callable[[], Value]) -> Value:
        """Return what a call returns; raise CallFailed. Whoever gives up leaves it behind."""
        if not self._free.acquire(blocking=False):
            raise CallFailed(Trouble.PASSING, "every call hangs")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Value] = loop.create_future()

        def settle(value: Value | None, error: CallFailed | None) -> None:
            if done.cancelled():
                return
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(value)  # type: ignore[arg-type]

        def work() -> None:
            value, error = None, None
            try:
                value = call()
            except Exception as raised:
                error = _failure(raised)
            finally:
                self._free.release()
            try:
                loop.call_soon_threadsafe(settle, value, error)
            except RuntimeError:
                return  # The loop is closed: nobody waits any more.

        threading.Thread(target=work, name="gemini", daemon=True).start()
        return await done

    async def close(self) -> None:
        """Let go of the set-up; connections close with it."""
        self._sdk = None


class _Bounded(HTTPAdapter):
    """Reads an answer within one time in all: ``requests`` bounds each read, not their sum."""

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Return the answer with its body read."""
        timeout = kwargs.get("timeout")
        until = time.monotonic() + (timeout if isinstance(timeout, (int, float)) else 30.0)
        response = super().send(request, *args, **{**kwargs, "stream": True})
        if response.is_redirect:
            # It would be followed, and the key taken along.
            response.close()
            raise of_status(response.status_code, None)
        body = bytearray()
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            if time.monotonic() > until:
                response.close()
                raise requests.exceptions.ReadTimeout("the answer takes too long")
            if len(body) > MOST_BYTES:
                response.close()
                raise requests.exceptions.ContentDecodingError("the answer is too long")
        response._content = bytes(body)
        response._content_consumed = True
        return response


def _options(within_s: float) -> dict[str, Any]:
    # Its own retries would last ten minutes, whatever the time-out (PLATFORM 2.1).
    return {"timeout": within_s, "retry": None}


def _failure(error: Exception) -> CallFailed:
    if isinstance(error, CallFailed):
        return error
    from google.api_core.exceptions import GoogleAPICallError

    if isinstance(error, GoogleAPICallError):
        code = int(error.code) if error.code is not None else None
        return of_status(code, _body(error) or {"error": {"message": error.message}})
    if isinstance(error, (OSError, requests.RequestException)):
        return of_network(error)
    # What the SDK makes of an answer that is not Gemini's: it stumbles in many ways.
    return of_nonsense(error)


def _body(error: Any) -> Any:
    """Return the JSON of a refusal, of which the SDK keeps the words alone; None without one."""
    try:
        return error.response.json()
    except (AttributeError, ValueError):
        return None


def _generated(answer: Any) -> Generated:
    """Return what stands in an answer, whatever is missing from it."""
    usage = answer.usage_metadata
    tokens = int(usage.prompt_token_count), int(usage.candidates_token_count)
    candidate = next(iter(answer.candidates), None)
    if candidate is None:
        blocked = answer.prompt_feedback.block_reason
        name = getattr(blocked, "name", blocked)
        return Generated("", False, f"blocked: {name}" if blocked else "empty", *tokens)
    reason = candidate.finish_reason
    ended = str(getattr(reason, "name", reason))
    text = "".join(part.text for part in candidate.content.parts)
    return Generated("" if ended in UNUSABLE else text, ended == "STOP", ended, *tokens)
