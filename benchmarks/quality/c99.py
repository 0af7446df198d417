"""C99 (Choi, 2000): ranks likenesses among their neighbours, then splits where that gains most."""

from __future__ import annotations

import itertools

import numpy as np

from benchmarks.quality.chapter_count import chapter_count
from benchmarks.quality.episodes import Episode
from benchmarks.quality.passages import cut
from benchmarks.quality.terms import Matrix, cosines, counts

PIECE_WORDS = 80
MASK = 11
"""The side of the square in which a likeness is ranked."""


class C99:
    """Divisive clustering of a ranked likeness matrix, into as many parts as the rule says."""

    name = "C99"

    def segment(self, episode: Episode) -> list[float]:
        pieces = cut(episode.cues, PIECE_WORDS)
        rows = counts(pieces)
        edges = divided(ranked(cosines(rows, rows)), chapter_count(episode.duration))
        return [pieces[edge].start if edge else 0.0 for edge in edges]


def ranked(likeness: Matrix) -> Matrix:
    """Return for each likeness the share of its neighbours that are less."""
    size = len(likeness)
    reach = MASK // 2
    less, seen = np.zeros_like(likeness), np.zeros_like(likeness)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if not (down or right):
                continue
            here = (_within(-down, size), _within(-right, size))
            there = (_within(down, size), _within(right, size))
            less[here] += likeness[there] < likeness[here]
            seen[here] += 1
    shares: Matrix = np.divide(less, seen, out=np.zeros_like(less), where=seen > 0)
    return shares


def _within(shift: int, size: int) -> slice:
    """Return the part of an axis that is left when it is moved by ``-shift``."""
    return slice(max(shift, 0), size + min(shift, 0))


def divided(matrix: Matrix, parts: int) -> list[int]:
    """Return the first rows of ``parts`` dense blocks along the diagonal, split one by one."""
    sums = np.zeros((len(matrix) + 1, len(matrix) + 1))
    sums[1:, 1:] = matrix.cumsum(axis=0).cumsum(axis=1)

    def block(start: int, end: int) -> float:
        return float(sums[end, end] - sums[start, end] - sums[end, start] + sums[start, start])

    edges = [0, len(matrix)]
    while len(edges) <= min(parts, len(matrix)):
        blocks = list(itertools.pairwise(edges))
        inside = sum(block(*each) for each in blocks)
        area = sum((end - start) ** 2 for start, end in blocks)
        best, chosen = -1.0, 0
        for start, end in blocks:
            for edge in range(start + 1, end):
                gained = block(start, edge) + block(edge, end) - block(start, end)
                lost = 2 * (edge - start) * (end - edge)
                density = (inside + gained) / (area - lost)
                if density > best:
                    best, chosen = density, edge
        edges = sorted([*edges, chosen])
    return edges[:-1]
