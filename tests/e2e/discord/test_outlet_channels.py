"""Whether the bot may post in a channel of a server is known before a digest is turned on."""

from __future__ import annotations

import pytest

from bot.core.catalog import Tenant
from bot.core.outlet import Outcome, Outlet
from tests.e2e.discord.test_outlet import REFUSED, bot, outlet, post
from tests.e2e.discord.test_sharing import PUBLIC_THREAD, SEND, SEND_IN_THREADS, VIEW
from tests.fakes.discord_server import Channel, DiscordServer

__all__ = ["bot", "outlet"]

FORUM, CATEGORY = 15, 4


async def refusal_in(server: DiscordServer, outlet: Outlet, channel: Channel) -> str | None:
    return await outlet.refusal(Tenant(f"discord:{server.guild.id}"), channel.id)


async def test_refusal_where_the_bot_may_post_is_none_after_one_call(
    server: DiscordServer, outlet: Outlet
) -> None:
    before = len(server.calls)
    assert await refusal_in(server, outlet, server.channel) is None
    assert len(server.calls) == before + 1


@pytest.mark.parametrize(
    ("kind", "permissions", "words"),
    [
        (0, SEND, "View Channel"),
        (0, VIEW, "the permission Send Messages."),
        (0, VIEW | SEND, None),
        (FORUM, VIEW | SEND, "takes no messages"),
        (CATEGORY, VIEW | SEND, "takes no messages"),
    ],
)
async def test_refusal_in_a_channel_names_what_is_missing_and_agrees_with_the_post(
    server: DiscordServer, outlet: Outlet, kind: int, permissions: int, words: str | None
) -> None:
    place = server.add_channel(server.guild, "elsewhere", kind, permissions)
    refusal = await refusal_in(server, outlet, place)
    assert words in refusal if words and refusal else refusal is words
    if kind not in (FORUM, CATEGORY):
        assert (await post(outlet, place)).outcome is (REFUSED if words else Outcome.POSTED)


@pytest.mark.parametrize(
    ("permissions", "words"),
    [
        (VIEW | SEND, "the permission Send Messages in Threads."),
        (VIEW | SEND_IN_THREADS, None),
    ],
)
async def test_refusal_in_a_thread_asks_for_the_threads_permission_alone(
    server: DiscordServer, outlet: Outlet, permissions: int, words: str | None
) -> None:
    parent = server.add_channel(server.guild, "elsewhere", permissions=permissions)
    thread = server.add_channel(server.guild, "thread", PUBLIC_THREAD, parent=parent)
    refusal = await refusal_in(server, outlet, thread)
    assert words in refusal if words and refusal else refusal is words
    assert (await post(outlet, thread)).outcome is (REFUSED if words else Outcome.POSTED)


async def test_refusal_in_a_locked_thread_says_so(server: DiscordServer, outlet: Outlet) -> None:
    thread = server.add_channel(server.guild, "thread", PUBLIC_THREAD, parent=server.channel)
    thread.locked = True
    assert await refusal_in(server, outlet, thread) == "This thread is locked."


async def test_refusal_sees_a_permission_that_was_taken_away(
    server: DiscordServer, outlet: Outlet
) -> None:
    server.channel.permissions = VIEW
    assert "Send Messages" in (await refusal_in(server, outlet, server.channel) or "")


async def test_refusal_of_another_servers_channel_says_that_it_is_none_of_this_ones(
    server: DiscordServer, outlet: Outlet
) -> None:
    elsewhere = server.add_channel(server.add_guild("other"), "theirs")
    assert await refusal_in(server, outlet, elsewhere) == "That is no channel of this server."
    thread = server.add_channel(elsewhere.guild, "thread", PUBLIC_THREAD, parent=elsewhere)
    assert await refusal_in(server, outlet, thread) == "That is no channel of this server."


async def test_refusal_of_a_direct_message_says_that_it_is_none_of_the_server(
    server: DiscordServer, outlet: Outlet
) -> None:
    private = server.world.private(server.user("bob"))
    assert await refusal_in(server, outlet, private) == "That is no channel of this server."


@pytest.mark.parametrize(
    "junk", ["", "general", "-1", "1.5", "9" * 100, "9" * 5000, "\u0664\u0662", "1\n"]
)
async def test_refusal_of_what_is_no_id_asks_nobody(
    server: DiscordServer, outlet: Outlet, junk: str
) -> None:
    before = len(server.calls)
    tenant = Tenant(f"discord:{server.guild.id}")
    assert await outlet.refusal(tenant, junk) == "That is no channel of this server."
    assert len(server.calls) == before


async def test_refusal_of_an_id_that_discord_cannot_read_says_that_it_is_no_channel(
    server: DiscordServer, outlet: Outlet
) -> None:
    body = {"code": 50035, "message": "Invalid Form Body"}
    server.faults.add("GET", "/channels/", "status", status=400, body=body)
    tenant = Tenant(f"discord:{server.guild.id}")
    assert await outlet.refusal(tenant, "9" * 20) == "That is no channel of this server."


async def test_refusal_of_a_channel_that_is_gone_says_so(
    server: DiscordServer, outlet: Outlet
) -> None:
    server.remove_channel(server.channel)
    assert await refusal_in(server, outlet, server.channel) == "This channel is gone."


async def test_refusal_while_discord_does_not_answer_asks_to_try_again(
    server: DiscordServer, outlet: Outlet
) -> None:
    server.faults.add("GET", "/channels/", "drop_before", times=None)
    assert "try again" in (await refusal_in(server, outlet, server.channel) or "")
