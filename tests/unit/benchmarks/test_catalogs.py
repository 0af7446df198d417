"""A catalog that is written straight into the tables is the one that imports would have left."""

import sqlite3
from contextlib import closing

import pytest

from benchmarks.catalogs import PER_EPISODE, SECONDS_APART, made
from bot.core.catalog import PUBLIC, EpisodeDraft, SegmentDraft, Tenant
from bot.core.media import Media
from bot.core.query import parse_query
from bot.core.settings import StorageSettings
from bot.core.timecode import Timecode
from storage import open_store

TEAM = Tenant("slack:t1")
OWNERS = [PUBLIC, TEAM, PUBLIC]
SEGMENTS = 250

# Not the digests of documents that never were, nor the texts that wait for a vector.
COMPARED = {
    "scope": "tenant, segment_count",
    "episode": "tenant, title, media_key, media_url, source_label, segment_count, first_at,"
    " last_at, words",
    "segment": "episode_id, ordinal, kind, at, end_at, link_at, title, text, sponsor",
    "passage": "segment_id, scope, correction_id, ordinal, title_stems, text_stems",
    "vocabulary": "scope, length, word, letters, df",
    "stem_frequency": "scope, stem, df",
    "title_start": "scope, within, rest, segment_id",
}


@pytest.fixture
async def both(tmp_path):
    """Return the paths of a catalog that was made and of one that was imported."""
    catalog = await made(tmp_path, "made", SEGMENTS, 20, OWNERS)
    path = tmp_path / "imported.db"
    store = open_store(StorageSettings(url=f"sqlite:///{path}"))
    await store.migrate()
    for number, owner in enumerate(OWNERS):
        rows = range(number * PER_EPISODE, min(SEGMENTS, (number + 1) * PER_EPISODE))
        notes = tuple(
            SegmentDraft(
                at=Timecode(row % PER_EPISODE * SECONDS_APART),
                title=catalog.rows.titles[row],
                text=catalog.rows.texts[row],
            )
            for row in rows
        )
        video = f"v{number + 1:010}"
        media = Media(f"youtube:{video}", f"https://youtu.be/{video}")
        await store.put_episode(owner, EpisodeDraft(f"Episode {number + 1}", media, notes))
    await store.close()
    return catalog, path


def rows_of(path, table):
    with closing(sqlite3.connect(path)) as connection:
        return sorted(connection.execute(f"SELECT {COMPARED[table]} FROM {table}"), key=repr)  # noqa: S608


async def test_made_catalog_has_the_rows_of_an_imported_one(both):
    catalog, imported = both
    for table in COMPARED:
        assert rows_of(catalog.store_path, table) == rows_of(imported, table), table
    assert len(rows_of(imported, "passage")) == SEGMENTS


async def test_made_catalog_is_searched_as_an_imported_one(both):
    catalog, imported = both
    answers = []
    for path in (catalog.store_path, imported):
        store = open_store(StorageSettings(url=f"sqlite:///{path}"))
        found = await store.search(TEAM, parse_query(catalog.rows.titles[120]), limit=5)
        answers.append([(one.moment.segment.title, one.bm25) for one in found])
        await store.close()
    assert answers[0] == answers[1]
    assert answers[0][0][0] == catalog.rows.titles[120]


async def test_plain_rows_are_the_same(both):
    catalog, _ = both
    with closing(catalog.plain()) as plain:
        titles = [title for (title,) in plain.execute("SELECT title FROM segment ORDER BY id")]
        (hits,) = plain.execute(
            "SELECT count(*) FROM words WHERE words MATCH ?", (f'"{catalog.rows.titles[7]}"',)
        ).fetchone()
    assert titles == list(catalog.rows.titles)
    assert hits == 1
