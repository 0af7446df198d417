"""Segue's own chapters, titles and extracts, and the model that judges extracts.

The one place that knows how Segue makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.quality.episodes import Episode
from benchmarks.quality.extracts import Embed
from benchmarks.quality.said import said
from benchmarks.quality.segue_model import remembering
from benchmarks.quality.terms import Matrix
from bot.core.embedding import Embedder
from bot.core.transcript import Sentence, passages
from bot.outlining.extracts import telling
from bot.outlining.outline import outline
from bot.outlining.talk import talk_of
from bot.outlining.titles import titles
from bot.outlining.vectors import model_vectors
from bot.services.quotes import extract

NAME = "Segue"


class Outlined:
    """Segue's outline of a talk: by the vectors of its passages, as they are stored."""

    name = NAME

    def __init__(self) -> None:
        self._model = remembering()

    def segment(self, episode: Episode) -> list[float]:
        sentences = said(episode)
        spans = passages(sentences)
        # Titles are judged apart: without a model for them they cost nothing here.
        made = outline(sentences, self._vectors(sentences, spans), spans=spans, embed=None)
        return [chapter.start_ms / 1_000 for chapter in made]

    def titles(self, sentences: Sequence[Sentence], starts: Sequence[int]) -> list[str]:
        spans = passages(sentences)
        vectors = self._vectors(sentences, spans)
        meaning = vectors and model_vectors(vectors, len(sentences), spans)
        return titles(talk_of(sentences), list(starts), meaning or None, self._embed)

    def extract(self, sentences: Sequence[Sentence]) -> list[str]:
        spans = passages(sentences)
        vectors = self._vectors(sentences, spans)
        if vectors is None or self._embed is None:
            return [sentence.text for sentence in extract(sentences)]
        places = telling(sentences, vectors, spans, self._embed)
        return [sentences[place].text for place in places]

    @property
    def _embed(self) -> Callable[[Sequence[str]], Sequence[bytes]] | None:
        return None if self._model is None else self._model.embed

    def _vectors(
        self, sentences: Sequence[Sentence], spans: Sequence[tuple[int, int]]
    ) -> list[bytes] | None:
        if self._model is None:
            return None
        return self._model.embed(
            [" ".join(one.text for one in sentences[a : b + 1]) for a, b in spans]
        )


def embedder() -> Embed | None:
    """Return what turns texts into unit vectors: Segue's own model."""
    found = remembering()
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
