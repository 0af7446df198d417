"""Exact cosines of vectors as they are stored, and vectors in their context."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.core.embedding import CONTEXT, SCALE

Bodies = NDArray[np.int8]
Cosines = NDArray[np.float64]

BLOCK = 512
"""Vectors measured at a time: what that takes stays in the processor's cache."""


def matrix(bodies: Sequence[bytes], dimensions: int) -> Bodies:
    """Return stored vectors as the rows of a matrix."""
    return np.frombuffer(b"".join(bodies), np.int8).reshape(-1, dimensions)


def in_context(bodies: Bodies, joined: NDArray[np.bool_]) -> Bodies:
    """Return vectors each moved towards those beside it, by ``bot.core.embedding.CONTEXT``.

    ``joined`` is, for each but the last, whether the next one is said right after it.
    """
    before, after = np.zeros_like(bodies), np.zeros_like(bodies)
    before[1:] = bodies[:-1] * joined[:, None]
    after[:-1] = bodies[1:] * joined[:, None]
    return moved(bodies, before, after)


def moved(bodies: Bodies, before: Bodies, after: Bodies) -> Bodies:
    """Return vectors each moved towards two others; a row of zeros moves nothing."""
    summed = bodies + np.float32(CONTEXT) * (before.astype(np.float32) + after)
    lengths = np.linalg.norm(summed, axis=1, keepdims=True)
    scaled = np.rint(summed * (SCALE / np.maximum(lengths, 1.0)))
    placed: Bodies = scaled.clip(-127, 127).astype(np.int8)
    return placed


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
