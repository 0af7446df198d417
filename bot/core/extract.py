"""Chooses the sentences that tell most of a text: verbatim, in order, bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.core.analysis import analyse
from bot.core.stopwords import STOP_WORDS

NAMED = 2
"""Weight of a word of the title beside one that is said again."""


def telling(texts: Sequence[str], title: str, *, most: int, room: int) -> list[int]:
    """Return the places of at most ``most`` sentences, of ``room`` characters in all, in order.

    They are those that share most of their words with the others and with the title.
    """
    stems = [
        {term.stem for term in analyse(text) if term.surface not in STOP_WORDS} for text in texts
    ]
    often = Counter(stem for each in stems for stem in each)
    titled = {term.stem for term in analyse(title)}

    def weight(place: int) -> float:
        shared = sum(often[stem] - 1 + NAMED * (stem in titled) for stem in stems[place])
        # A short one says little; of equals the first.
        return shared / (len(stems[place]) + 4) - place / (10 * len(texts))

    chosen: list[int] = []
    for place in sorted(range(len(texts)), key=lambda place: (-weight(place), place)):
        if len(chosen) == most:
            break
        if stems[place] and len(texts[place]) <= room:
            chosen.append(place)
            room -= len(texts[place]) + 1
    return sorted(chosen)
