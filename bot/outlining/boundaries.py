"""Where the chapters of a talk begin: the best of all ways to cut it, by three things.

Within a chapter the talk keeps its direction (as TreeSeg has it, Gklezakos et al. 2024: the
squared distances from the mean of the chapter are small), it begins where something announces
it, and its length is not far from the usual one. All are measured in the gain of a usual
boundary, so that no vector space and no length of a talk needs numbers of its own.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

from bot.outlining.blocks import Blocks
from bot.outlining.chapter_count import counts_around, price, usual_count
from bot.outlining.talk import Floats

_ANNOUNCED = 0.25
"""What announcing counts for."""

_LENGTH = 0.2
_SPREAD = 0.7
"""What a length far from the usual costs, and how many times as long is far: e^0.7 is two."""

SHORTEST_SHARE = 0.2
SHORTEST_S = 60.0
"""The shortest chapter: a fifth of the usual length, a minute where chapters are long."""

_OPENING = 0.4
_OPENING_S = 150.0
_OPENING_SHORTEST = 0.5
"""Talks are opened: the first chapter may be short, and often is."""

_SAME = 1e-6
"""Gain for each word below which nothing changes in a talk."""

_Matrix = npt.NDArray[np.float32]


def boundaries(blocks: Blocks, end_s: float, evidence: Floats) -> list[int]:
    """Return the blocks, but the first, that chapters begin with; none where nothing changes.

    ``evidence`` is what speaks for a chapter to begin with each block.
    """
    usual = usual_count(end_s)
    edges = np.r_[blocks.starts, max(end_s, float(blocks.starts[-1]))].astype(np.float32)
    edges[0] = 0.0
    lengths = edges[None, :] - edges[:, None]
    mean = end_s / usual
    shortest = min(SHORTEST_S, SHORTEST_SHARE * mean)
    allowed = lengths >= shortest
    allowed[0] = lengths[0] >= shortest * _OPENING_SHORTEST
    scatter = _scatter(blocks)
    gain = _usual_gain(scatter, allowed, usual)
    if gain <= _SAME * float(blocks.weights.sum()):
        return []
    far = np.log(np.maximum(lengths, 1.0) / mean) / _SPREAD
    far[0] = np.maximum(far[0], 0.0)
    cost = np.where(allowed, scatter / gain + 0.5 * _LENGTH * far * far, np.inf)
    cost[:-1] -= (_ANNOUNCED * evidence)[:, None]
    cost[0] -= _OPENING * np.exp(-edges / _OPENING_S)
    return _cheapest(cost.astype(np.float32), usual)


def _scatter(blocks: Blocks) -> _Matrix:
    """Return for each two blocks the squared distances from the mean between them.

    But for what all ways to cut the talk have in common.
    """
    weights = blocks.weights[:, None]
    rows = blocks.directions * weights
    running = np.vstack([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])
    words = np.r_[0.0, np.cumsum(blocks.weights)]
    # The same distances lie between directions less their mean, and lose fewer digits.
    running -= words[:, None] * (running[-1] / max(words[-1], 1.0))
    inner = running @ running.T
    own = np.diag(inner)
    between = words[None, :] - words[:, None]
    squares = own[:, None] + own[None, :] - 2 * inner
    return np.where(between > 0, -squares / np.maximum(between, 1.0), 0.0).astype(np.float32)


def _usual_gain(scatter: _Matrix, allowed: npt.NDArray[np.bool_], usual: int) -> float:
    """Return how much a boundary gains on the average, cutting the best in two again and again."""
    queue: list[tuple[float, int, int, int]] = []

    def cut(start: int, stop: int) -> None:
        between = np.arange(start + 1, stop)
        fits = between[allowed[start, between] & allowed[between, stop]]
        if len(fits):
            gains = scatter[start, stop] - scatter[start, fits] - scatter[fits, stop]
            best = int(gains.argmax())
            heappush(queue, (-float(gains[best]), start, int(fits[best]), stop))

    gained: list[float] = []
    cut(0, len(scatter) - 1)
    while queue and len(gained) < usual - 1:
        gain, start, middle, stop = heappop(queue)
        gained.append(-gain)
        cut(start, middle)
        cut(middle, stop)
    return sum(gained) / len(gained) if gained else 0.0


def _cheapest(cost: _Matrix, usual: int) -> list[int]:
    """Return where the cheapest way to cut cuts; ``cost`` is that of each possible chapter."""
    blocks = len(cost) - 1
    counts = counts_around(usual)
    so_far = cost[0].copy()
    ways: list[npt.NDArray[np.intp]] = []
    best, best_cost = 1, np.inf
    columns = np.arange(blocks + 1)
    for count in range(2, counts[-1] + 1):
        sums = so_far[:blocks, None] + cost[:blocks]
        ways.append(sums.argmin(axis=0))
        so_far = sums[ways[-1], columns]
        total = float(so_far[blocks]) + price(count, usual)
        if count in counts and total < best_cost:
            best, best_cost = count, total
    cuts: list[int] = []
    at = blocks
    for way in reversed(ways[: best - 1]):
        at = int(way[at])
        cuts.append(at)
    return cuts[::-1]
