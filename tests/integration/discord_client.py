"""A tiny bot on the real discord.py, to show what the loopback Discord accepts and refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord_server import DiscordServer

Act = Callable[["discord.Interaction[Any]"], Awaitable[object]]

TOPIC = {
    "name": "topic",
    "description": "Find a moment",
    "options": [
        {
            "type": 3,
            "name": "words",
            "description": "What",
            "required": True,
            "autocomplete": True,
            "max_length": 50,
        },
        {"type": 4, "name": "count", "description": "How many", "min_value": 1, "max_value": 5},
        {"type": 5, "name": "exact", "description": "As typed"},
        {
            "type": 3,
            "name": "order",
            "description": "Which first",
            "choices": [{"name": "Newest", "value": "new"}, {"name": "Oldest", "value": "old"}],
        },
    ],
    "contexts": [0, 1],
}
DIGEST = {
    "name": "digest",
    "description": "Set it up",
    "default_member_permissions": "32",
    "contexts": [0],
}
SUMMARIZE = {"name": "Summarize this moment", "type": 3}
COMMANDS = [TOPIC, DIGEST, SUMMARIZE]


class Bot(discord.AutoShardedClient):
    """Does ``act`` with every interaction; what Discord refuses it ends up in ``refused``.

    ``settled`` is set each time ``act`` is through.
    """

    def __init__(self, act: Act | None = None, **options: Any) -> None:
        super().__init__(**{"intents": discord.Intents(guilds=True)} | options)
        self.act = act or greet
        self.seen: list[discord.Interaction[Any]] = []
        self.refused: list[discord.HTTPException] = []
        self.failed: list[Exception] = []
        self.settled = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: five seconds between shards prove nothing here."""

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self.seen.append(interaction)
        try:
            await self.act(interaction)
        except discord.HTTPException as error:
            self.refused.append(error)
        except Exception as error:
            self.failed.append(error)
        self.settled.set()

    async def call(self, method: str, path: str, body: Any = None, **where: Any) -> Any:
        """Send any body whatever; the SDK's own classes would not make the bad ones."""
        return await self.http.request(Route(method, path, **where), json=body)

    async def post(self, channel_id: str, **body: Any) -> Any:
        """Post any body to a channel."""
        path = "/channels/{channel_id}/messages"
        return await self.call("POST", path, body, channel_id=channel_id)

    async def answer(
        self, interaction: discord.Interaction[Any], kind: int, data: Any = None
    ) -> Any:
        """Answer an interaction with any body."""
        path = "/interactions/{ident}/{token}/callback"
        body = {"type": kind, **({} if data is None else {"data": data})}
        return await self.call("POST", path, body, ident=interaction.id, token=interaction.token)


async def greet(interaction: discord.Interaction[Any]) -> None:
    """Answer as the simplest of bots."""
    await interaction.response.send_message("Hello.")


@asynccontextmanager
async def pointed_at(server: DiscordServer) -> AsyncIterator[None]:
    """Let the SDK talk to the server instead of Discord."""
    with (
        patch.object(Route, "BASE", server.api_url),
        patch.object(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url)),
    ):
        yield


@asynccontextmanager
async def connected(
    server: DiscordServer, act: Act | None = None, *, shards: int = 1, **options: Any
) -> AsyncIterator[Bot]:
    """Run a bot, its commands known to Discord, until the block ends."""
    server.commands.replace(COMMANDS)
    bot = Bot(act, **options)
    async with pointed_at(server), bot:
        running = asyncio.create_task(bot.start("t.o.k"))
        ready = asyncio.create_task(server.wait_ready(shards))
        try:
            await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
            await ready
            yield bot
        finally:
            ready.cancel()
            await bot.close()
            await asyncio.gather(running, return_exceptions=True)
