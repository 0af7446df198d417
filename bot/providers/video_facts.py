"""What YouTube says of a video, believed as far as it can be: the same by every way."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.core.errors import BadDocument
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.core.transcript import Chapter
from bot.core.wording import shorten
from bot.ingest.chapter_lists import read_chapters
from bot.ingest.plain_text import MAX_TEXT, MAX_TITLE, storable, tidied

MOST_CHAPTERS = 1_000

_DURATION = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,7})S)?)?", re.ASCII
)


def line(value: object, limit: int = MAX_TITLE) -> str:
    """Return a text on one line, cut at a word; what is no text is empty."""
    if not isinstance(value, str):
        return ""
    return shorten(tidied(" ".join(storable(value[: 20 * limit]).split())), limit)


def text(value: object) -> str:
    """Return a text with its lines, cut at a word; what is no text is empty."""
    if not isinstance(value, str):
        return ""
    lines = storable(value[: 2 * MAX_TEXT]).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return shorten("\n".join(map(tidied, lines)).strip(), MAX_TEXT)


def whole_seconds(value: object) -> Timecode | None:
    """Return a duration in seconds as YouTube counts it; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Timecode(int(value)) if 1 <= value <= MAX_SECONDS else None


def iso_duration(value: object) -> Timecode | None:
    """Return a duration such as ``PT4H57M3S``; None for what is none, or lasts no time."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
    return whole_seconds((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds)


def described_chapters(description: str, duration: Timecode | None) -> tuple[Chapter, ...]:
    """Return the chapters that a description lists; none where it lists none of this video."""
    try:
        return _inside(read_chapters(description), duration)
    except BadDocument:
        return ()


def given_chapters(value: object, duration: Timecode | None) -> tuple[Chapter, ...]:
    """Return chapters given as objects of ``start_time`` in seconds and ``title``."""
    if not isinstance(value, list) or len(value) > MOST_CHAPTERS:
        return ()
    chapters: list[Chapter] = []
    for each in value:
        start = each.get("start_time") if isinstance(each, dict) else None
        title = line(each.get("title")) if isinstance(each, dict) else ""
        if isinstance(start, bool) or not isinstance(start, int | float):
            return ()
        if not 0 <= start <= MAX_SECONDS or not title:
            return ()
        chapters.append(Chapter(round(start * 1_000), title))
    ascending = all(a.start_ms < b.start_ms for a, b in pairwise(chapters))
    return _inside(tuple(chapters), duration) if ascending else ()


def _inside(chapters: tuple[Chapter, ...], duration: Timecode | None) -> tuple[Chapter, ...]:
    """Return chapters if all begin before the end: others are of another recording."""
    beyond = duration and any(each.start_ms >= duration.seconds * 1_000 for each in chapters)
    return () if beyond else chapters
