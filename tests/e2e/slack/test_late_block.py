"""What comes later to a card on Slack: edited into a mention's answer, else a private message."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import publish
from bot.core.reply import InShort
from tests.e2e.scripted import Bot, Script, card
from tests.e2e.slack.asking import seen
from tests.e2e.slack.scripted import IMPATIENT, KV, adapter, search
from tests.fakes.slack_server import Act, SlackServer
from tests.fakes.slack_server.rules import buttons

LABEL = "In short (AI, from this note)"
CARD = card(unfinished=True)
FINISHED = replace(card(), in_short=InShort(LABEL, "It stores tokens."))
LINE = "summarize 2:00:32"
STOPS_WITHIN_S = 4.0


@pytest.fixture
def script() -> Script:
    return Script(CARD, finishing=asyncio.Event(), finished=FINISHED)


@pytest.fixture
async def bot(server: SlackServer, script: Script) -> AsyncIterator[Bot]:
    async with adapter(server, script) as running:
        yield running


@pytest.fixture
async def slow_bot(server: SlackServer, script: Script) -> AsyncIterator[Bot]:
    async with adapter(server, script, IMPATIENT) as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


async def by_slash(server: SlackServer) -> Act:
    return await server.slash("/segue", LINE)


async def by_mention(server: SlackServer) -> Act:
    return await server.mention(LINE)


async def by_click_on_a_private_card(server: SlackServer) -> Act:
    before = await (await server.slash("/segue", LINE)).next()
    return await server.click(before, "Related")


async def by_click_in_a_thread(server: SlackServer) -> Act:
    before = await (await server.mention(LINE)).next()
    return await server.click(before, "Related", user=server.user("bob"))


async def by_shortcut(server: SlackServer) -> Act:
    return await server.shortcut("summarize_moment", server.say("https://youtu.be/_1f-o0nqpEI?t=1"))


BESIDE = [by_slash, by_click_on_a_private_card, by_click_in_a_thread, by_shortcut]
beside = pytest.mark.parametrize("ask", BESIDE, ids=lambda way: way.__name__)
either = pytest.mark.parametrize("ask", [by_slash, by_mention], ids=lambda way: way.__name__)


async def shown(server: SlackServer, script: Script, ask: Any) -> Act:
    """Return what was done, once its card is there and its block is awaited."""
    act: Act = await ask(server)
    await act.next()
    assert await script.outcome() == ("sent", script.done[-1][1])
    assert LABEL not in seen(act.messages[0])
    return act


def open_late(script: Script) -> None:
    assert script.finishing is not None
    script.finishing.set()


def warned(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= level]


@beside
async def test_block_is_a_second_message_that_its_asker_alone_sees(
    server: SlackServer, script: Script, bot: Bot, ask: Any
) -> None:
    if ask in (by_click_on_a_private_card, by_click_in_a_thread):
        # The first card is whole; it is that of the button which is not.
        script.reply = lambda asked: CARD if asked.command == "related" else card()
    act = await shown(server, script, ask)
    open_late(script)
    late = await act.next(2)
    assert late.ephemeral_for is act.person
    assert late.thread_ts == act.thread_ts
    assert seen(late).splitlines()[:1] == [LABEL]
    assert "It stores tokens." in seen(late)
    assert "2:00:32 · KV Cache" in seen(late)
    assert LABEL not in seen(act.messages[0])


async def test_block_is_edited_into_a_mentions_answer_for_all_to_see(
    server: SlackServer, script: Script, bot: Bot
) -> None:
    act = await shown(server, script, by_mention)
    (before,) = act.messages
    labels = [button.label for button in buttons(before.body)]
    open_late(script)
    assert await act.next(2) is before
    assert "It stores tokens." in seen(before)
    assert [button.label for button in buttons(before.body)] == labels
    assert before.ephemeral_for is None
    assert server.posted() == [before]


async def test_block_comes_after_an_answer_that_came_late_itself(
    server: SlackServer, script: Script, slow_bot: Bot
) -> None:
    gate = script.gate = asyncio.Event()
    act = await server.slash("/segue", LINE)
    assert "Still looking" in seen(await act.next())
    gate.set()
    assert "KV Cache" in seen(await act.next(2))
    await script.outcome()
    assert len(act.messages) == 2
    open_late(script)
    late = await act.next(3)
    assert "It stores tokens." in seen(late)
    assert late.ephemeral_for is act.person


async def test_view_gets_no_block_since_it_may_show_something_else_by_then(
    server: SlackServer, script: Script, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    act = await server.submit(await search(server), KV)
    view = await act.next_view()
    await script.outcome()
    open_late(script)
    await bot.stop()
    assert "KV Cache" in seen(view)
    assert act.messages == []
    assert len(act.views) == 1
    assert LABEL not in seen(view)
    assert warned(caplog, 30) == []


@either
async def test_card_to_which_nothing_comes_stays_alone(
    server: SlackServer, script: Script, bot: Bot, ask: Any, caplog: pytest.LogCaptureFixture
) -> None:
    script.finished = None
    act = await shown(server, script, ask)
    open_late(script)
    await bot.stop()
    assert len(act.messages) == 1
    assert act.messages[0].edits == []
    assert warned(caplog, 30) == []


@pytest.mark.parametrize("gone", ["expired_url", "used_url"])
async def test_block_is_dropped_quietly_where_nothing_can_be_sent_any_more(
    server: SlackServer,
    script: Script,
    bot: Bot,
    gone: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    act = await shown(server, script, by_slash)
    if gone == "expired_url":
        server.response_urls.valid = 0.0
    else:
        server.faults.add("response_url", "error", times=None, error=gone)
    open_late(script)
    await server.wait_called("response_url")
    await bot.stop()
    assert len(act.messages) == 1
    assert len(server.called("response_url")) == 1
    assert warned(caplog, 40) == []


@pytest.mark.parametrize(
    "code", ["message_not_found", "channel_not_found", "is_archived", "edit_window_closed"]
)
async def test_block_of_a_public_answer_that_is_gone_is_dropped_quietly(
    server: SlackServer,
    script: Script,
    bot: Bot,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    act = await shown(server, script, by_mention)
    if code == "message_not_found":
        act.messages[0].deleted = True
    else:
        server.faults.add("chat.update", "error", times=None, error=code)
    open_late(script)
    await server.wait_called("chat.update")
    await bot.stop()
    assert len(server.called("chat.update")) == 1
    assert len(server.called("chat.postMessage")) == 1
    assert len(act.messages) == 1
    assert warned(caplog, 40) == []


@either
async def test_block_that_slack_refuses_is_an_error_in_the_log_and_no_sentence(
    server: SlackServer, script: Script, bot: Bot, ask: Any, caplog: pytest.LogCaptureFixture
) -> None:
    act = await shown(server, script, ask)
    if ask is by_slash:
        server.faults.add("response_url", "status", status=400, body="invalid_blocks")
    else:
        server.faults.add("chat.update", "error", error="invalid_blocks")
    open_late(script)
    await server.wait_called("response_url" if ask is by_slash else "chat.update")
    await bot.stop()
    assert len(act.messages) == 1
    (error,) = warned(caplog, 40)
    assert "invalid_blocks" in error


@either
@pytest.mark.parametrize(
    "trouble",
    [{"kind": "status", "status": 503, "body": "upstream"}, {"kind": "drop_before"}],
    ids=["status", "dropped"],
)
async def test_block_survives_passing_trouble(
    server: SlackServer, script: Script, bot: Bot, ask: Any, trouble: dict[str, Any]
) -> None:
    act = await shown(server, script, ask)
    where = "response_url" if ask is by_slash else "chat.update"
    server.faults.add(where, times=2, **trouble)
    open_late(script)
    assert "It stores tokens." in seen(await act.next(2))
    assert len(server.called(where)) == 3


@either
async def test_stop_waits_for_no_block_and_does_not_call_the_card_unfinished(
    server: SlackServer, script: Script, bot: Bot, ask: Any, caplog: pytest.LogCaptureFixture
) -> None:
    act = await shown(server, script, ask)
    began = time.monotonic()
    await bot.stop()
    assert time.monotonic() - began < STOPS_WITHIN_S
    assert len(act.messages) == 1
    assert act.messages[0].edits == []
    assert "restarted" not in str([call.args for call in server.calls])
    assert warned(caplog, 30) == []


@either
async def test_stop_lets_a_block_that_is_on_its_way_arrive(
    server: SlackServer, script: Script, bot: Bot, ask: Any
) -> None:
    act = await shown(server, script, ask)
    sending = server.faults.add("response_url" if ask is by_slash else "chat.update", "hang")
    open_late(script)
    await sending.reached()
    bot.host.stopping.set()
    sending.release()
    await bot.stop()
    assert "It stores tokens." in seen(act.messages[-1])
