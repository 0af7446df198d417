"""A talk in blocks of a few seconds, each with the direction of what is said around it.

However long a talk is, and however it is cut into sentences, there are at most MOST_BLOCKS: what
is done with every pair of them stays bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.outlining.talk import Floats, Ints, Talk
from bot.outlining.vectors import Vectors

BLOCK_S = 8.0
MOST_BLOCKS = 1_200

AROUND_S = 10.0
"""How far on both sides of its start a block's direction looks: one sentence says too little."""


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Blocks by their start: ``first`` is the place of the first sentence of each.

    ``directions`` holds a unit vector, or zeros, for each; ``weights`` its words.
    """

    first: Ints
    starts: Floats
    weights: Floats
    directions: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.first)


def blocks_of(talk: Talk, vectors: Vectors) -> Blocks:
    """Return a talk that has sentences in blocks."""
    length = max(BLOCK_S, talk.end_s / MOST_BLOCKS)
    number = np.floor(talk.starts / length)
    first = np.flatnonzero(np.r_[True, number[1:] != number[:-1]])
    sums = vectors.sums(first, talk.weights)
    starts = talk.starts[first]
    reach = max(AROUND_S, 0.6 * length)
    low = np.searchsorted(starts, starts - reach)
    high = np.searchsorted(starts, starts + reach, side="right")
    running = np.vstack([np.zeros((1, sums.shape[1])), np.cumsum(sums, axis=0)])
    around = running[high] - running[low]
    lengths = np.linalg.norm(around, axis=1, keepdims=True)
    return Blocks(
        first=first,
        starts=starts,
        weights=np.add.reduceat(talk.weights, first),
        directions=(around / np.maximum(lengths, 1e-9)).astype(np.float32),
    )


def best_sentences(talk: Talk, blocks: Blocks, evidence: Floats) -> tuple[Ints, Floats]:
    """Return for the start of each block the best sentence to begin there, and its evidence.

    A sentence stands for the nearest start of a block; of equals the first.
    """
    places = np.arange(len(evidence))
    own = np.searchsorted(blocks.first, places, side="right") - 1
    after = np.minimum(own + 1, len(blocks) - 1)
    nearer_after = blocks.starts[after] - talk.starts < talk.starts - blocks.starts[own]
    nearest = np.where(nearer_after, after, own)
    # By block, then by evidence from the best, then by place: the first of each block is it.
    order = np.lexsort((places, -evidence, nearest))
    _, at = np.unique(nearest[order], return_index=True)
    best = order[at]
    chosen = blocks.first.copy()
    chosen[nearest[best]] = best
    return chosen, evidence[chosen]
