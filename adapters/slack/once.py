"""Remembers deliveries for a while, so that one that comes again is not handled again."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from adapters.contract import JsonObject
from adapters.payload import objects, text
from bot.core.ports import Clock

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

REMEMBERED_S = 15 * 60.0
"""Longer than Slack goes on delivering an event (three times, over about 6 minutes), and than a
signature is good for (5 minutes each side of its time)."""

MOST = 100_000
"""Deliveries remembered; beyond it the oldest are forgotten early."""

KEPT = 1_000
"""Acknowledgements kept; a repeated delivery whose first was before them gets an empty one."""


class Once:
    """Tells the first delivery from those that repeat it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_first(self, key: str) -> bool:
        """Return whether a key was not seen lately, and note it."""
        now = self._clock.monotonic()
        while self._seen and (
            len(self._seen) > MOST or next(iter(self._seen.values())) < now - REMEMBERED_S
        ):
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True


class Acknowledgements(Generic[Answer]):
    """Gives a delivery that comes again the acknowledgement of the first.

    Slack takes one of them. Where the first was lost, an empty one would close a modal, or leave
    a command without the answer that goes with it.
    """

    def __init__(self, once: Once) -> None:
        self._once = once
        self._given: OrderedDict[str, asyncio.Future[Answer | None]] = OrderedDict()

    async def of(self, key: str, take: Callable[[], Awaitable[Answer | None]]) -> Answer | None:
        """Return what ``take`` returns for the first delivery of a key; an empty key is no key."""
        if not key:
            return await take()
        if not self._once.is_first(key):
            log.info("a delivery came again")
            given = self._given.get(key)
            return await asyncio.shield(given) if given else None
        given = self._given[key] = asyncio.get_running_loop().create_future()
        if len(self._given) > KEPT:
            self._given.popitem(last=False)
        answer = None
        try:
            answer = await take()
        finally:
            given.set_result(answer)
        return answer


def delivery_key(payload: JsonObject) -> str:
    """Return what is the same in every delivery of one payload; empty where nothing is.

    Completions have nothing of the kind, and may well be asked for twice.
    """
    event = text(payload, "event_id")
    if event:
        return f"event {event}"
    trigger = text(payload, "trigger_id")
    if not trigger:
        return ""
    pressed = "".join(text(action, "action_ts") for action in objects(payload, "actions"))
    return f"{text(payload, 'type')} {trigger} {pressed}"
