"""Transcripts: stores them, cuts and indexes their passages, reads and searches what was said."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, overload

from bot.core.analysis import analyse
from bot.core.catalog import Tenant
from bot.core.errors import BadDocument
from bot.core.query import SearchQuery
from bot.core.ranking import Spoken
from bot.core.timecode import MAX_SECONDS
from bot.core.transcript import Sentence, TranscriptDraft, TranscriptInfo, passages
from storage.sqlite import index, search, vectors
from storage.sqlite.episodes import KEY_WIDTH, episodes_of
from storage.sqlite.rows import Row, row_id, row_limit, storable
from storage.sqlite.sql import SQL

LONGEST_MS = 120_000
"""A sentence that is longer is found by its start alone."""

MOST_MS = MAX_SECONDS * 1_000

FIRST, LAST, KEY = 0, 1, 2
"""Places in ``spoken_columns``."""


NOTHING_SAID = "[]"


class Analysed(NamedTuple):
    """The words of a sentence as an index takes them, each with a space between."""

    stems: str
    words: str


class LazySentences(Sequence[Sentence]):
    """The sentences of a passage, one at least: parsed from JSON once somebody reads them."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _read(self) -> tuple[Sentence, ...]:
        return tuple(Sentence(*one) for one in json.loads(self._text))

    @overload
    def __getitem__(self, place: int) -> Sentence: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Sentence, ...]: ...
    def __getitem__(self, place: int | slice) -> Sentence | tuple[Sentence, ...]:
        return self._read[place]

    def __len__(self) -> int:
        return len(self._read)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._read == tuple(other)

    def __hash__(self) -> int:
        return hash(self._read)


class Prepared(NamedTuple):
    """What is worked out of a draft before its transaction, in which nobody else can write.

    ``words`` are those of each sentence; None where the draft is stored already.
    """

    digest: str
    words: list[Analysed] | None


def analysed(draft: TranscriptDraft) -> list[Analysed]:
    """Return the words of each sentence of a draft: what takes longest in storing it."""
    return [_analysed(storable(sentence.text)) for sentence in draft.sentences]


def _analysed(text: str) -> Analysed:
    terms = analyse(text)
    return Analysed(
        " ".join([term.stem for term in terms]), " ".join([term.surface for term in terms])
    )


def digest_of(draft: TranscriptDraft) -> str:
    """Return the digest of everything in a draft: equal for the same transcript only."""
    # Row by row: as one text they would stand in memory once more.
    digest = hashlib.sha256(f"[{_written(_head(draft))},[".encode("ascii"))
    comma = ""
    for row in _rows(draft):
        digest.update(f"{comma}{_written(row)}".encode("ascii"))
        comma = ","
    digest.update(b"]]")
    return digest.hexdigest()


_written = json.JSONEncoder(separators=(",", ":")).encode


def _head(draft: TranscriptDraft) -> dict[str, str]:
    return {"language": storable(draft.language), "source_label": storable(draft.source_label)}


def _rows(draft: TranscriptDraft) -> Iterator[Row]:
    for one in draft.sentences:
        yield one.start_ms, one.end_ms, storable(one.speaker), storable(one.text)


def is_stored(connection: sqlite3.Connection, tenant: Tenant, media_key: str, digest: str) -> bool:
    """Return whether a recording has a transcript of this digest."""
    parameters = {"tenant": tenant, "media_key": storable(media_key), "digest": digest}
    return connection.execute(SQL["has_transcript"], parameters).fetchone() is not None


def put(
    connection: sqlite3.Connection,
    episode_id: int,
    draft: TranscriptDraft,
    prepared: Prepared | None = None,
) -> bool:
    """Store a transcript in the place of any other; return whether anything changed."""
    episode = {"episode": episode_id}
    _check(draft)
    digest, words = prepared or Prepared(digest_of(draft), None)
    if connection.execute(SQL["own_transcript"], episode).fetchone() == (digest,):
        return False
    unindex(connection, episode_id)
    said = draft.sentences
    ends = {"sentences": len(said), "end_ms": max((one.end_ms for one in said), default=0)}
    head = {**episode, **_head(draft), **ends, "digest": digest}
    connection.execute(SQL["put_transcript"], head)
    connection.execute(SQL["remove_sentences"], episode)
    connection.executemany(SQL["add_sentence"], _values(episode_id, _rows(draft)))
    added = add(connection, episode_id, words)
    _merge(connection, added)
    return True


def cut_again(connection: sqlite3.Connection, episode_id: int) -> None:
    """Cut a stored transcript anew where its chapters say otherwise which parts are sponsors'."""
    episode = {"episode": episode_id}
    if connection.execute(SQL["own_transcript"], episode).fetchone() is None:
        return
    stretches = _sponsors(connection, episode_id)
    if stretches or connection.execute(SQL["has_sponsored"], episode).fetchone():
        unindex(connection, episode_id)
        add(connection, episode_id)


def _values(episode_id: int, rows: Iterable[Row]) -> Iterator[dict[str, object]]:
    names = ("start", "end", "speaker", "text")
    for ordinal, row in enumerate(rows):
        yield {"episode": episode_id, "ordinal": ordinal, **dict(zip(names, row, strict=True))}


def _check(draft: TranscriptDraft) -> None:
    before = 0
    for one in draft.sentences:
        if not before <= one.start_ms <= one.end_ms or not storable(one.text).strip():
            raise BadDocument("The sentences of a transcript must follow each other in time.")
        before = one.start_ms


def add(
    connection: sqlite3.Connection, episode_id: int, words: Sequence[Analysed] | None = None
) -> int:
    """Cut a stored transcript into passages and index them; return how many those are."""
    parameters = {"episode": episode_id, "first": 0, "last": 2**31}
    rows = connection.execute(SQL["sentences_between"], parameters).fetchall()
    (scope,) = connection.execute(SQL["scope_of_episode"], parameters).fetchone()
    said = [Sentence(*row) for row in rows]
    del rows
    if words is None:
        words = [_analysed(sentence.text) for sentence in said]
    tally = index.Tally(spoken=True)
    cut = _cut(said, _sponsors(connection, episode_id))
    for first, last, sponsor in cut:
        stems = " ".join([each.stems for each in words[first : last + 1] if each.stems])
        surfaces = " ".join([each.words for each in words[first : last + 1]])
        tally.count_words(scope, surfaces.split(), stems.split(), 1)
        values = {"episode": episode_id, "scope": scope, "stems": stems, "sponsor": sponsor}
        text = " ".join([sentence.text for sentence in said[first : last + 1]])
        values |= {"first": first, "last": last, "vector": vectors.attach(connection, text)}
        passage = connection.execute(SQL["add_spoken"], values).lastrowid
        entry = _entry(passage, episode_id, scope, sponsor, stems)
        connection.execute(SQL["index_spoken"], entry)
    tally.write(connection)
    counted = {"episode": episode_id, "passages": len(cut)}
    connection.execute(SQL["note_passage_count"], counted)
    vectors.changed(connection, [(scope, episode_id)])
    return len(cut)


def _sponsors(connection: sqlite3.Connection, episode_id: int) -> list[tuple[int, int]]:
    """Return the stretches of an episode that are sponsors', in milliseconds."""
    rows = connection.execute(SQL["sponsored"], {"episode": episode_id}).fetchall()
    return [(at * 1_000, end * 1_000) for at, end in rows]


def _cut(
    said: Sequence[Sentence], sponsored: Sequence[tuple[int, int]]
) -> list[tuple[int, int, bool]]:
    """Return (first, last, whether it is a sponsor's) of each passage; none is of both kinds."""
    kinds = [any(start <= sentence.start_ms < end for start, end in sponsored) for sentence in said]
    found: list[tuple[int, int, bool]] = []
    begin = 0
    for kind, run in groupby(kinds):
        size = sum(1 for _ in run)
        found += [
            (begin + first, begin + last, kind)
            for first, last in passages(said[begin : begin + size])
        ]
        begin += size
    return found


def unindex(connection: sqlite3.Connection, episode_id: int) -> None:
    """Take a transcript's passages out of the index, as they were when they were put in."""
    parameters = {"episode": episode_id}
    tally = index.Tally(spoken=True)
    where: set[tuple[int, int]] = set()
    for ident, scope, first, last, sponsor, stems in connection.execute(
        SQL["spoken_of"], parameters
    ).fetchall():
        entry = _entry(ident, episode_id, scope, sponsor == 1, stems)
        connection.execute(SQL["unindex_spoken"], entry)
        said = _between(connection, episode_id, first, last)
        words = [_analysed(sentence.text).words for sentence in said]
        tally.count_words(scope, " ".join(words).split(), stems.split(), -1)
        where.add((scope, episode_id))
    connection.execute(SQL["loosen_spoken"], parameters)
    connection.execute(SQL["remove_spoken"], parameters)
    tally.write(connection)
    vectors.changed(connection, where)


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


def _entry(
    passage: int | None, episode_id: int, scope: int, sponsor: bool, stems: str
) -> dict[str, object]:
    text = index.scoped(stems, index.scope_mark(scope, sponsor=sponsor))
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
    return _spoken(
        connection, search.found(connection, tenant, query, episode_id, limit, search.SPOKEN)
    )


def spoken_passages(
    connection: sqlite3.Connection, tenant: Tenant, wanted: Sequence[int]
) -> list[Spoken]:
    """Return passages that the tenant sees, in no order."""
    parameters = {"tenant": tenant, "passages": json.dumps([row_id(one) for one in wanted])}
    return _spoken(connection, connection.execute(SQL["spoken_by_id"], parameters).fetchall())


def _spoken(connection: sqlite3.Connection, rows: list[Row]) -> list[Spoken]:
    rows.sort(key=lambda row: row[-1])
    episodes = episodes_of(connection, [row[KEY : KEY + KEY_WIDTH] for row in rows])
    runs = json.dumps([(row[KEY], row[FIRST], row[LAST]) for row in rows])
    said = connection.execute(SQL["sentences_of_runs"], {"runs": runs}).fetchall()
    return [
        Spoken(episodes[row[KEY]], LazySentences(text), *row[KEY + KEY_WIDTH :])
        for row, (text,) in zip(rows, said, strict=True)
        # Another process may have taken either away between two statements.
        if row[KEY] in episodes and text != NOTHING_SAID
    ]
