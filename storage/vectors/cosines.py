"""Exact cosines of vectors as they are stored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.core.embedding import SCALE

Bodies = NDArray[np.int8]
Cosines = NDArray[np.float64]

BLOCK = 512
"""Vectors measured at a time: what that takes stays in the processor's cache."""


def matrix(bodies: Sequence[bytes], dimensions: int) -> Bodies:
    """Return stored vectors as the rows of a matrix."""
    return np.frombuffer(b"".join(bodies), np.int8).reshape(-1, dimensions)


def cosines(vector: bytes, bodies: Bodies) -> Cosines:
    """Return the cosine of a vector with each row.

    Exact, so that it is the same in whatever company: sums of products of bytes are whole
    numbers below 2**24, which single precision holds.
    """
    asked = np.frombuffer(vector, np.int8).astype(np.float32)
    found = np.empty(len(bodies), np.float64)
    for start in range(0, len(bodies), BLOCK):
        block = bodies[start : start + BLOCK]
        found[start : start + BLOCK] = block.astype(np.float32) @ asked
    return found / SCALE**2
