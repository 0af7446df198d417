"""Stores drafts as episodes, brings stored ones up to date and removes them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.catalog import Episode, EpisodeDraft, ImportOutcome, SegmentDraft, Tenant
from bot.core.errors import StorageError
from storage.sqlite import catalog, index, transcripts
from storage.sqlite.drafts import (
    Values,
    digest,
    head_values,
    row_values,
    storable_draft,
    stored_row,
)
from storage.sqlite.matching import match
from storage.sqlite.rows import row_id
from storage.sqlite.sql import SQL


def put_episode(
    connection: sqlite3.Connection, tenant: Tenant, draft: EpisodeDraft
) -> ImportOutcome:
    """Store a draft; see ``CatalogWriter``. Raises BadDocument as ``storable_draft`` does.

    A row whose title or text the source has changed is what its author says now: corrections
    of it are set aside, kept in its history and no longer read. Corrections of other rows stay,
    those that only moved in time too. With a row that is gone go its reports and corrections.
    """
    draft = storable_draft(draft)
    whole = digest(draft)
    own = {"tenant": tenant, "media_key": draft.media.key}
    stored = connection.execute(SQL["own_episode"], own).fetchone()
    if stored is not None and stored[1] == whole:
        return ImportOutcome(_stored(connection, tenant, stored[0]), created=False)
    connection.execute(SQL["add_scope"], {"tenant": tenant})
    head = {**own, **head_values(draft), "show": _show(connection, tenant, draft.show)}
    if stored is None:
        episode_id = connection.execute(SQL["add_episode"], head).lastrowid or 0
        retold = False
    else:
        episode_id = stored[0]
        retold = _retell(connection, episode_id, head)
    changes = _changes(connection, episode_id, draft.segments)
    set_aside = _apply(connection, changes)
    connection.execute(SQL["finish_episode"], {"episode": episode_id, "digest": whole})
    _tidy(connection, tenant)
    return ImportOutcome(
        _stored(connection, tenant, episode_id),
        created=stored is None,
        added=len(changes.added),
        updated=len(changes.updated),
        removed=len(changes.gone),
        retold=retold or changes.reordered,
        set_aside=set_aside,
    )


def remove_episode(connection: sqlite3.Connection, tenant: Tenant, episode_id: int) -> bool:
    """Remove a tenant's own episode with its segments, reports, corrections and memories."""
    own = {"tenant": tenant, "episode": row_id(episode_id)}
    if connection.execute(SQL["own_episode_by_id"], own).fetchone() is None:
        return False
    segment_ids = [ident for (ident,) in connection.execute(SQL["segments_of"], own).fetchall()]
    index.remove(connection, segment_ids)
    transcripts.unindex(connection, episode_id)
    connection.execute(SQL["remove_episode"], own)
    _tidy(connection, tenant)
    return True


@dataclass(slots=True)
class _Changes:
    """What a document does to an episode's segments.

    ``moved`` have another place in the document and nothing else; ``reworded`` is the ids of
    updated segments with another title or text; ``reordered`` is whether any two changed places.
    """

    added: list[Values] = field(default_factory=list)
    updated: list[Values] = field(default_factory=list)
    moved: list[Values] = field(default_factory=list)
    reworded: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    reordered: bool = False


def _changes(
    connection: sqlite3.Connection, episode_id: int, drafts: Sequence[SegmentDraft]
) -> _Changes:
    rows = connection.execute(SQL["stored_rows"], {"episode": episode_id}).fetchall()
    matching = match([stored_row(row) for row in rows], drafts)
    places = [row.ordinal for row in matching.stays if row is not None]
    changes = _Changes(gone=[row.id for row in matching.gone], reordered=places != sorted(places))
    for ordinal, (draft, stays) in enumerate(zip(drafts, matching.stays, strict=True)):
        values: Values = {**row_values(draft), "episode": episode_id, "ordinal": ordinal}
        if stays is None:
            changes.added.append(values)
            continue
        values["segment"] = stays.id
        if stays.draft != draft:
            changes.updated.append(values)
        elif stays.ordinal != ordinal:
            changes.moved.append(values)
        if (stays.draft.title, stays.draft.text) != (draft.title, draft.text):
            changes.reworded.append(stays.id)
    return changes


def _apply(connection: sqlite3.Connection, changes: _Changes) -> int:
    """Write the changes and index them; return how many corrections were set aside."""
    index.remove(connection, changes.gone + changes.reworded)
    set_aside = connection.execute(
        SQL["set_corrections_aside"], {"segments": json.dumps(changes.reworded)}
    ).rowcount
    connection.execute(SQL["remove_segments"], {"segments": json.dumps(changes.gone)})
    connection.executemany(SQL["update_segment"], changes.updated)
    connection.executemany(SQL["move_segment"], changes.moved)
    added = [
        connection.execute(SQL["add_segment"], values).lastrowid or 0 for values in changes.added
    ]
    index.add(connection, changes.reworded + added)
    index.merge(connection, len(changes.reworded) + len(added))
    return set_aside


def _show(connection: sqlite3.Connection, tenant: Tenant, name: str | None) -> int | None:
    """Return the id of a tenant's show, stored if it is new."""
    if name is None:
        return None
    values = {"tenant": tenant, "name": name}
    connection.execute(SQL["add_show"], values)
    found: tuple[int] = connection.execute(SQL["show_id"], values).fetchone()
    return found[0]


def _retell(connection: sqlite3.Connection, episode_id: int, head: Values) -> bool:
    """Bring what stands around the segments up to date; return whether it changed."""
    parameters = {**head, "episode": episode_id}
    before = connection.execute(SQL["episode_head"], parameters).fetchone()
    connection.execute(SQL["update_episode"], parameters)
    return bool(before != connection.execute(SQL["episode_head"], parameters).fetchone())


def _tidy(connection: sqlite3.Connection, tenant: Tenant) -> None:
    connection.execute(SQL["remove_empty_shows"], {"tenant": tenant})
    connection.execute(SQL["count_scope"], {"tenant": tenant})


def _stored(connection: sqlite3.Connection, tenant: Tenant, episode_id: int) -> Episode:
    episode = catalog.episode(connection, tenant, episode_id)
    if episode is None:  # in the transaction that stored it, this cannot be
        raise StorageError
    return episode
