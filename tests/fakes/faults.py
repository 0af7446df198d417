"""Faults on demand: what a server, or the network before it, can do to a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tests.fakes.changes import Changes


@dataclass(eq=False, kw_only=True)
class Fault:
    """What happens to the next ``times`` requests that fit (None: to all)."""

    kind: str
    changes: Changes
    times: int | None = 1
    hits: int = 0
    released: bool = False

    @property
    def is_left(self) -> bool:
        """Whether the fault still strikes."""
        return self.times is None or self.hits < self.times

    def release(self) -> None:
        """Let hanging requests go on."""
        self.released = True
        self.changes.notify()

    async def reached(self, hits: int = 1, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait until the fault has struck that often."""
        await self.changes.until(lambda: self.hits >= hits, timeout, f"fault {self.kind}")


AnyFault = TypeVar("AnyFault", bound=Fault)


class FaultList(Generic[AnyFault]):
    """The faults that are set."""

    def __init__(self, changes: Changes, kinds: frozenset[str]) -> None:
        self._changes = changes
        self._kinds = kinds
        self._set: list[AnyFault] = []

    def set(self, fault: AnyFault) -> AnyFault:
        """Set a fault and return it."""
        if fault.kind not in self._kinds:
            raise ValueError(f"no fault {fault.kind!r}: one of {sorted(self._kinds)}")
        self._set.append(fault)
        return fault

    def clear(self) -> None:
        """Forget every fault and let hanging requests go on."""
        for fault in self._set:
            fault.release()
        self._set.clear()

    def strike(self, fits: Callable[[AnyFault], bool]) -> AnyFault | None:
        """Return the fault that strikes a request, and count it."""
        fault = next((one for one in self._set if one.is_left and fits(one)), None)
        if fault:
            fault.hits += 1
            self._changes.notify()
        return fault
