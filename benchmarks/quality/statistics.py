"""Means over questions with intervals of them: episodes are drawn again, not questions.

Questions about one episode stand and fall together, so intervals over questions would be too
narrow.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.judging import Outcome

DRAWS = 1_000
INSIDE = (2.5, 97.5)
"""The percentiles of a 95 % interval."""

Array: TypeAlias = NDArray[np.float64]

MEASURES: Mapping[str, Callable[[Outcome], float]] = {
    "S@1": lambda outcome: outcome.rank == 1,
    "S@3": lambda outcome: 1 <= outcome.rank <= 3,
    "MRR@10": lambda outcome: 1 / outcome.rank if outcome.rank else 0.0,
    "nDCG@10": lambda outcome: outcome.ndcg,
    "land60": lambda outcome: outcome.landed,
    "inside": lambda outcome: outcome.inside,
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its interval, which one episode alone does not have."""

    value: float
    low: float
    high: float


class Draws:
    """Samples of the same episodes for every system, so that they can be compared in pairs."""

    def __init__(self, groups: Sequence[str], seed: int, draws: int = DRAWS) -> None:
        self.groups = sorted(set(groups))
        self._place = {group: place for place, group in enumerate(self.groups)}
        size = max(len(self.groups), 1)
        dice = np.random.default_rng(seed)
        drawn = dice.multinomial(size, np.full(size, 1 / size), size=draws)
        self._times: Array = drawn.astype(np.float64)

    def mean(self, values: Sequence[tuple[str, float]]) -> Estimate:
        """Return the mean of (group, value)."""
        sums, counts = self._by_group(values)
        value = float(sums.sum() / counts.sum()) if counts.sum() else float("nan")
        return _estimate(value, self._means(sums, counts), counts)

    def ratio(
        self, ours: Sequence[tuple[str, float]], theirs: Sequence[tuple[str, float]]
    ) -> Estimate:
        """Return how many times the mean of theirs ours is, each draw the same for both."""
        (mine, counts), (other, others) = self._by_group(ours), self._by_group(theirs)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = float((mine.sum() / counts.sum()) / (other.sum() / others.sum()))
            drawn = self._means(mine, counts) / self._means(other, others)
        return _estimate(value, drawn, counts)

    def _by_group(self, values: Sequence[tuple[str, float]]) -> tuple[Array, Array]:
        sums, counts = np.zeros(len(self.groups)), np.zeros(len(self.groups))
        for group, value in values:
            sums[self._place[group]] += value
            counts[self._place[group]] += 1
        return sums, counts

    def _means(self, sums: Array, counts: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            means: Array = (self._times @ sums) / (self._times @ counts)
        return means


def _estimate(value: float, drawn: Array, counts: Array) -> Estimate:
    usable = drawn[np.isfinite(drawn)]
    if np.count_nonzero(counts) < 2 or not usable.size:
        return Estimate(value, math.nan, math.nan)
    low, high = np.percentile(usable, INSIDE)
    return Estimate(value, float(low), float(high))


def of_measure(name: str, outcomes: Sequence[Outcome]) -> list[tuple[str, float]]:
    """Return (episode, value) of each outcome."""
    measure = MEASURES[name]
    return [(outcome.question.episode, float(measure(outcome))) for outcome in outcomes]


def median_start_error(outcomes: Sequence[Outcome]) -> float:
    """Return the median distance of the first answer in seconds, infinite if most have none."""
    return statistics.median(outcome.start_error for outcome in outcomes)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least value that ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
