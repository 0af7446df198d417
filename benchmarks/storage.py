"""Search, time look-up and completion through the storage port, beside others on the same rows."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.catalogs import Catalog
from benchmarks.peers import Tantivy, captions_search
from benchmarks.timing import Ratio, compare, leave_out_what_is_held, percentile, seconds
from bot.core.catalog import PUBLIC
from bot.core.ports import Store
from bot.core.query import parse_query
from bot.core.timecode import Timecode

QUERIES = 60
TOP = 10
SUGGESTED = 25
SEARCH_GOAL, SMALL_SEARCH_GOAL, LOOKUP_GOAL = 2.0, 3.5, 5.0
SUGGEST_S = 0.001

SEARCH = """
SELECT rowid, title, snippet(words, 1, '[', ']', '…', 12) FROM words
WHERE words MATCH ? ORDER BY rank LIMIT 10
"""
# The same rows with all their text, which is what the port returns.
SEARCH_ROWS = """
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


async def ratios(catalog: Catalog, folder: Path) -> list[Ratio]:
    """Return the ratios of one catalog; peers are built in the folder."""
    size = len(catalog.rows.titles)
    store = catalog.opened()
    leave_out_what_is_held()
    with closing(catalog.plain()) as plain:
        try:
            return [
                *await _search(store, plain, catalog, size),
                *await _peers(store, catalog, folder / f"tantivy-{size}", size),
                await _look_up(store, plain, size),
                await _suggest(store, catalog, size),
            ]
        finally:
            await store.close()


def any_word(words: str) -> str:
    """Return words as FTS5 takes them, any of which is enough."""
    return " OR ".join(f'"{word}"' for word in words.split())


def _titles(catalog: Catalog) -> list[str]:
    return random.Random(1).choices(catalog.rows.titles, k=QUERIES)


async def _search(
    store: Store, plain: sqlite3.Connection, catalog: Catalog, size: int
) -> list[Ratio]:
    found: list[Ratio] = []
    goal = SMALL_SEARCH_GOAL if size < 1_000 else SEARCH_GOAL
    for what, statement, wanted in (
        ("known item / FTS5 with snippets", SEARCH, goal),
        ("known item / FTS5 with whole rows", SEARCH_ROWS, None),
    ):

        def floor(title: str, statement: str = statement) -> object:
            return plain.execute(statement, (any_word(title),)).fetchall()

        found.append(
            await compare(
                f"{what}, {size:,}",
                wanted,
                _titles(catalog),
                lambda title: store.search(PUBLIC, parse_query(title), limit=TOP),
                floor,
            )
        )
    return found


async def _peers(store: Store, catalog: Catalog, folder: Path, size: int) -> list[Ratio]:
    engine = Tantivy(catalog, folder)
    return [
        await compare(
            f"known item / {name}, {size:,}",
            None,
            _titles(catalog),
            lambda title: store.search(PUBLIC, parse_query(title), limit=TOP),
            floor,
        )
        for name, floor in (
            ("tantivy", engine.search),
            ("the query of yt-fts", lambda title: captions_search(catalog.plain_path, title)),
        )
    ]


async def _look_up(store: Store, plain: sqlite3.Connection, size: int) -> Ratio:
    chosen = random.Random(1).choices(
        plain.execute("SELECT episode, at FROM segment LIMIT 10000").fetchall(), k=QUERIES
    )
    return await compare(
        f"time look-up / plain SQL, {size:,}",
        LOOKUP_GOAL,
        [(episode, Timecode(at + 40)) for episode, at in chosen],
        lambda pair: store.around(PUBLIC, *pair),
        lambda pair: plain.execute(LOOKUP, {"episode": pair[0], "at": pair[1].seconds}).fetchall(),
    )


async def _suggest(store: Store, catalog: Catalog, size: int) -> Ratio:
    chance = random.Random(2)
    typed = [title[: chance.randint(1, 12)] for title in 5 * _titles(catalog)]
    times: list[float] = []
    for round_ in range(4):
        measured = [await seconds(store.suggest(PUBLIC, text, SUGGESTED)) for text in typed]
        times += measured if round_ else []
    return Ratio(f"p99 of completion / 1 ms, {size:,}", percentile(times, 99), SUGGEST_S, 1.0)
