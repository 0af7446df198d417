"""Faults on demand: what a server, or the network before it, can do to a request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_server.changes import Changes

KINDS = frozenset({"status", "rate_limit", "drop_before", "drop_after", "delay", "hang"})


@dataclass(eq=False)
class Fault:
    """What happens to the next ``times`` requests that fit (None: to all).

    status: answers ``status`` and ``body`` and does nothing. rate_limit: 429 with
    ``retry_after`` seconds; without ``via`` as Cloudflare answers it. drop_before and
    drop_after: closes the connection before or after the request is carried out. delay:
    carries it out after ``seconds``. hang: answers only once release() is called.
    """

    method: str
    path: re.Pattern[str]
    kind: str
    times: int | None
    status: int = 500
    body: Any = None
    retry_after: float = 0.0
    via: bool = True
    is_global: bool = False
    seconds: float = 0.0
    changes: Changes = field(default_factory=Changes)
    hits: int = 0
    released: bool = False

    def fits(self, method: str, path: str) -> bool:
        """Return whether a request is one of those that go wrong."""
        left = self.times is None or self.hits < self.times
        return left and self.method in ("*", method) and bool(self.path.search(path))

    def release(self) -> None:
        """Let hanging requests go on."""
        self.released = True
        self.changes.notify()

    async def reached(self, hits: int = 1, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait until the fault has struck that often."""
        await self.changes.until(lambda: self.hits >= hits, timeout, f"fault {self.kind}")


class Faults:
    """The faults that are set."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._set: list[Fault] = []

    def add(
        self,
        method: str,
        path_regex: str,
        kind: str,
        times: int | None = 1,
        **details: Any,
    ) -> Fault:
        """Set a fault; the path is searched without its /api/v10. See Fault for the details."""
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}: one of {sorted(KINDS)}")
        fault = Fault(method, re.compile(path_regex), kind, times, changes=self._changes, **details)
        self._set.append(fault)
        return fault

    def clear(self) -> None:
        """Forget every fault and let hanging requests go on."""
        for fault in self._set:
            fault.release()
        self._set.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes a request, and count it."""
        fault = next((one for one in self._set if one.fits(method, path)), None)
        if fault:
            fault.hits += 1
            self._changes.notify()
        return fault
