"""Talks that nobody gave chapters, and the chapters that are made for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bot.core.catalog import Tenant
from bot.core.labels import AUTOMATIC
from bot.core.media import Media
from bot.core.outlines import BareName, BareTalk, SaidPassage
from bot.core.recording import ChaptersDraft, RecordingDraft
from bot.core.transcript import Sentence
from storage.sqlite import writer
from storage.sqlite.rows import Row, row_id
from storage.sqlite.sql import SQL
from storage.sqlite.vectors import model_id

MOST_PASSAGES = 2_000
"""Passages of one stretch; six hours of talk hold no more."""

STEP = 2_000
"""Sentences, or passages, of a talk that are read at a time: others are answered in between."""


def next_bare(connection: sqlite3.Connection, model: str | None) -> BareName | None:
    """Return which talk was not looked through yet; see ``Outlines``."""
    chosen = None if model is None else model_id(connection, model)
    values = {"model": chosen, "automatic": AUTOMATIC}
    found = connection.execute(SQL["next_to_outline"], values).fetchone()
    if found is None:
        return None
    episode_id, tenant, digest = found
    return BareName(Tenant(tenant), episode_id, digest)


def said_from(connection: sqlite3.Connection, episode_id: int, first: int) -> list[Sentence]:
    """Return STEP sentences of a talk, or what is left of it."""
    part = {"episode": episode_id, "first": first, "last": first + STEP - 1}
    rows = connection.execute(SQL["sentences_between"], part).fetchall()
    return [Sentence(*row) for row in rows]


def passages_from(connection: sqlite3.Connection, episode_id: int, after: int) -> list[Row]:
    """Return (first sentence, last one, vector) of STEP passages, or of those that are left."""
    part = {"episode": episode_id, "after": after, "limit": STEP}
    return connection.execute(SQL["passages_to_outline"], part).fetchall()


def bare_talk(name: BareName, said: Sequence[Sentence], passages: Sequence[Row]) -> BareTalk:
    """Return a talk of what was read of it; with vectors if there are any."""
    sizes = {len(body) for _, _, body in passages if body}
    embedded = len(sizes) == 1
    return BareTalk(
        name.tenant,
        name.episode_id,
        name.digest,
        tuple(said),
        spans=tuple((first, last) for first, last, _ in passages) if embedded else (),
        # What has no words has no vector, and points nowhere.
        vectors=tuple(body or bytes(max(sizes)) for *_, body in passages) if embedded else (),
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
