"""A message of the bot's own on Discord is changed in its place, or known to be as it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.discord import PLATFORM, app, publish
from bot.core.outlet import Outlet
from bot.core.reply import Notice
from tests.e2e.discord.scripted import adapter
from tests.e2e.discord.test_answers import seen
from tests.e2e.discord.test_outlet import outlet_of, post
from tests.e2e.scripted import Bot
from tests.fakes.discord_server import DiscordServer

EDIT = ("PATCH", "/channels/")
DONE = Notice(text="Added: 12 moments. @everyone <@1>")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.0)
    monkeypatch.setattr(app, "SERVERS_WITHIN_S", 0.2)


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with adapter(server) as running:
        yield running


@pytest.fixture
async def outlet(server: DiscordServer, bot: Bot) -> Outlet:
    return await outlet_of(bot.host)


async def edited(
    server: DiscordServer, outlet: Outlet, message: str, within_s: float = 20.0
) -> bool:
    return await outlet.edit(server.channel.id, message, DONE, within_s=within_s)


async def test_message_is_changed_in_its_place_and_notifies_nobody(
    server: DiscordServer, outlet: Outlet
) -> None:
    posted = await post(outlet, server.channel)
    assert await edited(server, outlet, posted.message)
    (message,) = server.posted()
    assert "12 moments" in seen(message)
    assert "KV Cache" not in seen(message)
    assert (message.pings, len(message.edits)) == ([], 1)
    (call,) = server.called("PATCH", "/messages/")
    wanted = PLATFORM.render(DONE)
    assert call.body["components"] == wanted["components"]
    assert call.body["allowed_mentions"] == {"parse": []}
    assert "content" not in call.body


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "drop_before"},
        {"kind": "drop_after"},
        {"kind": "status", "status": 503},
        {"kind": "rate_limit", "via": False},
        {"kind": "rate_limit", "via": True},
    ],
    ids=["drop_before", "drop_after", "503", "cloudflare", "rate_limit"],
)
async def test_change_goes_through_passing_trouble(
    server: DiscordServer, outlet: Outlet, trouble: dict[str, Any]
) -> None:
    posted = await post(outlet, server.channel)
    server.faults.add(*EDIT, **trouble)
    assert await edited(server, outlet, posted.message)
    assert len(server.called("PATCH", "/messages/")) == 2
    assert "12 moments" in seen(server.posted()[0])


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_change_that_discord_refuses_is_told_and_not_made_again(
    server: DiscordServer, outlet: Outlet, status: int
) -> None:
    posted = await post(outlet, server.channel)
    server.faults.add(*EDIT, "status", status=status, body={"code": 0, "message": "no"})
    assert not await edited(server, outlet, posted.message)
    assert len(server.called("PATCH", "/messages/")) == 1


async def test_message_that_is_gone_is_not_changed_and_none_is_made(
    server: DiscordServer, outlet: Outlet
) -> None:
    posted = await post(outlet, server.channel)
    server.posted()[0].deleted = True
    assert not await edited(server, outlet, posted.message)
    assert server.posted() == []


@pytest.mark.parametrize("ident", ["", "m1", "٣", "1" * 30])
async def test_what_is_no_id_is_not_asked_for(
    server: DiscordServer, outlet: Outlet, ident: str
) -> None:
    assert not await edited(server, outlet, ident)
    assert not await outlet.edit(ident, "1", DONE, within_s=5)
    assert server.called("PATCH", "") == []


@pytest.mark.parametrize("kind", ["hang", "rate_limit"])
async def test_change_under_lasting_trouble_is_given_up_in_time(
    server: DiscordServer, outlet: Outlet, kind: str
) -> None:
    posted = await post(outlet, server.channel)
    lasting = server.faults.add(*EDIT, kind, times=None, retry_after=3600, is_global=True)
    async with asyncio.timeout(10):
        assert not await edited(server, outlet, posted.message, within_s=0.2)
    lasting.release()
    server.faults.clear()
    assert await edited(server, outlet, posted.message)


async def test_stop_waits_for_a_change_and_afterwards_none_is_made(
    server: DiscordServer, outlet: Outlet, bot: Bot
) -> None:
    posted = await post(outlet, server.channel)
    hanging = server.faults.add(*EDIT, "hang")
    changing = asyncio.create_task(edited(server, outlet, posted.message))
    await hanging.reached()
    stopping = asyncio.create_task(bot.stop())
    await bot.host.stopping.wait()
    hanging.release()
    assert await changing
    await stopping
    assert not await edited(server, outlet, posted.message)


async def test_reply_that_cannot_be_rendered_changes_nothing(
    server: DiscordServer, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = await post(outlet, server.channel)
    monkeypatch.setattr(publish, "render", lambda _: {}["nothing"])
    assert not await edited(server, outlet, posted.message)
