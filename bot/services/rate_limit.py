"""How often one person may ask: a token bucket each, in memory, bounded."""

from __future__ import annotations

from collections import OrderedDict

from bot.core.commands import Invocation
from bot.core.errors import TooFast
from bot.core.ports import Clock

MAX_PEOPLE = 10_000
"""Buckets kept; beyond it the person unseen for longest starts afresh."""


class RateLimiter:
    """Lets ``per_minute`` invocations through, refilled evenly; 0 lets all through."""

    def __init__(self, clock: Clock, per_minute: int) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def check(self, invocation: Invocation) -> None:
        """Count an invocation; raise TooFast, saying how long to wait, when there were too many."""
        if not self._per_minute:
            return
        now = self._clock.monotonic()
        person = (invocation.tenant, invocation.user.id)
        tokens, since = self._buckets.pop(person, (float(self._per_minute), now))
        rate = self._per_minute / 60
        tokens = min(self._per_minute, tokens + (now - since) * rate)
        allowed = tokens >= 1
        self._buckets[person] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MAX_PEOPLE:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = max(1, round((1 - tokens) / rate))
            raise TooFast(f"That was a lot at once. Please ask again in {wait} s.")
