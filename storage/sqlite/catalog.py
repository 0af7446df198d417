"""Reads of episodes and moments, each one function of a connection and the reading tenant."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from bot.core.analysis import words
from bot.core.catalog import (
    Around,
    Episode,
    Moment,
    Reference,
    SegmentDraft,
    StoredEpisode,
    Tenant,
)
from bot.core.timecode import Timecode
from storage.sqlite.rows import (
    MOMENT_WIDTH,
    Row,
    episode_of,
    moments_of,
    row_id,
    row_limit,
    storable,
)
from storage.sqlite.sql import SQL

EPISODE_WIDTH = 11
"""Columns of ``episode_columns``."""


def moment(connection: sqlite3.Connection, tenant: Tenant, segment_id: int) -> Moment | None:
    """Return one moment."""
    parameters = {"tenant": tenant, "segment": row_id(segment_id)}
    found = moments_of(connection.execute(SQL["moment"], parameters).fetchall())
    return found[0] if found else None


def moments(
    connection: sqlite3.Connection, tenant: Tenant, segment_ids: Iterable[int]
) -> list[Moment]:
    """Return those of the moments that the tenant sees, in the order asked for."""
    parameters = {"tenant": tenant, "segments": json.dumps(list(segment_ids))}
    return moments_of(connection.execute(SQL["moments"], parameters).fetchall())


def neighbours(
    connection: sqlite3.Connection, tenant: Tenant, segment_id: int
) -> tuple[Moment | None, Moment | None]:
    """Return the moments before and after one."""
    parameters = {"tenant": tenant, "segment": row_id(segment_id)}
    found = moments_of(connection.execute(SQL["neighbours"], parameters).fetchall())
    here = next((i for i, one in enumerate(found) if one.segment.id == segment_id), None)
    if here is None:
        return None, None
    return (
        found[here - 1] if here > 0 else None,
        found[here + 1] if here + 1 < len(found) else None,
    )


def around(connection: sqlite3.Connection, tenant: Tenant, episode_id: int, at: Timecode) -> Around:
    """Return what lies around a time: the query brings at most one row for each part."""
    parameters = {"tenant": tenant, "episode": row_id(episode_id), "at": at.seconds}
    linked: Moment | None = None
    before: Moment | None = None
    after: Moment | None = None
    # In the order of time and id, the row that is only linked can lie on either side.
    found = moments_of(connection.execute(SQL["around"], parameters).fetchall())
    for one in sorted(found, key=_by_time):
        segment = one.segment
        if segment.conflicting_link_at == at and (linked is None or segment.id < linked.segment.id):
            linked = one
        if segment.at > at:
            after = after or one
        elif before is None or segment.at > before.segment.at:
            before = one
    return Around(linked, before, after)


def _by_time(one: Moment) -> tuple[int, int]:
    return one.segment.at.seconds, one.segment.id


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
    return moments_of(connection.execute(SQL["between"], parameters).fetchall())


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
    return moments_of(connection.execute(SQL["outline"], parameters).fetchall())


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
    head = connection.execute(SQL["episode_document"], parameters).fetchone()
    if head is None:
        return None
    intro, reference_list, layout = head[EPISODE_WIDTH:]
    rows = connection.execute(SQL["episode_rows"], parameters).fetchall()
    read = moments_of(rows)
    return StoredEpisode(
        episode=episode_of(head[:EPISODE_WIDTH]),
        intro=intro,
        references=tuple(Reference(text, url) for text, url in json.loads(reference_list)),
        layout=layout,
        segments=tuple(
            (_draft(one, *row[MOMENT_WIDTH:]), one.segment)
            for row, one in zip(rows, read, strict=True)
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
    )
