"""How many chapters a talk has: about what people give a talk of its length."""

from __future__ import annotations

import math

FEWEST = 2

_PACE = 2.8
_GROWTH = 0.34
"""Fitted on people's chapters of podcasts: an hour has 11, five hours have some 20."""

_LEAST_SHARE = 0.6
_MOST_SHARE = 1.5
_PRICE = 0.85
"""What one more chapter costs, in the gain of a usual one: so many are made on the average."""

_STRICTNESS = 6.0
"""How dear it is to have other than the usual number."""


def usual_count(duration_s: float) -> int:
    """Return the usual number of chapters of a talk."""
    minutes = max(duration_s, 0.0) / 60
    return max(FEWEST, round(_PACE * math.pow(minutes, _GROWTH)))


def counts_around(usual: int) -> range:
    """Return the numbers of chapters that are considered."""
    return range(max(FEWEST, int(usual * _LEAST_SHARE)), math.ceil(usual * _MOST_SHARE) + 1)


def price(count: int, usual: int) -> float:
    """Return what it costs to have ``count`` chapters, to set against what they gain."""
    strange = math.log(count / usual)
    return _PRICE * count + _STRICTNESS * strange * strange
