"""The vectors of one scope in memory: their signs, and all of them where they are not too many.

Two vectors that are close have mostly the same signs. To compare those takes a sixtieth of the
time of a cosine, so they tell which few vectors are worth measuring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from storage.vectors.cosines import Bodies

HELD = 100_000
"""Vectors up to which a scope holds all of each: 38 MB. Beyond, their signs alone: 48 bytes."""

LEAST_ROOM = 64
MOST_EXPECTED = 1_000_000
GROWTH = 1.25

SWEPT = 0.2
"""Share of rows that may be of what is gone before all are moved together."""

BLOCK = 32_768
"""Rows compared at a time: what that needs stays in the processor's cache."""

FAR = np.iinfo(np.uint16).max
WORD_BITS = 64

Positions = NDArray[np.intp]
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Block:
    """The passages of one episode: a row each in ``bodies``."""

    episode_id: int
    spoken: Sequence[bool]
    passages: Sequence[int]
    sponsors: Sequence[bool]
    bodies: Bodies


class Rows:
    """Rows of passages, those of an episode together.

    ``seen`` is the last change of the scope that they hold.
    """

    def __init__(self, dimensions: int, expected: int = 0) -> None:
        self.dimensions = dimensions
        self.seen = 0
        self.size = 0
        self._words = -(-dimensions // WORD_BITS)
        self.rests_until = 0.0
        self._spans: dict[int, tuple[int, int]] = {}
        self._holes: list[tuple[int, int]] = []
        self._talk: tuple[NDArray[np.int64], Positions] | None = None
        self._make(max(min(expected, MOST_EXPECTED), LEAST_ROOM), held=expected <= HELD)

    def _make(self, room: int, *, held: bool) -> None:
        # A column for each word of signs: one comparison runs through memory in order.
        self._signs = np.zeros((self._words, room), np.uint64)
        self._passages = np.zeros(room, np.int64)
        self._spoken = np.zeros(room, np.bool_)
        self._sponsors = np.zeros(room, np.bool_)
        self._bodies = np.zeros((room, self.dimensions), np.int8) if held else None

    @property
    def alive(self) -> int:
        """Return how many rows are of what is there."""
        return self.size - sum(end - start for start, end in self._holes)

    @property
    def held(self) -> bool:
        """Return whether all of each vector is here, and not its signs alone."""
        return self._bodies is not None

    @property
    def nbytes(self) -> int:
        """Return about how much memory the rows take."""
        bodies = 0 if self._bodies is None else self._bodies.nbytes
        # Three times: those of talk are there by their order as well, each with its row.
        flat = self._signs.nbytes + 3 * self._passages.nbytes + 2 * self._spoken.nbytes
        return bodies + flat + 200 * len(self._spans)

    def replace(self, block: Block) -> None:
        """Put an episode's passages in the place of those that it had."""
        self._talk = None
        before = self._spans.pop(block.episode_id, None)
        if before is not None:
            self._holes.append(before)
        count = len(block.passages)
        if count:
            self._grow(self.size + count)
            start, end = self.size, self.size + count
            self._signs[:, start:end] = signs_of(block.bodies)
            self._passages[start:end] = block.passages
            self._spoken[start:end] = block.spoken
            self._sponsors[start:end] = block.sponsors
            if self._bodies is not None:
                self._bodies[start:end] = block.bodies
            self._spans[block.episode_id] = (start, end)
            self.size = end
        if self.size - self.alive > max(SWEPT * self.size, LEAST_ROOM):
            self._move_together()

    def _grow(self, wanted: int) -> None:
        if self._bodies is not None and wanted > HELD:
            self._bodies = None
        room = len(self._passages)
        if wanted > room:
            self._copy(np.arange(self.size), max(int(room * GROWTH), wanted))

    def _move_together(self) -> None:
        spans = sorted(self._spans.items(), key=lambda item: item[1])
        kept = [np.arange(start, end) for _, (start, end) in spans]
        self._copy(np.concatenate([np.arange(0), *kept]), max(self.alive, LEAST_ROOM))
        self._spans, self._holes, self.size = {}, [], 0
        for episode_id, (start, end) in spans:
            self._spans[episode_id] = (self.size, self.size + end - start)
            self.size += end - start

    def _copy(self, kept: Positions, room: int) -> None:
        """Put these rows first in arrays of another size; one at a time, to take less memory."""

        def moved(array: NDArray[Kind]) -> NDArray[Kind]:
            larger = np.zeros((room, *array.shape[1:]), array.dtype)
            larger[: len(kept)] = array[kept]
            return larger

        signs = np.zeros((self._words, room), np.uint64)
        for word in range(self._words):
            signs[word, : len(kept)] = self._signs[word, kept]
        self._signs = signs
        self._passages = moved(self._passages)
        self._spoken = moved(self._spoken)
        self._sponsors = moved(self._sponsors)
        if self._bodies is not None:
            self._bodies = moved(self._bodies)

    def likely(
        self, vector: bytes, count: int, *, sponsors: bool, hidden: Sequence[int] = ()
    ) -> Positions:
        """Return the ``count`` rows that have most signs of a vector, or all; in no order.

        ``hidden`` are passages of notes that are left out.
        """
        distances = self._distances(vector)
        for start, end in self._holes:
            distances[start:end] = FAR
        if not sponsors:
            distances[self._sponsors[: self.size]] = FAR
        if hidden:
            noted = ~self._spoken[: self.size]
            distances[noted & np.isin(self._passages[: self.size], hidden)] = FAR
        # Counting takes a third of the time of a partial sort: there are few distances.
        upto = np.searchsorted(np.bincount(distances).cumsum(), count)
        near: Positions = np.flatnonzero(distances <= min(int(upto), FAR - 1))
        return near if len(near) <= count else self._first(near, distances, count)

    def of_episode(
        self, episode_id: int, *, sponsors: bool, hidden: Sequence[int] = ()
    ) -> Positions:
        """Return the rows of an episode; ``sponsors`` and ``hidden`` are as in ``likely``."""
        start, end = self._spans.get(episode_id, (0, 0))
        there = np.isin(self._passages[start:end], hidden, invert=True) | self._spoken[start:end]
        if not sponsors:
            there &= ~self._sponsors[start:end]
        return start + np.flatnonzero(there)

    def of_talk(self, passages: Sequence[int], *, sponsors: bool) -> Positions:
        """Return the rows of passages of talk, in no order; sponsors' only if they are wanted."""
        if self._talk is None:
            there = self._spoken[: self.size].copy()
            for start, end in self._holes:
                there[start:end] = False
            rows = np.flatnonzero(there)
            order: Positions = rows[np.argsort(self._passages[rows])]
            self._talk = self._passages[order], order
        held, order = self._talk
        places = np.unique(np.searchsorted(held, passages))
        places = places[places < len(held)]
        found = order[places[np.isin(held[places], passages)]]
        return found if sponsors else found[~self._sponsors[found]]

    def _first(self, near: Positions, distances: NDArray[np.uint16], count: int) -> Positions:
        """Return the closest of rows, and of those that are as far as the last the first."""
        return near[np.argsort(distances[near], kind="stable")[:count]]

    def _distances(self, vector: bytes) -> NDArray[np.uint16]:
        """Return in how many signs each row is another than a vector."""
        asked = signs_of(np.frombuffer(vector, np.int8).reshape(1, -1))
        distances = np.zeros(self.size, np.uint16)
        for start in range(0, self.size, BLOCK):
            block = distances[start : start + BLOCK]
            for word in range(self._words):
                signs = self._signs[word, start : start + len(block)]
                block += np.bitwise_count(signs ^ asked[word])
        return distances

    def keys(self, positions: Positions) -> list[tuple[bool, int]]:
        """Return (whether spoken, passage) of rows."""
        spoken, passages = self._spoken[positions], self._passages[positions]
        return list(zip(spoken.tolist(), passages.tolist(), strict=True))

    def bodies(self, positions: Positions) -> Bodies | None:
        """Return the vectors of rows; None where there are too many to hold."""
        return None if self._bodies is None else self._bodies.take(positions, axis=0)


def signs_of(bodies: Bodies) -> NDArray[np.uint64]:
    """Return the signs of vectors as bits, a column for each vector."""
    bits = np.packbits(bodies > 0, axis=1)
    words = -(-bodies.shape[1] // WORD_BITS)
    padded = np.zeros((len(bodies), words * WORD_BITS // 8), np.uint8)
    padded[:, : bits.shape[1]] = bits
    return np.ascontiguousarray(padded.view(np.uint64).T)
