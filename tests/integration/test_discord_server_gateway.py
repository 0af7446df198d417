"""The loopback gateway on the wire: frames it takes, and those it closes the socket for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.fakes.discord_server import DiscordServer
from tests.integration.discord_client import connected

KV = {"words": "kv cache"}


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


async def test_heartbeat_that_is_asked_for_comes_at_once(server: DiscordServer) -> None:
    async with connected(server):
        before = server.gateway.heartbeats
        server.gateway.ask_heartbeat()
        await server.changes.until(lambda: server.gateway.heartbeats > before, 5, "a heartbeat")


async def test_server_and_channel_that_appear_later_are_told_of(server: DiscordServer) -> None:
    async with connected(server) as bot:
        guild = server.add_guild("Late")
        channel = server.add_channel(guild, "talk")
        await server.slash("topic", KV, channel=channel)
        assert bot.get_channel(int(channel.id)).name == "talk"
        server.remove_channel(channel)
        await server.slash("topic", KV)
        assert bot.get_channel(int(channel.id)) is None


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", 4002),
        ('{"op": 77}', 4001),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 2, "d": {"token": "bad", "intents": 1}}', 4004),
        ('{"op": 6, "d": {"token": "bad", "session_id": "s", "seq": 1}}', 4004),
        ('{"op": 2, "d": null}', 4002),
        ('{"op": 6, "d": [1]}', 4002),
        ('{"op": 2, "d": {"token": "t"}}', 4013),
        ('{"op": 2, "d": {"token": "t", "intents": 1, "shard": [2, 2]}}', 4010),
        ('{"op": 2, "d": {"token": "t", "intents": 2}}', 4014),
    ],
)
async def test_frame_that_the_gateway_does_not_take_closes_the_socket(
    server: DiscordServer, frame: str, code: int
) -> None:
    server.token = "t"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url) as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        await socket.send_str(frame)
        await socket.receive()
        assert socket.close_code == code


@pytest.mark.parametrize("seq", [99, -1, None])
async def test_resume_from_a_frame_that_was_never_sent_closes_the_socket(
    server: DiscordServer, seq: int | None
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url) as first,
        session.ws_connect(server.gateway_url) as second,
    ):
        await first.send_json({"op": 2, "d": {"token": "t", "intents": 1}})
        await server.wait_ready()
        ident = server.gateway.sessions[0].id
        await second.receive_json()
        data = {"token": "t", "session_id": ident, "seq": seq}
        await second.send_json({"op": 6, "d": data})
        await second.receive()
        assert second.close_code == 4007
        assert server.gateway.resumes == 0


async def test_gateway_that_accepts_nobody_refuses_the_handshake(server: DiscordServer) -> None:
    server.gateway.accepting = False
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(server.gateway_url)
