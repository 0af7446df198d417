"""How close two ways of cutting an episode are: Pk, WindowDiff, boundaries, overlaps.

A segmentation is the starts of its segments in seconds; 0 is always one, given or not.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

STEP_S = 2.0
"""The grid that Pk and WindowDiff slide over."""

NEAR_S, FAR_S = 30.0, 60.0
OVERLAPS = tuple(share / 100 for share in range(50, 100, 5))
"""Overlaps from which two segments are the same, as Chapter-Llama's tIoU has them."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a segmentation compares with the reference; of ``pk`` and ``window_diff`` less is better.

    ``f1_near`` and ``f1_far`` are of boundaries within NEAR_S and FAR_S.
    """

    pk: float
    window_diff: float
    f1_near: float
    f1_far: float
    tiou_f1: float


def agreement(reference: Sequence[float], starts: Sequence[float], duration: float) -> Agreement:
    """Return how well ``starts`` cut an episode of ``duration`` as the reference does."""
    wanted, made = cleaned(reference, duration), cleaned(starts, duration)
    pk, window_diff = windows(wanted, made, duration)
    return Agreement(
        pk,
        window_diff,
        boundary_f1(wanted, made, NEAR_S),
        boundary_f1(wanted, made, FAR_S),
        tiou_f1(wanted, made, duration),
    )


def cleaned(starts: Sequence[float], duration: float) -> list[float]:
    """Return the boundaries inside an episode in order, without its beginning."""
    return sorted({start for start in starts if 0 < start < duration})


def masses(boundaries: Sequence[float], duration: float) -> list[int]:
    """Return how many steps of the grid each segment has; those without one are left out."""
    steps = max(round(duration / STEP_S), 1)
    edges = sorted({round(boundary / STEP_S) for boundary in boundaries} - {0, steps})
    edges = [0, *(edge for edge in edges if 0 < edge < steps), steps]
    return [end - start for start, end in itertools.pairwise(edges)]


def windows(
    reference: Sequence[float], made: Sequence[float], duration: float
) -> tuple[float, float]:
    """Return Pk and WindowDiff: windows of half the mean reference segment that disagree.

    Pk (Beeferman and others, 1999) asks whether both ends are in one segment, WindowDiff (Pevzner
    and Hearst, 2002) how many boundaries lie between them.
    """
    wanted, got = masses(reference, duration), masses(made, duration)
    steps = sum(wanted)
    width = max(round(steps / len(wanted) / 2), 2)
    if steps <= width:
        return 0.0, 0.0
    ours, theirs = _segment_of_step(wanted), _segment_of_step(got)
    between = [
        (ours[i + width] - ours[i], theirs[i + width] - theirs[i]) for i in range(steps - width)
    ]
    apart = sum((a == 0) != (b == 0) for a, b in between)
    different = sum(a != b for a, b in between)
    return apart / len(between), different / len(between)


def _segment_of_step(found: Sequence[int]) -> list[int]:
    return [number for number, mass in enumerate(found) for _ in range(mass)]


def boundary_f1(reference: Sequence[float], made: Sequence[float], within: float) -> float:
    """Return F1 of boundaries, each matched with one at most, as many as can be."""
    if not reference and not made:
        return 1.0
    matched = place = 0
    # Both ascend: giving each boundary the first that is left and near enough matches the most.
    for boundary in made:
        while place < len(reference) and reference[place] < boundary - within:
            place += 1
        if place < len(reference) and reference[place] <= boundary + within:
            matched += 1
            place += 1
    return 2 * matched / (len(reference) + len(made))


def tiou_f1(reference: Sequence[float], made: Sequence[float], duration: float) -> float:
    """Return F1 of segments that overlap by a share of their union, averaged over OVERLAPS."""
    wanted, got = _segments(reference, duration), _segments(made, duration)
    best_wanted, best_got = [0.0] * len(wanted), [0.0] * len(got)
    for i, one in enumerate(wanted):
        for j, other in enumerate(got):
            overlap = _overlap(one, other)
            best_wanted[i] = max(best_wanted[i], overlap)
            best_got[j] = max(best_got[j], overlap)
    total = 0.0
    for share in OVERLAPS:
        # Above half each has one partner at most; at half exactly the fewer side decides.
        paired = min(sum(b >= share for b in best_wanted), sum(b >= share for b in best_got))
        total += 2 * paired / (len(wanted) + len(got))
    return total / len(OVERLAPS)


def _segments(boundaries: Sequence[float], duration: float) -> list[tuple[float, float]]:
    edges = [0.0, *boundaries, duration]
    return list(itertools.pairwise(edges))


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    whole = max(one[1], other[1]) - min(one[0], other[0])
    return shared / whole if shared > 0 else 0.0
