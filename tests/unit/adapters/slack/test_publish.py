"""What is sent again, what is not, and what a person is told when it never arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from adapters.slack import publish
from adapters.slack.publish import (
    TROUBLE,
    answered,
    code_of,
    is_gone,
    is_passing,
    persist,
    why_not_shared,
)
from bot.core.reply import Tone
from tests.unit.adapters.slack.failures import (
    IN_DOUBT,
    LASTING,
    NEVER_ARRIVED,
    Call,
    no_connection,
    not_taken,
    page,
    refusal,
    response,
)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses that were made, none of which takes any time."""
    made: list[float] = []

    async def pause(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(publish.asyncio, "sleep", pause)
    return made


def soon(seconds: float = 60.0) -> float:
    return asyncio.get_running_loop().time() + seconds


# How often a call is made.


@pytest.mark.parametrize("failure", NEVER_ARRIVED + IN_DOUBT)
async def test_persist_after_a_passing_failure_tries_again(failure: Exception) -> None:
    call = Call(failure, failure)
    assert await persist(call, until=soon()) == "there"
    assert call.made == 3


@pytest.mark.parametrize("failure", LASTING)
async def test_persist_after_a_lasting_refusal_raises_it_at_once(failure: Exception) -> None:
    call = Call(failure)
    with pytest.raises(type(failure)) as caught:
        await persist(call, until=soon())
    assert (caught.value, call.made) == (failure, 1)


@pytest.mark.parametrize("failure", NEVER_ARRIVED)
async def test_persist_of_what_may_be_made_once_tries_again_if_it_never_arrived(
    failure: Exception,
) -> None:
    call = Call(failure)
    assert await persist(call, until=soon(), repeatable=False) == "there"
    assert call.made == 2


@pytest.mark.parametrize("failure", IN_DOUBT + LASTING)
async def test_persist_of_what_may_be_made_once_raises_what_leaves_it_in_doubt(
    failure: Exception,
) -> None:
    call = Call(failure)
    with pytest.raises(type(failure)):
        await persist(call, until=soon(), repeatable=False)
    assert call.made == 1


async def test_persist_gives_up_after_a_few_tries(waits: list[float]) -> None:
    call = Call(*[refusal("ratelimited", 429)] * 50)
    with pytest.raises(SlackApiError):
        await persist(call, until=soon())
    assert call.made == publish.TRIES
    assert waits == [publish.PAUSE_S, 2 * publish.PAUSE_S, 4 * publish.PAUSE_S]


async def test_persist_of_a_fault_of_our_own_raises_it_at_once() -> None:
    call = Call(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await persist(call, until=soon())
    assert call.made == 1


async def test_persist_after_its_time_gives_up() -> None:
    async def never() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        await persist(never, until=soon(0.01))


@pytest.mark.parametrize(
    "failure", [refusal("ratelimited", 429, Retry_After="7"), not_taken(429, Retry_After="7")]
)
async def test_persist_waits_as_long_as_slack_asks_for(
    failure: Exception, waits: list[float]
) -> None:
    await persist(Call(failure, OSError()), until=soon())
    assert waits == [7.0, 2 * publish.PAUSE_S]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("1.5", 1.5), ("0", 1.0), ("-1", 1.0), ("", 1.0), ("x", 1.0), ("nan", 1.0)],
)
async def test_persist_waits_a_second_where_it_is_asked_for_nonsense(
    value: str, seconds: float, waits: list[float]
) -> None:
    await persist(Call(refusal("ratelimited", 429, Retry_After=value)), until=soon())
    assert waits == [seconds]


@pytest.mark.parametrize("value", ["99999999", "1" * 5_000, "inf"])
async def test_persist_that_is_told_to_wait_for_ever_gives_up(
    value: str, waits: list[float]
) -> None:
    with pytest.raises(SlackApiError):
        await persist(Call(refusal("ratelimited", 429, Retry_After=value)), until=soon())
    assert waits == []


async def test_persist_that_would_wait_beyond_its_time_gives_up_at_once(
    waits: list[float],
) -> None:
    call = Call(refusal("ratelimited", 429, Retry_After="30"))
    with pytest.raises(SlackApiError):
        await persist(call, until=soon(20))
    assert (call.made, waits) == (1, [])


# What a failure says.


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (response({"ok": False, "error": "not_in_channel"}), "not_in_channel"),
        ({"ok": False, "error": "not_in_channel"}, "not_in_channel"),
        (response({"ok": False, "error": 7}), ""),
        (response({"ok": False}), ""),
        (response({}, 503), ""),
        (response("a page", 503), ""),
        (response(["a list"], 503), ""),
        (response(None, 503), ""),
        (SimpleNamespace(status=503), ""),
        ("a text", ""),
        (None, ""),
    ],
)
def test_code_of_any_answer_is_slacks_code_or_empty(answer: Any, code: str) -> None:
    error = SlackApiError("x", answer)
    assert code_of(error) == code
    assert isinstance(is_passing(error), bool)
    assert isinstance(is_gone(error), bool)


@pytest.mark.parametrize("error", [OSError(), SlackRequestError("x"), not_taken(404)])
def test_code_of_anything_else_is_empty(error: Exception) -> None:
    assert code_of(error) == ""


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (refusal("expired_trigger_id"), True),
        (refusal("exchanged_trigger_id"), True),
        (refusal("not_found"), True),
        (not_taken(404, "used_url"), True),
        (not_taken(410), True),
        (not_taken(500), False),
        (not_taken(429), False),
        (refusal("not_in_channel", 404), False),
        (page(404), False),
        (TimeoutError(), False),
    ],
)
def test_is_gone_of_a_used_trigger_or_address(error: Exception, gone: bool) -> None:
    assert is_gone(error) is gone


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_refusal_of_a_response_url_does_not_pass(status: int) -> None:
    assert not is_passing(not_taken(status))


async def raising(error: Exception) -> Any:
    raise error


async def returning(value: Any) -> Any:
    return value


@pytest.mark.parametrize(
    "call",
    [
        lambda: raising(AttributeError("'str' object has no attribute 'get'")),
        lambda: raising(ValueError()),
        lambda: returning(response(b"bytes")),
        lambda: returning(response("a page")),
    ],
)
async def test_answer_that_is_not_slacks_is_trouble(call: Callable[[], Awaitable[Any]]) -> None:
    with pytest.raises(TROUBLE):
        await answered(call())


# What the sharer is told.


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refusal("not_in_channel"), "/invite @segue there"),
        (refusal("channel_not_found"), "/invite @segue there"),
        (refusal("is_archived"), "archived"),
        (refusal("restricted_action"), "does not let me post"),
        (refusal("restricted_action_read_only_channel"), "Only some may post"),
        (refusal("restricted_action_thread_only_channel"), "threads alone"),
        (refusal("restricted_action_non_threadable_channel"), "no threads"),
        (refusal("thread_not_found"), "thread is gone"),
        (refusal("ratelimited", 429), "press Share again"),
        (refusal("service_unavailable"), "press Share again"),
        (no_connection(), "press Share again"),
    ],
)
def test_why_not_shared_names_the_cause_and_no_exception_text(error: Exception, words: str) -> None:
    told = why_not_shared(error, "segue", "ref00001")
    assert told is not None
    assert words in told.text
    assert told.text.endswith(" Nothing was shared.")
    assert "secret" not in told.text
    assert (told.reference, told.tone) == ("ref00001", Tone.ERROR)


@pytest.mark.parametrize("error", [refusal("invalid_blocks"), refusal("invalid_auth")])
def test_why_not_shared_of_our_own_fault_is_left_to_the_general_sentence(error: Exception) -> None:
    assert why_not_shared(error, "segue", "ref00001") is None
