"""What turns texts into vectors that lie close where texts mean the same: a port and its values.

A vector is bytes, so that the core and the stores need no package for it: ``dimensions`` signed
bytes, the components of the unit vector times SCALE, rounded. The cosine of two texts is the sum
of the products of their bytes, divided by SCALE twice.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import sqrt
from operator import mul
from typing import Protocol

SCALE = 320
"""What a unit vector's components are multiplied with before they are rounded.

Of 82,000 passages and sentences of real talk no component was above 0.34, so that none is cut
at 127; the cosine of two rounded vectors is then 0.001 off, at 127 it would be 0.003.
"""


class NoModel(Exception):
    """There is no model to embed with; the text is for the log. The bot goes on by words."""


class Embedder(Protocol):
    """Embeds texts.

    ``model`` names the model's file and the way its output is pooled: another name means that
    vectors stored under the old one are stale.
    """

    model: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Return one vector for each text; the same text always has the same.

        Works the processor, so it is called in a thread; several may at once. Raise NoModel, and
        nothing else.
        """

    def check(self) -> str:
        """Return what stands ready, a sentence for the operator; raise NoModel.

        Loads the model, so it is called in a thread.
        """


CONTEXT = 1 / 4
"""How much each neighbour of a passage counts in its vector: 0.2 to 0.5 do about as well.

What is talked of is often named a passage earlier, and found a little better with it. What is
kept with a text is its own vector; where it is searched, it is moved towards those beside it.
"""


def centre(vectors: Sequence[bytes]) -> bytes:
    """Return the direction that vectors of one model have together; raise ValueError for two."""
    columns = [array("b", vector) for vector in vectors]
    total = [sum(column) for column in zip(*columns, strict=True)]
    length = sqrt(sum(map(mul, total, total))) or 1.0
    scaled = (round(component * SCALE / length) for component in total)
    return array("b", [max(-127, min(127, component)) for component in scaled]).tobytes()
