"""The Discord adapter alone, behind the real SDK, with a core that says what a test tells it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from adapters.contract import Host
from adapters.discord.answering import Pace
from adapters.discord.app import serve
from bot.core.actions import Action
from bot.core.commands import Invocation
from bot.core.reply import (
    Button,
    Choice,
    EpisodeRef,
    MomentCard,
    MomentLine,
    Notice,
    Option,
    Reply,
    Suggestion,
)
from bot.core.settings import DiscordSettings, Settings
from bot.core.timecode import Timecode
from tests.fakes.discord_server import DiscordServer

EPISODE = EpisodeRef(1, "A talk", "A talk", "https://youtu.be/_1f-o0nqpEI")


def card(title: str = "KV Cache", **fields: Any) -> MomentCard:
    """Return a private card with a button for every kind of answer."""
    url = "https://youtu.be/_1f-o0nqpEI?t=7232"
    line = MomentLine(7, Timecode(7232), title, url, EPISODE, "Notes")
    buttons = (
        Button("Watch", url=url),
        Button("Related", Action("related", ("7",))),
        Button("Share", Action("share", ("c4rd", "7"))),
        Button("Report", Action("report", ("7", "", ""))),
    )
    return replace(MomentCard(moment=line, text="Text.", buttons=buttons), **fields)


FORM = Choice(
    question="What is wrong?",
    options=(
        Option("Words", Action("report", ("7", "text", "")), "A name"),
        Option("Time", Action("report", ("7", "time", "")), "Too late"),
    ),
    comment="What should it say?",
)


@dataclass
class Script:
    """A Dispatch that answers with ``reply``; where ``gate`` is set, only once that opens."""

    reply: Reply | Exception | Callable[[Invocation], Reply] = field(default_factory=card)
    gate: asyncio.Event | None = None
    suggestions: list[Suggestion] = field(default_factory=list)
    asked: list[Invocation] = field(default_factory=list)
    done: list[tuple[str, Reply]] = field(default_factory=list)
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, invocation: Invocation) -> Reply:
        self.asked.append(invocation)
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply(invocation) if callable(self.reply) else self.reply

    async def complete(self, invocation: Invocation, option: str) -> list[Suggestion]:
        self.asked.append(invocation)
        if self.gate is not None:
            await self.gate.wait()
        return self.suggestions

    async def sent(self, invocation: Invocation, reply: Reply) -> None:
        self._note("sent", reply)

    async def unsent(self, invocation: Invocation, reply: Reply) -> None:
        self._note("unsent", reply)

    def _note(self, what: str, reply: Reply) -> None:
        self.done.append((what, reply))
        self.settled.set()

    async def outcome(self) -> tuple[str, Reply]:
        """Return what became of the newest reply, once that is known."""
        async with asyncio.timeout(10):
            await self.settled.wait()
        self.settled.clear()
        return self.done[-1]


class WallClock:
    """The real time: these tests run in it."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Bot:
    """A running adapter. ``stop`` winds it down and waits for the end."""

    script: Script
    host: Host
    serving: asyncio.Task[None]

    async def stop(self) -> None:
        self.host.stopping.set()
        async with asyncio.timeout(15):
            await self.serving


def host_for(server: DiscordServer, script: Script, token: str = "t.o.k") -> Host:  # noqa: S107 - the fake's
    discord = DiscordSettings(token=token, api_url=server.api_url, gateway_url=server.gateway_url)
    return Host(script, Settings(discord=discord), WallClock(), asyncio.Event())


@asynccontextmanager
async def adapter(
    server: DiscordServer, script: Script | None = None, pace: Pace | None = None, shards: int = 1
) -> AsyncIterator[Bot]:
    """Serve until the block ends."""
    script = script or Script()
    host = host_for(server, script)
    numbers = count(1)
    serving = asyncio.create_task(serve(host, pace, lambda: f"ref{next(numbers):05}"))
    bot = Bot(script, host, serving)
    ready = asyncio.create_task(server.wait_ready(shards))
    try:
        await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        await ready
        yield bot
    finally:
        ready.cancel()
        await bot.stop()


def notice_text(reply: Reply) -> str:
    """Return the sentence of a notice."""
    assert isinstance(reply, Notice)
    return reply.text
