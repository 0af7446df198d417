"""Knows what became of every request of a post, those that the SDK repeats by itself included.

The error that is left at the end tells of the last try alone. An earlier one, answered with a
500 or not at all, may have posted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

_current: ContextVar[Attempts | None] = ContextVar("attempts", default=None)


class Attempts:
    """The requests that left the process, by the status of their answers; 0 without one."""

    def __init__(self) -> None:
        self._statuses: list[int] = []
        self.retry_after_s = 0.0

    def left(self) -> None:
        """Note that a request is being sent."""
        self._statuses.append(0)

    def answered(self, status: int, retry_after: str) -> None:
        """Note the answer to the newest request."""
        self._statuses[-1] = status
        self.retry_after_s = _seconds(retry_after) if status == 429 else 0.0

    @property
    def may_have_posted(self) -> bool:
        """Whether any may have been carried out: all but those refused with a 4xx."""
        return any(not 400 <= status < 500 for status in self._statuses)


@contextmanager
def watched() -> Iterator[Attempts]:
    """Collect the attempts of the requests that this task makes inside the block."""
    attempts = Attempts()
    token = _current.set(attempts)
    try:
        yield attempts
    finally:
        _current.reset(token)


def trace() -> aiohttp.TraceConfig:
    """Return what has the SDK's HTTP client report its requests."""

    async def left(*_: object) -> None:
        attempts = _current.get()
        if attempts is not None:
            attempts.left()

    async def answered(
        _: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        attempts = _current.get()
        if attempts is not None:
            attempts.answered(end.response.status, end.response.headers.get("Retry-After", ""))

    config = aiohttp.TraceConfig()
    # Before this nothing of a request is sent: the connection may not even stand.
    config.on_request_headers_sent.append(left)
    config.on_request_end.append(answered)
    return config


def _seconds(written: str) -> float:
    try:
        return max(float(written), 0.0)
    except ValueError:
        return 0.0
