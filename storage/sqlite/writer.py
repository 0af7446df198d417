"""Stores drafts as episodes, brings stored ones up to date and removes them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.core.catalog import (
    Episode,
    EpisodeDraft,
    ImportOutcome,
    SegmentDraft,
    SegmentKind,
    Tenant,
)
from bot.core.errors import StorageError
from bot.core.labels import AUTOMATIC
from bot.core.recording import RecordingDraft, RecordingOutcome
from storage.sqlite import catalog, index, transcripts, vectors
from storage.sqlite.drafts import (
    Layer,
    Layers,
    Values,
    head_values,
    row_values,
    storable_recording,
    stored_row,
    without_notes,
)
from storage.sqlite.matching import match
from storage.sqlite.rows import row_id, seconds
from storage.sqlite.sql import SQL


def put_recording(
    connection: sqlite3.Connection,
    tenant: Tenant,
    draft: RecordingDraft,
    prepared: transcripts.Prepared | None = None,
) -> RecordingOutcome:
    """Store a draft's layers; see ``CatalogWriter``. Raises BadDocument for what is malformed.

    A row whose title or text the source has changed is what its author says now: corrections
    of it are set aside, kept in its history and no longer read. Corrections of other rows stay,
    those that only moved in time too. With a row that is gone go its reports and corrections.

    ``prepared`` is of the draft's transcript, where that was done before.
    """
    draft = storable_recording(draft)
    own: Values = {"tenant": tenant, "media_key": draft.media.key}
    stored = connection.execute(SQL["own_episode"], own).fetchone()
    connection.execute(SQL["add_scope"], {"tenant": tenant})
    if stored is None:
        head = {**own, **_head(connection, tenant, draft, None)}
        episode_id = connection.execute(SQL["add_episode"], head).lastrowid or 0
        retold = False
    else:
        episode_id = stored[0]
        head = {**own, **_head(connection, tenant, draft, episode_id)}
        retold = _retell(connection, episode_id, head)
    layers = Layers(draft)
    noted = _put_layer(connection, episode_id, layers.notes)
    chaptered = _put_layer(connection, episode_id, layers.chapters)
    said = None
    if draft.transcript is not None:
        said = transcripts.put(connection, episode_id, draft.transcript, prepared)
    ended = connection.execute(SQL["end_chapters"], {"episode": episode_id}).rowcount
    if ended or (chaptered is not None and not said):
        transcripts.cut_again(connection, episode_id)
    _finish(connection, tenant, episode_id)
    episode, created = _stored(connection, tenant, episode_id), stored is None

    def outcome(changes: _Changes | None, *, retold: bool) -> ImportOutcome | None:
        if changes is None:
            return None
        return changes.outcome(episode, created=created, retold=retold)

    return RecordingOutcome(
        episode,
        created,
        notes=outcome(noted, retold=retold),
        chapters=outcome(chaptered, retold=False),
        transcript=said,
        retold=retold,
    )


def put_episode(
    connection: sqlite3.Connection, tenant: Tenant, draft: EpisodeDraft
) -> ImportOutcome:
    """Store notes alone; see ``put_recording``."""
    recording = RecordingDraft(draft.media, draft.title, draft.show, draft.duration, notes=draft)
    outcome = put_recording(connection, tenant, recording).notes
    if outcome is None:  # what has notes has an outcome of them
        raise StorageError
    return outcome


def _head(
    connection: sqlite3.Connection, tenant: Tenant, draft: RecordingDraft, episode_id: int | None
) -> Values:
    """Return what stands around the segments: as the notes say or, where none are, the draft.

    What the draft does not know is left as it is stored.
    """
    before: Values = {}
    if episode_id is not None:
        cursor = connection.execute(SQL["episode_head"], {"episode": episode_id})
        names = [column[0] for column in cursor.description]
        before = dict(zip(names, cursor.fetchone(), strict=True))
    if draft.notes is not None:
        told = head_values(draft.notes)
        show = _show(connection, tenant, draft.notes.show)
    elif before.get("notes_digest"):
        told, show = dict(before), before["show"]
    else:
        # The episode is found by its show's name too, which this draft may not know.
        named = replace(draft, show=draft.show or before.get("show_name"))
        told, show = head_values(without_notes(named)), _show(connection, tenant, named.show)
    for known in (seconds(draft.duration), before.get("duration")):
        told["duration"] = known if told["duration"] is None else told["duration"]
    return {**told, "show": show}


def _finish(connection: sqlite3.Connection, tenant: Tenant, episode_id: int) -> None:
    """Count what an episode has, and note the digest of all that its row says."""
    episode = {"episode": episode_id}
    connection.execute(SQL["count_episode"], episode)
    row = connection.execute(SQL["whole_episode"], episode).fetchone()
    whole = hashlib.sha256(json.dumps(row).encode("ascii")).hexdigest()
    connection.execute(SQL["set_episode_digest"], {**episode, "digest": whole})
    _tidy(connection, tenant)


def remove_episode(connection: sqlite3.Connection, tenant: Tenant, episode_id: int) -> bool:
    """Remove a tenant's own episode with its segments, reports, corrections and memories."""
    own = {"tenant": tenant, "episode": row_id(episode_id)}
    if connection.execute(SQL["own_episode_by_id"], own).fetchone() is None:
        return False
    segment_ids = [ident for (ident,) in connection.execute(SQL["segments_of"], own).fetchall()]
    index.remove(connection, segment_ids)
    transcripts.unindex(connection, episode_id)
    connection.execute(SQL["end_items_of"], own)
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
    set_aside: int = 0

    def outcome(self, episode: Episode, *, created: bool, retold: bool) -> ImportOutcome:
        """Return what the document did to its episode."""
        return ImportOutcome(
            episode,
            created=created,
            added=len(self.added),
            updated=len(self.updated),
            removed=len(self.gone),
            retold=retold or self.reordered,
            set_aside=self.set_aside,
        )


_DIGESTS = {
    SegmentKind.NOTE: ("notes_digest", "set_notes_digest"),
    SegmentKind.CHAPTER: ("chapters_digest", "set_chapters_digest"),
}
"""The queries that read and write the digest of a layer."""


def _put_layer(
    connection: sqlite3.Connection, episode_id: int, layer: Layer | None
) -> _Changes | None:
    """Store a layer in the place of the one before; None without one."""
    if layer is None:
        return None
    named = {"episode": episode_id, "kind": layer.kind.value}
    digest, set_digest = _DIGESTS[layer.kind]
    (stored,) = connection.execute(SQL[digest], named).fetchone()
    if stored == layer.digest:
        return _Changes()
    if layer.kind is SegmentKind.CHAPTER:
        connection.execute(SQL["end_told_outline"], {**named, "automatic": AUTOMATIC})
    changes = _changes(connection, named, layer.segments)
    changes.set_aside = _apply(connection, changes)
    noted = {**named, "digest": layer.digest, "label": layer.label}
    connection.execute(SQL[set_digest], noted)
    return changes


def _changes(
    connection: sqlite3.Connection, named: Values, drafts: Sequence[SegmentDraft]
) -> _Changes:
    """Return what a layer changes; ``named`` is its episode and its kind."""
    episode_id = named["episode"]
    rows = connection.execute(SQL["stored_rows"], named).fetchall()
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
        if _found_by(stays.draft) != _found_by(draft):
            changes.reworded.append(stays.id)
    return changes


def _found_by(draft: SegmentDraft) -> tuple[str, str, bool]:
    return draft.title, draft.text, draft.sponsor


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
    vectors.sweep(connection)


def _stored(connection: sqlite3.Connection, tenant: Tenant, episode_id: int) -> Episode:
    episode = catalog.episode(connection, tenant, episode_id)
    if episode is None:  # in the transaction that stored it, this cannot be
        raise StorageError
    return episode
