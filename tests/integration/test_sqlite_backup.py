"""A copy of the database is one whole state of it, whoever writes meanwhile, or it is not there."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.core.catalog import PUBLIC
from bot.core.errors import Busy, ConfigError, StorageError, UserError
from bot.core.settings import StorageSettings
from storage import back_up, open_store
from tests.integration.test_sqlite_index import derived

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def writing(url):
    """Let a process write without a pause; yield its acknowledgements, a line each."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.sqlite_writer_child", url, "0", "7"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child.stdout
    finally:
        child.kill()
        child.stdout.read()
        child.wait(20)
        child.stdout.close()


@pytest.fixture
async def settings(tmp_path):
    """Return the settings of a database that is there."""
    made = StorageSettings(url=f"sqlite:///{tmp_path}/segue.db")
    store = open_store(made)
    await store.migrate()
    await store.close()
    return made


def beside(tmp_path):
    return {path.name for path in tmp_path.iterdir() if not path.name.startswith("segue.db")}


async def test_copy_made_while_another_process_writes_is_one_whole_state(tmp_path):
    settings = StorageSettings(url=f"sqlite:///{tmp_path}/segue.db")
    episodes = []
    with writing(settings.url) as acknowledged:
        for number in range(5):
            while len(episodes) < 2 * (number + 1):
                kind, _, ident = acknowledged.readline().split()
                episodes += [int(ident)] if kind == "episode" else []
            target = tmp_path / f"copy{number}.db"
            assert back_up(settings, target, overwrite=False) == target.stat().st_size
            copy = open_store(StorageSettings(url=f"sqlite:///{target}"))
            for ident in episodes:
                assert len(await copy.outline(PUBLIC, ident, offset=0, limit=99)) == 11
            with closing(sqlite3.connect(target, isolation_level=None)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
                before = derived(connection)
            await copy.rebuild_index()
            await copy.close()
            with closing(sqlite3.connect(target, isolation_level=None)) as connection:
                assert derived(connection) == before


async def test_copy_is_one_file_for_its_owner_alone(settings, tmp_path):
    back_up(settings, tmp_path / "copy.db", overwrite=False)
    assert beside(tmp_path) == {"copy.db"}
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0


async def test_file_that_exists_is_kept_unless_it_may_be_replaced(settings, tmp_path):
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(UserError, match="--force"):
        back_up(settings, target, overwrite=False)
    assert target.read_text() == "precious"
    size = back_up(settings, target, overwrite=True)
    assert size == target.stat().st_size > 8
    assert beside(tmp_path) == {"copy.db"}


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
async def test_database_is_never_replaced_by_its_copy(settings, tmp_path, ending):
    with closing(sqlite3.connect(tmp_path / "segue.db")) as holder:
        holder.execute("SELECT * FROM sqlite_schema").fetchall()
        for name in (f"segue.db{ending}", f"../{tmp_path.name}/segue.db{ending}"):
            with pytest.raises(UserError, match="belongs to the database itself"):
                back_up(settings, tmp_path / name, overwrite=True)


async def test_file_that_somebody_made_meanwhile_is_kept(settings, tmp_path, monkeypatch):
    target = tmp_path / "copy.db"
    monkeypatch.setattr(
        "storage.sqlite.backup._problem", lambda part: target.write_text("theirs") and None
    )
    with pytest.raises(UserError, match="exists already"):
        back_up(settings, target, overwrite=False)
    assert target.read_text() == "theirs"
    assert beside(tmp_path) == {"copy.db"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nowhere/copy.db", "cannot be written"), ("folder", "is not a file")],
)
async def test_place_that_will_not_do_is_named(settings, tmp_path, name, sentence):
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=sentence):
        back_up(settings, tmp_path / name, overwrite=True)


async def test_damaged_database_is_said_and_leaves_the_older_copy(settings, tmp_path):
    source, target = tmp_path / "segue.db", tmp_path / "copy.db"
    back_up(settings, target, overwrite=False)
    good = target.read_bytes()
    pages = bytearray(source.read_bytes())
    pages[3 * 4096 : 8 * 4096] = b"\x55" * (5 * 4096)
    source.write_bytes(pages)
    with pytest.raises(StorageError, match=re.escape(f"{source} is damaged")):
        back_up(settings, target, overwrite=True)
    assert target.read_bytes() == good
    assert beside(tmp_path) == {"copy.db"}


async def test_database_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(StorageError, match="There is no database"):
        back_up(
            StorageSettings(url=f"sqlite:///{tmp_path}/segue.db"),
            tmp_path / "copy.db",
            overwrite=False,
        )
    assert list(tmp_path.iterdir()) == []


async def test_database_of_another_program_is_not_copied(tmp_path):
    with closing(sqlite3.connect(tmp_path / "segue.db")) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StorageError, match="another program's"):
        back_up(
            StorageSettings(url=f"sqlite:///{tmp_path}/segue.db"),
            tmp_path / "copy.db",
            overwrite=False,
        )
    assert beside(tmp_path) == set()


async def test_database_that_stays_locked_is_busy(tmp_path, settings):
    impatient = StorageSettings(url=settings.url, lock_timeout_s=0.2)
    with closing(sqlite3.connect(tmp_path / "segue.db", isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy):
            back_up(impatient, tmp_path / "copy.db", overwrite=False)
    assert beside(tmp_path) == set()


def test_address_of_another_kind_is_refused_without_its_password(tmp_path):
    with pytest.raises(ConfigError) as refused:
        back_up(StorageSettings(url="postgres://u:pw@host/db"), tmp_path / "x", overwrite=False)
    assert "pw" not in refused.value.sentence
