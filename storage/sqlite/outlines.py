"""Talks that nobody gave chapters, and the chapters that are made for them."""

from __future__ import annotations

import sqlite3

from bot.core.catalog import Tenant
from bot.core.labels import AUTOMATIC
from bot.core.media import Media
from bot.core.outlines import BareTalk, SaidPassage
from bot.core.recording import ChaptersDraft, RecordingDraft
from bot.core.transcript import Sentence
from storage.sqlite import writer
from storage.sqlite.rows import row_id
from storage.sqlite.sql import SQL
from storage.sqlite.vectors import model_id

MOST_PASSAGES = 2_000
"""Passages of one stretch; six hours of talk hold no more."""

WHOLE = {"first": 0, "last": 2**31}


def next_bare(connection: sqlite3.Connection, model: str | None) -> BareTalk | None:
    """Return a talk that was not looked through yet; see ``Outlines``."""
    chosen = None if model is None else model_id(connection, model)
    values = {"model": chosen, "automatic": AUTOMATIC}
    found = connection.execute(SQL["next_to_outline"], values).fetchone()
    if found is None:
        return None
    episode_id, tenant, digest = found
    episode = {"episode": episode_id}
    said = connection.execute(SQL["sentences_between"], {**episode, **WHOLE}).fetchall()
    rows = connection.execute(SQL["passages_to_outline"], episode).fetchall()
    sizes = {len(body) for _, _, body in rows if body}
    embedded = chosen is not None and len(sizes) == 1
    return BareTalk(
        Tenant(tenant),
        episode_id,
        digest,
        tuple(Sentence(*row) for row in said),
        spans=tuple((first, last) for first, last, _ in rows) if embedded else (),
        # What has no words has no vector, and points nowhere.
        vectors=tuple(body or bytes(max(sizes)) for *_, body in rows) if embedded else (),
    )


def said_passages(
    connection: sqlite3.Connection,
    tenant: Tenant,
    model: str,
    episode_id: int,
    start_ms: int,
    end_ms: int,
) -> list[SaidPassage]:
    """Return the passages of a stretch that have a vector; see ``Outlines``."""
    values = {
        "tenant": tenant,
        "model": model_id(connection, model) or None,
        "episode": row_id(episode_id),
        "start": start_ms,
        "end": end_ms,
        "limit": MOST_PASSAGES,
    }
    rows = connection.execute(SQL["stretch_vectors"], values).fetchall()
    return [SaidPassage(*row) for row in rows]


def put(connection: sqlite3.Connection, talk: BareTalk, chapters: ChaptersDraft) -> bool:
    """Store the chapters of a talk; False where they are not wanted any more."""
    values = {
        "episode": row_id(talk.episode_id),
        "tenant": talk.tenant,
        "digest": talk.digest,
        "automatic": AUTOMATIC,
    }
    found = connection.execute(SQL["is_to_be_outlined"], values).fetchone()
    if found is None:
        return False
    key, url, title = found
    draft = RecordingDraft(Media(key, url), title, chapters=chapters)
    writer.put_recording(connection, talk.tenant, draft)
    connection.execute(SQL["note_outline"], values)
    return True
