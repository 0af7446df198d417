"""Catalogs of made-up notes, up to a million in about a minute: the same rows in several databases.

A store's own import reads, analyses and matches; none of it is measured with these catalogs, so
the rows are written straight into its tables, as an import would leave them. A test compares.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.made_rows import Rows, made_rows
from bot.core.catalog import PUBLIC, Tenant
from bot.core.ports import Store
from bot.core.settings import StorageSettings
from storage import open_store
from storage.sqlite import index
from storage.sqlite.sql import SQL

PER_EPISODE = 100
SECONDS_APART = 120

PLAIN = """
CREATE TABLE episode (id INTEGER PRIMARY KEY, tenant TEXT);
CREATE TABLE segment (id INTEGER PRIMARY KEY, episode INTEGER, at INTEGER,
    link_at INTEGER, title TEXT, text TEXT);
CREATE VIRTUAL TABLE words USING fts5(
    title, text, content='segment', content_rowid='id', tokenize='porter unicode61');
INSERT INTO words(words, rank) VALUES ('rank', 'bm25(8.0, 1.0)');
INSERT INTO words(words, rank) VALUES ('hashsize', 64000000);
"""
PLAIN_INDEXES = """
CREATE INDEX segment_at ON segment (episode, at);
CREATE INDEX segment_link_at ON segment (episode, link_at);
"""
FAST = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"


@dataclass(frozen=True)
class Catalog:
    """One set of rows in Segue's store and in plain SQLite; row n has the id n + 1 in both.

    ``owners`` is whose each episode is.
    """

    rows: Rows
    owners: Sequence[Tenant]
    store_path: Path
    plain_path: Path

    def opened(self) -> Store:
        """Return the store."""
        return open_store(StorageSettings(url=f"sqlite:///{self.store_path}"))

    def plain(self) -> sqlite3.Connection:
        """Return a connection to the plain rows."""
        connection = sqlite3.connect(self.plain_path)
        connection.execute("PRAGMA cache_size = -32000")  # as the store's readers have
        return connection


async def made(
    folder: Path, name: str, segments: int, words: int, owners: Sequence[Tenant] = ()
) -> Catalog:
    """Return a catalog of so many segments of so many words; all public where no owner is told."""
    rows = await asyncio.to_thread(made_rows, segments, segments, words)
    episodes = -(-segments // PER_EPISODE)
    catalog = Catalog(
        rows,
        owners or [PUBLIC] * episodes,
        folder / f"{name}.db",
        folder / f"{name}-plain.db",
    )
    store = catalog.opened()
    await store.migrate()
    await store.close()
    with ThreadPoolExecutor() as threads:
        both = [threads.submit(_fill_store, catalog), threads.submit(_fill_plain, catalog)]
        for each in both:
            await asyncio.wrap_future(each)
    return catalog


def _places(catalog: Catalog) -> Iterator[tuple[int, int, int]]:
    """Yield (row from 0, episode's id, seconds) of every row."""
    for number in range(len(catalog.rows.titles)):
        yield number, number // PER_EPISODE + 1, number % PER_EPISODE * SECONDS_APART


def _fill_plain(catalog: Catalog) -> None:
    rows = catalog.rows
    with closing(sqlite3.connect(catalog.plain_path)) as connection:
        connection.executescript(FAST + PLAIN)
        connection.executemany(
            "INSERT INTO episode (id, tenant) VALUES (?, ?)", enumerate(catalog.owners, 1)
        )
        connection.executemany(
            "INSERT INTO segment (id, episode, at, title, text) VALUES (?, ?, ?, ?, ?)",
            (
                (number + 1, episode, at, rows.titles[number], rows.texts[number])
                for number, episode, at in _places(catalog)
            ),
        )
        connection.executescript(PLAIN_INDEXES)
        connection.execute("INSERT INTO words(words) VALUES ('rebuild')")
        connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")


def _fill_store(catalog: Catalog) -> None:
    with closing(sqlite3.connect(catalog.store_path)) as connection:
        connection.executescript(FAST)
        connection.execute(
            "INSERT INTO passage_index (passage_index, rank) VALUES ('hashsize', 64000000)"
        )
        scopes = _add_scopes(connection, catalog)
        _add_rows(connection, catalog)
        _add_passages(connection, catalog, scopes)
        _add_words(connection, catalog, scopes)
        _add_titles(connection, catalog, scopes)
        connection.execute("INSERT INTO passage_index (passage_index) VALUES ('optimize')")
        # What an import leaves: FTS5's own default.
        connection.execute(
            "INSERT INTO passage_index (passage_index, rank) VALUES ('hashsize', 1048576)"
        )
        connection.commit()


def _add_scopes(connection: sqlite3.Connection, catalog: Catalog) -> dict[Tenant, int]:
    """Return the number of each owner's scope, with its segments counted."""
    counts: dict[Tenant, int] = {}
    for start, owner in zip(
        range(0, len(catalog.rows.titles), PER_EPISODE), catalog.owners, strict=True
    ):
        held = min(PER_EPISODE, len(catalog.rows.titles) - start)
        counts[owner] = counts.get(owner, 0) + held
    connection.executemany(SQL["add_scope"], [{"tenant": owner} for owner in counts])
    connection.executemany(
        "UPDATE scope SET segment_count = ? WHERE tenant = ?",
        [(count, owner) for owner, count in counts.items()],
    )
    return dict(connection.execute("SELECT tenant, id FROM scope"))


def _add_rows(connection: sqlite3.Connection, catalog: Catalog) -> None:
    rows = catalog.rows
    connection.executemany(
        "INSERT INTO episode (id, tenant, digest, title, media_key, media_url, source_label,"
        " words, intro, reference_list, layout) VALUES (?, ?, '', ?, ?, ?, 'Notes', ?, '',"
        " '[]', '{}')",
        (
            (
                number,
                owner,
                f"Episode {number}",
                f"youtube:v{number:010}",
                f"https://youtu.be/v{number:010}",
                index.episode_words(f"Episode {number}", None, f"youtube:v{number:010}"),
            )
            for number, owner in enumerate(catalog.owners, 1)
        ),
    )
    connection.executemany(
        "INSERT INTO segment (id, episode_id, ordinal, kind, at, title, text, cells)"
        " VALUES (?, ?, ?, 'note', ?, ?, ?, '[]')",
        (
            (number + 1, episode, number % PER_EPISODE, at, rows.titles[number], rows.texts[number])
            for number, episode, at in _places(catalog)
        ),
    )
    connection.execute(
        "UPDATE episode SET (segment_count, first_at, last_at) ="
        " (SELECT count(*), min(at), max(at) FROM segment WHERE episode_id = episode.id)"
    )


def _add_passages(
    connection: sqlite3.Connection, catalog: Catalog, scopes: dict[Tenant, int]
) -> None:
    """Index every row; each of its words is its own stem."""
    rows = catalog.rows
    connection.execute(
        "INSERT INTO passage (id, segment_id, scope, title_stems, text_stems)"
        " SELECT s.id, s.id, sc.id, s.title, s.text FROM segment AS s"
        " JOIN episode AS e ON e.id = s.episode_id JOIN scope AS sc ON sc.tenant = e.tenant"
        " ORDER BY s.id"
    )
    marks = [index.scope_mark(scopes[owner], sponsor=False) for owner in catalog.owners]
    connection.executemany(
        "INSERT INTO passage_index (rowid, episode, title, text) VALUES (?, ?, ?, ?)",
        (
            (
                number + 1,
                str(episode),
                index.scoped(rows.titles[number], marks[episode - 1]),
                index.scoped(rows.texts[number], marks[episode - 1]),
            )
            for number, episode, _ in _places(catalog)
        ),
    )


def _add_words(connection: sqlite3.Connection, catalog: Catalog, scopes: dict[Tenant, int]) -> None:
    """Count in how many rows of its scope each word is."""
    owners = list(scopes)
    numbers = {owner: number for number, owner in enumerate(owners)}
    groups = [numbers[owner] for owner in catalog.owners for _ in range(PER_EPISODE)]
    for group, counts in catalog.rows.frequencies(groups[: len(catalog.rows.titles)]):
        scope = scopes[owners[group]]
        connection.executemany(
            "INSERT INTO vocabulary (scope, length, word, letters, df) VALUES (?, ?, ?, ?, ?)",
            sorted((scope, len(word), word, index.letters(word), count) for word, count in counts),
        )
        connection.executemany(
            "INSERT INTO stem_frequency (scope, stem, df) VALUES (?, ?, ?)",
            sorted((scope, word, count) for word, count in counts),
        )


def _add_titles(
    connection: sqlite3.Connection, catalog: Catalog, scopes: dict[Tenant, int]
) -> None:
    """Add the starts of titles in the order of their table, which takes a tenth of the time."""
    starts: list[tuple[int, int, str, int]] = []
    for number, episode, _ in _places(catalog):
        scope = scopes[catalog.owners[episode - 1]]
        rest = catalog.rows.titles[number] + " "
        starts.append((scope, 0, rest, number + 1))
        while rest := rest.partition(" ")[2]:
            starts.append((scope, 1, rest, number + 1))
    starts.sort()
    connection.executemany(
        "INSERT OR IGNORE INTO title_start (scope, within, rest, segment_id) VALUES (?, ?, ?, ?)",
        starts,
    )
