"""Made-up talk whose words follow Zipf's law, as those of a language do."""

from __future__ import annotations

import random

VOCABULARY = 50_000


class Corpus:
    """Draws words; the same seed draws the same corpus."""

    def __init__(self, seed: int, vocabulary: int = VOCABULARY) -> None:
        self._random = random.Random(seed)
        letters = "abcdefghijklmnoprstuvwy"
        self._words = [
            "".join(self._random.choices(letters, k=self._random.randint(3, 10)))
            for _ in range(vocabulary)
        ]
        total = 0.0
        self._weights = [total := total + 1 / rank for rank in range(1, vocabulary + 1)]

    def text(self, count: int) -> str:
        """Return ``count`` words."""
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=count))
