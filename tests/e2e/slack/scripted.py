"""The Slack adapter alone, behind the real SDK, with a core that says what a test tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.contract import Host
from adapters.slack.app import serve
from adapters.slack.pace import Pace
from bot.providers import open_fetcher
from tests.e2e.scripted import Bot, Script, WallClock, card, references, serving
from tests.e2e.slack.conftest import reachable, settings_for
from tests.fakes.slack_server import Message, SlackServer, View


def host_for(server: SlackServer, script: Script, **changes: Any) -> Host:
    """Return a host whose settings the server knows; ``changes`` are to those of Slack."""
    settings = settings_for(server, "unused", **changes)
    return Host(
        script, settings, WallClock(), asyncio.Event(), fetcher=open_fetcher(settings.fetch)
    )


@asynccontextmanager
async def adapter(
    server: SlackServer, script: Script | None = None, pace: Pace | None = None, **changes: Any
) -> AsyncIterator[Bot]:
    """Serve until the block ends."""
    script = script or Script()
    host = host_for(server, script, **changes)
    ready = reachable(server, host.settings)
    async with serving(host, serve(host, pace, references()), ready) as task:
        yield Bot(script, host, task)


IMPATIENT = Pace(wait=0.05, completions=0.05)
"""Says at once that it is still looking, so that a test of slowness need not be slow."""

KV = {"words": {"words": "kv cache"}}
"""What is typed into the search."""


async def private_card(server: SlackServer, bot: Bot, **where: Any) -> Message:
    """Return a private card that somebody has before them."""
    bot.script.reply, bot.script.gate = card(), None
    act = await server.slash("/segue", "topic kv cache", **where)
    await bot.script.outcome()
    await act.next()
    # An impatient bot may have asked for patience first.
    return act.messages[-1]


async def public_card(server: SlackServer, bot: Bot, **where: Any) -> Message:
    """Return a card that all see, in a thread."""
    bot.script.reply, bot.script.gate = card(), None
    act = await server.mention("topic kv cache", **where)
    await bot.script.outcome()
    return await act.next()


async def search(server: SlackServer, line: str = "topic", **where: Any) -> View:
    """Return the search, as a command without words opens it."""
    return await (await server.slash("/segue", line, **where)).next_view()


async def result_view(server: SlackServer, bot: Bot, **where: Any) -> View:
    """Return a view that shows a card, above the search that found it."""
    bot.script.reply = card()
    act = await server.submit(await search(server, **where), KV)
    await bot.script.outcome()
    return await act.next_view()
