"""The chat: reads lines until the person leaves, answers each, remembers what can be pressed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol

from adapters.console import translate
from adapters.console.canvas import Key
from adapters.console.piped import PipedLines
from adapters.console.render import draw
from adapters.console.screen import Screen
from adapters.contract import Host
from adapters.running import Running, unless_stopping
from adapters.sentences import added
from bot.core.catalog import Tenant
from bot.core.commands import COMMANDS, Invocation
from bot.core.errors import UserError
from bot.core.outlet import Outcome, Posted
from bot.core.reply import Example, MomentCard, Notice, Reply, Tone

_LEAVE = frozenset({"quit", "exit", "/quit", "/exit"})

LATER_WITHIN_S = 20.0
"""Seconds, once nothing more is typed, for what is still to come."""

_LARGEST_KEY = 99
"""A number up to here is a key even where no reply shows it; 100 and more are seconds."""

WELCOME = Notice(
    text="Segue knows what was said, and when, in long podcasts and videos.\n"
    "Type a number such as 2 to press [2]. /help says more; Ctrl-D or quit leaves.",
    examples=tuple(Example(spec.examples[0], spec.description) for spec in COMMANDS[:3]),
)
"""The first screen: the examples are those of the first commands declared."""


class Lines(Protocol):
    """Where the person's words come from."""

    def read(self) -> Coroutine[Any, Any, str | None]:
        """Return the next line, or None when there will be no more."""

    def ask(self, question: str) -> Coroutine[Any, Any, str | None]:
        """Return the answer to a question, "" for none, or None when it was called off."""

    async def above(self, show: Callable[[], None]) -> None:
        """Show something while a line may be being typed, without disturbing it."""


class ConsoleOutlet:
    """Shows what is posted by itself: a digest comes up while its hour is awaited here."""

    repeatable = False

    def __init__(self, lines: Lines, screen: Screen) -> None:
        self._lines = lines
        self._screen = screen

    async def post(self, channel: str, reply: Reply, *, key: str, within_s: float) -> Posted:
        """Show a reply."""
        try:
            await self._lines.above(lambda: self._screen.show(draw(reply, self._screen.columns)))
        except OSError:
            return Posted(Outcome.REFUSED, reason="Nobody reads this terminal any more.")
        return Posted(Outcome.POSTED, message=key)

    async def edit(self, channel: str, message: str, reply: Reply, *, within_s: float) -> bool:
        """Show a reply below: what a terminal shows stays as it is."""
        posted = await self.post(channel, reply, key=message, within_s=within_s)
        return posted.outcome is Outcome.POSTED

    async def refusal(self, tenant: Tenant, channel: str, *, user: str = "") -> str | None:
        """Return that a terminal takes everything."""
        return None

    async def find(
        self, channel: str, *, key: str, since: datetime, within_s: float
    ) -> Posted | None:
        """Return nothing: what is shown is known to be."""
        return None

    async def tell(self, user: str, reply: Reply) -> bool:
        """Show a reply: there is one person here."""
        posted = await self.post("", reply, key="", within_s=0)
        return posted.outcome is Outcome.POSTED


async def serve(host: Host) -> None:
    """Chat on standard input and output until the end of input, ``quit`` or ``host.stopping``."""
    screen = Screen(sys.stdout, os.environ)
    lines = _lines(host, screen)
    host.outlets["console"] = ConsoleOutlet(lines, screen)
    try:
        await Chat(host, lines, screen).run()
    except BrokenPipeError:
        # Whoever read the answers has left. Python would complain once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        del host.outlets["console"]


def _lines(host: Host, screen: Screen) -> Lines:
    if sys.stdin is None or not (sys.stdin.isatty() and screen.terminal):
        return PipedLines(None if sys.stdin is None else sys.stdin.fileno())
    from adapters.console.prompt import PromptLines  # prompt_toolkit, for a terminal only

    screen.show(draw(WELCOME, screen.columns))
    return PromptLines(host)


class Chat:
    """One conversation."""

    def __init__(self, host: Host, lines: Lines, screen: Screen) -> None:
        self._host = host
        self._lines = lines
        self._screen = screen
        self._keys: tuple[Key, ...] = ()
        self._later = Running()

    async def run(self) -> None:
        """Answer every line; return when there are no more or the host is stopping."""
        try:
            await self._read_on()
        finally:
            await self._later.drain(LATER_WITHIN_S)

    async def _read_on(self) -> None:
        while not self._host.stopping.is_set():
            line = await unless_stopping(self._host.stopping, self._lines.read())
            if line is None or line.strip().casefold() in _LEAVE:
                return
            if not line.strip():
                continue
            try:
                invocation = await self._invocation(line)
            except UserError as error:
                self._screen.show(
                    draw(Notice(text=error.sentence, tone=Tone.ERROR), self._screen.columns)
                )
            else:
                if invocation is not None:
                    await self._answer(invocation)

    async def _invocation(self, line: str) -> Invocation | None:
        """Return what a line asks for, or None for a key that was called off."""
        limits, clock = self._host.settings.limits, self._host.clock
        number = translate.key_number(line)
        if number is None or number > max(len(self._keys), _LARGEST_KEY):
            return translate.invocation_from_line(line, limits=limits, clock=clock)
        key = self._key(number)
        comment: str | None = ""
        if key.comment:
            comment = await unless_stopping(self._host.stopping, self._lines.ask(key.comment))
        if comment is None:
            return None
        return translate.invocation_from_key(
            key.action, comment=comment, limits=limits, clock=clock
        )

    def _key(self, number: int) -> Key:
        if 1 <= number <= len(self._keys):
            return self._keys[number - 1]
        if not self._keys:
            raise UserError("The last answer has no numbers to press.")
        raise UserError(f"There is no [{number}]. The last answer goes to [{len(self._keys)}].")

    async def _answer(self, invocation: Invocation) -> None:
        dispatch = self._host.dispatch
        reply = await dispatch(invocation)
        try:
            self._show(reply)
        except OSError:
            await dispatch.unsent(invocation, reply)
            raise
        await dispatch.sent(invocation, reply)
        if isinstance(reply, MomentCard) and reply.unfinished:
            self._later.start(self._finish(invocation, reply))

    async def _finish(self, invocation: Invocation, reply: Reply) -> None:
        """Show what comes later to a card, while the next line may be being typed."""
        work = self._host.dispatch.finish(invocation, reply)
        finished = await unless_stopping(self._host.stopping, work)
        late = added(finished) if finished else None
        if late:
            page = draw(late, self._screen.columns)
            await self._lines.above(lambda: self._screen.show(page))

    def _show(self, reply: Reply) -> None:
        page = draw(reply, self._screen.columns)
        self._screen.show(page)
        self._keys = page.keys
