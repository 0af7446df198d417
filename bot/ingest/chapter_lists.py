"""Reads the lists of chapters that people write: alone, or somewhere in a description.

``(00:00) Intro``, ``Intro 0:00``, ``• 1:02:03 | Title``, ``[1:02:03](link) Title`` and their
kin. It is more lenient than YouTube, whose own rules ``youtube_would_show`` tells; a list whose
times go backwards is refused rather than put in an order that nobody wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.core.errors import BadDocument
from bot.core.transcript import Chapter
from bot.core.wording import shorten
from bot.ingest.chapter_lines import Entry, text_lines, timed_entries
from bot.ingest.plain_text import storable
from bot.ingest.sponsors import is_sponsor
from bot.ingest.time_labels import settle

__all__ = ["is_sponsor", "read_chapters", "youtube_would_show"]

MAX_LENGTH = 1_000_000
"""Longest text read, in characters."""

FEWEST = 2
"""A single time is a remark, two are a list."""

FEWEST_TRAILING = 3
"""Lists with their times behind are read only if they begin at the beginning, and go on:
``Some song 3:45`` says how long it is."""

_BEGINNING_MS = 60_000

YOUTUBE_FEWEST = 3
YOUTUBE_SHORTEST_MS = 10_000

_NO_LIST = "I see no list of chapters there: a line for each, such as 1:02:03 Title."


def read_chapters(text: str) -> tuple[Chapter, ...]:
    """Return the chapters of the longest list in a text, by their start.

    A line that stands there twice counts once, and a list written backwards is turned round.
    Raise BadDocument, with the line where there is one, where no list is found, a time is
    impossible, or times repeat or go backwards.
    """
    if len(text) > MAX_LENGTH:
        raise BadDocument("The text is longer than a million characters.")
    lines = text_lines(storable(text).replace("\r\n", "\n").replace("\r", "\n"))
    leading, trailing = timed_entries(lines)
    best = max(
        _longest(leading, FEWEST),
        _longest(trailing, FEWEST_TRAILING, from_beginning=True),
        key=len,
    )
    if not best:
        raise BadDocument(_NO_LIST)
    return tuple(each.chapter for each in best)


def youtube_would_show(chapters: Sequence[Chapter]) -> bool:
    """Return whether YouTube makes chapters of these.

    Its rules: the first at 0:00, three or more, each after the one before, of 10 s or more.
    How long the last one is only the video knows, unless it says so itself.
    """
    starts = [chapter.start_ms for chapter in chapters]
    if len(starts) < YOUTUBE_FEWEST or starts[0] >= 1_000:
        return False
    end = chapters[-1].end_ms
    ends = [*starts[1:], starts[-1] + YOUTUBE_SHORTEST_MS if end is None else end]
    lengths = (end - start for start, end in zip(starts, ends, strict=True))
    return all(length >= YOUTUBE_SHORTEST_MS for length in lengths)


@dataclass(frozen=True, slots=True)
class _Placed:
    entry: Entry
    chapter: Chapter


def _longest(
    entries: Sequence[Entry], fewest: int, *, from_beginning: bool = False
) -> list[_Placed]:
    """Return the longest list among entries, or none; raise BadDocument if it is broken."""
    possible = [entry for entry in entries if entry.label is not None]
    if len(possible) < fewest:
        return []
    parts = _parts(possible)
    index = max(range(len(parts)), key=lambda number: len(parts[number]))
    placed = _placed(parts[index])
    begins = not from_beginning or min(each.chapter.start_ms for each in placed) < _BEGINNING_MS
    if len(placed) < fewest or not begins:
        return []
    for one, other in pairwise(parts):
        if parts[index] in (one, other) and min(len(one), len(other)) >= FEWEST:
            _refuse_broken(one, other)
    _refuse_impossible(entries, placed)
    return _in_order(placed)


def _parts(entries: list[Entry]) -> list[list[Entry]]:
    """Part entries where another list begins: at 0:00, or further back after other text."""
    seconds = [_first_reading(entry) for entry in entries]
    if len(entries) > FEWEST and all(a > b for a, b in pairwise(seconds)):
        return [entries[::-1]]
    parts = [[entries[0]]]
    for (before, at), entry in zip(pairwise(seconds), entries[1:], strict=True):
        if at <= before and (entry.apart or (at == 0 and before > 0)):
            parts.append([])
        parts[-1].append(entry)
    return parts


def _first_reading(entry: Entry) -> int:
    return entry.label.readings[0].seconds if entry.label else 0


def _placed(entries: Sequence[Entry]) -> list[_Placed]:
    """Return entries with their times settled, each line that stands there twice once."""
    rows = [(entry.label, entry.link_at) for entry in entries if entry.label is not None]
    placed: dict[tuple[int, str], _Placed] = {}
    for entry, settled in zip(entries, settle(rows), strict=True):
        chapter = Chapter(
            start_ms=settled.at.seconds * 1_000 + entry.part_ms,
            title=entry.title,
            end_ms=settled.end.seconds * 1_000 if settled.end else None,
            url=entry.url,
        )
        if chapter.end_ms is not None and chapter.end_ms <= chapter.start_ms:
            chapter = replace(chapter, end_ms=None)
        placed.setdefault((chapter.start_ms, chapter.title), _Placed(entry, chapter))
    return list(placed.values())


def _refuse_broken(one: Sequence[Entry], other: Sequence[Entry]) -> None:
    """Refuse two parts of which the second goes on behind the first: a list out of order.

    Where it goes back to the beginning it is a list of its own, say in another language.
    """
    if _first_reading(other[0]) > _first_reading(one[0]):
        raise _backwards(one[-1], other[0])


def _refuse_impossible(entries: Sequence[Entry], placed: Sequence[_Placed]) -> None:
    numbers = [each.entry.number for each in placed]
    for entry in entries:
        if entry.label is None and min(numbers) - 1 <= entry.number <= max(numbers) + 1:
            written = shorten(entry.written, 40)
            raise BadDocument(f"{written} is no time I can read.", line=entry.number)


def _in_order(placed: list[_Placed]) -> list[_Placed]:
    for one, other in pairwise(placed):
        if other.chapter.start_ms < one.chapter.start_ms:
            raise _backwards(one.entry, other.entry)
        if other.chapter.start_ms == one.chapter.start_ms:
            raise BadDocument(
                f"{other.entry.written} is the time of line {one.entry.number} already.",
                line=other.entry.number,
            )
    return placed


def _backwards(one: Entry, other: Entry) -> BadDocument:
    return BadDocument(
        f"{other.written} comes after {one.written} of line {one.number}, but lies before it.",
        line=other.number,
    )
