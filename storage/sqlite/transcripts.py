"""Transcripts: stores them, cuts and indexes their passages, reads and searches what was said."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence

from bot.core.analysis import analyse
from bot.core.catalog import Tenant
from bot.core.errors import BadDocument
from bot.core.query import SearchQuery
from bot.core.ranking import Spoken
from bot.core.timecode import MAX_SECONDS
from bot.core.transcript import Sentence, TranscriptDraft, TranscriptInfo, passages
from storage.sqlite import index, search
from storage.sqlite.episodes import KEY_WIDTH, episodes_of
from storage.sqlite.rows import Row, row_id, row_limit, storable
from storage.sqlite.sql import SQL

LONGEST_MS = 120_000
"""A sentence that is longer is found by its start alone."""

MOST_MS = MAX_SECONDS * 1_000

FIRST, LAST, KEY = 0, 1, 2
"""Places in ``spoken_columns``."""


def put_transcript(
    connection: sqlite3.Connection, tenant: Tenant, episode_id: int, draft: TranscriptDraft
) -> bool | None:
    """Store a transcript of a tenant's own episode; see ``CatalogWriter``."""
    own = {"tenant": tenant, "episode": row_id(episode_id)}
    if connection.execute(SQL["own_episode_by_id"], own).fetchone() is None:
        return None
    rows = [(s.start_ms, s.end_ms, storable(s.speaker), storable(s.text)) for s in draft.sentences]
    _check(rows)
    head = {"language": storable(draft.language), "source_label": storable(draft.source_label)}
    whole = json.dumps([head, rows], separators=(",", ":")).encode("ascii")
    digest = hashlib.sha256(whole).hexdigest()
    if connection.execute(SQL["own_transcript"], own).fetchone() == (digest,):
        return False
    unindex(connection, episode_id)
    ends = {"sentences": len(rows), "end_ms": max((end for _, end, *_ in rows), default=0)}
    connection.execute(SQL["put_transcript"], {**own, **head, **ends, "digest": digest})
    connection.execute(SQL["remove_sentences"], own)
    connection.executemany(SQL["add_sentence"], _values(episode_id, rows))
    added = add(connection, episode_id)
    _merge(connection, added)
    connection.execute(SQL["count_scope"], {"tenant": tenant})
    return True


def _values(episode_id: int, rows: Sequence[Row]) -> list[dict[str, object]]:
    names = ("start", "end", "speaker", "text")
    return [
        {"episode": episode_id, "ordinal": ordinal, **dict(zip(names, row, strict=True))}
        for ordinal, row in enumerate(rows)
    ]


def _check(rows: Sequence[Row]) -> None:
    before = 0
    for start_ms, end_ms, _, text in rows:
        if not before <= start_ms <= end_ms or not text.strip():
            raise BadDocument("The sentences of a transcript must follow each other in time.")
        before = start_ms


def remove_transcript(connection: sqlite3.Connection, tenant: Tenant, episode_id: int) -> bool:
    """Remove the transcript of a tenant's own episode; False if there is none."""
    own = {"tenant": tenant, "episode": row_id(episode_id)}
    if connection.execute(SQL["own_episode_by_id"], own).fetchone() is None:
        return False
    unindex(connection, episode_id)
    removed = connection.execute(SQL["remove_transcript"], own).rowcount
    connection.execute(SQL["count_scope"], {"tenant": tenant})
    return removed == 1


def add(connection: sqlite3.Connection, episode_id: int) -> int:
    """Cut a stored transcript into passages and index them; return how many those are."""
    parameters = {"episode": episode_id, "first": 0, "last": 2**31}
    rows = connection.execute(SQL["sentences_between"], parameters).fetchall()
    (scope,) = connection.execute(SQL["scope_of_episode"], parameters).fetchone()
    said = [Sentence(*row) for row in rows]
    tally = index.Tally(spoken=True)
    cut = passages(said)
    for first, last in cut:
        terms = analyse(" ".join(sentence.text for sentence in said[first : last + 1]))
        tally.count(scope, terms, 1)
        stems = " ".join([term.stem for term in terms])
        values = {"episode": episode_id, "scope": scope, "stems": stems}
        values |= {"first": first, "last": last}
        passage = connection.execute(SQL["add_spoken"], values).lastrowid
        connection.execute(SQL["index_spoken"], _entry(passage, episode_id, scope, stems))
    tally.write(connection)
    counted = {"episode": episode_id, "passages": len(cut)}
    connection.execute(SQL["note_passage_count"], counted)
    return len(cut)


def unindex(connection: sqlite3.Connection, episode_id: int) -> None:
    """Take a transcript's passages out of the index, as they were when they were put in."""
    parameters = {"episode": episode_id}
    tally = index.Tally(spoken=True)
    for ident, scope, first, last, stems in connection.execute(
        SQL["spoken_of"], parameters
    ).fetchall():
        connection.execute(SQL["unindex_spoken"], _entry(ident, episode_id, scope, stems))
        said = _between(connection, episode_id, first, last)
        tally.count(scope, analyse(" ".join(sentence.text for sentence in said)), -1)
    connection.execute(SQL["remove_spoken"], parameters)
    tally.write(connection)


def rebuild(connection: sqlite3.Connection) -> None:
    """Derive the passages of every transcript anew; the words are cleared by the caller."""
    for name in ("clear_spoken_index", "clear_spoken", "clear_spoken_words", "clear_spoken_stems"):
        connection.execute(SQL[name])
    for (episode_id,) in connection.execute(SQL["episodes_said"]).fetchall():
        add(connection, episode_id)
    connection.execute(SQL["optimize_spoken_index"])


def _merge(connection: sqlite3.Connection, added: int) -> None:
    """Bring the index into one piece while that is quick; see ``index.merge``."""
    (stored,) = connection.execute(SQL["count_spoken"]).fetchone()
    if stored <= index.ALWAYS_MERGED and added:
        connection.execute(SQL["optimize_spoken_index"])


def _entry(passage: int | None, episode_id: int, scope: int, stems: str) -> dict[str, object]:
    text = index.scoped(stems, scope)
    return {"passage": passage, "key": str(episode_id), "text": text}


def _between(
    connection: sqlite3.Connection, episode_id: int, first: int, last: int
) -> tuple[Sentence, ...]:
    parameters = {"episode": episode_id, "first": first, "last": last}
    rows = connection.execute(SQL["sentences_between"], parameters).fetchall()
    return tuple(Sentence(*row) for row in rows)


def transcript(
    connection: sqlite3.Connection, tenant: Tenant, episode_id: int
) -> TranscriptInfo | None:
    """Return what is known of an episode's transcript."""
    parameters = {"tenant": tenant, "episode": row_id(episode_id)}
    found = connection.execute(SQL["transcript"], parameters).fetchone()
    if found is None or not found[2]:
        return None
    return TranscriptInfo(*found)


def said(
    connection: sqlite3.Connection,
    tenant: Tenant,
    episode_id: int,
    start_ms: int,
    end_ms: int,
    limit: int,
) -> list[Sentence]:
    """Return the sentences that are being said in a stretch, by time."""
    parameters = {
        "tenant": tenant,
        "episode": row_id(episode_id),
        "start": min(max(start_ms, 0), MOST_MS),
        "end": min(max(end_ms, 0), MOST_MS),
        "longest": LONGEST_MS,
        "limit": row_limit(limit),
    }
    return [Sentence(*row) for row in connection.execute(SQL["said"], parameters).fetchall()]


def search_spoken(
    connection: sqlite3.Connection,
    tenant: Tenant,
    query: SearchQuery,
    episode_id: int | None,
    limit: int,
) -> list[Spoken]:
    """Return the best passages that hold any clause; bounded as ``search.search`` is."""
    rows = search.found(connection, tenant, query, episode_id, limit, search.SPOKEN)
    rows.sort(key=lambda row: row[-1])
    episodes = episodes_of(connection, [row[KEY : KEY + KEY_WIDTH] for row in rows])
    return [
        Spoken(episodes[row[KEY]], said_there, *row[KEY + KEY_WIDTH :])
        for row in rows
        # Another process may have taken either away between two statements.
        if row[KEY] in episodes
        and (said_there := _between(connection, row[KEY], row[FIRST], row[LAST]))
    ]
