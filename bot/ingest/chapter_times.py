"""What the readers of chapters share: the times of files, and what goes beyond all bounds."""

from __future__ import annotations

import re

from bot.core.timecode import MAX_SECONDS

MAX_MS = MAX_SECONDS * 1_000

MAX_CHAPTERS = 5_000
"""Most chapters of one recording: a chapter for every eight seconds of twelve hours."""

_CLOCK = re.compile(
    r"(?:(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,4}):)?(?P<s>\d{1,6})(?:[.,](?P<part>\d{1,9}))?"
)


def clock_ms(text: str) -> int | None:
    """Return the milliseconds that a file's time names, or None if it names none.

    Files write ``1:02:03.5``, ``62:03`` or seconds alone: two parts are minutes and seconds.
    """
    clock = _CLOCK.fullmatch(text.strip())
    if clock is None:
        return None
    hours, minutes, seconds = (int(clock[unit] or 0) for unit in "hms")
    if (clock["h"] and minutes > 59) or (clock["m"] and seconds > 59):
        return None
    part = int((clock["part"] or "")[:3].ljust(3, "0"))
    total = (hours * 3600 + minutes * 60 + seconds) * 1_000 + part
    return total if total <= MAX_MS else None
