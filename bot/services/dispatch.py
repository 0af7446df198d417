"""One invocation in, one reply out: limits, deadline, the service, and no error text outside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from copy import copy

from bot.core.command_names import as_typed
from bot.core.commands import COMMANDS_BY_NAME, UNKNOWN_ACTION, Invocation
from bot.core.errors import Busy, NotFound, TooFast, UnknownVideo, UserError
from bot.core.ports import Meter, Unmetered
from bot.core.reply import Audience, MomentCard, Notice, Reply, Suggestion, Tone
from bot.core.settings import LimitSettings
from bot.services import in_short
from bot.services.last_cards import LastCards
from bot.services.rate_limit import RateLimiter
from bot.services.registry import Handler, Ports, handlers
from bot.services.sharing import SHARE, confirm, release
from bot.services.suggestions import complete

log = logging.getLogger(__name__)

FAULT = "Something went wrong on my side; nothing was lost. Please try again in a minute."
OLD_BUTTON = "That button is from another version of me. Please ask again, for example with /help."

SUGGEST_WITHIN_S = 1.5
"""Seconds for completions: an autocomplete answer may not be deferred (PLATFORM: 3 s)."""

BOOKKEEP_WITHIN_S = 10.0
"""Seconds for what is written after the reply; it is given up rather than piled up."""


class Dispatcher:
    """The core as adapters see it: ``reply = await dispatcher(invocation)``."""

    def __init__(self, ports: Ports, limits: LimitSettings, meter: Meter | None = None) -> None:
        self._ports = ports
        self._meter = meter or Unmetered()
        self._platform = ""
        self._answer_within_s = limits.answer_within_s
        self._limiter = RateLimiter(ports.clock, limits.commands_per_minute)
        self._handlers: Mapping[str, Handler] = handlers()
        self._last_cards = LastCards(ports)

    async def __call__(self, invocation: Invocation) -> Reply:
        """Return the reply to an invocation; whatever goes wrong is a plain sentence."""
        began = self._ports.clock.monotonic()
        reply = as_typed(await self._safely(invocation), invocation.command_names)
        seconds = self._ports.clock.monotonic() - began
        self._meter.answered(self._platform, invocation.command, reply, seconds)
        return reply

    def asked_on(self, platform: str) -> Dispatcher:
        """Return this very core, limits and all, with its answers counted for a platform."""
        twin = copy(self)
        twin._platform = platform
        return twin

    async def _safely(self, invocation: Invocation) -> Reply:
        try:
            self._limiter.check(invocation)
            return await self._answer(invocation)
        except UserError as error:
            return Notice(text=error.sentence, tone=_tone(error))
        except (TimeoutError, Busy) as error:
            log.warning("%s busy: %s (%s)", invocation.command, error, invocation.reference)
            return _fault(Busy().sentence, invocation)
        except Exception:
            log.exception("%s failed (%s)", invocation.command, invocation.reference)
            return _fault(FAULT, invocation)

    async def _answer(self, invocation: Invocation) -> Reply:
        if invocation.command == UNKNOWN_ACTION:
            return Notice(text=OLD_BUTTON)
        missing = _missing_option(invocation)
        if missing:
            return missing
        spec = COMMANDS_BY_NAME.get(invocation.command)
        longer_s = spec.longer_s if spec else 0.0
        left = invocation.deadline + longer_s - self._ports.clock.monotonic()
        async with asyncio.timeout(max(left, 0)):
            return await self._handlers[invocation.command](self._ports, invocation)

    async def complete(self, invocation: Invocation, option: str) -> list[Suggestion]:
        """Return completions of an option being typed; none rather than an error."""
        try:
            async with asyncio.timeout(SUGGEST_WITHIN_S):
                return await complete(self._ports, invocation, option)
        except Exception as error:
            log.warning("no completions: %r (%s)", error, invocation.reference)
            return []

    async def finish(self, invocation: Invocation, reply: Reply) -> Reply | None:
        """Return an unfinished reply with what was missing; None where nothing is to be added."""
        if not (isinstance(reply, MomentCard) and reply.unfinished):
            return None
        asked_at = invocation.deadline - self._answer_within_s
        try:
            return await in_short.finish(self._ports, invocation, reply, asked_at)
        except Exception as error:
            log.warning("not finished: %r (%s)", error, invocation.reference)
            return None

    async def sent(self, invocation: Invocation, reply: Reply) -> None:
        """Remember what was shown or shared, once it is there."""
        try:
            async with asyncio.timeout(BOOKKEEP_WITHIN_S):
                await self._remember(invocation, reply)
        except Exception as error:
            log.warning("not remembered: %r (%s)", error, invocation.reference)

    async def _remember(self, invocation: Invocation, reply: Reply) -> None:
        if invocation.command == SHARE and reply.audience is Audience.CHANNEL:
            await confirm(self._ports, invocation)
        await self._last_cards.note(invocation, reply)

    async def unsent(self, invocation: Invocation, reply: Reply) -> None:
        """Take back what was claimed for a reply that could not be delivered."""
        if invocation.command != SHARE or reply.audience is not Audience.CHANNEL:
            return
        try:
            async with asyncio.timeout(BOOKKEEP_WITHIN_S):
                await release(self._ports, invocation)
        except Exception as error:
            log.warning("share not released: %r (%s)", error, invocation.reference)


def _missing_option(invocation: Invocation) -> Notice | None:
    spec = COMMANDS_BY_NAME.get(invocation.command)
    if spec is None:
        return None
    for option in spec.options:
        if option.required and not invocation.args.get(option.name, "").strip():
            example = f" For example: {spec.examples[0]}" if spec.examples else ""
            return Notice(
                text=f"/{spec.name} needs {option.name}.{example}",
                tone=Tone.USAGE,
            )
    return None


def _tone(error: UserError) -> Tone:
    if isinstance(error, (NotFound, UnknownVideo)):
        return Tone.EMPTY
    return Tone.INFO if isinstance(error, TooFast) else Tone.USAGE


def _fault(sentence: str, invocation: Invocation) -> Notice:
    return Notice(text=sentence, tone=Tone.ERROR, reference=invocation.reference)
