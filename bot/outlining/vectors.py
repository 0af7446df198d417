"""The vectors of a talk: those of a model, where the caller has them, or of its words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.core.analysis import analyse
from bot.core.stopwords import STOP_WORDS
from bot.outlining.talk import Floats, Ints, Talk

Rows = npt.NDArray[np.float32]

_CHUNK = 4_096
"""Sentences whose vectors are unpacked at a time: the longest talk stays small in memory."""


class Vectors(Protocol):
    """Something that can say in which direction stretches of a talk point."""

    def sums(self, first: Ints, weights: Floats) -> Floats:
        """Return for each stretch, from its first sentence on, the weighted sum of its vectors."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelVectors:
    """Vectors of one or more sentences each: ``unit`` tells, of each sentence, which is its own."""

    rows: npt.NDArray[np.int8]
    unit: Ints

    def sums(self, first: Ints, weights: Floats) -> Floats:
        """Return the weighted sums of the sentences' vectors."""
        stretch = np.zeros(len(self.unit), np.int64)
        stretch[first[1:]] = 1
        stretch = np.cumsum(stretch)
        found = np.zeros((len(first), self.rows.shape[1]))
        for start in range(0, len(self.unit), _CHUNK):
            part = slice(start, start + _CHUNK)
            weighted = self.rows[self.unit[part]] * weights[part, None]
            inside = stretch[part]
            edges = np.flatnonzero(np.r_[True, inside[1:] != inside[:-1]])
            found[inside[edges]] += np.add.reduceat(weighted, edges, axis=0)
        return found

    def of(self, places: Ints) -> Rows:
        """Return the unit vectors of sentences."""
        return unit_rows(self.rows[self.unit[places]].astype(np.float32))


def model_vectors(
    vectors: Sequence[bytes], sentences: int, spans: Sequence[tuple[int, int]] | None = None
) -> ModelVectors:
    """Return vectors of a model as they are stored, each a signed byte for each dimension.

    ``spans`` are the first and last sentence of each vector, by their start, as ``passages``
    gives them; without them each sentence has one. Raise ValueError where they do not fit.
    """
    if spans is None:
        spans = [(place, place) for place in range(sentences)]
    if len(vectors) != len(spans) or not vectors or len({len(vector) for vector in vectors}) != 1:
        raise ValueError("there must be a vector of one length for each span")
    starts = np.array([first for first, _ in spans])
    if starts[0] != 0 or (np.diff(starts) <= 0).any() or starts[-1] >= sentences:
        raise ValueError("spans must hold each sentence once")
    rows = np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), -1)
    return ModelVectors(rows, np.searchsorted(starts, np.arange(sentences), side="right") - 1)


def unit_rows(rows: Rows) -> Rows:
    """Return rows of length 1; what is zero stays zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Rows = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return found


def unpacked(vectors: Sequence[bytes]) -> Rows:
    """Return stored vectors as unit vectors; there may be none."""
    if not vectors:
        return np.zeros((0, 1), np.float32)
    rows = np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), -1)
    return unit_rows(rows.astype(np.float32))


_DIMENSIONS = 384
_PLACES = 4
_SEEN = 2
"""A word that is said once ties nothing together."""

MOST_WORDS = 60
"""Words of a sentence that are read for its vector."""


class WordVectors:
    """Vectors of the words themselves, hashed: what there is where no model is at hand."""

    def __init__(self, talk: Talk) -> None:
        found = [_stems(text) for text in talk.heads]
        often = Counter(stem for stems in found for stem in set(stems))
        place = {stem: at for at, stem in enumerate(s for s, n in often.items() if n >= _SEEN)}
        self._words = [[place[stem] for stem in stems if stem in place] for stems in found]
        counts = np.array([often[stem] for stem in place] or [1], np.float64)
        # A word of everywhere says little of where one is.
        rarity = np.log1p(len(found) / counts) / math.sqrt(_PLACES)
        hashed = [_hashed(stem) for stem in place] or [bytes(2 * _PLACES)]
        raw = np.frombuffer(b"".join(hashed), np.uint16).reshape(-1, _PLACES).astype(np.int64)
        self._places = raw % _DIMENSIONS
        self._values = np.where(raw & 0x8000, -1.0, 1.0) * rarity[:, None]

    def sums(self, first: Ints, weights: Floats) -> Floats:
        """Return the sums of the words of each stretch; longer sentences have more of them."""
        sums = np.zeros((len(first), _DIMENSIONS))
        stops = [*first[1:], len(self._words)]
        for row, (start, stop) in enumerate(zip(first, stops, strict=True)):
            words = [word for words in self._words[start:stop] for word in words]
            if words:
                np.add.at(sums[row], self._places[words], self._values[words])
        return sums

    def of(self, places: Ints) -> Rows:
        """Return the unit vectors of sentences."""
        rows = np.zeros((len(places), _DIMENSIONS), np.float32)
        for row, place in enumerate(places):
            words = self._words[place]
            if words:
                np.add.at(rows[row], self._places[words], self._values[words])
        return unit_rows(rows)


def _stems(text: str) -> list[str]:
    terms = analyse(text)[:MOST_WORDS]
    return [term.stem for term in terms if term.surface not in STOP_WORDS]


def _hashed(stem: str) -> bytes:
    return blake2b(stem.encode(errors="replace"), digest_size=2 * _PLACES).digest()
