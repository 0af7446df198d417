"""Search and time look-up through the storage port, against plain sqlite3 over the same rows."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.corpus import PER_EPISODE, SECONDS_APART, Corpus
from benchmarks.timing import Ratio, compare
from bot.core.catalog import PUBLIC, Moment
from bot.core.ports import Store
from bot.core.query import SearchQuery, parse_query
from bot.core.settings import StorageSettings
from bot.core.timecode import Timecode
from storage import open_store

SIZES = (15, 10_000, 100_000)
QUERIES = 60
TOP = 10
SEARCH_GOAL, SMALL_SEARCH_GOAL, LOOKUP_GOAL = 2.0, 3.5, 5.0

SCHEMA = """
CREATE TABLE segment (id INTEGER PRIMARY KEY, episode INTEGER, at INTEGER,
    link_at INTEGER, title TEXT, text TEXT);
CREATE INDEX segment_at ON segment (episode, at);
CREATE INDEX segment_link_at ON segment (episode, link_at);
CREATE VIRTUAL TABLE words USING fts5(
    title, text, content='segment', content_rowid='id', tokenize='porter unicode61');
"""
SEARCH = """
SELECT segment.id, segment.episode, segment.at, segment.title, segment.text, found.score
FROM (SELECT rowid, bm25(words, 8, 1) AS score FROM words WHERE words MATCH ?
      ORDER BY score LIMIT 10) AS found
JOIN segment ON segment.id = found.rowid ORDER BY found.score
"""
# What the port answers: the row before, the row after and the row that links here, as plain as
# they can be asked for.
LOOKUP = """
SELECT * FROM (SELECT id, episode, at, title, text FROM segment
               WHERE episode = :episode AND at <= :at ORDER BY at DESC LIMIT 1)
UNION ALL
SELECT * FROM (SELECT id, episode, at, title, text FROM segment
               WHERE episode = :episode AND at > :at ORDER BY at LIMIT 1)
UNION ALL
SELECT * FROM (SELECT id, episode, at, title, text FROM segment
               WHERE episode = :episode AND link_at = :at LIMIT 1)
"""


async def ratios(folder: Path) -> list[Ratio]:
    """Return search and look-up ratios at every size."""
    found: list[Ratio] = []
    for size in SIZES:
        store = open_store(StorageSettings(url=f"sqlite:///{folder}/{size}.db"))
        with closing(sqlite3.connect(folder / f"{size}-plain.db")) as plain:
            try:
                await store.migrate()
                moments = await _fill(store, plain, size)
                found += await _at_size(store, plain, moments, size)
            finally:
                await store.close()
    return found


async def _fill(store: Store, plain: sqlite3.Connection, size: int) -> list[Moment]:
    """Put the same rows into both; return some of the moments to ask for."""
    plain.executescript("PRAGMA journal_mode=WAL;" + SCHEMA)
    kept: list[Moment] = []
    for draft in Corpus(seed=size).episodes(size):
        outcome = await store.put_episode(PUBLIC, draft)
        episode = outcome.episode.id
        plain.executemany(
            "INSERT INTO segment (episode, at, title, text) VALUES (?, ?, ?, ?)",
            [(episode, note.at.seconds, note.title, note.text) for note in draft.segments],
        )
        if len(kept) < 10 * QUERIES:
            kept += await store.outline(PUBLIC, episode, offset=0, limit=PER_EPISODE)
    plain.execute("INSERT INTO words(words) VALUES ('rebuild')")
    plain.execute("INSERT INTO words(words) VALUES ('optimize')")
    plain.commit()
    return kept


async def _at_size(
    store: Store, plain: sqlite3.Connection, moments: list[Moment], size: int
) -> list[Ratio]:
    chosen = random.Random(1).choices(moments, k=QUERIES)
    searches = [
        (parse_query(m.segment.title), " OR ".join(f'"{w}"' for w in m.segment.title.split()))
        for m in chosen
    ]
    times = [(m.episode.id, Timecode(m.segment.at.seconds + SECONDS_APART // 3)) for m in chosen]

    def plain_search(pair: tuple[SearchQuery, str]) -> object:
        return plain.execute(SEARCH, (pair[1],)).fetchall()

    def plain_lookup(pair: tuple[int, Timecode]) -> object:
        return plain.execute(LOOKUP, {"episode": pair[0], "at": pair[1].seconds}).fetchall()

    return [
        await compare(
            f"known-item search, {size:,} segments",
            SMALL_SEARCH_GOAL if size < 1_000 else SEARCH_GOAL,
            searches,
            lambda pair: store.search(PUBLIC, pair[0], limit=TOP),
            plain_search,
        ),
        await compare(
            f"time look-up, {size:,} segments",
            LOOKUP_GOAL,
            times,
            lambda pair: store.around(PUBLIC, *pair),
            plain_lookup,
        ),
    ]
