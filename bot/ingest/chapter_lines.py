"""Finds the lines of a text that name a time and a title, as people write lists of chapters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.core.errors import BadDocument, InvalidTime
from bot.core.timecode import Timecode
from bot.core.timequery import TimeQuery
from bot.core.wording import shorten
from bot.ingest.chapter_times import MAX_CHAPTERS
from bot.ingest.inline_markdown import Link, read_inline
from bot.ingest.plain_text import BREAK_TAG, MAX_TITLE, tidied
from bot.ingest.recordings import recording
from bot.ingest.time_labels import read_label

MAX_LINE = 4_000
"""Longest line that can name a chapter, in characters: one with the longest link fits."""

_REMEMBERED = 4_096
"""Times whose reading is kept: the lists of a show have most of them in common."""

_COLON = "[:：∶]"
_TIME = (
    rf"(?<![\d.,:：∶])\d{{1,3}}{_COLON}\d\d(?:{_COLON}\d\d)?(?:[.,]\d{{1,3}})?(?![\d:：∶]|[.,]\d)"
)
_SPAN = rf"(?P<time>{_TIME})(?P<end>[)\]]?\s?(?:[-–—−→]|to\b)\s?[(\[]?{_TIME})?"

# Half past twelve is no place in a recording. "Am Anfang" is a title.
_OF_DAY = r"(?!\s?(?:AM|PM|am|pm|[ap]\.m\.|[Uu]hr|o.clock|[ECMP][SD]T|CES?T|BST|GMT|UTC)\b)"

_LEADING = re.compile(
    rf"[^\w(\[]*+(?:\d{{1,3}}[.):]?\s++[^\w(\[]*+)?[(\[]*+{_SPAN}{_OF_DAY}(?![A-Za-z0-9])"
    r"(?P<title>.*)"
)
_TRAILING = re.compile(rf"(?<=[\s(\[|–—-]){_SPAN}{_OF_DAY}[\s)\]|*.]*+\Z")
_ALONE = re.compile(rf"\W*+{_SPAN}\W*+")
_HINT = re.compile(rf"\d{_COLON}\d\d")
_MARKUP = re.compile(r"[\\`*_~<>&\[]|://")
_FRACTION = re.compile(rf"{_COLON}\d\d[.,](\d{{1,3}})")

_LINE_END = re.compile(rf"{BREAK_TAG.pattern}|\n", re.IGNORECASE)

_BEFORE_TITLE = re.compile(r"(?:[\s|•·=)\]>:：–—−→~_-]|\.(?=\s))*+")
_AFTER_TITLE = " \t|•·=([<:：–—−→~-"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not blank, its markup taken off if it may name a time.

    ``number`` counts from 1 in the source. A line that is too long has no text here.
    """

    number: int
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that names a time and a title; ``label`` is None if the time is impossible."""

    number: int
    written: str
    title: str
    label: TimeQuery | None
    part_ms: int = 0
    """What the time has beyond its second."""
    link_at: Timecode | None = None
    url: str = ""
    apart: bool = False
    """Whether other text stands between this entry and the one before it."""


def times_in(text: str) -> int:
    """Return in how many places a text may name a time."""
    return sum(1 for _ in _HINT.finditer(text))


def text_lines(text: str) -> list[TextLine]:
    """Return the lines of a text, or of the HTML of a description; none if none has a time."""
    if not _HINT.search(text):
        return []
    lines: list[TextLine] = []
    number, start = 1, 0
    for end in _LINE_END.finditer(text):
        if start < end.start():
            lines += _line(number, text[start : end.start()])
        number += text.count("\n", start, end.end())
        start = end.end()
    lines += _line(number, text[start:])
    return _paired(lines)


def timed_entries(lines: Sequence[TextLine]) -> tuple[list[Entry], list[Entry]]:
    """Return the lines that begin with a time, and those that end with one.

    ``0:00 Intro`` and ``• [1:02:03] Title``; ``Intro 0:00`` and ``Title (1:02:03)``.
    Raise BadDocument for more of them than a recording has chapters.
    """
    leading: list[Entry] = []
    trailing: list[Entry] = []
    last_leading = last_trailing = -1
    for index, line in enumerate(lines):
        if not _HINT.search(line.text):
            continue
        if len(leading) + len(trailing) >= MAX_CHAPTERS:
            raise BadDocument(f"This list has more than {MAX_CHAPTERS:,} chapters.")
        if found := _LEADING.match(line.text):
            if entry := _entry(line, found, found["title"], apart=index > last_leading + 1):
                leading.append(entry)
                last_leading = index
        elif found := _TRAILING.search(line.text):
            before = line.text[: found.start()]
            if entry := _entry(line, found, before, apart=index > last_trailing + 1):
                trailing.append(entry)
                last_trailing = index
    return leading, trailing


def _line(number: int, source: str) -> Iterator[TextLine]:
    if not source or source.isspace():
        return
    if len(source) > MAX_LINE:
        # It stands between its neighbours, and names nothing.
        yield TextLine(number, "")
    elif _HINT.search(source):
        yield _read(number, source)
    else:
        yield TextLine(number, source)


def _read(number: int, source: str) -> TextLine:
    if not _MARKUP.search(source):
        return TextLine(number, tidied(source))
    inline = read_inline(source)
    return TextLine(number, " ".join(inline.text.split()), inline.links)


def _paired(lines: list[TextLine]) -> list[TextLine]:
    """Join times and titles that take turns, as in what is copied from a player's own list."""
    if len(lines) < 4 or len(lines) % 2:
        return lines
    alone = [_ALONE.fullmatch(line.text) is not None for line in lines]
    below, above = alone[::2], alone[1::2]
    if all(below) and not any(above):
        pairs = zip(lines[::2], lines[1::2], strict=True)
    elif all(above) and not any(below):
        pairs = zip(lines[1::2], lines[::2], strict=True)
    else:
        return lines
    return [_joined(time, title) for time, title in pairs]


def _joined(time: TextLine, title: TextLine) -> TextLine:
    # A title without a time was left as it is written until now.
    read = _read(title.number, title.text)
    return replace(time, text=f"{time.text} {read.text}", links=time.links + read.links)


def _entry(line: TextLine, found: re.Match[str], rest: str, *, apart: bool) -> Entry | None:
    time = found["time"]
    title, url = _title(rest, [link for link in line.links if time not in link.text])
    if not title:
        return None
    fraction = _FRACTION.search(time)
    return Entry(
        number=line.number,
        written=time,
        title=title,
        label=_label(time + (found["end"] or "")),
        part_ms=int(fraction[1].ljust(3, "0")) if fraction else 0,
        link_at=_link_at(time, line.links),
        url=url,
        apart=apart,
    )


@lru_cache(maxsize=_REMEMBERED)
def _label(written: str) -> TimeQuery | None:
    try:
        return read_label(written)
    except InvalidTime:
        return None


def _title(rest: str, links: Sequence[Link]) -> tuple[str, str]:
    """Return a title, and the address that belongs to it."""
    url = next((link.url for link in links if _opens_nothing_here(link.url)), "")
    if url and rest.rstrip(" >").endswith(url):
        rest = rest.rstrip(" >").removesuffix(url)
    title = rest[_match_end(rest) :].rstrip(_AFTER_TITLE)
    return (shorten(title, MAX_TITLE), url) if any(map(str.isalnum, title)) else ("", "")


def _match_end(rest: str) -> int:
    found = _BEFORE_TITLE.match(rest)
    return found.end() if found else 0


def _opens_nothing_here(url: str) -> bool:
    """Return whether an address is a page about something, not this recording's own second."""
    link = recording(url)
    return link is not None and link.at is None


def _link_at(time: str, links: Sequence[Link]) -> Timecode | None:
    for link in links:
        if time in link.text:
            opens = recording(link.url)
            return opens.at if opens else None
    return None
