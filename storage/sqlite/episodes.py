"""Episodes as values, kept between reads: many moments are of few episodes.

What a row of ``episode`` says is fixed by its id, its tenant and the digest of its document, so
a kept value needs no other check and can never be stale, whichever database it came from.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from bot.core.catalog import Episode, Moment, Tenant
from bot.core.media import Media
from storage.sqlite.rows import SEGMENT_WIDTH, Row, segment_of, timecode, timecode_at
from storage.sqlite.sql import SQL

EPISODE_WIDTH = 15
"""Columns of ``episode_columns``."""

KEY_WIDTH = 3
"""Columns of ``episode_key``, which ``episode_columns`` begins with."""

MOMENT_WIDTH = SEGMENT_WIDTH + KEY_WIDTH

KEPT = 16_384
"""Episodes kept, about half a kilobyte each: those of a million segments."""

_kept: dict[Row, Episode] = {}


def episode_of(row: Row) -> Episode:
    """Return the episode of ``episode_columns``."""
    key = row[:KEY_WIDTH]
    episode = _kept.get(key)
    if episode is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        episode = _kept[key] = _episode(*row)
    return episode


def _episode(
    ident: int,
    tenant: str,
    _digest: str,
    title: str,
    media_key: str,
    media_url: str,
    show: str | None,
    source_label: str,
    duration: int | None,
    segment_count: int,
    first_at: int,
    last_at: int,
    chapter_count: int,
    chapters_label: str,
    transcript_label: str,
) -> Episode:
    return Episode(
        id=ident,
        tenant=Tenant(tenant),
        title=title,
        media=Media(media_key, media_url),
        show=show,
        source_label=source_label,
        duration=timecode(duration),
        segment_count=segment_count,
        first_at=timecode_at(first_at),
        last_at=timecode_at(last_at),
        chapter_count=chapter_count,
        chapters_label=chapters_label,
        transcript_label=transcript_label,
    )


def with_moments(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[tuple[Row, Moment]]:
    """Return rows that begin with ``segment_columns`` and ``episode_key``, each with its moment.

    A row whose episode another process removed between two statements is left out.
    """
    episodes = episodes_of(connection, [row[SEGMENT_WIDTH:MOMENT_WIDTH] for row in rows])
    return [
        (row, Moment(segment_of(row, episode.id), episode))
        for row in rows
        if (episode := episodes.get(row[SEGMENT_WIDTH])) is not None
    ]


def episodes_of(connection: sqlite3.Connection, keys: Iterable[Row]) -> dict[int, Episode]:
    """Return the episodes of ``episode_key`` rows by their ids, those that are still there."""
    episodes = {key[0]: _kept.get(key) for key in keys}
    missing = [ident for ident, episode in episodes.items() if episode is None]
    if missing:
        episodes.update(_read(connection, missing))
    return {ident: episode for ident, episode in episodes.items() if episode is not None}


def moments_of(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[Moment]:
    """Return the moments of rows that begin with ``segment_columns`` and ``episode_key``."""
    return [moment for _, moment in with_moments(connection, rows)]


def _read(connection: sqlite3.Connection, episode_ids: Iterable[int]) -> dict[int, Episode]:
    parameters = {"episodes": json.dumps(list(episode_ids))}
    rows = connection.execute(SQL["episodes_by_id"], parameters).fetchall()
    return {row[0]: episode_of(row) for row in rows}
