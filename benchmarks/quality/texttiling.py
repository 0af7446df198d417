"""TextTiling (Hearst, 1997): cuts where the words before a gap are unlike those after it."""

from __future__ import annotations

import numpy as np

from benchmarks.quality.chapter_count import chapter_count
from benchmarks.quality.episodes import Episode
from benchmarks.quality.passages import cut
from benchmarks.quality.terms import Matrix, counts

PIECE_WORDS = 20
"""Words of a token sequence (w)."""

BLOCK_PIECES = 10
"""Token sequences on each side of a gap (k)."""

APART_PIECES = 3
"""Gaps that two boundaries lie apart at least."""


class TextTiling:
    """Block comparison and depth scores; the deepest valleys, as many as the rule says."""

    name = "TextTiling"

    def segment(self, episode: Episode) -> list[float]:
        pieces = cut(episode.cues, PIECE_WORDS)
        depths = depth_scores(smoothed(block_scores(counts(pieces))))
        wanted = chapter_count(episode.duration) - 1
        chosen: list[int] = []
        for gap in np.argsort(-depths, kind="stable"):
            if len(chosen) >= wanted or depths[gap] <= 0:
                break
            if all(abs(int(gap) - other) >= APART_PIECES for other in chosen):
                chosen.append(int(gap))
        return [0.0, *sorted(pieces[gap + 1].start for gap in chosen)]


def block_scores(pieces: Matrix) -> Matrix:
    """Return the likeness of the two blocks around each gap between pieces."""
    sums = np.vstack([np.zeros((1, pieces.shape[1])), pieces.cumsum(axis=0)])
    gaps = np.arange(1, len(pieces))
    before = sums[gaps] - sums[np.maximum(gaps - BLOCK_PIECES, 0)]
    after = sums[np.minimum(gaps + BLOCK_PIECES, len(pieces))] - sums[gaps]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    products = np.einsum("ij,ij->i", before, after)
    scores: Matrix = np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0)
    return scores


def smoothed(scores: Matrix) -> Matrix:
    """Return each score averaged with its neighbours."""
    if scores.size < 3:
        return scores
    padded = np.pad(scores, 1, mode="edge")
    average: Matrix = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
    return average


def depth_scores(scores: Matrix) -> Matrix:
    """Return how far each score lies below the peaks to its left and its right, both added."""
    return np.array(
        [
            _peak(scores[gap::-1]) + _peak(scores[gap:]) - 2 * float(scores[gap])
            for gap in range(scores.size)
        ],
        dtype=np.float64,
    )


def _peak(scores: Matrix) -> float:
    """Return the height that is reached while the scores do not fall."""
    highest = float(scores[0])
    for score in scores[1:]:
        if score < highest:
            break
        highest = float(score)
    return highest
