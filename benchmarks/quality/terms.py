"""The content words of stretches of an episode, counted, for the segmenters of old."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.passages import Passage
from bot.core.analysis import analyse
from bot.core.stopwords import STOP_WORDS

Matrix: TypeAlias = NDArray[np.float64]


def content_stems(text: str) -> list[str]:
    """Return the stems of a text's words that are not too common to tell anything."""
    return [
        term.stem
        for term in analyse(text)
        if len(term.surface) > 1 and term.surface.isalpha() and term.surface not in STOP_WORDS
    ]


def counts(passages: Sequence[Passage]) -> Matrix:
    """Return how often each stem (column) is in each passage (row)."""
    found = [content_stems(passage.text) for passage in passages]
    places = {each: n for n, each in enumerate(sorted({word for row in found for word in row}))}
    matrix = np.zeros((len(passages), max(len(places), 1)))
    for row, stems in enumerate(found):
        for each in stems:
            matrix[row, places[each]] += 1
    return matrix


def cosines(rows: Matrix, others: Matrix) -> Matrix:
    """Return the cosine of every row with every other row; of an empty one it is 0."""
    product: Matrix = _unit(rows) @ _unit(others).T
    return product


def _unit(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Matrix = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
