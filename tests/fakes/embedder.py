"""A model for tests: texts with words in common are close, and nothing is loaded for it."""

import random
from functools import cache

from bot.core.analysis import analyse
from bot.core.embedding import SCALE, NoModel

DIMENSIONS = 64


@cache
def direction(stem):
    """Return the direction that a stem has for ever."""
    chance = random.Random(stem)
    return [chance.gauss(0, 1) for _ in range(DIMENSIONS)]


def vector_of(text):
    """Return the vector of a text: the sum of its stems' directions, of unit length."""
    stems = sorted({term.stem for term in analyse(text)}) or [""]
    total = [sum(parts) for parts in zip(*map(direction, stems), strict=True)]
    length = sum(part * part for part in total) ** 0.5
    rounded = [max(-127, min(127, round(part / length * SCALE))) for part in total]
    return bytes(part & 0xFF for part in rounded)


class FakeEmbedder:
    """Embeds by words. ``broken`` lets it fail at everything, ``poison`` at texts that hold it."""

    dimensions = DIMENSIONS

    def __init__(self, model="fake 1"):
        self.model = model
        self.broken = False
        self.poison = None
        self.seen = []
        self.failures = 0

    def embed(self, texts):
        """Return a vector for each text."""
        if self.broken:
            self.failures += 1
            raise NoModel("there is no such file")
        if self.poison and any(self.poison in text for text in texts):
            raise NoModel("the model failed")
        self.seen += texts
        return [vector_of(text) for text in texts]

    def check(self):
        """Return what stands ready; raise NoModel."""
        if self.broken:
            raise NoModel("there is no such file")
        return "a fake"
