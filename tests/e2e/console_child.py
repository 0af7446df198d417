"""A process that chats on its standard streams with a scripted core, as ``chat`` would."""

from __future__ import annotations

import asyncio
import signal
import time
from datetime import UTC, datetime

from adapters.console import PLATFORM
from adapters.contract import Host
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
from bot.core.settings import Settings
from bot.core.timecode import Timecode

EPISODE = EpisodeRef(1, "An episode \x1b]0;renamed\x07", "Episode", "https://youtu.be/_1f-o0nqpEI")
KV = MomentLine(
    6, Timecode(7232), "KV Cache", "https://youtu.be/_1f-o0nqpEI?t=7232", EPISODE, "Notes"
)
CARD = MomentCard(
    moment=KV,
    text="Here, the podcast delves into the KV Cache.",
    buttons=(
        Button("Watch", url=KV.url),
        Button("Full text", Action("full", ("6", "1"))),
        Button("Report", Action("report", ("6", "", ""))),
    ),
)
REASONS = Choice(
    question="What is wrong?",
    options=(
        Option("The words", Action("report", ("6", "text", ""))),
        Option("The time", Action("report", ("6", "time", ""))),
    ),
    comment="What should it say?",
)


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class ScriptedDispatch:
    """Knows one card and its report form, and repeats every other invocation in words."""

    def __init__(self) -> None:
        self.asked: list[Invocation] = []
        self.delivered: list[Reply] = []
        self.undelivered: list[Reply] = []

    async def __call__(self, invocation: Invocation) -> Reply:
        self.asked.append(invocation)
        if invocation.args.get("words") == "kv cache":
            return CARD
        if invocation.command == "report" and not invocation.args["reason"]:
            return REASONS
        args = ", ".join(f"{name}={value}" for name, value in invocation.args.items())
        count = len(self.delivered)
        return Notice(text=f"asked {invocation.command}({args}) after {count} delivered")

    async def complete(self, invocation: Invocation, option: str) -> list[Suggestion]:
        if option == "words" and "KV Cache".casefold().startswith(invocation.args["words"]):
            return [Suggestion("KV Cache · 2:00:32", "moment:6")]
        return []

    async def sent(self, invocation: Invocation, reply: Reply) -> None:
        self.delivered.append(reply)

    async def finish(self, invocation: Invocation, reply: Reply) -> Reply | None:
        return None

    async def unsent(self, invocation: Invocation, reply: Reply) -> None:
        self.undelivered.append(reply)


async def main() -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await PLATFORM.serve(Host(ScriptedDispatch(), Settings(), Clock(), stopping))


if __name__ == "__main__":
    asyncio.run(main())
