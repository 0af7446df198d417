"""The model that Segue goes by, and one that remembers what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from bot.core.embedding import Embedder
from bot.core.settings import MeaningSettings
from bot.providers import open_embedder


def open_model() -> Embedder | None:
    """Return Segue's own model, as it comes."""
    return open_embedder(MeaningSettings())


@cache
def remembering() -> Remembering | None:
    """Return the one that embeds the same talk for every part of what is measured."""
    model = open_model()
    return Remembering(model) if model is not None else None


class Remembering:
    """An embedder for what is taken in, never for what is asked: its latency would be none."""

    def __init__(self, embedder: Embedder) -> None:
        self.model, self.dimensions = embedder.model, embedder.dimensions
        self._embedder = embedder
        self._made: dict[str, bytes] = {}

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Return one vector for each text; raise NoModel."""
        for text in texts:
            if text not in self._made:
                (self._made[text],) = self._embedder.embed([text])
        return [self._made[text] for text in texts]

    def check(self) -> str:
        """Return what stands ready; raise NoModel."""
        return self._embedder.check()
