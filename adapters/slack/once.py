"""Remembers deliveries for a while, so that one that comes again is not handled again."""

from __future__ import annotations

from collections import OrderedDict

from adapters.contract import JsonObject
from adapters.payload import objects, text
from bot.core.ports import Clock

REMEMBERED_S = 15 * 60.0
"""Longer than Slack goes on delivering an event (three times, over about 6 minutes), and than a
signature is good for (5 minutes each side of its time)."""

MOST = 100_000
"""Deliveries remembered; beyond it the oldest are forgotten early."""


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
