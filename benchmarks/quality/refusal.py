"""Whether a system knows what it does not know: who is refused as its floor rises."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

GOOD_LOST = 0.02
"""The share of good questions that may be refused."""


@dataclass(frozen=True, slots=True)
class Point:
    """What is refused below a floor of confidence: shares of good and of off-catalog questions."""

    floor: float
    good: float
    off: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """The curve from the lowest floor up; ``auc`` is how often a good one is the surer.

    ``at_bound`` refuses the most while no more than GOOD_LOST of the good ones are refused; None
    where even the lowest floor refuses more, since they had no answer at all.
    """

    curve: tuple[Point, ...]
    at_bound: Point | None
    auc: float


def refusal(good: Sequence[float], off: Sequence[float]) -> Refusal:
    """Return the curve of confidences in good and in off-catalog questions.

    Negative infinity is no answer, which is a refusal at any floor. There must be some of both.
    """
    goods, offs = sorted(good), sorted(off)
    lowest = float("-inf")
    floors = sorted({value for value in (*goods, *offs) if value > lowest})
    points = tuple(
        Point(floor, bisect_left(goods, floor) / len(goods), bisect_left(offs, floor) / len(offs))
        for floor in (*floors, float("inf"))
    )
    allowed = [point for point in points if point.good <= GOOD_LOST]
    return Refusal(points, allowed[-1] if allowed else None, _auc(goods, offs))


def _auc(good: Sequence[float], off: Sequence[float]) -> float:
    wins = sum(
        1.0 if sure > unsure else 0.5 if sure == unsure else 0.0 for sure in good for unsure in off
    )
    return wins / (len(good) * len(off))
