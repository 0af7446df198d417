"""The loopback Gemini: what goes wrong on demand, and what both SDKs make of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from json import JSONDecodeError
from typing import Any

import aiohttp
import pytest
import requests
from google.api_core import exceptions
from google.genai import errors
from google.protobuf.json_format import ParseError
from pydantic import ValidationError

from tests.fakes.gemini_server import KINDS, GeminiServer
from tests.fakes.gemini_server.answers import NEW_NUMBER, NEW_REASON
from tests.integration.gemini_client import SESSION_WARNING, NewSdk, OldSdk, Sdk

pytestmark = SESSION_WARNING

BOTH = pytest.mark.parametrize("kind", [NewSdk, OldSdk])
HASTE = 0.5  # seconds that a client waits which is to lose patience
NEVER_ANSWERS = ("hang", "body_hang")


@pytest.fixture
async def gemini() -> AsyncIterator[GeminiServer]:
    async with GeminiServer() as running:
        yield running


# Errors.


@pytest.mark.parametrize(
    ("kind", "code", "status", "old"),
    [
        ("bad_key", 400, "INVALID_ARGUMENT", exceptions.BadRequest),
        ("precondition", 400, "FAILED_PRECONDITION", exceptions.BadRequest),
        ("forbidden", 403, "PERMISSION_DENIED", exceptions.Forbidden),
        ("not_found", 404, "NOT_FOUND", exceptions.NotFound),
        ("rate_limit", 429, "RESOURCE_EXHAUSTED", exceptions.TooManyRequests),
        ("internal", 500, "INTERNAL", exceptions.InternalServerError),
        ("unavailable", 503, "UNAVAILABLE", exceptions.ServiceUnavailable),
        ("deadline", 504, "DEADLINE_EXCEEDED", exceptions.GatewayTimeout),
        ("html", 502, "Bad Gateway", exceptions.BadGateway),
    ],
)
async def test_error_is_raised_by_its_class_and_bills_nothing(
    gemini: GeminiServer, kind: str, code: int, status: str, old: type[Exception]
) -> None:
    gemini.faults.set(kind=kind, times=2)
    with pytest.raises(errors.ClientError if code < 500 else errors.ServerError) as told:
        await NewSdk(gemini.url).ask()
    assert (told.value.code, told.value.status) == (code, status)
    with pytest.raises(old):
        await OldSdk(gemini.url).ask()
    assert [one.status for one in gemini.calls] == [code, code]
    assert (gemini.billed, gemini.problems) == (0, [])
    assert (await NewSdk(gemini.url).ask()).reason == "STOP"


@pytest.mark.parametrize("delay", ["2.5s", "41s", "soon", 5, {}, None])
async def test_rate_limit_says_when_to_try_again_as_it_is_told_to(
    gemini: GeminiServer, delay: Any
) -> None:
    gemini.faults.set(kind="rate_limit", retry_delay=delay)
    with pytest.raises(errors.ClientError) as told:
        await NewSdk(gemini.url).ask()
    quota, *retry = told.value.details["error"]["details"]
    assert quota["@type"].endswith("google.rpc.QuotaFailure")
    assert [one["retryDelay"] for one in retry] == ([] if delay is None else [delay])


# Answers that are none.


@BOTH
@pytest.mark.parametrize(
    ("fault", "text", "reason", "blocked"),
    [
        ("prompt_blocked", None, None, "SAFETY"),
        ("answer_blocked", None, "SAFETY", None),
        ("recitation", None, "RECITATION", None),
        ("empty", None, None, None),
        ("max_tokens", "Attention i", "MAX_TOKENS", None),
        ("no_usage", "Attention is a lookup.", "STOP", None),
    ],
)
async def test_answer_is_blocked_cut_or_empty_on_demand(
    gemini: GeminiServer,
    kind: type[Sdk],
    fault: str,
    text: str | None,
    reason: str | None,
    blocked: str | None,
) -> None:
    gemini.faults.set(kind=fault)
    told = await kind(gemini.url).ask()
    assert (told.text, told.reason, told.blocked) == (text, reason, blocked)
    assert (told.tokens[2] == 0) == (fault == "no_usage")
    assert gemini.billed == (fault != "prompt_blocked")


@BOTH
async def test_json_is_cut_where_it_is_told_to(gemini: GeminiServer, kind: type[Sdk]) -> None:
    gemini.answer = '{"title": "Attention"}'
    gemini.faults.set(kind="max_tokens", keep=12)
    told = await kind(gemini.url).ask(response_mime_type="application/json")
    assert (told.text, told.reason) == ('{"title": "A', "MAX_TOKENS")


@pytest.mark.parametrize(("kind", "reason"), [(NewSdk, NEW_REASON), (OldSdk, str(NEW_NUMBER))])
async def test_finish_reason_of_tomorrow_is_warned_of_and_told(
    gemini: GeminiServer, kind: type[Sdk], reason: str
) -> None:
    gemini.faults.set(kind="odd_finish")
    with pytest.warns(UserWarning, match="FinishReason"):
        told = await kind(gemini.url).ask()
    assert (told.text, told.reason) == ("Attention is a lookup.", reason)


async def test_half_a_surrogate_pair_is_text_to_the_new_sdk_only(gemini: GeminiServer) -> None:
    gemini.faults.set(kind="odd_text", times=2)
    assert (await NewSdk(gemini.url).ask()).text == "Attention is a lookup.\x00\ud83d"
    with pytest.raises(ParseError, match="surrogate"):
        await OldSdk(gemini.url).ask()


@BOTH
@pytest.mark.parametrize("fault", ["huge", "gzip_bomb"])
async def test_huge_answer_is_taken_in_whole(
    gemini: GeminiServer, kind: type[Sdk], fault: str
) -> None:
    set_one = gemini.faults.set(kind=fault)
    assert len((await kind(gemini.url).ask()).text or "") == set_one.size


@pytest.mark.parametrize(
    ("fault", "details", "new"),
    [
        ("garbage", {}, JSONDecodeError),
        ("garbage", {"body": '{"candidates": ['}, JSONDecodeError),
        # The status is lost with the body, so it is no ServerError.
        ("garbage", {"status": 503}, JSONDecodeError),
        ("wrong_shape", {"body": 5}, TypeError),
        ("wrong_shape", {"body": {"candidates": [{"content": 5}]}}, ValidationError),
        ("wrong_shape", {"body": [], "status": 503}, errors.ServerError),
        ("wrong_shape", {"body": {"error": "x"}, "status": 429}, errors.ClientError),
    ],
)
async def test_body_that_is_no_answer_is_stumbled_over(
    gemini: GeminiServer, fault: str, details: dict[str, Any], new: type[Exception]
) -> None:
    gemini.faults.set(kind=fault, times=2, **details)
    with pytest.raises(new):
        await NewSdk(gemini.url).ask()
    with pytest.raises((ParseError, exceptions.GoogleAPICallError, AttributeError)):
        await OldSdk(gemini.url).ask()
    assert gemini.billed == 0


@pytest.mark.parametrize("body", [[], "text", {"candidates": "none"}])
async def test_wrong_shape_may_look_like_an_empty_answer(gemini: GeminiServer, body: Any) -> None:
    gemini.faults.set(kind="wrong_shape", body=body)
    told = await NewSdk(gemini.url).ask()
    assert (told.text, told.reason, told.blocked, told.tokens) == (None, None, None, (0, 0, 0))


# The network.


@BOTH
@pytest.mark.parametrize(("fault", "billed"), [("drop_before", 0), ("drop_after", 1)])
async def test_dropped_connection_is_billed_only_when_answered(
    gemini: GeminiServer, kind: type[Sdk], fault: str, billed: int
) -> None:
    gemini.faults.set(kind=fault)
    with pytest.raises((aiohttp.ServerDisconnectedError, requests.ConnectionError)):
        await kind(gemini.url).ask()
    assert (len(gemini.calls), gemini.billed) == (1, billed)


@BOTH
async def test_redirect_is_followed_with_the_key_and_believed(
    gemini: GeminiServer, kind: type[Sdk]
) -> None:
    gemini.faults.set(kind="redirect")
    assert (await kind(gemini.url).ask()).text == "From elsewhere."
    assert (gemini.strayed, gemini.billed) == ([gemini.key], 0)


@BOTH
@pytest.mark.parametrize("fault", NEVER_ANSWERS)
async def test_client_that_is_kept_waiting_hangs_up_in_its_time(
    gemini: GeminiServer, kind: type[Sdk], fault: str
) -> None:
    gemini.faults.set(kind=fault)
    # The old SDK calls a timeout in the body a lost connection.
    with pytest.raises((TimeoutError, requests.Timeout, requests.ConnectionError)):
        await kind(gemini.url, seconds=HASTE).ask()
    await gemini.wait_hung_up()
    assert gemini.billed == (fault == "body_hang")


@pytest.mark.parametrize("fault", ["drip", "drip_headers"])
async def test_timeout_of_the_new_sdk_is_for_the_whole_answer(
    gemini: GeminiServer, fault: str
) -> None:
    gemini.faults.set(kind=fault)
    with pytest.raises(TimeoutError):
        await NewSdk(gemini.url, seconds=HASTE).ask()
    await gemini.wait_hung_up()


@pytest.mark.parametrize("fault", ["drip", "drip_headers"])
async def test_timeout_of_the_old_sdk_is_for_each_byte(gemini: GeminiServer, fault: str) -> None:
    dripping = gemini.faults.set(kind=fault)
    asking = asyncio.create_task(OldSdk(gemini.url, seconds=HASTE).ask())
    done, _ = await asyncio.wait([asking], timeout=3 * HASTE)
    assert not done
    dripping.release()
    assert (await asking).text == "Attention is a lookup."


async def test_cancelled_call_is_hung_up(gemini: GeminiServer) -> None:
    fault = gemini.faults.set(kind="hang")
    asking = asyncio.create_task(NewSdk(gemini.url).ask())
    await fault.reached()
    asking.cancel()
    await gemini.wait_hung_up()
    assert (gemini.calls[0].status, gemini.billed) == (None, 0)


@BOTH
@pytest.mark.parametrize("fault", NEVER_ANSWERS)
async def test_hanging_call_is_answered_once_the_faults_are_cleared(
    gemini: GeminiServer, kind: type[Sdk], fault: str
) -> None:
    hanging = gemini.faults.set(kind=fault)
    asking = asyncio.create_task(kind(gemini.url).ask())
    await hanging.reached()
    gemini.faults.clear()
    assert (await asking).text == "Attention is a lookup."
    assert [one.hung_up for one in gemini.calls] == [False]


@pytest.mark.parametrize("fault", [*NEVER_ANSWERS, "drip", "drip_headers", "slow"])
async def test_server_that_stops_lets_every_call_go(fault: str) -> None:
    async with GeminiServer() as gemini:
        struck = gemini.faults.set(kind=fault, seconds=60)
        asking = asyncio.create_task(NewSdk(gemini.url).ask())
        await struck.reached()
    assert (await asyncio.wait_for(asking, 5)).text == "Attention is a lookup."


# Which calls are struck.


async def test_fault_strikes_the_calls_that_match_as_often_as_told(gemini: GeminiServer) -> None:
    gemini.faults.set(kind="internal", times=1, match=lambda call: "secret" in call.user)
    gemini.faults.set(kind="unavailable", times=None, method="get")
    sdk = NewSdk(gemini.url)
    assert (await sdk.ask()).reason == "STOP"
    with pytest.raises(errors.ServerError, match="INTERNAL"):
        await sdk.ask(text="A secret.")
    assert (await sdk.ask(text="A secret.")).text == "A secret."
    with pytest.raises(errors.ServerError, match="UNAVAILABLE"):
        await sdk.model()


async def test_fault_that_does_not_exist_is_told(gemini: GeminiServer) -> None:
    assert "explode" not in KINDS
    with pytest.raises(ValueError, match="no fault 'explode'"):
        gemini.faults.set(kind="explode")


async def test_slow_call_is_answered(gemini: GeminiServer) -> None:
    gemini.faults.set(kind="slow", seconds=0.01)
    assert (await NewSdk(gemini.url).ask()).reason == "STOP"
