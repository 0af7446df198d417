"""How many chapters an episode of some length has, for every method alike."""

from __future__ import annotations

import math

FACTOR, POWER = 2.8, 0.34


def chapter_count(duration: float) -> int:
    """Return FACTOR times the minutes to the POWER, at least one: fitted on human chapters."""
    return max(round(FACTOR * math.pow(duration / 60, POWER)), 1)
