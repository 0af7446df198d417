"""A core that says what a test tells it, for an adapter alone behind its real SDK."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from adapters.contract import Host
from bot.core.actions import Action
from bot.core.commands import Invocation
from bot.core.reply import (
    Button,
    Choice,
    EpisodeRef,
    MomentCard,
    MomentLine,
    Option,
    Reply,
    Suggestion,
)
from bot.core.timecode import Timecode

EPISODE = EpisodeRef(1, "A talk", "A talk", "https://youtu.be/_1f-o0nqpEI")

STOPS_WITHIN_S = 20.0


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
    """A Dispatch that answers with ``reply``; where ``gate`` is set, only once that opens.

    ``reached`` is set by every question, and for a test to clear. Where ``finishing`` is set, an
    unfinished card is completed by ``finished`` once that is open.
    """

    reply: Reply | Exception | Callable[[Invocation], Reply] = field(default_factory=card)
    gate: asyncio.Event | None = None
    finishing: asyncio.Event | None = None
    finished: Reply | Callable[[Reply], Reply] | None = None
    suggestions: list[Suggestion] = field(default_factory=list)
    asked: list[Invocation] = field(default_factory=list)
    done: list[tuple[str, Reply]] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, invocation: Invocation) -> Reply:
        self.asked.append(invocation)
        self.reached.set()
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

    async def finish(self, invocation: Invocation, reply: Reply) -> Reply | None:
        if self.finishing is None or not (isinstance(reply, MomentCard) and reply.unfinished):
            return None
        await self.finishing.wait()
        return self.finished(reply) if callable(self.finished) else self.finished

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


def references() -> Callable[[], str]:
    """Return what makes the references ref00001, ref00002 and so on."""
    numbers = count(1)
    return lambda: f"ref{next(numbers):05}"


@dataclass
class Bot:
    """A running adapter. ``stop`` winds it down and waits for the end."""

    script: Script
    host: Host
    serving: asyncio.Task[None]

    async def stop(self) -> None:
        self.host.stopping.set()
        async with asyncio.timeout(STOPS_WITHIN_S):
            await self.serving


@asynccontextmanager
async def serving(
    host: Host, serve: Coroutine[Any, Any, None], until_ready: Awaitable[object]
) -> AsyncIterator[asyncio.Task[None]]:
    """Serve until the block ends; the block begins when the platform says that it may."""
    task = asyncio.create_task(serve)
    ready = asyncio.ensure_future(until_ready)
    try:
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        await ready
        yield task
    finally:
        ready.cancel()
        host.stopping.set()
        async with asyncio.timeout(STOPS_WITHIN_S):
            await task
