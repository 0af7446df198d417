"""Turns rows into the core's values; the column orders are those of ``queries/catalog.sql``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.core.catalog import Episode, Moment, Segment, SegmentKind, Tenant
from bot.core.media import Media
from bot.core.timecode import Timecode

Row = tuple[Any, ...]

SEGMENT_WIDTH = 8
"""Columns of ``segment_columns``."""

MOMENT_WIDTH = SEGMENT_WIDTH + 11
"""Columns of ``segment_columns`` and ``episode_columns``."""

_KINDS = {kind.value: kind for kind in SegmentKind}

MAX_ID = 2**63 - 1

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


@lru_cache(maxsize=1_024)
def episode_of(row: Row) -> Episode:
    """Return the episode of ``episode_columns``; equal rows share one."""
    (ident, tenant, title, key, url, show, label, duration, count, first_at, last_at) = row
    return Episode(
        ident,
        Tenant(tenant),
        title,
        Media(key, url),
        show,
        label,
        timecode(duration),
        count,
        timecode_at(first_at),
        timecode_at(last_at),
    )


def segment_of(row: Row, episode_id: int) -> Segment:
    """Return the segment of ``segment_columns``."""
    ident, kind, at_second, end_at, link_second, title, text, corrected = row
    at = timecode_at(at_second)
    link_at = at if link_second == at_second else timecode(link_second)
    return Segment(
        ident,
        episode_id,
        _KINDS[kind],
        at,
        timecode(end_at),
        link_at,
        title,
        text,
        bool(corrected),
    )


def moments_of(rows: Iterable[Row]) -> list[Moment]:
    """Return the moments of rows that begin with ``segment_columns`` and ``episode_columns``."""
    return [
        Moment(
            segment_of(row[:SEGMENT_WIDTH], row[SEGMENT_WIDTH]),
            episode_of(row[SEGMENT_WIDTH:MOMENT_WIDTH]),
        )
        for row in rows
    ]
