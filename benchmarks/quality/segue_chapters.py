"""Segue's own chapters, titles and extracts, and the model that judges extracts.

The one place that knows them: what is None here is not measured.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.quality.extracts import Embed, Extractor
from benchmarks.quality.segmenters import Segmenter
from benchmarks.quality.terms import Matrix
from benchmarks.quality.titles import Titler
from bot.core.embedding import Embedder
from bot.core.settings import MeaningSettings
from bot.providers import open_embedder

NAME = "Segue"


def segmenter() -> Segmenter | None:
    """Return what cuts an episode into chapters."""
    return None


def titler() -> Titler | None:
    """Return what calls chapters something."""
    return None


def extractor() -> Extractor | None:
    """Return what takes the telling sentences out of a stretch."""
    return None


def embedder() -> Embed | None:
    """Return what turns texts into unit vectors: Segue's own model."""
    found = open_embedder(MeaningSettings())
    return Vectors(found) if found is not None else None


class Vectors:
    """The vectors of Segue's model as numbers."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> Matrix:
        rows = [np.frombuffer(each, np.int8) for each in self._embedder.embed(texts)]
        numbers = np.array(rows, dtype=np.float64)
        unit: Matrix = numbers / np.linalg.norm(numbers, axis=1, keepdims=True)
        return unit
