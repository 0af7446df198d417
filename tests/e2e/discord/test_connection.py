"""Connecting, staying connected, telling the commands, and leaving in good order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from adapters.discord import app
from adapters.discord.answering import Pace
from adapters.discord.app import serve
from adapters.discord.menu import definitions
from bot.core.errors import ConfigError
from bot.core.reply import Notice
from tests.e2e.discord.scripted import adapter, host_for
from tests.e2e.discord.test_answers import seen
from tests.e2e.scripted import Script, serving
from tests.fakes.changes import Changes
from tests.fakes.discord_server import DiscordServer

HELLO = Notice(text="Hello.")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "FIRST_PAUSE_S", 0.0)


async def answers(server: DiscordServer) -> bool:
    """Return whether a command is answered now."""
    answer = await server.slash("help", {})
    return seen(await answer.settled()) == "Hello."


def sent_commands(server: DiscordServer) -> list[Any]:
    return [call.body for call in server.called("PUT", "/commands$")]


async def test_commands_are_told_once_and_not_again_while_they_stay(
    server: DiscordServer,
) -> None:
    for _ in range(2):
        async with adapter(server, Script(HELLO)):
            assert await answers(server)
    assert sent_commands(server) == [definitions()]


async def test_commands_that_changed_are_told_again(server: DiscordServer) -> None:
    server.commands.replace([{"type": 1, "name": "topic", "description": "Old words"}])
    async with adapter(server, Script(HELLO)):
        assert await answers(server)
    assert len(sent_commands(server)) == 1


async def test_commands_that_discord_will_not_hear_do_not_keep_the_bot_away(
    server: DiscordServer,
) -> None:
    server.commands.replace(definitions())
    server.faults.add("GET", "/commands", "status", status=403)
    async with adapter(server, Script(HELLO)):
        assert await answers(server)


async def test_bot_asks_for_servers_and_for_nothing_it_was_not_addressed_in(
    server: DiscordServer,
) -> None:
    async with adapter(server, Script(HELLO)):
        assert [session.intents for session in server.gateway.sessions] == [1]


async def test_bot_in_many_servers_runs_as_many_shards_as_discord_asks() -> None:
    async with DiscordServer(shards=2) as server:
        async with adapter(server, Script(HELLO), shards=2):
            assert server.gateway.ready_shards() == {0, 1}
            assert await answers(server)
        assert server.violations == []


async def test_refused_token_is_a_configuration_error_in_plain_words(
    server: DiscordServer,
) -> None:
    server.token = "right"
    with pytest.raises(ConfigError, match="Discord refused the token"):
        await serve(host_for(server, Script(), token="wrong"))


async def test_token_that_the_gateway_refuses_is_a_configuration_error(
    server: DiscordServer,
) -> None:
    # As if it was reset between the login and the gateway.
    fault = server.faults.add("GET", "/gateway/bot", "hang")
    serving = asyncio.create_task(serve(host_for(server, Script())))
    await fault.reached()
    server.token = "another"
    fault.release()
    with pytest.raises(ConfigError, match="Discord refused the token"):
        await serving


@pytest.mark.parametrize("loss", ["close", "reconnect", "invalidate"])
async def test_lost_gateway_is_joined_again(server: DiscordServer, loss: str) -> None:
    async with adapter(server, Script(HELLO)):
        assert await answers(server)
        before = set(server.gateway.connections)
        getattr(server.gateway, loss)()
        await server.changes.until(
            lambda: server.gateway.ready_shards() and not before & server.gateway.connections,
            15,
            "a new connection",
        )
        assert await answers(server)


class History(set[str]):
    """Who is connected, and whether somebody was, each time that changed."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self.seen: list[bool] = []
        self._changes = changes

    def add(self, name: str) -> None:
        super().add(name)
        self._note()

    def discard(self, name: str) -> None:
        super().discard(name)
        self._note()

    def _note(self) -> None:
        if self.seen[-1:] != [bool(self)]:
            self.seen.append(bool(self))
        self._changes.notify()


@pytest.mark.parametrize("loss", ["close", "reconnect", "invalidate"])
async def test_bot_counts_as_connected_while_every_shard_is(loss: str) -> None:
    async with DiscordServer(shards=2) as server:
        history = History(server.changes)
        host = replace(host_for(server, Script()), connected=history)
        async with serving(host, serve(host), server.wait_ready(2)):
            await server.changes.until(lambda: history.seen == [True], 15, "connected")
            getattr(server.gateway, loss)(shard=1)
            await server.changes.until(lambda: history.seen == [True, False, True], 15, "again")
        assert history == set()


@pytest.mark.parametrize("path", ["/users/@me", "/gateway/bot"])
async def test_discord_out_of_reach_at_the_start_is_tried_again(
    server: DiscordServer, path: str
) -> None:
    server.faults.add("GET", path, "drop_before", times=2)
    async with adapter(server, Script(HELLO)):
        assert await answers(server)


async def test_stop_while_discord_is_out_of_reach_ends_at_once(server: DiscordServer) -> None:
    fault = server.faults.add("GET", "/users/@me", "drop_before", times=None)
    host = host_for(server, Script())
    serving = asyncio.create_task(serve(host))
    await fault.reached()
    host.stopping.set()
    async with asyncio.timeout(5):
        await serving


async def test_stop_finishes_what_was_acknowledged(server: DiscordServer) -> None:
    script = Script(HELLO, asyncio.Event())
    async with adapter(server, script, Pace(defer_after=0.05)) as bot:
        answer = await server.slash("help", {})
        stopping = asyncio.create_task(bot.stop())
        assert script.gate is not None
        script.gate.set()
        assert seen(await answer.settled()) == "Hello."
        await stopping
        assert script.done == [("sent", HELLO)]


async def test_stop_does_not_wait_for_ever_and_says_so(server: DiscordServer) -> None:
    pace = Pace(defer_after=0.05, drain=0.05)
    async with adapter(server, Script(HELLO, asyncio.Event()), pace) as bot:
        answer = await server.slash("help", {})
        await bot.stop()
        text = seen(await answer.settled())
        assert "I am being restarted" in text
        assert "Reference ref00001" in text
