"""What Slack, or the network before it, can do to a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.fakes import faults
from tests.fakes.changes import Changes

KINDS = frozenset(
    "status rate_limit error drop_before drop_after hang garbage slow".split(),
)


@dataclass(eq=False, kw_only=True)
class Fault(faults.Fault):
    """What happens to the requests of a method, of "response_url" or of "socket".

    status: answers ``status``, ``body`` and ``headers`` and does nothing. rate_limit: 429 with
    ``retry_after`` seconds. error: answers that the call failed with ``error``. drop_before and
    drop_after: closes the connection before or after the request is carried out. hang: carries
    it out only once release() is called. garbage: answers 200 with what is no JSON, and does
    nothing. slow: carries it out after ``seconds``.
    """

    where: str
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    retry_after: int = 1
    error: str = "fatal_error"
    seconds: float = 0.0


class Faults(faults.FaultList[Fault]):
    """The faults that are set."""

    def __init__(self, changes: Changes) -> None:
        super().__init__(changes, KINDS)

    def add(self, where: str, kind: str, times: int | None = 1, **details: Any) -> Fault:
        """Set a fault; ``where`` may hold * and ?. See Fault for the details."""
        if where == "socket" and kind == "drop_after":
            raise ValueError("sockets are cut by server.sockets.kill()")
        return self.set(
            Fault(kind=kind, changes=self._changes, times=times, where=where, **details)
        )

    def take(self, where: str) -> Fault | None:
        """Return the fault that strikes a request, and count it."""
        return self.strike(lambda one: fnmatchcase(where, one.where))
