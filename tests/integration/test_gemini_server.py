"""The loopback Gemini: what both SDKs are answered, and what is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from google.api_core import exceptions
from google.genai import errors

from tests.fakes.gemini_server import Call, GeminiServer
from tests.integration.gemini_client import (
    MODEL,
    PROMPT,
    SESSION_WARNING,
    SYSTEM,
    NewSdk,
    OldSdk,
    Sdk,
    Segment,
)

pytestmark = SESSION_WARNING

GOOD = {"contents": [{"parts": [{"text": "Hello."}]}]}
BOTH = pytest.mark.parametrize("kind", [NewSdk, OldSdk])


@pytest.fixture
async def gemini() -> AsyncIterator[GeminiServer]:
    async with GeminiServer() as running:
        yield running


async def post(
    gemini: GeminiServer, body: Any, query: str = "", path: str = f"/v1/models/{MODEL}"
) -> tuple[int, Any]:
    """Return the status and body that a bare request is answered with; bytes go as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-goog-api-key": gemini.key, "Content-Type": "application/json"}
    url = f"{gemini.url}{path}:generateContent{query}"
    async with ClientSession() as session, session.post(url, data=data, headers=headers) as got:
        return got.status, await got.json(content_type=None) if got.status != 404 else None


# What is answered.


@BOTH
async def test_prompt_is_answered_with_its_first_sentence_and_billed(
    gemini: GeminiServer, kind: type[Sdk]
) -> None:
    told = await kind(gemini.url).ask(max_output_tokens=50, temperature=0.2, stop_sequences=["X"])
    assert (told.text, told.reason, told.blocked) == ("Attention is a lookup.", "STOP", None)
    asked, given, total = told.tokens
    assert asked > given > 0
    assert total == asked + given
    (call,) = gemini.calls
    assert (call.system, call.user, call.model) == (SYSTEM, PROMPT, MODEL)
    assert call.config == {"maxOutputTokens": 50, "temperature": 0.2, "stopSequences": ["X"]}
    assert (call.key_ok, call.status, call.billed, call.hung_up) == (True, 200, True, False)
    assert (gemini.billed, gemini.problems) == (1, [])


@pytest.mark.parametrize(
    ("kind", "version", "as_ints"), [(NewSdk, "v1", False), (OldSdk, "v1beta", True)]
)
async def test_sdk_calls_its_own_version_and_spells_enums_its_own_way(
    gemini: GeminiServer, kind: type[Sdk], version: str, as_ints: bool
) -> None:
    await kind(gemini.url).ask()
    assert [(one.version, one.as_ints) for one in gemini.calls] == [(version, as_ints)]


async def test_new_sdk_is_answered_on_the_beta_version_when_it_asks_there(
    gemini: GeminiServer,
) -> None:
    told = await NewSdk(gemini.url, version="v1beta").ask("gemini-flash-lite-latest")
    assert (told.text, gemini.calls[0].version) == ("Attention is a lookup.", "v1beta")


@BOTH
async def test_answer_of_the_test_is_given_as_it_is(gemini: GeminiServer, kind: type[Sdk]) -> None:
    def write(call: Call) -> str:
        return json.dumps({"title": call.user, "start": 1, "words": []})

    gemini.answer = write
    told = await kind(gemini.url).ask(
        response_mime_type="application/json", response_schema=Segment
    )
    assert Segment.model_validate_json(told.text or "").title == PROMPT
    schema = gemini.calls[0].config["responseSchema"]
    kinds = {name: one["type"] for name, one in schema["properties"].items()}
    assert kinds == {"title": "STRING", "start": "INTEGER", "words": "ARRAY"}
    gemini.answer = "Always this."
    assert (await kind(gemini.url).ask()).text == "Always this."
    assert gemini.problems == []


async def test_json_schema_and_thinking_are_taken_from_the_new_sdk(gemini: GeminiServer) -> None:
    await NewSdk(gemini.url).ask(
        response_mime_type="application/json",
        response_json_schema=Segment.model_json_schema(),
        thinking_config={"thinking_level": "MINIMAL", "include_thoughts": False},
        safety_settings=[
            {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"},
        ],
    )
    config = gemini.calls[0].config
    assert config["thinkingConfig"] == {"thinkingLevel": "MINIMAL", "includeThoughts": False}
    assert config["responseJsonSchema"] == Segment.model_json_schema()


@BOTH
async def test_answer_longer_than_asked_for_is_cut(gemini: GeminiServer, kind: type[Sdk]) -> None:
    told = await kind(gemini.url).ask(max_output_tokens=2)
    assert (told.text, told.reason, told.tokens[1]) == ("Attentio", "MAX_TOKENS", 2)


@BOTH
async def test_model_is_described_unless_unknown(gemini: GeminiServer, kind: type[Sdk]) -> None:
    assert await kind(gemini.url).model() == 1_048_576
    with pytest.raises((errors.ClientError, exceptions.NotFound)) as refused:
        await kind(gemini.url).model("gemini-2.0-flash")
    assert refused.value.code == 404
    assert [one.method for one in gemini.calls] == ["get", "get"]
    assert (gemini.billed, gemini.problems) == (0, [])


# What is refused.


async def test_wrong_key_is_named_as_the_reason(gemini: GeminiServer) -> None:
    with pytest.raises(errors.ClientError) as new:
        await NewSdk(gemini.url, key="other").ask()
    assert (new.value.code, new.value.status) == (400, "INVALID_ARGUMENT")
    assert new.value.details["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    with pytest.raises(exceptions.BadRequest) as old:
        await OldSdk(gemini.url, key="other").ask()
    assert old.value.details[0]["reason"] == "API_KEY_INVALID"
    assert [one.key_ok for one in gemini.calls] == [False, False]
    assert (gemini.billed, gemini.problems) == (0, [])


@BOTH
async def test_unknown_model_is_not_found(gemini: GeminiServer, kind: type[Sdk]) -> None:
    with pytest.raises((errors.ClientError, exceptions.NotFound)) as refused:
        await kind(gemini.url).ask("gemini-2.0-flash")
    assert refused.value.code == 404


async def test_alias_is_not_found_on_the_stable_version(gemini: GeminiServer) -> None:
    with pytest.raises(errors.ClientError) as refused:
        await NewSdk(gemini.url).ask("gemini-flash-lite-latest")
    assert (refused.value.code, refused.value.status) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (b"{", ""),
        (b"\xff", ""),
        (b"[" * 100_000, ""),
        ([], ""),
        ({**GOOD, "prompt": "Hi."}, ""),
        (GOOD, "?key=k3y-good"),
        (GOOD, "?alt=sse"),
    ],
)
async def test_malformed_request_is_refused_and_noted(
    gemini: GeminiServer, body: Any, query: str
) -> None:
    status, told = await post(gemini, body, query)
    assert (status, told["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert (len(gemini.problems), len(gemini.calls), gemini.billed) == (1, 1, 0)


async def test_malformed_config_of_an_sdk_is_refused_and_noted(gemini: GeminiServer) -> None:
    with pytest.raises(errors.ClientError) as refused:
        await NewSdk(gemini.url).ask(temperature=3.0)
    assert (refused.value.code, len(gemini.problems)) == (400, 1)


async def test_path_that_is_not_there_is_noted(gemini: GeminiServer) -> None:
    status, _ = await post(gemini, GOOD, path="/v2/models/x")
    assert (status, gemini.calls) == (404, [])
    assert gemini.problems == ["no such path: POST /v2/models/x:generateContent"]


async def test_answer_that_fails_is_noted_as_the_tests_own(gemini: GeminiServer) -> None:
    gemini.answer = lambda call: call.config["absent"]
    assert (await post(gemini, GOOD))[0] == 500
    assert gemini.problems == ["the test's answer failed: KeyError('absent')"]
