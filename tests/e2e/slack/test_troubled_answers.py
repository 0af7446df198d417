"""Answers that Slack, or the network before it, does not take at once, or ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack import PLATFORM, publish
from bot.core.reply import Notice
from tests.e2e.scripted import Bot, card
from tests.e2e.slack.asking import seen
from tests.e2e.slack.scripted import (
    IMPATIENT,
    adapter,
    private_card,
    public_card,
    result_view,
)
from tests.fakes.slack_server import Act, SlackServer

OTHER = card("Another moment")
RATE_LIMITED = {"kind": "rate_limit", "retry_after": 1}
DOWN = {"kind": "status", "status": 503, "body": "upstream request timeout"}
NO_SLACK = {"kind": "status", "status": 502, "body": "<html>Bad gateway</html>"}
DROPPED = {"kind": "drop_before"}
GARBAGE = {"kind": "garbage"}
HTML = {"Content-Type": "text/html"}
PAGE = {"kind": "status", "status": 200, "body": "<html>Sign in</html>", "headers": HTML}


def named(*troubles: dict[str, Any]) -> Any:
    ids = [f"{one['kind']} {one.get('status', '')}".strip() for one in troubles]
    return pytest.mark.parametrize("trouble", troubles, ids=ids)


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server) as running:
        yield running


@pytest.fixture
async def slow_bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server, pace=IMPATIENT) as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


async def clicked(server: SlackServer, bot: Bot) -> Act:
    """Return the click on a private card that is answered with another."""
    message = await private_card(server, bot)
    bot.script.reply = OTHER
    return await server.click(message, "Related")


@named(DOWN, NO_SLACK, DROPPED, GARBAGE, {"kind": "drop_after"})
async def test_answer_to_a_click_survives_passing_trouble(
    server: SlackServer, bot: Bot, trouble: dict[str, Any]
) -> None:
    server.faults.add("response_url", **trouble)
    act = await clicked(server, bot)
    assert await bot.script.outcome() == ("sent", OTHER)
    assert "Another moment" in seen(act.messages[-1])
    assert len(server.messages) == 1


async def test_answer_to_a_click_waits_as_long_as_slack_asks(server: SlackServer, bot: Bot) -> None:
    server.faults.add("response_url", **RATE_LIMITED)
    act = await clicked(server, bot)
    assert "Another moment" in seen(await act.next())
    first, second = server.called("response_url")
    assert second.at - first.at >= RATE_LIMITED["retry_after"]
    assert await bot.script.outcome() == ("sent", OTHER)


@named(DOWN, DROPPED)
async def test_late_answer_to_a_slash_survives_passing_trouble(
    server: SlackServer, slow_bot: Bot, trouble: dict[str, Any]
) -> None:
    server.faults.add("response_url", **trouble)
    gate = slow_bot.script.gate = asyncio.Event()
    act = await server.slash("/segue", "topic kv cache")
    gate.set()
    assert "KV Cache" in seen(await act.next(2))
    assert await slow_bot.script.outcome() == ("sent", card())


async def test_late_answer_whose_receipt_is_lost_comes_again_rather_than_never(
    server: SlackServer, slow_bot: Bot
) -> None:
    server.faults.add("response_url", "drop_after")
    gate = slow_bot.script.gate = asyncio.Event()
    act = await server.slash("/segue", "topic kv cache")
    gate.set()
    assert await slow_bot.script.outcome() == ("sent", card())
    assert [seen(one) for one in act.messages[1:]] == [seen(act.messages[-1])] * 2


@pytest.mark.parametrize("gone", ["expired_url", "used_url"])
async def test_answer_that_comes_too_late_is_taken_back_quietly(
    server: SlackServer, slow_bot: Bot, gone: str, caplog: pytest.LogCaptureFixture
) -> None:
    gate = slow_bot.script.gate = asyncio.Event()
    act = await server.slash("/segue", "topic kv cache")
    if gone == "expired_url":
        server.response_urls.valid = 0.0
    else:
        server.faults.add("response_url", "error", times=None, error=gone)
    gate.set()
    assert await slow_bot.script.outcome() == ("unsent", card())
    assert len(act.messages) == 1
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    server.faults.clear()
    server.response_urls.valid = 1800.0
    assert "KV Cache" in seen(await private_card(server, slow_bot))


@pytest.mark.parametrize(
    "refusal",
    [
        {"status": 400, "body": "invalid_blocks"},
        {"status": 200, "body": {"ok": False, "error": "invalid_blocks"}},
    ],
    ids=["status", "body"],
)
async def test_answer_that_slack_refuses_is_a_sentence(
    server: SlackServer, bot: Bot, refusal: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add("response_url", "status", **refusal)
    act = await clicked(server, bot)
    assert "Reference ref00002" in seen(await act.next())
    assert await bot.script.outcome() == ("unsent", OTHER)
    (before, after) = server.messages
    assert "KV Cache" in seen(before)
    assert after in act.messages
    (error,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert "invalid_blocks" in error.getMessage()
    assert "ref00002" in error.getMessage()


async def test_mention_that_slack_refuses_to_answer_is_taken_back_and_says_nothing(
    server: SlackServer, bot: Bot
) -> None:
    server.faults.add("chat.postMessage", "error", error="invalid_blocks")
    await server.mention("topic kv cache")
    what, _ = await bot.script.outcome()
    assert what == "unsent"
    assert server.posted() == []


@named(RATE_LIMITED, {"kind": "error", "error": "service_unavailable"})
async def test_mention_that_slack_surely_did_not_take_is_answered_once(
    server: SlackServer, bot: Bot, trouble: dict[str, Any]
) -> None:
    server.faults.add("chat.postMessage", **trouble)
    await server.mention("topic kv cache")
    what, _ = await bot.script.outcome()
    assert (what, len(server.posted())) == ("sent", 1)


@named(
    DOWN, DROPPED, GARBAGE, PAGE, {"kind": "drop_after"}, {"kind": "error", "error": "fatal_error"}
)
async def test_mention_whose_answer_may_be_there_is_not_answered_again(
    server: SlackServer, bot: Bot, trouble: dict[str, Any]
) -> None:
    server.faults.add("chat.postMessage", **trouble)
    await server.mention("topic kv cache")
    await bot.script.outcome()
    assert len(server.called("chat.postMessage")) == 1


@named(
    DOWN, DROPPED, GARBAGE, PAGE, {"kind": "drop_after"}, {"kind": "error", "error": "fatal_error"}
)
async def test_answer_in_a_view_survives_passing_trouble(
    server: SlackServer, bot: Bot, trouble: dict[str, Any]
) -> None:
    view = await result_view(server, bot)
    bot.script.reply = OTHER
    server.faults.add("views.update", **trouble)
    act = await server.click(view, "Related")
    assert await bot.script.outcome() == ("sent", OTHER)
    assert "Another moment" in seen(act.views[-1])
    assert len(server.called("views.update")) == 2


async def test_answer_in_a_view_waits_as_long_as_slack_asks(server: SlackServer, bot: Bot) -> None:
    view = await result_view(server, bot)
    server.faults.add("views.update", **RATE_LIMITED)
    bot.script.reply = OTHER
    act = await server.click(view, "Related")
    assert "Another moment" in seen(await act.next_view())
    first, second = server.called("views.update")
    assert second.at - first.at >= RATE_LIMITED["retry_after"]


@named(DOWN, DROPPED, GARBAGE, PAGE, {"kind": "drop_after"})
async def test_notice_over_a_view_survives_passing_trouble(
    server: SlackServer, bot: Bot, trouble: dict[str, Any]
) -> None:
    view = await result_view(server, bot)
    bot.script.reply = Notice(text="Nothing is like it.")
    server.faults.add("views.push", **trouble)
    act = await server.click(view, "Related")
    assert await bot.script.outcome() == ("sent", bot.script.reply)
    assert [seen(one) for one in server.views()[2:]] == [seen(act.views[-1])]
    assert "Nothing is like it." in seen(act.views[-1])
    assert "KV Cache" in seen(view)
    server.violations.clear()


async def test_answer_in_a_view_that_was_closed_is_taken_back_quietly(
    server: SlackServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    view = await result_view(server, bot)
    gate = bot.script.gate = asyncio.Event()
    bot.script.reply = OTHER
    await server.click(view, "Related")
    await server.close(view)
    gate.set()
    assert await bot.script.outcome() == ("unsent", OTHER)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_private_answer_in_a_thread_survives_passing_trouble(
    server: SlackServer, bot: Bot
) -> None:
    message = await public_card(server, bot)
    server.faults.add("response_url", **DOWN)
    bot.script.reply = OTHER
    act = await server.click(message, "Related")
    answer = await act.next()
    assert answer.thread_ts == message.thread_ts
    first, second = server.called("response_url")
    added = {"replace_original": False, "thread_ts": message.thread_ts}
    assert first.args == second.args == PLATFORM.render(OTHER) | added
