"""A process killed at any moment loses nothing that it had acknowledged."""

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.catalog import PUBLIC
from bot.core.digest import State
from bot.core.settings import StorageSettings
from storage.sqlite import open_store
from tests.integration.test_sqlite_index import derived

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GUILD = "discord:1"
ROOT = Path(__file__).resolve().parents[2]
KILLS = 6


def run_until_killed(url, number, chance):
    """Run the child, kill it after a random number of acknowledgements; return all it gave."""
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.integration.sqlite_writer_child",
            url,
            str(number),
            str(chance.randrange(1_000)),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    acknowledged = [child.stdout.readline() for _ in range(chance.randint(1, 25))]
    child.kill()
    acknowledged += child.stdout.readlines()
    child.wait(20)
    child.stdout.close()
    # The last line may have been cut short by the kill.
    return [line.split() for line in acknowledged if line.endswith("\n")]


async def check(store, kind, number, result):
    if kind == "episode":
        episode = await store.episode(PUBLIC, int(result))
        assert episode.title == f"Talk {number}"
        assert len(await store.outline(PUBLIC, int(result), offset=0, limit=99)) == 11
    elif kind == "share":
        assert await store.claim_share(GUILD, f"card{number}", NOON) is False
    elif kind == "text":
        assert await store.kept_text(GUILD, result) == f"text {number}"
    elif kind == "turn":
        (turn,) = await store.deliveries(GUILD, int(result), 9)
        assert (turn.state, turn.moments) == (State.SENDING, (int(number), 1))
    elif kind == "report":
        assert (await store.report(int(result))).reason == f"r{number}"
    else:
        segment, ident = map(int, result.split(","))
        history = await store.history(GUILD, segment)
        assert f"Corrected {number}" in [c.title for c in history if c.id == ident]


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_acknowledged_write_survives_kills(tmp_path, seed):
    path = tmp_path / "a.db"
    url = f"sqlite:///{path}"
    chance = random.Random(seed)
    acknowledged = []
    for _ in range(KILLS):
        number = len(acknowledged) + 1_000 * (1 + len(acknowledged))
        acknowledged += run_until_killed(url, number, chance)
    store = open_store(StorageSettings(url=url))
    await store.migrate()
    for line in acknowledged:
        await check(store, *line)
    await store.close()
    assert len(acknowledged) >= KILLS
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        before = derived(connection)
    store = open_store(StorageSettings(url=url))
    await store.rebuild_index()
    await store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert derived(connection) == before
