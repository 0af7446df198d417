"""Keeps a service that does not answer from being asked, and waited for, again and again."""

from __future__ import annotations

from collections.abc import Callable

FAILURES = 3
"""Failures in a row after which it rests."""

FIRST_REST_S, LONGEST_REST_S = 30.0, 600.0


class Breaker:
    """Closed: calls go. Open: none go, for a rest that doubles. Half open: one goes, to see."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failures = 0
        self._rest = FIRST_REST_S
        self._until = 0.0
        self._trying = False

    def admit(self) -> bool:
        """Return whether a call may go; each one that may ends in passed, failed or dropped."""
        if self._monotonic() < self._until:
            return False
        if self._failures < FAILURES:
            return True
        if self._trying:
            return False
        self._trying = True
        return True

    def passed(self) -> None:
        """Note an answer."""
        self._failures, self._rest, self._trying = 0, FIRST_REST_S, False

    def dropped(self) -> None:
        """Note a call that was given up without being answered or refused."""
        self._trying = False

    def failed(self, *, rest_s: float | None = None) -> None:
        """Note a failure; ``rest_s`` is how long the service itself, or a fault of ours, asks."""
        self._trying = False
        self._failures += 1
        now = self._monotonic()
        # Those that were let in before it opened say nothing new.
        if self._failures >= FAILURES and now >= self._until:
            self._until = now + self._rest
            self._rest = min(self._rest * 2, LONGEST_REST_S)
        if rest_s is not None:
            self._until = max(self._until, now + min(rest_s, LONGEST_REST_S))
