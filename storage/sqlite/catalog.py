"""Reads of episodes and moments, each one function of a connection and the reading tenant."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from bot.core.analysis import words
from bot.core.catalog import (
    PUBLIC,
    Around,
    Episode,
    Moment,
    Reference,
    SegmentDraft,
    StoredEpisode,
    Tenant,
)
from bot.core.timecode import Timecode
from storage.sqlite.connection import snapshot
from storage.sqlite.episodes import (
    EPISODE_WIDTH,
    MOMENT_WIDTH,
    episode_of,
    moments_of,
    with_moments,
)
from storage.sqlite.rows import Row, row_id, row_limit, storable
from storage.sqlite.sql import SQL

PUBLIC_SCOPE = 1
"""The first migration's first scope."""


def scopes(connection: sqlite3.Connection, tenant: Tenant) -> list[int]:
    """Return the scopes a tenant reads: the public one, then its own if it has one."""
    if tenant == PUBLIC:
        return [PUBLIC_SCOPE]
    own = connection.execute(SQL["scope"], {"tenant": tenant}).fetchall()
    return [PUBLIC_SCOPE, *(scope for (scope,) in own)]


def moment(connection: sqlite3.Connection, tenant: Tenant, segment_id: int) -> Moment | None:
    """Return one moment."""
    parameters = {"tenant": tenant, "segment": row_id(segment_id)}
    found = moments_of(connection, connection.execute(SQL["moment"], parameters).fetchall())
    return found[0] if found else None


def moments(
    connection: sqlite3.Connection, tenant: Tenant, segment_ids: Iterable[int]
) -> list[Moment]:
    """Return those of the moments that the tenant sees, in the order asked for."""
    parameters = {"tenant": tenant, "segments": json.dumps(list(segment_ids))}
    return moments_of(connection, connection.execute(SQL["moments"], parameters).fetchall())


def neighbours(
    connection: sqlite3.Connection, tenant: Tenant, segment_id: int
) -> tuple[Moment | None, Moment | None]:
    """Return the moments before and after one."""
    parameters = {"tenant": tenant, "segment": row_id(segment_id)}
    found = moments_of(connection, connection.execute(SQL["neighbours"], parameters).fetchall())
    here = next((i for i, one in enumerate(found) if one.segment.id == segment_id), None)
    if here is None:
        return None, None
    return (
        found[here - 1] if here > 0 else None,
        found[here + 1] if here + 1 < len(found) else None,
    )


def is_new(connection: sqlite3.Connection) -> bool:
    """Return whether no episode was ever stored; ids are never used twice, so SQLite knows."""
    return connection.execute(SQL["is_new"]).fetchone() is None


def around(connection: sqlite3.Connection, tenant: Tenant, episode_id: int, at: Timecode) -> Around:
    """Return what lies around a time."""
    parameters = {"tenant": tenant, "episode": row_id(episode_id), "at": at.seconds}
    rows = connection.execute(SQL["around"], parameters).fetchall()
    parts = {row[MOMENT_WIDTH]: one for row, one in with_moments(connection, rows)}
    within = parts.get("chapter before")
    if "note before" in parts or "note after" in parts:
        before, after = parts.get("note before"), parts.get("note after")
    else:
        before, after = within, parts.get("chapter after")
    if within is not None and (within.segment.end is None or at >= within.segment.end):
        within = None
    return Around(parts.get("linked"), before, after, within)


def between(
    connection: sqlite3.Connection,
    tenant: Tenant,
    episode_id: int,
    start: Timecode,
    end: Timecode,
    limit: int,
) -> list[Moment]:
    """Return the moments that start within a stretch, its ends included, by time."""
    parameters = {
        "tenant": tenant,
        "episode": row_id(episode_id),
        "start": start.seconds,
        "end": end.seconds,
        "limit": row_limit(limit),
    }
    return moments_of(connection, connection.execute(SQL["between"], parameters).fetchall())


def outline(
    connection: sqlite3.Connection, tenant: Tenant, episode_id: int, offset: int, limit: int
) -> list[Moment]:
    """Return an episode's moments by time."""
    parameters = {
        "tenant": tenant,
        "episode": row_id(episode_id),
        "offset": row_id(offset),
        "limit": row_limit(limit),
    }
    return moments_of(connection, connection.execute(SQL["outline"], parameters).fetchall())


def episode(connection: sqlite3.Connection, tenant: Tenant, episode_id: int) -> Episode | None:
    """Return one episode."""
    parameters = {"tenant": tenant, "episode": row_id(episode_id)}
    return _first(connection.execute(SQL["episode"], parameters).fetchall())


def episodes(
    connection: sqlite3.Connection, tenant: Tenant, offset: int, limit: int
) -> list[Episode]:
    """Return the episodes a tenant sees, its own first, then newest import first."""
    parameters = {"tenant": tenant, "offset": row_id(offset), "limit": row_limit(limit)}
    return [episode_of(row) for row in connection.execute(SQL["episodes"], parameters).fetchall()]


def find_episodes(
    connection: sqlite3.Connection, tenant: Tenant, typed: str, limit: int
) -> list[Episode]:
    """Return episodes with a word of title, show or recording that begins with each one typed.

    The table is small: it is read whole, in the order of ``episodes``.
    """
    starts = [f" {word}" for word in words(typed)]
    parameters = {
        "tenant": tenant,
        "typed": storable(typed.strip()),
        # What holds no word matches nothing, rather than everything.
        "word_starts": json.dumps(starts or ["\n"]),
        "limit": row_limit(limit),
    }
    rows = connection.execute(SQL["episodes_of_words"], parameters).fetchall()
    return [episode_of(row) for row in rows]


def episode_of_media(
    connection: sqlite3.Connection, tenant: Tenant, media_key: str
) -> Episode | None:
    """Return the episode of a recording; a tenant's own before a public one."""
    parameters = {"tenant": tenant, "media_key": storable(media_key)}
    return _first(connection.execute(SQL["episode_of_media"], parameters).fetchall())


def _first(rows: list[Row]) -> Episode | None:
    return episode_of(rows[0]) if rows else None


def stored_episode(
    connection: sqlite3.Connection, tenant: Tenant, episode_id: int
) -> StoredEpisode | None:
    """Return an episode as its source wrote it, each segment also as the tenant reads it."""
    parameters = {"tenant": tenant, "episode": row_id(episode_id)}
    with snapshot(connection):
        head = connection.execute(SQL["episode_document"], parameters).fetchone()
        rows = connection.execute(SQL["episode_rows"], parameters).fetchall()
    if head is None:
        return None
    intro, reference_list, layout = head[EPISODE_WIDTH:]
    return StoredEpisode(
        episode=episode_of(head[:EPISODE_WIDTH]),
        intro=intro,
        references=tuple(Reference(text, url) for text, url in json.loads(reference_list)),
        layout=layout,
        segments=tuple(
            (_draft(one, *row[MOMENT_WIDTH:]), one.segment)
            for row, one in with_moments(connection, rows)
        ),
    )


def _draft(read: Moment, title: str, text: str, link_url: str | None, cells: str) -> SegmentDraft:
    segment = read.segment
    return SegmentDraft(
        at=segment.at,
        title=title,
        text=text,
        kind=segment.kind,
        end=segment.end,
        link_at=segment.link_at,
        link_url=link_url,
        cells=tuple(json.loads(cells)),
        sponsor=segment.sponsor,
    )
