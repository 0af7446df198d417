"""A message of the bot's own on Slack is changed in its place, or known to be as it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack import outlet as outlets
from adapters.slack import publish
from adapters.slack.render import render
from bot.core.outlet import Outlet
from bot.core.reply import Notice
from tests.e2e.scripted import Bot
from tests.e2e.slack.asking import seen
from tests.e2e.slack.scripted import adapter
from tests.e2e.slack.test_outlet import post
from tests.fakes.slack_server import SlackServer

EDIT = "chat.update"
DONE = Notice(text="Added: 12 moments. <!channel> <@U1>")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server) as running:
        yield running


@pytest.fixture
def outlet(bot: Bot) -> Outlet:
    return bot.host.outlets["slack"]


async def edited(server: SlackServer, outlet: Outlet, message: str, within_s: float = 20.0) -> bool:
    return await outlet.edit(server.channel.id, message, DONE, within_s=within_s)


async def test_message_is_changed_in_its_place_and_notifies_nobody(
    server: SlackServer, outlet: Outlet
) -> None:
    posted = await post(outlet, server.channel)
    assert await edited(server, outlet, posted.message)
    (message,) = server.posted()
    assert "12 moments" in seen(message)
    assert "KV Cache" not in seen(message)
    assert (message.pings, len(message.edits)) == ([], 1)
    (call,) = server.called(EDIT)
    wanted = render(DONE)
    kept = {name: wanted[name] for name in ("text", "blocks")}
    assert call.args == {"channel": server.channel.id, "ts": posted.message, **kept}


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "drop_before"},
        {"kind": "drop_after"},
        {"kind": "status", "status": 503},
        {"kind": "garbage"},
        {"kind": "rate_limit", "retry_after": 1},
        {"kind": "error", "error": "internal_error"},
    ],
    ids=["drop_before", "drop_after", "503", "garbage", "rate_limit", "internal_error"],
)
async def test_change_goes_through_passing_trouble(
    server: SlackServer, outlet: Outlet, trouble: dict[str, Any]
) -> None:
    posted = await post(outlet, server.channel)
    server.faults.add(EDIT, **trouble)
    assert await edited(server, outlet, posted.message)
    assert len(server.called(EDIT)) == 2
    assert "12 moments" in seen(server.posted()[0])


async def test_rate_limit_is_waited_out_and_not_beyond_the_time_there_is(
    server: SlackServer, outlet: Outlet
) -> None:
    posted = await post(outlet, server.channel)
    server.faults.add(EDIT, "rate_limit", retry_after=60)
    assert not await edited(server, outlet, posted.message, within_s=5)
    assert len(server.called(EDIT)) == 1


@pytest.mark.parametrize(
    "code",
    "cant_update_message edit_window_closed is_inactive msg_too_long token_revoked".split(),
)
async def test_change_that_slack_refuses_is_told_and_not_made_again(
    server: SlackServer, outlet: Outlet, code: str
) -> None:
    posted = await post(outlet, server.channel)
    server.faults.add(EDIT, "error", error=code)
    assert not await edited(server, outlet, posted.message)
    assert len(server.called(EDIT)) == 1


async def test_message_that_is_gone_is_not_changed_and_none_is_made(
    server: SlackServer, outlet: Outlet
) -> None:
    posted = await post(outlet, server.channel)
    server.posted()[0].deleted = True
    assert not await edited(server, outlet, posted.message)
    assert server.posted() == []


async def test_change_that_hangs_is_given_up_in_time(server: SlackServer, outlet: Outlet) -> None:
    posted = await post(outlet, server.channel)
    hanging = server.faults.add(EDIT, "hang", times=None)
    async with asyncio.timeout(10):
        assert not await edited(server, outlet, posted.message, within_s=0.2)
    hanging.release()


async def test_stop_waits_for_a_change(server: SlackServer, outlet: Outlet, bot: Bot) -> None:
    posted = await post(outlet, server.channel)
    hanging = server.faults.add(EDIT, "hang")
    changing = asyncio.create_task(edited(server, outlet, posted.message))
    await hanging.reached()
    stopping = asyncio.create_task(bot.stop())
    await bot.host.stopping.wait()
    hanging.release()
    assert await changing
    await stopping


async def test_reply_that_cannot_be_rendered_changes_nothing(
    server: SlackServer, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = await post(outlet, server.channel)
    monkeypatch.setattr(outlets, "render", lambda _: {}["nothing"])
    assert not await edited(server, outlet, posted.message)
