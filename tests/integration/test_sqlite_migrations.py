"""A SQLite database is brought up to date once, whoever starts, and foreign ones are left alone."""

import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.catalog import PUBLIC
from bot.core.digest import WhenEmpty
from bot.core.errors import StorageError
from bot.core.labels import AUTOMATIC
from bot.core.query import parse_query
from bot.core.recording import ChaptersDraft
from bot.core.settings import StorageSettings
from bot.core.transcript import Chapter
from storage.sqlite import index, migrate, open_store
from storage.sqlite.failures import APPLICATION_ID
from storage.sqlite.migrate import migrations
from tests.fakes.drafts import episode_draft

GUILD = "discord:1"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

START = """
import asyncio, sys
from bot.core.settings import StorageSettings
from storage.sqlite import open_store

async def main():
    store = open_store(StorageSettings(url=sys.argv[1]))
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        print(await store.migrate(), flush=True)
    finally:
        await store.close()

asyncio.run(main())
"""


def url(path):
    return StorageSettings(url=f"sqlite:///{path}")


async def migrated(path):
    store = open_store(url(path))
    try:
        return await store.migrate()
    finally:
        await store.close()


def query(path, statement):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


@asynccontextmanager
async def opened(path):
    store = open_store(url(path))
    try:
        await store.migrate()
        yield store
    finally:
        await store.close()


def known_up_to(monkeypatch, version):
    """Let Segue be one that knows the first migrations only."""
    known = migrations()[:version]
    monkeypatch.setattr("storage.sqlite.migrate.migrations", lambda: known)
    # What is derived is today's, of tables that a first version does not have.
    monkeypatch.setattr("storage.sqlite.migrate.derived.rebuild", lambda connection: None)


async def daily(store):
    """Turn a digest on."""
    return await store.put_schedule(
        GUILD,
        "general",
        at=time(9),
        zone="UTC",
        when_empty=WhenEmpty.QUIET,
        set_by="alice",
        first_day=date(2026, 3, 2),
        due_at=NOON,
    )


FIRST_VERSIONS_DATA = """
INSERT INTO episode (id, tenant, digest, title, media_key, media_url, source_label, segment_count,
    first_at, last_at, words, intro, reference_list, layout)
VALUES (1, 'public', 'd', 'A talk', 'youtube:aaaaaaaaaaa', 'https://youtu.be/aaaaaaaaaaa', 'Notes',
    2, 60, 600, ' a talk aaaaaaaaaaa ', '', '[]', '{}');
INSERT INTO segment (id, episode_id, ordinal, kind, at, link_at, link_url, title, text, cells)
VALUES (1, 1, 0, 'note', 60, 60, 'https://youtu.be/aaaaaaaaaaa?t=60', 'KV Cache', 'keys', '[]'),
    (2, 1, 1, 'note', 600, 600, 'https://youtu.be/aaaaaaaaaaa?t=600', 'Chips', 'export', '[]');
UPDATE scope SET segment_count = 2;
INSERT INTO scope (tenant) VALUES ('discord:1');
INSERT INTO correction (tenant, segment_id, title, text, corrected_by, corrected_at)
VALUES ('discord:1', 1, 'Zebra', 'keys', 'op', '2026-03-01T12:00:00.000000+00:00');
INSERT INTO last_card
VALUES ('discord:1', 'general', 'alice', 1, '2026-03-01T12:00:00.000000+00:00');
INSERT INTO share_claim VALUES ('discord:1', 'card1', '2026-03-01T12:00:00.000000+00:00', 1);
"""


async def test_new_file_is_brought_to_the_latest_version(tmp_path):
    path = tmp_path / "new.db"
    latest = len(migrations())
    assert await migrated(path) == latest
    assert query(path, "PRAGMA user_version") == [(latest,)]
    assert query(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert query(path, "PRAGMA journal_mode") == [("wal",)]
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "PRAGMA foreign_key_check") == []


async def test_migrating_again_changes_nothing(tmp_path):
    path = tmp_path / "twice.db"
    await migrated(path)
    before = query(path, "SELECT * FROM sqlite_schema")
    assert await migrated(path) == len(migrations())
    assert query(path, "SELECT * FROM sqlite_schema") == before


@pytest.mark.parametrize("version", range(1, len(migrations())))
async def test_older_file_becomes_the_same_as_a_new_one(tmp_path, monkeypatch, version):
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    with monkeypatch.context() as patch:
        known_up_to(patch, version)
        assert await migrated(old) == version
    assert await migrated(new) == len(migrations())
    assert query(old, schema) != query(new, schema)
    assert await migrated(old) == len(migrations())
    assert query(old, schema) == query(new, schema)
    assert query(old, "PRAGMA user_version") == [(len(migrations()),)]


async def test_first_versions_data_is_kept_and_gains_digests(tmp_path, monkeypatch):
    path = tmp_path / "first.db"
    with monkeypatch.context() as patch:
        known_up_to(patch, 1)
        await migrated(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_VERSIONS_DATA)
    async with opened(path) as store:
        before = await store.outline(PUBLIC, 1, offset=0, limit=9)
        assert [moment.segment.title for moment in before] == ["KV Cache", "Chips"]
        assert (await store.moment(GUILD, 1)).segment.title == "Zebra"
        assert await store.last_episode(GUILD, "general", "alice", NOON - timedelta(1)) == 1
        assert len(await store.search(GUILD, parse_query("zebra"))) == 1
        assert await store.claim_share(GUILD, "card1", NOON) is False
        schedule = await daily(store)
        await store.watch_episode(GUILD, schedule.id, 1)
        assert (await store.fresh(GUILD, schedule.id, 9)).total == len(before)
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "PRAGMA foreign_key_check") == []


FOURTH_VERSIONS_TALK = """
INSERT INTO episode (id, tenant, digest, title, media_key, media_url, source_label, words, intro,
    reference_list, layout)
VALUES (7, 'public', 't', 'Only talk', 'youtube:bbbbbbbbbbb', 'https://youtu.be/bbbbbbbbbbb',
    'Transcript', ' only talk ', '', '[]', '{}');
INSERT INTO transcript (episode_id, digest, language, source_label, sentence_count, end_ms)
VALUES (7, 's', 'en', 'Captions', 1, 2000);
INSERT INTO sentence VALUES (7, 0, 0, 2000, '', 'A zebra.');
INSERT INTO channel_default VALUES ('discord:1', 'general', 7);
DELETE FROM sqlite_sequence WHERE name = 'episode';
INSERT INTO sqlite_sequence VALUES ('episode', 40);
"""


async def test_table_that_is_built_anew_keeps_its_rows_and_all_that_refers_to_them(
    tmp_path, monkeypatch
):
    path = tmp_path / "fourth.db"
    with monkeypatch.context() as patch:
        known_up_to(patch, 4)
        await migrated(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_VERSIONS_DATA + FOURTH_VERSIONS_TALK)
    async with opened(path) as store:
        noted, said = await store.episode(PUBLIC, 1), await store.episode(PUBLIC, 7)
        assert (noted.source_label, noted.transcript_label) == ("Notes", "")
        assert (said.source_label, said.transcript_label) == ("", "Captions")
        assert await store.default_episode(GUILD, "general") == 7
        assert await store.last_episode(GUILD, "general", "alice", NOON - timedelta(1)) == 1
        assert len(await store.search_spoken(GUILD, parse_query("zebra"))) == 1
        # The same document is the same still, and no id is used again.
        unlike = await store.put_episode(PUBLIC, episode_draft(video="ccccccccccc"))
        assert unlike.episode.id == 41
        await store.use_model("a model")
        waiting = {one.text for one in await store.waiting_texts("a model", 99)}
        assert {"A zebra.", "Zebra. keys"} <= waiting
    assert query(path, "PRAGMA foreign_key_check") == []
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


async def test_chapters_made_for_talks_of_before_the_update_are_nobodys_news(tmp_path, monkeypatch):
    path = tmp_path / "eighth.db"
    with monkeypatch.context() as patch:
        known_up_to(patch, 4)
        await migrated(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_VERSIONS_DATA + FOURTH_VERSIONS_TALK)
    with monkeypatch.context() as patch:
        known_up_to(patch, 8)
        async with opened(path) as store:
            schedule = await daily(store)
            for episode_id in (1, 7):
                await store.watch_episode(GUILD, schedule.id, episode_id)
    async with opened(path) as store:
        talk = await store.next_bare_talk(None)
        chapters = ChaptersDraft((Chapter(0, "One"), Chapter(1_000, "Two")), AUTOMATIC)
        assert await store.put_outline(talk, chapters)
        fresh = await store.fresh(GUILD, schedule.id, 9)
        assert [moment.segment.title for moment in fresh.moments] == ["Zebra", "Chips"]
        await store.watch_episode(GUILD, schedule.id, 7)
        assert (await store.fresh(GUILD, schedule.id, 9)).total == 4


def test_processes_that_start_at_once_migrate_a_new_file_once(tmp_path):
    path = tmp_path / "shared.db"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", START, f"sqlite:///{path}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=50) for process in processes]
    assert answers == [(f"{len(migrations())}\n", "")] * 4
    assert query(path, "SELECT tenant FROM scope") == [("public",)]
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


async def test_process_that_comes_second_finds_the_work_done(tmp_path, monkeypatch):
    path = tmp_path / "second.db"
    await migrated(path)
    read, looks = migrate._version, []

    def stale_at_first(connection):
        looks.append(connection)
        return read(connection) if len(looks) > 1 else 0

    # As if the other process finished between the look and the lock.
    monkeypatch.setattr(migrate, "_version", stale_at_first)
    assert await migrated(path) == len(migrations())
    assert query(path, "SELECT tenant FROM scope") == [("public",)]


async def test_database_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "newer.db"
    await migrated(path)
    query(path, "PRAGMA user_version = 99")
    with pytest.raises(StorageError, match=r"newer Segue \(schema 99"):
        await migrated(path)
    assert query(path, "PRAGMA user_version") == [(99,)]


async def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "theirs.db"
    query(path, "CREATE TABLE theirs (x)")
    content = path.read_bytes()
    with pytest.raises(StorageError, match="another program's database"):
        await migrated(path)
    assert path.read_bytes() == content
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["theirs.db"]


async def test_failing_migration_leaves_nothing_of_itself(tmp_path, monkeypatch):
    path = tmp_path / "failing.db"
    broken = (*migrations(), ("broken.sql", "CREATE TABLE half (x);\nSELECT nonsense;\n"))
    monkeypatch.setattr("storage.sqlite.migrate.migrations", lambda: broken)
    with pytest.raises(StorageError):
        await migrated(path)
    assert query(path, "PRAGMA user_version") == [(len(broken) - 1,)]
    assert query(path, "SELECT name FROM sqlite_schema WHERE name = 'half'") == []


async def test_index_of_another_analyser_is_rebuilt_at_start(tmp_path, monkeypatch):
    path = tmp_path / "old.db"
    store = open_store(url(path))
    await store.migrate()
    await store.put_episode(PUBLIC, episode_draft())
    await store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO passage_index (passage_index) VALUES ('delete-all')")
        connection.execute("DELETE FROM vocabulary")
        connection.execute("UPDATE episode SET words = ''")
    monkeypatch.setattr(index, "VERSION", "another")
    store = open_store(url(path))
    await store.migrate()
    assert len(await store.search(PUBLIC, parse_query("cache"))) == 1
    assert await store.word_counts(PUBLIC, ["cache"]) == {"cache": 1}
    assert len(await store.find_episodes(PUBLIC, "talk", 9)) == 1
    await store.close()
    assert query(path, "SELECT value FROM meta WHERE key = 'index_version'") == [("another",)]
