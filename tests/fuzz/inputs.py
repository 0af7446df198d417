"""Makes the inputs of a parser: each can be made again from the seed, the parser and its number."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.fuzz.grammar import Grammar
from tests.fuzz.mutations import HOSTILE, MAX_SIZE, mutated


def made(seed: int, parser: str, number: int, seeds: Sequence[bytes], grammar: Grammar) -> bytes:
    """Return one input: written by the grammar, or a seed, most of them broken somewhere.

    The first are the seeds themselves, unbroken.
    """
    if number < len(seeds):
        return seeds[number]
    rng = random.Random(f"{seed}/{parser}/{number}")
    kind = rng.random()
    if kind < 0.05:
        pieces = [HOSTILE[int(rng.random() * len(HOSTILE))] for _ in range(int(rng.random() * 20))]
        return b"".join(pieces)[:MAX_SIZE]
    if kind < 0.55:
        source = seeds[int(rng.random() * len(seeds))]
        return mutated(rng, source, seeds)
    source = grammar.written(rng).encode("utf-8", "surrogatepass")
    return source[:MAX_SIZE] if kind < 0.75 else mutated(rng, source, seeds)
