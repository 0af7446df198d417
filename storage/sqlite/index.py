"""Keeps what is searched in step with what is stored: passages, words, starts of titles.

Everything here is derived from segments and corrections. A change is made between ``remove``
and ``add`` of the segments it touches, so the index never says what nobody can read.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.core.analysis import ANALYSER_VERSION, Term, analyse, words
from storage.sqlite import vectors
from storage.sqlite.completion import title_starts
from storage.sqlite.sql import SQL

LAYOUT_VERSION = 4
"""Raised when what is derived here changes; databases are then rebuilt at their next start."""

VERSION = f"{LAYOUT_VERSION}/{ANALYSER_VERSION}/{unicodedata.unidata_version}"
"""What an index depends on: its layout, the analyser, and Unicode's idea of a letter."""

ALWAYS_MERGED = 10_000
"""Passages up to which the full-text index is kept in one piece: 0.2 s, once an import."""

NEVER_MERGED = 100_000
"""Passages from which that is left to SQLite's own upkeep: it would hold the writer for 2 s."""

BATCH = 500
"""Segments indexed at a time in a rebuild, which bounds its memory."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the readers of one scope find a segment by.

    ``correction_id`` is None where these are the source's own words; ``overlay`` where a
    tenant's correction stands in front of the public reading.
    """

    segment_id: int
    episode_id: int
    scope: int
    correction_id: int | None
    sponsor: bool
    starts: list[tuple[int, str]]
    title: list[Term]
    text: list[Term]
    whole: str
    overlay: bool


_NOTED = ("count_word", "forget_word", "count_stem", "forget_stem")
_SPOKEN = ("count_spoken_word", "forget_spoken_word", "count_spoken_stem", "forget_spoken_stem")


class Tally:
    """Counts by how much the frequencies of words and stems change.

    ``spoken`` is whether they are of what is said rather than of what is noted.
    """

    def __init__(self, *, spoken: bool = False) -> None:
        self._names = _SPOKEN if spoken else _NOTED
        self._spoken = spoken
        # Of each scope. Only words are hashed this way, and they remember their hash.
        self._words: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._stems: defaultdict[int, Counter[str]] = defaultdict(Counter)

    def count(self, scope: int, terms: Sequence[Term], by: int) -> None:
        """Count each word once for a scope."""
        surfaces, stems = [term.surface for term in terms], [term.stem for term in terms]
        self.count_words(scope, surfaces, stems, by)

    def count_words(
        self, scope: int, surfaces: Iterable[str], stems: Iterable[str], by: int
    ) -> None:
        """Count each word and each stem once for a scope."""
        for counts, held in ((self._words[scope], surfaces), (self._stems[scope], stems)):
            if by == 1:
                counts.update(set(held))  # which is what takes long of a talk, and is one call
            else:
                for word in set(held):
                    counts[word] += by

    def write(self, connection: sqlite3.Connection) -> None:
        """Add the changes to the stored frequencies; what falls to zero goes."""
        count_word, forget_word, count_stem, forget_stem = self._names
        of_words: list[dict[str, Any]] = [
            {"scope": scope, "length": len(word), "word": word, "letters": letters(word), "by": by}
            for scope, counts in self._words.items()
            for word, by in counts.items()
            if by
        ]
        connection.executemany(SQL[count_word], of_words)
        gone = [change for change in of_words if self._may_go(change)]
        connection.executemany(SQL[forget_word], gone)
        of_stems: list[dict[str, Any]] = [
            {"scope": scope, "stem": stem, "by": by}
            for scope, counts in self._stems.items()
            for stem, by in counts.items()
            if by
        ]
        connection.executemany(SQL[count_stem], of_stems)
        gone = [change for change in of_stems if self._may_go(change)]
        connection.executemany(SQL[forget_stem], gone)

    def _may_go(self, change: dict[str, Any]) -> bool:
        """Return whether a frequency may be zero now: of notes, corrections count below it too."""
        return not self._spoken or change["by"] < 0


def letters(word: str) -> int:
    """Return which letters a word has as bits of an integer; 0 if it has others than letters.

    Two letters may share a bit. An edit takes away at most one bit, which is what similar words
    are found by.
    """
    if not word.isalpha():
        return 0
    bits = 0
    for char in word:
        bits |= _BIT.get(char) or 1 << ord(char) % 61
    return bits


_BIT = {chr(code): 1 << code % 61 for code in range(128)}
"""Those of the commonest letters, which need not be worked out again and again."""


@contextmanager
def reindexed(connection: sqlite3.Connection, segment_ids: Sequence[int]) -> Iterator[None]:
    """Take segments out of the index for the block that changes them, and put them back."""
    remove(connection, segment_ids)
    yield
    add(connection, segment_ids)


def add(connection: sqlite3.Connection, segment_ids: Iterable[int]) -> None:
    """Index segments as each scope reads them; they must not be indexed already."""
    tally = Tally()
    where: set[tuple[int, int]] = set()
    for reading in _readings(connection, segment_ids, tally, by=1):
        title, text = _joined(reading.title), _joined(reading.text)
        passage = connection.execute(
            SQL["add_passage"],
            {
                "segment": reading.segment_id,
                "scope": reading.scope,
                "correction": reading.correction_id,
                "title": title,
                "text": text,
                "vector": vectors.attach(connection, reading.whole),
            },
        ).lastrowid
        connection.execute(
            SQL["index_passage"],
            _entry(passage, reading.episode_id, reading.scope, reading.sponsor, title, text),
        )
        connection.executemany(SQL["add_title_start"], _title_rows(reading))
        where.add((reading.scope, reading.episode_id))
    tally.write(connection)
    vectors.changed(connection, where)


def remove(connection: sqlite3.Connection, segment_ids: Iterable[int]) -> None:
    """Take segments out of the index, as they were when they were put in."""
    wanted = list(segment_ids)
    tally = Tally()
    for reading in _readings(connection, wanted, tally, by=-1):
        connection.executemany(SQL["remove_title_start"], _title_rows(reading))
    parameters = {"segments": json.dumps(wanted)}
    where: set[tuple[int, int]] = set()
    for row in connection.execute(SQL["passages_of"], parameters).fetchall():
        connection.execute(SQL["unindex_passage"], _entry(*row))
        _, episode_id, scope, *_ = row
        where.add((scope, episode_id))
    connection.execute(SQL["loosen_passages"], parameters)
    connection.execute(SQL["remove_passages"], parameters)
    tally.write(connection)
    vectors.changed(connection, where)


def merge(connection: sqlite3.Connection, added: int) -> None:
    """Bring the full-text index into one piece, after an import of ``added`` segments.

    Every piece makes every search slower. Of a larger index it is done only when an eighth is
    new, so that all the merging costs a small multiple of the indexing.
    """
    (passages,) = connection.execute(SQL["count_passages"]).fetchone()
    stored = connection.execute(SQL["get_meta"], {"key": "unmerged"}).fetchone()
    unmerged = added + (int(stored[0]) if stored else 0)
    if passages < NEVER_MERGED and 8 * unmerged >= passages - ALWAYS_MERGED:
        connection.execute(SQL["optimize_passage_index"])
        unmerged = 0
    connection.execute(SQL["set_meta"], {"key": "unmerged", "value": str(unmerged)})


def rebuild(connection: sqlite3.Connection) -> None:
    """Derive all that is said of segments anew, and clear the words of everything.

    ``derived.rebuild`` goes on with the transcripts and notes the version.
    """
    for name in ("clear_passage_index", "clear_passages", "clear_words", "clear_stems"):
        connection.execute(SQL[name])
    connection.execute(SQL["clear_title_starts"])
    for ident, title, show, media_key in connection.execute(SQL["episode_names"]).fetchall():
        named = episode_words(title, show, media_key)
        connection.execute(SQL["set_episode_words"], {"episode": ident, "words": named})
    last = 0
    while batch := connection.execute(
        SQL["segments_after"], {"after": last, "limit": BATCH}
    ).fetchall():
        segment_ids = [ident for (ident,) in batch]
        add(connection, segment_ids)
        last = segment_ids[-1]
    connection.execute(SQL["optimize_passage_index"])


def is_current(connection: sqlite3.Connection) -> bool:
    """Return whether the stored index is what this version would build."""
    found = connection.execute(SQL["get_meta"], {"key": "index_version"}).fetchone()
    return found is not None and bool(found[0] == VERSION)


def episode_words(title: str, show: str | None, media_key: str) -> str:
    """Return the folded words an episode is found by, a space before and after each."""
    _, _, recording = media_key.partition(":")
    named = " ".join([title, show or "", recording])
    return f" {' '.join(words(named))} "


def _readings(
    connection: sqlite3.Connection, segment_ids: Iterable[int], tally: Tally, by: int
) -> Iterator[_Reading]:
    """Yield how each scope reads each segment, and count their words into ``tally``.

    A scope with a correction of a public segment counts the difference: its own words come,
    those of the public reading go. The public scope's rows come first for that.
    """
    parameters = {"segments": json.dumps(list(segment_ids))}
    base: dict[int, _Reading] = {}
    for row in connection.execute(SQL["readings"], parameters).fetchall():
        segment_id, episode_id, scope, correction_id, title, text, sponsor, overlay = row
        reading = _Reading(
            segment_id,
            episode_id,
            scope,
            correction_id,
            sponsor == 1,
            [] if sponsor else title_starts(title),
            analyse(title),
            analyse(text),
            vectors.passage_text(title, text),
            overlay == 1,
        )
        tally.count(reading.scope, reading.title + reading.text, by)
        if reading.overlay:
            public = base[reading.segment_id]
            tally.count(reading.scope, public.title + public.text, -by)
        else:
            base[reading.segment_id] = reading
        yield reading


def _joined(terms: list[Term]) -> str:
    return " ".join([term.stem for term in terms])


def _entry(
    passage: int | None, episode_id: int, scope: int, sponsor: bool, title: str, text: str
) -> dict[str, object]:
    """Return the full-text row of a passage: its terms with their scope in front."""
    found_in = scope_mark(scope, sponsor=sponsor)
    return {
        "passage": passage,
        "episode": str(episode_id),
        "title": scoped(title, found_in),
        "text": scoped(text, found_in),
    }


def scope_mark(scope: int, *, sponsor: bool) -> str:
    """Return what the terms of a scope begin with; those of its sponsors are apart."""
    return f"{scope}ad" if sponsor else str(scope)


def scoped(stems: str, mark: str) -> str:
    """Return stems, a space between, each as the term of a scope: ``1:kv 1:cach``."""
    return f"{mark}:" + stems.replace(" ", f" {mark}:") if stems else ""


def _title_rows(reading: _Reading) -> list[dict[str, object]]:
    return [
        {"scope": reading.scope, "within": within, "rest": rest, "segment": reading.segment_id}
        for within, rest in reading.starts
    ]
