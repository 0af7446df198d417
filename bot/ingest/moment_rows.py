"""Reads one table row: its time, its link, its title and its details."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.errors import BadDocument, InvalidTime
from bot.core.media import MediaLink
from bot.core.timequery import NO_SIXTY, TOO_LATE, TimeQuery
from bot.ingest.inline_markdown import Inline, one_line, plain, read_inline
from bot.ingest.parsed import Columns
from bot.ingest.recordings import recording
from bot.ingest.surrounding_text import MAX_DETAILS, MAX_TITLE
from bot.ingest.tables import Row
from bot.ingest.time_labels import MAX_TIME_CELL, looks_like_time, read_label

SHORT_TITLE = 120
"""Longest title made from the first words of the details, in characters."""

_SHOWN = 40
"""Most characters of a bad time that its sentence repeats."""


@dataclass(frozen=True, slots=True)
class RowLink:
    """A row's link to a recording: its address as written, and what it opens."""

    url: str
    opens: MediaLink


@dataclass(frozen=True, slots=True)
class RowReading:
    """A row as read by itself, before the rows around it settle which reading holds.

    ``written`` is the time as the document shows it. ``link`` is the time cell's;
    ``title_link`` the title's, where that opens a second.
    """

    row: Row
    written: str
    label: TimeQuery
    link: RowLink | None
    title_link: RowLink | None
    dead_link: bool
    title: str
    text: str
    borrowed_title: bool


def read_row(row: Row, columns: Columns, known: Mapping[str, str]) -> RowReading:
    """Read a row; raise BadDocument with its line if its time or a bound is not right."""
    if any(len(cell) > MAX_DETAILS for cell in row.cells):
        raise BadDocument(f"This cell is longer than {MAX_DETAILS:,} characters.", line=row.line)
    cell = row.cells[columns.time]
    if len(cell) > MAX_TIME_CELL:
        raise _not_a_time(cell, row.line)
    time = read_inline(cell, known)
    link = _link(time)
    title_cell = read_inline(row.cells[columns.title], known)
    title_link = _link(title_cell)
    title, text, borrowed = _words(row, columns, title_cell.text, known)
    return RowReading(
        row=row,
        written=time.text,
        label=_label(time.text, link, row.line),
        link=link,
        title_link=title_link if title_link and title_link.opens.at is not None else None,
        dead_link=bool(time.links) and link is None,
        title=title,
        text=text,
        borrowed_title=borrowed,
    )


def _link(inline: Inline) -> RowLink | None:
    for link in inline.links:
        opens = recording(link.url)
        if opens is not None:
            return RowLink(link.url, opens)
    return None


def _label(text: str, link: RowLink | None, line: int) -> TimeQuery:
    try:
        return read_label(text)
    except InvalidTime as error:
        # A bare link, or one on a word such as "Watch", is a time by its second alone.
        if link and link.opens.at is not None and not looks_like_time(text):
            return TimeQuery((link.opens.at,))
        if not text:
            raise BadDocument("This row has no time.", line=line) from None
        if error.sentence in {NO_SIXTY, TOO_LATE}:
            raise BadDocument(error.sentence, line=line) from None
        raise _not_a_time(text, line) from None


def _not_a_time(text: str, line: int) -> BadDocument:
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return BadDocument(
        f"“{one_line(shown)}” is not a time I can read. Write it like 17:51 or 2:00:32.", line=line
    )


def _words(
    row: Row, columns: Columns, lead: str, known: Mapping[str, str]
) -> tuple[str, str, bool]:
    """Return title, details, and whether the title was borrowed from the details."""
    if columns.text is None:
        title, text = split_lead(lead)
        borrowed = False
    else:
        title, text = one_line(lead), plain(row.cells[columns.text], known)
        borrowed = not _visible(title)
        title = _shortened(text) if borrowed else title
    if len(title) > MAX_TITLE:
        raise BadDocument(f"This title is longer than {MAX_TITLE} characters.", line=row.line)
    if not _visible(title):
        raise BadDocument("This row has neither a title nor details.", line=row.line)
    return title, text, borrowed


def split_lead(text: str) -> tuple[str, str]:
    """Return title and details of a cell that holds both.

    The first paragraph is the title; one that is too long for it is details, and lends its
    first words.
    """
    first, _, rest = text.partition("\n\n")
    return (first, rest) if len(first) <= MAX_TITLE else (_shortened(text), text)


def _shortened(text: str) -> str:
    first = text.partition("\n\n")[0]
    if len(first) <= SHORT_TITLE:
        return first
    head = first[:SHORT_TITLE].rpartition(" ")[0]
    return (head or first[: SHORT_TITLE - 1]) + "…"


def _visible(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in "CMZ" for character in text)
