"""What the bot posts by itself on Discord is there once under its key, or it knows why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from discord.http import Route

from adapters.contract import Host
from adapters.discord import PLATFORM, app, publish
from adapters.discord.answering import Pace
from adapters.discord.app import serve
from bot.core.actions import Action
from bot.core.outlet import Outcome, Outlet, Posted
from bot.core.reply import Button, MomentList, Notice
from tests.e2e.digests import DIGEST, KEY, Outlets
from tests.e2e.discord.scripted import adapter, host_for
from tests.e2e.discord.test_answers import seen
from tests.e2e.scripted import Bot, Script, serving
from tests.fakes.discord_server import Channel, DiscordServer
from tests.fakes.ports import free_port

POST = ("POST", "/channels/")
LATER, REFUSED, UNKNOWN = Outcome.LATER, Outcome.REFUSED, Outcome.UNKNOWN
PAUSED = Notice(text="Your digest is paused.")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.0)
    monkeypatch.setattr(app, "FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr(app, "SERVERS_WITHIN_S", 0.2)


async def outlet_of(host: Host) -> Outlet:
    """Return the outlet once it is there: the bot knows a moment later that it is ready."""
    assert isinstance(host.outlets, Outlets)
    async with asyncio.timeout(10):
        await host.outlets.added.wait()
    host.outlets.added.clear()
    return host.outlets["discord"]


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with adapter(server) as running:
        yield running


@pytest.fixture
async def outlet(server: DiscordServer, bot: Bot) -> Outlet:
    return await outlet_of(bot.host)


async def post(
    outlet: Outlet, channel: Channel, reply: MomentList = DIGEST, within_s: float = 20.0
) -> Posted:
    return await outlet.post(channel.id, reply, key=KEY, within_s=within_s)


async def test_digest_is_posted_as_rendered_and_its_id_returned(
    server: DiscordServer, outlet: Outlet
) -> None:
    posted = await post(outlet, server.channel)
    (message,) = server.posted()
    assert posted == Posted(Outcome.POSTED, message.id)
    (call,) = server.called("POST", "/messages$")
    added = {"nonce": KEY, "enforce_nonce": True, "content": None}
    assert call.body == PLATFORM.render(DIGEST) | added
    assert "KV Cache" in seen(message)
    assert message.pings == []


async def test_digest_posted_again_under_its_key_is_the_same_message(
    server: DiscordServer, outlet: Outlet
) -> None:
    assert outlet.repeatable
    first, second = [await post(outlet, server.channel) for _ in range(2)]
    assert first == second
    assert len(server.posted()) == 1
    other = await outlet.post(server.channel.id, DIGEST, key="digest-2", within_s=20)
    assert other.message != first.message
    assert len(server.posted()) == 2


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
async def test_digest_through_passing_trouble_is_posted_once(
    server: DiscordServer, outlet: Outlet, trouble: dict[str, Any]
) -> None:
    server.faults.add(*POST, **trouble)
    posted = await post(outlet, server.channel)
    (message,) = server.posted()
    assert posted == Posted(Outcome.POSTED, message.id)
    assert len(server.called("POST", "/messages$")) == 2


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, 10003, "This channel is gone."),
        (403, 50001, "View Channel"),
        (403, 50013, "Send Messages"),
        (400, 50083, "archived"),
        (400, 160005, "locked"),
        (400, 50008, "takes no messages"),
        (401, 0, "my token"),
        (400, 50035, "a fault of mine"),
    ],
)
async def test_digest_that_discord_refuses_is_refused_with_the_reason(
    server: DiscordServer, outlet: Outlet, status: int, code: int, words: str
) -> None:
    refused = {"code": code, "message": "secret detail"}
    server.faults.add(*POST, "status", status=status, body=refused)
    posted = await post(outlet, server.channel)
    assert posted.outcome is REFUSED
    assert words in posted.reason
    assert "secret" not in posted.reason
    assert server.posted() == []
    assert len(server.called("POST", "/messages$")) == 1


async def test_digest_for_a_channel_that_was_removed_is_refused(
    server: DiscordServer, outlet: Outlet
) -> None:
    place = server.add_channel(server.guild, "elsewhere")
    server.remove_channel(place)
    assert await post(outlet, place) == Posted(REFUSED, reason="This channel is gone.")


async def test_digest_under_a_lasting_fault_of_discord_is_in_doubt(
    server: DiscordServer, outlet: Outlet
) -> None:
    server.faults.add(*POST, "status", times=None, status=503)
    posted = await post(outlet, server.channel)
    assert posted == Posted(UNKNOWN, reason="Discord did not say whether the post arrived.")


@pytest.mark.parametrize("via", [True, False], ids=["discord", "cloudflare"])
async def test_digest_under_a_lasting_rate_limit_is_surely_not_there(
    server: DiscordServer, outlet: Outlet, via: bool
) -> None:
    server.faults.add(*POST, "rate_limit", times=None, retry_after=3600, via=via)
    posted = await post(outlet, server.channel, within_s=0.5)
    reason = "Discord did not take the post just now."
    assert posted == Posted(LATER, reason=reason, retry_after_s=3600)
    assert server.posted() == []


@pytest.mark.parametrize("first", ["drop_after", "status"])
async def test_digest_whose_first_try_may_be_there_stays_in_doubt_whatever_came_of_the_next(
    server: DiscordServer, outlet: Outlet, first: str
) -> None:
    server.faults.add(*POST, first, status=503)
    server.faults.add(*POST, "rate_limit", times=None, retry_after=3600)
    assert (await post(outlet, server.channel, within_s=0.5)).outcome is UNKNOWN


async def test_server_error_that_the_sdk_repeats_by_itself_leaves_doubt(
    server: DiscordServer, outlet: Outlet
) -> None:
    server.faults.add(*POST, "status", status=500)
    server.faults.add(*POST, "rate_limit", times=None, via=False)
    # The SDK waits a second after the 500; then all that it raises is the 429.
    assert (await post(outlet, server.channel)).outcome is UNKNOWN


async def test_global_rate_limit_that_outlasts_a_post_does_not_silence_the_bot(
    server: DiscordServer, outlet: Outlet
) -> None:
    server.faults.add(*POST, "rate_limit", retry_after=3600, is_global=True)
    assert (await post(outlet, server.channel, within_s=0.2)).outcome is LATER
    assert (await post(outlet, server.channel)).outcome is Outcome.POSTED


async def test_digest_that_hangs_is_given_up_in_time_and_in_doubt(
    server: DiscordServer, outlet: Outlet
) -> None:
    hanging = server.faults.add(*POST, "hang", times=None)
    async with asyncio.timeout(10):
        assert (await post(outlet, server.channel, within_s=0.2)).outcome is UNKNOWN
    hanging.release()


async def test_digest_while_nothing_listens_is_surely_not_there(
    server: DiscordServer, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{free_port()}/api/v10")
    assert (await post(outlet, server.channel)).outcome is LATER
    assert server.called("POST", "/messages$") == []


async def test_digest_that_cannot_be_rendered_is_a_fault_of_ours(
    server: DiscordServer, outlet: Outlet
) -> None:
    broken = replace(DIGEST, buttons=(Button("x", Action("exact", ("1", "x" * 200))),))
    posted = await post(outlet, server.channel, broken)
    assert posted.outcome is REFUSED
    assert "a fault of mine" in posted.reason
    assert server.called("POST", "/messages$") == []


# When the outlet is there.


async def test_outlet_is_absent_until_the_bot_is_ready(server: DiscordServer) -> None:
    fault = server.faults.add("GET", "/gateway/bot", "hang")
    host = host_for(server, Script())
    async with serving(host, serve(host), fault.reached()):
        assert host.outlets == {}
        fault.release()
        await server.wait_ready()
        assert await outlet_of(host)


async def test_outlet_is_absent_after_a_stop_and_what_was_kept_of_it_posts_nothing(
    server: DiscordServer, bot: Bot, outlet: Outlet
) -> None:
    await bot.stop()
    assert bot.host.outlets == {}
    assert (await post(outlet, server.channel)).outcome is LATER


async def test_outlet_comes_back_when_discord_does(server: DiscordServer, bot: Bot) -> None:
    before = await outlet_of(bot.host)
    fault = server.faults.add("GET", "/gateway/bot", "hang")
    server.gateway.close(4014)
    await fault.reached()
    assert bot.host.outlets == {}
    fault.release()
    after = await outlet_of(bot.host)
    assert after is not before
    assert (await post(after, server.channel)).outcome is Outcome.POSTED


async def test_stop_waits_for_a_post_under_way(server: DiscordServer, bot: Bot) -> None:
    outlet = await outlet_of(bot.host)
    hanging = server.faults.add(*POST, "hang")
    posting = asyncio.create_task(post(outlet, server.channel))
    await hanging.reached()
    stopping = asyncio.create_task(bot.stop())
    hanging.release()
    assert (await posting).outcome is Outcome.POSTED
    await stopping


async def test_post_that_a_stop_cannot_wait_for_is_in_doubt(server: DiscordServer) -> None:
    async with adapter(server, pace=Pace(drain=0.05)) as bot:
        outlet = await outlet_of(bot.host)
        hanging = server.faults.add(*POST, "hang", times=None)
        posting = asyncio.create_task(post(outlet, server.channel))
        await hanging.reached()
        await bot.stop()
        assert (await posting).outcome is UNKNOWN


# Telling one person.


async def test_person_is_told_in_private(server: DiscordServer, outlet: Outlet) -> None:
    person = server.user("bob")
    assert await outlet.tell(person.id, PAUSED)
    (message,) = server.posted(server.world.private(person))
    assert seen(message) == "Your digest is paused."


async def test_person_is_told_once_where_the_answer_to_it_is_lost(
    server: DiscordServer, outlet: Outlet
) -> None:
    person = server.user("bob")
    server.faults.add("POST", "/messages$", "drop_after")
    assert await outlet.tell(person.id, PAUSED)
    assert len(server.posted(server.world.private(person))) == 1


async def test_person_who_takes_no_messages_is_not_told(
    server: DiscordServer, outlet: Outlet
) -> None:
    person = server.user("bob")
    person.takes_messages = False
    assert not await outlet.tell(person.id, PAUSED)


@pytest.mark.parametrize("ident", ["1234", "not an id"])
async def test_person_whom_nobody_knows_is_not_told(
    server: DiscordServer, outlet: Outlet, ident: str
) -> None:
    assert not await outlet.tell(ident, PAUSED)
