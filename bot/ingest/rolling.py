"""Captions that roll: each cue shows again the line before, as automatic captions do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.core.transcript import Cue

MAX_REPEATED = 80
"""Most words that a cue is taken to show again: more than three lines hold."""

TOUCHING_MS = 100
"""How far apart two cues may lie where one rolls into the next."""

_LEAST_LETTERS = 8
"""Shortest text whose coming again says something: "No. No." may be said twice."""

_LEAST_TIMES = 3
_LEAST_SHARE = 3
"""A transcript rolls when a cue in three does: one that does not has none but by chance."""


def is_rolling(cues: Sequence[Cue]) -> bool:
    """Return whether many of the cues, in order, show again what the one before them showed."""
    times = 0
    for before, after in pairwise(cues):
        # Most have no word of the one before: they need not be cut into words.
        if after.text.split(None, 1)[0] in before.text and touching(before, after):
            now = after.text.split()
            again = now[: repeated(before.text.split(), now)]
            times += sum(map(len, again)) >= _LEAST_LETTERS
    return times >= max(_LEAST_TIMES, len(cues) // _LEAST_SHARE)


def touching(before: Cue, after: Cue) -> bool:
    """Return whether a cue follows another without a gap."""
    return after.start_ms - before.end_ms <= TOUCHING_MS


def repeated(before: Sequence[str], now: Sequence[str]) -> int:
    """Return with how many of its words ``now`` begins as ``before`` ends."""
    if not now or now[0] not in before[-MAX_REPEATED:]:
        return 0
    for size in range(min(len(before), len(now), MAX_REPEATED), 0, -1):
        if before[-size] == now[0] and before[-size:] == now[:size]:
            return size
    return 0
