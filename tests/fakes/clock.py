"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Both scales move together, by ``advance`` alone."""

    def __init__(self, now=datetime(2026, 3, 1, 12, tzinfo=UTC)):
        self._now = now
        self._monotonic = 1_000.0

    def now(self):
        return self._now

    def monotonic(self):
        return self._monotonic

    def advance(self, seconds):
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
