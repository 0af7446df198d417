"""What Discord, or the network before it, can do to a request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.fakes import faults
from tests.fakes.changes import Changes

KINDS = frozenset({"status", "rate_limit", "drop_before", "drop_after", "delay", "hang"})


@dataclass(eq=False, kw_only=True)
class Fault(faults.Fault):
    """What happens to the requests of one method and path.

    status: answers ``status`` and ``body`` and does nothing. rate_limit: 429 with
    ``retry_after`` seconds; without ``via`` as Cloudflare answers it. drop_before and
    drop_after: closes the connection before or after the request is carried out. delay:
    carries it out after ``seconds``. hang: answers only once release() is called.
    """

    method: str
    path: re.Pattern[str]
    status: int = 500
    body: Any = None
    retry_after: float = 0.0
    via: bool = True
    is_global: bool = False
    seconds: float = 0.0

    def fits(self, method: str, path: str) -> bool:
        """Return whether a request is one of those that go wrong."""
        return self.method in ("*", method) and bool(self.path.search(path))


class Faults(faults.FaultList[Fault]):
    """The faults that are set."""

    def __init__(self, changes: Changes) -> None:
        super().__init__(changes, KINDS)

    def add(
        self,
        method: str,
        path_regex: str,
        kind: str,
        times: int | None = 1,
        **details: Any,
    ) -> Fault:
        """Set a fault; the path is searched without its /api/v10. See Fault for the details."""
        path = re.compile(path_regex)
        return self.set(
            Fault(
                kind=kind,
                changes=self._changes,
                times=times,
                method=method,
                path=path,
                **details,
            )
        )

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes a request, and count it."""
        return self.strike(lambda one: one.fits(method, path))
