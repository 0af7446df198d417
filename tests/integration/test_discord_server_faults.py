"""The loopback Discord: the gateway's life, posts, and everything that can go wrong on demand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import discord
import pytest

from tests.fakes.discord_server import Channel, DiscordServer
from tests.fakes.discord_server.gateway import Connection
from tests.integration.discord_client import Bot, connected, pointed_at

KV = {"words": "kv cache"}
POSTS = r"^/channels/\d+/messages$"
AUTHENTICATION_FAILED = 4004


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with connected(server) as running:
        yield running


# The gateway.


async def test_client_logs_in_identifies_and_is_told_of_servers_and_channels(
    server: DiscordServer, bot: Bot
) -> None:
    await server.slash("topic", KV)
    assert [one["intents"] for one in server.gateway.identifies] == [1]
    assert [guild.name for guild in bot.guilds] == ["Listeners"]
    assert [channel.name for channel in bot.guilds[0].text_channels] == ["general"]
    called = [(one.method, one.path) for one in server.calls]
    assert called.index(("GET", "/users/@me")) < called.index(("GET", "/gateway/bot"))


async def test_server_added_later_is_heard_of_and_can_be_used(
    server: DiscordServer, bot: Bot
) -> None:
    other = server.add_guild("Others")
    channel = server.add_channel(other, "talk")
    await server.slash("topic", KV, guild=other)
    assert (bot.seen[0].guild_id, bot.seen[0].channel_id) == (int(other.id), int(channel.id))
    assert bot.get_channel(int(channel.id)) is not None


async def test_shards_hear_of_their_own_servers_only() -> None:
    async with DiscordServer(shards=2) as server:
        places = [server.add_guild(f"on {shard}", shard=shard) for shard in (0, 1)]
        for place in places:
            server.add_channel(place, "general")
        async with connected(server, shards=2) as bot:
            for place in places:
                await server.slash("topic", KV, guild=place)
        assert [one["shard"] for one in server.gateway.identifies] == [[0, 2], [1, 2]]
        assert [one.guild.shard_id for one in bot.seen if one.guild] == [0, 1]


@pytest.mark.parametrize("code", [4000, 1012, None])
async def test_lost_socket_is_resumed_at_the_address_of_ready_and_misses_nothing(
    server: DiscordServer, bot: Bot, code: int | None
) -> None:
    server.gateway.close(code)
    # Said after the close: it reaches the client only by being replayed.
    answer = await server.slash("topic", KV)
    await server.wait_resumed()
    assert answer.message.content == "Hello."
    assert [one.path for one in server.gateway.opened] == ["/gateway", "/gateway/resume"]
    assert len(server.gateway.identifies) == 1


async def test_asked_to_reconnect_the_client_resumes(server: DiscordServer, bot: Bot) -> None:
    server.gateway.reconnect()
    await server.wait_resumed()
    assert len(server.gateway.identifies) == 1


async def test_invalid_session_that_can_be_resumed_is_resumed(
    server: DiscordServer, bot: Bot
) -> None:
    server.gateway.invalidate(resumable=True)
    await server.wait_resumed()
    assert len(server.gateway.identifies) == 1


async def test_invalid_session_is_begun_anew(server: DiscordServer, bot: Bot) -> None:
    server.gateway.invalidate()
    await server.changes.until(lambda: len(server.gateway.identifies) == 2, 10, "an IDENTIFY")
    await server.slash("topic", KV)
    assert server.gateway.resumes == 0


async def test_resume_that_is_not_granted_is_followed_by_identify(
    server: DiscordServer, bot: Bot
) -> None:
    server.gateway.resumable = False
    server.gateway.close()
    await server.changes.until(lambda: len(server.gateway.identifies) == 2, 10, "an IDENTIFY")
    assert server.gateway.resumes == 0


async def test_heartbeats_without_an_answer_make_the_client_come_again(
    server: DiscordServer,
) -> None:
    server.gateway.heartbeat_ms = 100
    async with connected(server, heartbeat_timeout=1.0):
        gateway = server.gateway
        await server.changes.until(lambda: gateway.heartbeats >= 3, 10, "heartbeats")
        assert gateway.resumes == 0
        gateway.ack_heartbeats = False
        await server.wait_resumed()


async def test_close_that_cannot_be_mended_ends_the_client(server: DiscordServer) -> None:
    async with pointed_at(server), Bot() as bot:
        running = asyncio.create_task(bot.start("t.o.k"))
        await server.wait_ready()
        server.gateway.close(AUTHENTICATION_FAILED)
        with pytest.raises(discord.ConnectionClosed) as caught:
            await running
        assert caught.value.code == AUTHENTICATION_FAILED


async def test_wrong_token_is_refused(server: DiscordServer) -> None:
    server.token = "another"
    async with pointed_at(server), Bot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("t.o.k")


async def test_privileged_intent_is_refused(server: DiscordServer) -> None:
    intents = discord.Intents(guilds=True, message_content=True)
    async with pointed_at(server), Bot(intents=intents) as bot:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start("t.o.k")


async def test_goodbye_ends_the_session_for_good(server: DiscordServer) -> None:
    async with connected(server):
        sockets: list[Connection] = list(server.gateway.opened)
    await server.wait_gone()
    assert len(sockets) == 1
    assert server.gateway.sessions == []


# Posts.


async def test_post_where_there_is_no_channel_or_no_right_is_refused_by_its_name(
    server: DiscordServer, bot: Bot
) -> None:
    hidden = server.add_channel(server.guild, "hidden", permissions=0)
    quiet = server.add_channel(server.guild, "quiet", permissions=1 << 10)
    gone = server.add_channel(server.guild, "gone")
    server.remove_channel(gone)
    for channel, status, code in (
        (hidden, 403, 50001),
        (quiet, 403, 50013),
        (gone, 404, 10003),
    ):
        with pytest.raises(discord.HTTPException) as caught:
            await bot.get_partial_messageable(int(channel.id)).send("Hello.")
        assert (caught.value.status, caught.value.code) == (status, code)
    assert [one.code for one in server.refusals] == [50001, 50013, 10003]
    assert server.violations == []


async def test_nonce_repeated_within_its_window_gives_the_first_message(
    server: DiscordServer, bot: Bot
) -> None:
    channel = bot.get_partial_messageable(int(server.channel.id))
    first = await channel.send("Hello.", nonce="share-1")
    again = await channel.send("Hello.", nonce="share-1")
    other = await channel.send("Hello.", nonce="share-2")
    assert first.id == again.id != other.id
    assert len(server.posted()) == 2


async def test_nonce_that_is_forgotten_or_not_enforced_posts_again(
    server: DiscordServer, bot: Bot
) -> None:
    for _ in range(2):
        await bot.post(server.channel.id, content="x", nonce="n")
    server.posting.nonce_window = 0.0
    for _ in range(2):
        await bot.post(server.channel.id, content="x", nonce="n", enforce_nonce=True)
    assert len(server.posted()) == 4


# Rate limits.


async def test_client_keeps_to_the_limit_that_the_headers_tell(
    server: DiscordServer, bot: Bot
) -> None:
    server.limits.add("POST", POSTS, limit=2, per=0.3)
    started = time.monotonic()
    for number in range(3):
        await post(server, bot, nonce=str(number))
    assert time.monotonic() - started >= 0.3
    assert [one.status for one in server.called("POST", POSTS)] == [200, 200, 200]
    assert server.refusals == []


async def raw_posts(server: DiscordServer, *channels: Channel) -> list[aiohttp.ClientResponse]:
    """Post without care for what the headers say."""
    head = {"Authorization": "Bot t.o.k"}
    found = []
    async with aiohttp.ClientSession(headers=head) as session:
        for channel in channels:
            url = f"{server.api_url}/channels/{channel.id}/messages"
            async with session.post(url, json={"content": "x"}) as answer:
                await answer.read()
            found.append(answer)
    return found


async def test_post_over_the_limit_of_its_channel_is_told_when_to_come_again(
    server: DiscordServer,
) -> None:
    server.limits.add("POST", POSTS, limit=2, per=60.0)
    here, there = server.channel, server.add_channel(server.guild, "other")
    answers = await raw_posts(server, here, here, here, there)
    assert [one.status for one in answers] == [200, 200, 429, 200]
    left = [one.headers["X-RateLimit-Remaining"] for one in answers]
    assert left == ["1", "0", "0", "1"]
    body = await answers[2].json()
    assert 0 < body["retry_after"] <= 60
    assert body["global"] is False
    assert answers[2].headers["Via"]
    assert [one.message for one in server.refusals] == ["You are being rate limited."]
    assert len(server.posted()) == 2


async def test_limit_of_everything_together_spares_the_answers_to_interactions(
    server: DiscordServer, bot: Bot
) -> None:
    server.limits.everywhere(limit=1, per=60.0)
    there = server.add_channel(server.guild, "other")
    first, second = await raw_posts(server, server.channel, there)
    assert (first.status, second.status) == (200, 429)
    assert (await second.json())["global"] is True
    assert (await server.slash("topic", KV)).message.content == "Hello."


# Faults.


async def post(server: DiscordServer, bot: Bot, nonce: str = "n") -> discord.Message:
    return await bot.get_partial_messageable(int(server.channel.id)).send("Hello.", nonce=nonce)


async def test_status_fault_answers_in_place_of_the_server_as_often_as_it_was_told(
    server: DiscordServer, bot: Bot
) -> None:
    server.faults.add("POST", POSTS, "status", status=503, body={"message": "no", "code": 7})
    with pytest.raises(discord.DiscordServerError) as caught:
        await post(server, bot)
    assert (caught.value.status, caught.value.code) == (503, 7)
    assert server.posted() == []
    await post(server, bot)
    assert len(server.posted()) == 1


@pytest.mark.parametrize("everywhere", [False, True])
async def test_rate_limit_fault_is_waited_out_by_the_client(
    server: DiscordServer, bot: Bot, everywhere: bool
) -> None:
    server.faults.add("POST", POSTS, "rate_limit", times=2, retry_after=0.01, is_global=everywhere)
    await post(server, bot)
    assert [one.status for one in server.called("POST", POSTS)] == [429, 429, 200]
    assert len(server.posted()) == 1


async def test_rate_limit_fault_without_via_is_raised_at_once(
    server: DiscordServer, bot: Bot
) -> None:
    server.faults.add("POST", POSTS, "rate_limit", via=False)
    with pytest.raises(discord.HTTPException) as caught:
        await post(server, bot)
    assert caught.value.status == 429
    assert len(server.called("POST", POSTS)) == 1


@pytest.mark.parametrize(("kind", "posts"), [("drop_before", 0), ("drop_after", 1)])
async def test_dropped_connection_loses_the_answer_and_perhaps_the_deed(
    server: DiscordServer, bot: Bot, kind: str, posts: int
) -> None:
    server.faults.add("POST", POSTS, kind)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(server, bot)
    assert len(server.posted()) == posts
    await post(server, bot)
    assert len(server.posted()) == 1


async def test_hanging_request_goes_on_when_it_is_released(server: DiscordServer, bot: Bot) -> None:
    fault = server.faults.add("POST", POSTS, "hang")
    posting = asyncio.create_task(post(server, bot))
    await fault.reached()
    assert not posting.done()
    assert server.posted() == []
    fault.release()
    await posting
    assert len(await server.wait_posted()) == 1


async def test_delayed_answer_to_an_interaction_comes_too_late(
    server: DiscordServer, bot: Bot
) -> None:
    server.interactions.answer_within = 0.1
    server.faults.add("POST", "/callback", "delay", seconds=0.3)
    started = time.monotonic()
    with pytest.raises(Exception, match="not answered within"):
        await server.slash("topic", KV)
    await bot.settled.wait()
    assert time.monotonic() - started >= 0.3
    assert [one.code for one in bot.refused] == [10062]


async def test_fault_of_an_unknown_kind_is_an_error_in_the_test(server: DiscordServer) -> None:
    with pytest.raises(ValueError, match="no fault 'explode'"):
        server.faults.add("GET", "/", "explode")


async def test_unknown_path_is_refused_and_recorded(server: DiscordServer, bot: Bot) -> None:
    with pytest.raises(discord.NotFound):
        await bot.call("GET", "/no/such/thing")
    assert "/no/such/thing" in str(server.violations[0])


async def test_server_stops_at_once_under_an_open_client_and_a_hanging_request() -> None:
    async with AsyncExitStack() as clients:
        async with DiscordServer() as server:
            bot = await clients.enter_async_context(connected(server))
            fault = server.faults.add("POST", POSTS, "hang")
            posting = asyncio.create_task(post(server, bot))
            await fault.reached()
        await asyncio.wait({posting}, timeout=10)
        assert posting.done()
        assert server.gateway.connections == set()
    posting.exception()
