"""The Discord adapter alone, behind the real SDK, with a core that says what a test tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.contract import Host
from adapters.discord.answering import Pace
from adapters.discord.app import serve
from bot.core.settings import DiscordSettings, FetchSettings, Settings
from bot.providers import open_fetcher
from tests.e2e.digests import Outlets
from tests.e2e.scripted import Bot, Script, WallClock, references, serving
from tests.fakes.discord_server import DiscordServer


def host_for(server: DiscordServer, script: Script, token: str = "t.o.k") -> Host:  # noqa: S107 - the fake's
    discord = DiscordSettings(token=token, api_url=server.api_url, gateway_url=server.gateway_url)
    settings = Settings(discord=discord, fetch=FetchSettings(allow_private="127.0.0.1/32"))
    fetcher = open_fetcher(settings.fetch)
    return Host(script, settings, WallClock(), asyncio.Event(), outlets=Outlets(), fetcher=fetcher)


@asynccontextmanager
async def adapter(
    server: DiscordServer, script: Script | None = None, pace: Pace | None = None, shards: int = 1
) -> AsyncIterator[Bot]:
    """Serve until the block ends."""
    script = script or Script()
    host = host_for(server, script)
    ready = server.wait_ready(shards)
    async with serving(host, serve(host, pace, references()), ready) as task:
        yield Bot(script, host, task)
