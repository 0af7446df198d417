"""Chooses sentences that say what a chapter is about: verbatim, in order, no two alike.

Maximal marginal relevance (Carbonell and Goldstein 1998): each is near to the whole chapter and
far from those that were chosen before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from bot.outlining.talk import Floats, Ints, Talk
from bot.outlining.vectors import ModelVectors, Rows, WordVectors, unit_rows, unpacked

MOST = 4
ROOM = 900
"""Sentences, and characters of them, that a card has room for."""

LONGEST = 300
FEWEST_WORDS = 8

MOST_READ = 2_000
"""Sentences of a chapter that are looked at."""

MOST_EMBEDDED = 30
"""Sentences of a chapter that are embedded, where only its passages were."""

_NEAR = 0.75
"""What being near to the chapter counts beside being far from what was chosen."""


def extracts(
    talk: Talk,
    starts: Sequence[int],
    meaning: ModelVectors | None,
    words: WordVectors | None,
    embed: Callable[[Sequence[str]], Sequence[bytes]] | None,
) -> list[tuple[int, ...]]:
    """Return for each chapter, by its first sentence's place, the places of those that tell most.

    By ``meaning`` alone where there are no ``words``, by words alone where nothing embeds; else
    words choose the sentences of each chapter that are embedded and set beside its meaning.
    """
    found: list[tuple[int, ...]] = []
    for start, stop in pairwise([*starts, len(talk.texts)]):
        places = np.arange(start, min(stop, start + MOST_READ))
        fits = np.array([_fits(talk.texts[place]) for place in places])
        if meaning is not None and words is None:
            rows = meaning.of(places)
            chosen = _telling(talk, places[fits], rows[fits], _centre(talk, places, rows))
        elif words is not None:
            rows = words.of(places)
            centre = _centre(talk, places, rows)
            if meaning is None or embed is None:
                chosen = _telling(talk, places[fits], rows[fits], centre)
            else:
                likely = places[fits][_nearest(rows[fits], centre)]
                embedded = _embedded(talk, likely, embed)
                whole = _centre(talk, places, meaning.of(places))
                chosen = _telling(talk, likely, embedded, whole)
        found.append(chosen or (start,))
    return found


def _fits(text: str) -> bool:
    return len(text) <= LONGEST and len(text.split()) >= FEWEST_WORDS


def _centre(talk: Talk, places: Ints, rows: Rows) -> Rows:
    total = (rows * talk.weights[places, None]).sum(axis=0, keepdims=True)
    centre: Rows = unit_rows(total.astype(np.float32))[0]
    return centre


def _nearest(rows: Rows, centre: Rows) -> Ints:
    """Return the places of the rows nearest to the centre, in order."""
    return np.sort(np.argsort(-(rows @ centre), kind="stable")[:MOST_EMBEDDED])


def _embedded(talk: Talk, places: Ints, embed: Callable[[Sequence[str]], Sequence[bytes]]) -> Rows:
    return unpacked(embed([talk.texts[place] for place in places]))


def _telling(talk: Talk, places: Ints, rows: Rows, centre: Rows) -> tuple[int, ...]:
    """Return at most MOST of the places, in order: none where there is none to choose from."""
    if not len(places):
        return ()
    worth: Floats = np.where(rows.any(axis=1), _NEAR * (rows @ centre), -np.inf)
    alike = np.zeros(len(places))
    chosen: list[int] = []
    room = ROOM
    while len(chosen) < MOST:
        best = int(np.argmax(worth - (1 - _NEAR) * alike))
        if not np.isfinite(worth[best]):
            break
        worth[best] = -np.inf
        size = len(talk.texts[places[best]])
        if size > room:
            continue
        room -= size + 1
        chosen.append(int(places[best]))
        alike = np.maximum(alike, rows @ rows[best])
    return tuple(sorted(chosen))
