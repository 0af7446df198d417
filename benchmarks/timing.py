"""Runs two ways of doing one thing turn by turn, and compares their medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

REPEATS = 7
"""Rounds; each runs every query both ways, so that a slow moment hits both."""


Query = TypeVar("Query")


@dataclass(frozen=True)
class Ratio:
    """A measured ratio beside its goal; times in seconds."""

    what: str
    ours: float
    floor: float
    goal: float

    @property
    def value(self) -> float:
        """Return how many times the floor ours takes."""
        return self.ours / self.floor

    def row(self) -> str:
        """Return the ratio as a line of the report."""
        met = "ok" if self.value <= self.goal else "OVER"
        return (
            f"{self.what:<46} {self.value:6.2f} x  goal {self.goal:4.2f}  {met:<4}  "
            f"({self.ours * 1e6:9.0f} us against {self.floor * 1e6:9.0f} us)"
        )


async def compare(
    what: str,
    goal: float,
    queries: Sequence[Query],
    ours: Callable[[Query], Awaitable[object]],
    floor: Callable[[Query], object],
) -> Ratio:
    """Return the ratio of the medians over all queries and rounds."""
    mine: list[float] = []
    theirs: list[float] = []
    for round_ in range(REPEATS + 1):
        for query in queries:
            start = time.perf_counter()
            floor(query)
            between = time.perf_counter()
            await ours(query)
            end = time.perf_counter()
            if round_:  # the first round only warms caches
                theirs.append(between - start)
                mine.append(end - between)
    return Ratio(what, statistics.median(mine), statistics.median(theirs), goal)
