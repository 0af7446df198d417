"""Chooses sentences that say what a stretch of talk is about: verbatim, in order, no two alike.

Maximal marginal relevance (Carbonell and Goldstein 1998): each is near to the whole stretch and
far from those that were chosen before it. What is near is told by a model's vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bot.core.transcript import Sentence
from bot.outlining.vectors import Rows, unit_rows, unpacked

MOST = 4
ROOM = 900
"""Sentences, and characters of them, that a card has room for."""

LONGEST = 300
FEWEST_WORDS = 8

MOST_EMBEDDED = 60
"""Sentences that are embedded, those of the passages nearest to the whole: half a second."""

_NEAR = 0.75
"""What being near to the whole counts beside being far from what was chosen."""


def telling(
    sentences: Sequence[Sentence],
    vectors: Sequence[bytes],
    spans: Sequence[tuple[int, int]],
    embed: Callable[[Sequence[str]], Sequence[bytes]],
    must: int | None = None,
) -> tuple[int, ...]:
    """Return the places of at most MOST sentences that tell most, in order.

    ``vectors`` are those of passages, ``spans`` the first and last sentence of each; what no
    passage holds is left out. ``must`` is the place of a sentence that is to be among them.
    Empty where none fits. What ``embed`` raises is raised.
    """
    if not vectors:
        return () if must is None else (must,)
    rows = unpacked(vectors)
    centre: Rows = unit_rows(rows.sum(axis=0, keepdims=True))[0]
    nearness = np.full(len(sentences), -np.inf)
    for (first, last), near in zip(spans, rows @ centre, strict=True):
        nearness[max(first, 0) : last + 1] = near
    there = np.flatnonzero(np.isfinite(nearness)).tolist()
    fits = [place for place in there if _fits(sentences[place])]
    likely = sorted(sorted(fits, key=lambda place: -nearness[place])[:MOST_EMBEDDED])
    if must is not None:
        likely = sorted({*likely, must})
    if not likely:
        return ()
    embedded = unpacked(embed([sentences[place].text for place in likely]))
    sizes = [min(len(sentences[place].text), LONGEST) for place in likely]
    kept = None if must is None else likely.index(must)
    return tuple(likely[one] for one in _chosen(embedded, centre, sizes, kept))


def _fits(sentence: Sentence) -> bool:
    return len(sentence.text) <= LONGEST and len(sentence.text.split()) >= FEWEST_WORDS


def _chosen(rows: Rows, centre: Rows, sizes: Sequence[int], must: int | None) -> list[int]:
    """Return the rows that tell most, in order."""
    worth = np.where(rows.any(axis=1), _NEAR * (rows @ centre), -np.inf)
    if must is not None:
        worth[must] = np.inf
    alike = np.zeros(len(rows))
    chosen: list[int] = []
    room = ROOM
    while len(chosen) < MOST:
        best = int(np.argmax(worth - (1 - _NEAR) * alike))
        if worth[best] == -np.inf:
            break
        worth[best] = -np.inf
        if sizes[best] > room:
            continue
        room -= sizes[best] + 1
        chosen.append(best)
        alike = np.maximum(alike, rows @ rows[best])
    return sorted(chosen)
