"""Turns rows into the core's values; the column orders are those of ``queries/catalog.sql``."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.core.catalog import Segment, SegmentKind
from bot.core.timecode import Timecode

Row = tuple[Any, ...]

SEGMENT_WIDTH = 9
"""Columns of ``segment_columns``."""

ID, KIND, AT, LINK_AT = 0, 1, 2, 4
"""Places of some of them."""

_KINDS = {kind.value: kind for kind in SegmentKind}

MAX_ID = 2**63 - 1

AFTER_ALL = "\U0010ffff"
"""Comes after every letter: what begins with a text lies between it and it with this behind."""

MAX_ROWS = 10_000
"""Rows returned at most, whatever limit is asked for: more than any page or list shows."""


def row_id(ident: int) -> int:
    """Return an id as SQLite can hold it: what no row can have becomes 0, which no row has."""
    return ident if 0 < ident <= MAX_ID else 0


def row_limit(limit: int) -> int:
    """Return a limit as SQLite takes it: there a negative one would mean all rows."""
    return min(max(limit, 0), MAX_ROWS)


def storable(text: str) -> str:
    """Return text as UTF-8 can hold it: half a surrogate pair becomes a replacement mark."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def stamp(at: datetime) -> str:
    """Return an aware time as stored: in UTC, of one width, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


# Values are shared rather than made anew: a frozen dataclass costs more than its row.
timecode_at = lru_cache(maxsize=8_192)(Timecode)


def seconds(at: Timecode | None) -> int | None:
    """Return a media offset as stored."""
    return None if at is None else at.seconds


def timecode(value: int | None) -> Timecode | None:
    """Return a stored media offset."""
    return None if value is None else timecode_at(value)


def segment_of(row: Row, episode_id: int) -> Segment:
    """Return the segment of a row that begins with ``segment_columns``."""
    ident, kind, at_second, end_at, link_second, title, text, corrected, sponsor = row[
        :SEGMENT_WIDTH
    ]
    at = timecode_at(at_second)
    return Segment(
        ident,
        episode_id,
        _KINDS[kind],
        at,
        None if end_at is None else timecode_at(end_at),
        at if link_second == at_second else timecode(link_second),
        title,
        text,
        corrected == 1,
        sponsor == 1,
    )
