"""Runs two ways of doing one thing turn by turn, and compares their medians."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

REPEATS = 7
"""Rounds; each runs every query both ways, so that a slow moment hits both."""


Query = TypeVar("Query")


@dataclass(frozen=True)
class Ratio:
    """A measured ratio beside its goal, where it has one; times in seconds.

    ``cpu`` is the ratio of the processor's time, which others on the machine change less.
    """

    what: str
    ours: float
    floor: float
    goal: float | None
    cpu: float | None = None

    @property
    def value(self) -> float:
        """Return how many times the floor ours takes."""
        return self.ours / self.floor

    @property
    def is_over(self) -> bool:
        """Return whether there is a goal, and it is missed."""
        return self.goal is not None and self.value > self.goal

    def row(self) -> str:
        """Return the ratio as a line of the report."""
        goal = (
            ""
            if self.goal is None
            else f"goal {self.goal:4.2f}  {'OVER' if self.is_over else 'ok'}"
        )
        return (
            f"{self.what:<54} {self.value:6.2f} x  {goal:<15}  "
            f"({self.ours * 1e6:9.0f} us against {self.floor * 1e6:9.0f} us)"
            + ("" if self.cpu is None else f"  CPU {self.cpu:.2f} x")
        )


async def compare(
    what: str,
    goal: float | None,
    queries: Sequence[Query],
    ours: Callable[[Query], Awaitable[object]],
    floor: Callable[[Query], object],
    *,
    repeats: int = REPEATS,
) -> Ratio:
    """Return the ratio of the medians over all queries and rounds."""
    mine: list[_Taken] = []
    theirs: list[_Taken] = []
    for round_ in range(repeats + 1):
        for query in queries:
            start = _now()
            floor(query)
            between = _now()
            await ours(query)
            end = _now()
            if round_:  # the first round only warms caches
                theirs.append(between.since(start))
                mine.append(end.since(between))
    seconds_, cpu = (
        [statistics.median(getattr(taken, name) for taken in side) for side in (mine, theirs)]
        for name in ("wall", "cpu")
    )
    return Ratio(what, seconds_[0], seconds_[1], goal, cpu[0] / cpu[1])


class _Taken(NamedTuple):
    """Seconds that passed, and seconds that this process worked in all of its threads."""

    wall: float
    cpu: float

    def since(self, start: _Taken) -> _Taken:
        return _Taken(self.wall - start.wall, self.cpu - start.cpu)


def _now() -> _Taken:
    return _Taken(time.perf_counter(), time.process_time())


async def slowest(
    queries: Sequence[Query], ours: Callable[[Query], Awaitable[object]], *, repeats: int = REPEATS
) -> tuple[float, Query]:
    """Return the longest of the queries' own medians, and whose it is."""
    medians: list[tuple[float, Query]] = []
    for query in queries:
        times = [await seconds(ours(query)) for _ in range(repeats + 1)]
        medians.append((statistics.median(times[1:]), query))
    return max(medians, key=lambda pair: pair[0])


def leave_out_what_is_held() -> None:
    """Let the garbage collector never look through what is held now.

    A benchmark holds a million rows to compare with; a bot holds none, and would not stop to look
    through them.
    """
    gc.collect()
    gc.freeze()


async def seconds(work: Awaitable[object]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


def percentile(times: Sequence[float], percent: int) -> float:
    """Return the time that so many percent stay within."""
    ordered = sorted(times)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
