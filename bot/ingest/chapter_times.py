"""What the readers of chapters share: the times of files, and what goes beyond all bounds."""

from __future__ import annotations

import re

from bot.core.errors import BadDocument
from bot.core.timecode import MAX_SECONDS

MAX_MS = MAX_SECONDS * 1_000

MAX_CHAPTERS = 5_000
"""Most chapters of one recording: a chapter for every eight seconds of twelve hours."""

MAX_TIMES = 100_000
"""Most times of chapters in one feed: twenty in each of five thousand items."""

_CLOCK = re.compile(
    r"(?:(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,4}):)?(?P<s>\d{1,6})(?:[.,](?P<part>\d{1,9}))?"
)


class Times:
    """Counts the times in a feed, each of which may begin a chapter, and takes time to read."""

    def __init__(self) -> None:
        self._left = MAX_TIMES

    def take(self, number: int) -> None:
        """Count so many more; raise BadDocument where that is too much."""
        self._left -= number
        if self._left < 0:
            raise BadDocument(f"This feed has more than {MAX_TIMES:,} times of chapters.")


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
