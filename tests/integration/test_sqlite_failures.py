"""What goes wrong with a SQLite file is said in a sentence and leaves no thread behind."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.core.catalog import PUBLIC
from bot.core.errors import Busy, StorageError
from bot.core.query import parse_query
from bot.core.settings import StorageSettings
from storage.sqlite import open_store
from storage.sqlite.failures import failure
from tests.fakes.drafts import episode_draft, recording_draft, transcript_draft


@asynccontextmanager
async def opened(path, **changes):
    store = open_store(StorageSettings(url=f"sqlite:///{path}", **changes))
    try:
        await store.migrate()
        yield store
    finally:
        await store.close()


async def refusal(path):
    """Return the sentence with which a file is refused, its threads ended."""
    before = set(threading.enumerate())
    with pytest.raises(StorageError) as refused:
        async with opened(path):
            pass
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()
    return refused.value.sentence


async def test_missing_folder_is_named(tmp_path):
    assert await refusal(tmp_path / "no" / "a.db") == (
        f"The folder {tmp_path / 'no'} for the database does not exist."
    )


async def test_folder_in_the_files_place_is_named(tmp_path):
    assert "is a folder" in await refusal(tmp_path)


async def test_file_that_is_not_a_database_is_named_and_left_as_it_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("dear diary " * 200)
    assert await refusal(path) == f"The file {path} is not a SQLite database."
    assert path.read_text() == "dear diary " * 200


UNPRIVILEGED = """
import asyncio, os, sys
from bot.core.errors import StorageError
from bot.core.settings import StorageSettings
from storage.sqlite import open_store

async def main():
    store = open_store(StorageSettings(url=f"sqlite:///{sys.argv[1]}"))
    try:
        await store.migrate()
        await store.keep_text("public", "x", __import__("datetime").datetime.now().astimezone())
    except StorageError as error:
        print(error.sentence)
    finally:
        await store.close()

if os.geteuid() == 0:
    os.seteuid(65534)  # root may write anywhere
asyncio.run(main())
"""


@pytest.fixture
def open_folder():
    """Make a folder that an unprivileged process may enter, unlike pytest's own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def unprivileged(path):
    ran = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(path)], capture_output=True, text=True, timeout=50
    )
    assert ran.stderr == ""
    return ran.stdout


def test_folder_that_may_not_be_written_is_said(open_folder):
    open_folder.chmod(0o555)
    path = open_folder / "a.db"
    assert unprivileged(path) == (
        f"The database {path} cannot be opened: check that its folder exists and may be written.\n"
    )


async def test_file_that_may_not_be_written_is_said(open_folder):
    path = open_folder / "a.db"
    async with opened(path):
        pass
    path.chmod(0o444)
    open_folder.chmod(0o555)
    assert "check" in unprivileged(path)


async def test_store_can_be_used_after_what_was_wrong_is_mended(tmp_path):
    folder = tmp_path / "later"
    store = open_store(StorageSettings(url=f"sqlite:///{folder}/a.db"))
    with pytest.raises(StorageError):
        await store.migrate()
    folder.mkdir()
    await store.migrate()
    assert await store.episodes(PUBLIC, offset=0, limit=1) == []
    await store.close()


async def test_closed_store_says_so_and_ends_its_threads(tmp_path):
    before = set(threading.enumerate())
    async with opened(tmp_path / "a.db") as store:
        used = set(threading.enumerate()) - before
        assert len(used) == 4
    await store.close()
    for thread in used:
        thread.join(5)
        assert not thread.is_alive()
    for use in (store.episodes(PUBLIC, offset=0, limit=1), store.remove_episode(PUBLIC, 1)):
        with pytest.raises(StorageError, match="closed"):
            await use


async def test_closed_store_leaves_one_file(tmp_path):
    file = tmp_path / "a.db"
    for _ in range(100):
        async with opened(file) as store:
            assert await store.episodes(PUBLIC, offset=0, limit=1) == []
        assert list(tmp_path.iterdir()) == [file]


async def test_store_that_was_never_used_closes():
    await open_store(StorageSettings(url="sqlite:///never.db")).close()


async def test_many_first_uses_at_once_open_the_file_once(tmp_path):
    before = set(threading.enumerate())
    async with opened(tmp_path / "a.db"):
        pass
    store = open_store(StorageSettings(url=f"sqlite:///{tmp_path}/a.db"))
    await asyncio.gather(*(store.episodes(PUBLIC, offset=0, limit=1) for _ in range(9)))
    alive = {thread for thread in threading.enumerate() if thread.is_alive()} - before
    assert len(alive) == 4
    await store.close()


async def test_unmigrated_file_is_said_without_sqlites_words(tmp_path):
    store = open_store(StorageSettings(url=f"sqlite:///{tmp_path}/a.db"))
    with pytest.raises(StorageError) as refused:
        await store.episodes(PUBLIC, offset=0, limit=1)
    await store.close()
    assert "no such table" not in refused.value.sentence
    assert "doctor" in refused.value.sentence


async def test_damaged_file_is_said(tmp_path):
    path = tmp_path / "a.db"
    async with opened(path) as store:
        await store.put_episode(PUBLIC, episode_draft([(60, "x" * 50_000, "y" * 50_000)]))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    store = open_store(StorageSettings(url=f"sqlite:///{path}"))
    with pytest.raises(StorageError, match="damaged"):
        await store.episodes(PUBLIC, offset=0, limit=1)
    await store.close()


async def test_full_disk_is_said_and_nothing_is_half_written(tmp_path):
    async with opened(tmp_path / "a.db") as store:
        await store._database.alter(lambda db: db.execute("PRAGMA max_page_count = 60"))
        draft = episode_draft([(60, "title", "word " * 200_000)])
        with pytest.raises(StorageError, match="full"):
            await store.put_episode(PUBLIC, draft)
        assert await store.episodes(PUBLIC, offset=0, limit=9) == []
        await store.put_episode(PUBLIC, episode_draft())


def test_unknown_codes_and_locks_have_their_sentences(tmp_path):
    raises = pytest.raises(sqlite3.OperationalError)
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection, raises as raised:
        connection.execute("nonsense")
    assert isinstance(failure(raised.value, tmp_path), StorageError)
    assert "nonsense" not in failure(raised.value, tmp_path).sentence
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    assert isinstance(failure(locked, tmp_path), Busy)
    assert isinstance(failure(sqlite3.ProgrammingError("x"), tmp_path), StorageError)
    assert os.sep in failure(sqlite3.ProgrammingError("x"), tmp_path).sentence


async def test_passage_whose_sentences_are_gone_is_left_out(tmp_path):
    path = tmp_path / "a.db"
    said = transcript_draft([(0, "Zebra one."), (60, "Zebra two.")])
    async with opened(path) as store:
        await store.put_recording(PUBLIC, recording_draft("aaaaaaaaaaa", transcript=said))
        found = await store.search_spoken(PUBLIC, parse_query("zebra"))
        assert [one.sentences[0].text for one in found] == ["Zebra one.", "Zebra two."]
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DELETE FROM sentence WHERE ordinal = 0")
            connection.commit()
        (left,) = await store.search_spoken(PUBLIC, parse_query("zebra"))
        assert [sentence.text for sentence in left.sentences] == ["Zebra two."]
