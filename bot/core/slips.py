"""How likely a word is a slip of another: by the edit that it takes, and by how common that is.

What is typed wrong is mostly one edit away: a letter that is missing, too much or another one, or
two that are swapped (Damerau 1964). A lost, a doubled or a swapped letter is one of few that a
word allows, another letter is one of twenty-five: that makes it less likely to be just this one
(the noisy channel of Kernighan, Church and Gale 1990).
"""

from __future__ import annotations

import math

LIKELY, BESIDE, ANY = 0.0, math.log(5), math.log(25)
"""What speaks against an edit: a letter lost, doubled or swapped; one of some five keys beside
the right one; any other letter."""

COMMON = 0.5
"""How much being common speaks for a word, by its logarithm.

Less than it does in talk: people search by telling words, and these are rare.
"""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {key: (x + y / 2, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}


def likelihood(typed: str, meant: str, times: int) -> float:
    """Return how likely ``typed`` is meant to be a word that is said so many times."""
    return COMMON * math.log(max(times, 1)) - cost(typed, meant)


def cost(typed: str, meant: str) -> float:
    """Return what speaks against the one edit between two words; ANY if it takes more."""
    at = _alike(typed, meant)
    if len(typed) == len(meant) - 1 and typed[at:] == meant[at + 1 :]:
        return LIKELY
    if len(typed) == len(meant) + 1 and typed[at + 1 :] == meant[at:]:
        # Of two equal letters the second is taken for the one too many.
        doubled = typed[at] == typed[at - 1 : at]
        return LIKELY if doubled else _pressed(typed[at], meant[max(at - 1, 0) : at + 1])
    if len(typed) == len(meant):
        if typed[at : at + 2] == meant[at : at + 2][::-1] and typed[at + 2 :] == meant[at + 2 :]:
            return LIKELY
        if typed[at + 1 :] == meant[at + 1 :]:
            return _pressed(typed[at], meant[at])
    return ANY


def _alike(one: str, other: str) -> int:
    """Return how many letters two words begin with alike."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _pressed(key: str, around: str) -> float:
    """Return what speaks against a key where one or two letters belong."""
    return BESIDE if any(_beside(key, letter) for letter in around) else ANY


def _beside(one: str, other: str) -> bool:
    if one not in _KEYS or other not in _KEYS:
        return False
    (x, y), (across, down) = _KEYS[one], _KEYS[other]
    return abs(x - across) <= 1 and abs(y - down) <= 1
