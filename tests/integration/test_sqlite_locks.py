"""Waiting for SQLite's lock: bounded, off the event loop, and safe to give up."""

import asyncio
import sqlite3
import threading
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime

import pytest

from bot.core.catalog import PUBLIC
from bot.core.errors import Busy
from bot.core.query import parse_query
from bot.core.settings import StorageSettings
from storage.sqlite import open_store
from tests.fakes.drafts import episode_draft

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@asynccontextmanager
async def opened(path, lock_timeout_s=30.0):
    settings = StorageSettings(url=f"sqlite:///{path}", lock_timeout_s=lock_timeout_s)
    store = open_store(settings)
    try:
        await store.migrate()
        yield store
    finally:
        await store.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


def locked(path):
    """Hold the write lock as another process would."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return closing(other)


async def claim(store, card):
    return await store.claim_share(PUBLIC, card, NOON)


async def test_write_gives_up_with_busy_while_another_process_writes(path):
    async with opened(path, lock_timeout_s=0.05) as store:
        with locked(path), pytest.raises(Busy):
            await claim(store, "one")
        assert await claim(store, "one") is True


async def test_write_waits_for_another_process_and_then_happens(path):
    async with opened(path) as store:
        with locked(path) as other:
            waiting = asyncio.create_task(claim(store, "one"))
            # Reads are answered, so neither they nor the loop wait with the writer.
            for _ in range(20):
                assert await store.episodes(PUBLIC, offset=0, limit=1) == []
            assert not waiting.done()
            other.execute("ROLLBACK")
            assert await waiting is True


async def test_search_is_answered_while_the_writer_is_locked(path):
    async with opened(path) as store:
        await store.put_episode(PUBLIC, episode_draft())
        with locked(path):
            assert len(await store.search(PUBLIC, parse_query("cache"))) == 1


async def test_writes_behind_a_locked_one_do_not_wait_a_timeout_each(path):
    async with opened(path, lock_timeout_s=0.2) as store:
        loop = asyncio.get_running_loop()
        with locked(path):
            start = loop.time()
            results = await asyncio.gather(
                *(claim(store, f"card{number}") for number in range(100)), return_exceptions=True
            )
            took = loop.time() - start
        assert all(isinstance(result, Busy) for result in results)
        # One after the other they would take 20 s.
        assert took < 10


class Gate:
    """Work that waits in a connection's thread until it is let go."""

    def __init__(self):
        self.begun = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._open = threading.Event()

    def __call__(self, _connection):
        self._loop.call_soon_threadsafe(self.begun.set)
        assert self._open.wait(20)

    def open(self):
        self._open.set()


async def test_cancelled_write_that_had_not_begun_writes_nothing(path):
    async with opened(path) as store:
        gate = Gate()
        before = asyncio.create_task(store._database.alter(gate))
        await gate.begun.wait()
        waiting = asyncio.create_task(claim(store, "one"))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.open()
        await before
        assert await claim(store, "one") is True


async def test_cancelled_write_leaves_no_transaction_open(path):
    async with opened(path) as store:
        gate = Gate()

        def work(connection):
            connection.execute("INSERT INTO meta VALUES ('half', 'x')")
            gate(connection)
            connection.execute("INSERT INTO meta VALUES ('whole', 'x')")

        writing = asyncio.create_task(store._database.write(work))
        await gate.begun.wait()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        gate.open()
        assert await claim(store, "one") is True
        with closing(sqlite3.connect(path)) as other:
            found = other.execute("SELECT key FROM meta WHERE value = 'x' ORDER BY key").fetchall()
            other.execute("BEGIN IMMEDIATE")
        assert found == [("half",), ("whole",)]


async def test_failing_write_is_rolled_back_whole(path):
    async with opened(path) as store:

        def work(connection):
            connection.execute("INSERT INTO meta VALUES ('half', 'x')")
            raise RuntimeError("a fault")

        with pytest.raises(RuntimeError, match="a fault"):
            await store._database.write(work)
        assert await claim(store, "one") is True
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT key FROM meta WHERE value = 'x'").fetchall() == []


async def test_stalled_reader_leaves_the_other_one(path):
    async with opened(path) as store:
        await store.put_episode(PUBLIC, episode_draft())
        gate = Gate()
        stalled = asyncio.create_task(store._database.read(gate))
        await gate.begun.wait()
        # Its caller gives up; the thread is still stalled, and still counts as busy.
        stalled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stalled
        for _ in range(5):
            assert len(await store.search(PUBLIC, parse_query("cache"))) == 1
        gate.open()


async def test_close_finishes_what_is_being_written(path):
    async with opened(path) as store:
        gate = Gate()
        before = asyncio.create_task(store._database.alter(gate))
        await gate.begun.wait()
        writing = asyncio.create_task(claim(store, "one"))
        await asyncio.sleep(0)
        closing_store = asyncio.create_task(store.close())
        await asyncio.sleep(0)
        gate.open()
        await asyncio.gather(before, closing_store)
        assert await writing is True
    async with opened(path) as store:
        assert await claim(store, "one") is False


async def test_cancelled_first_use_leaves_a_store_that_opens_and_closes(path):
    store = open_store(StorageSettings(url=f"sqlite:///{path}"))
    first = asyncio.create_task(store.migrate())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await store.migrate() > 0
    await store.close()


async def test_two_stores_write_to_one_file_without_losing_anything(path):
    async with opened(path) as one, opened(path) as two:
        cards = [f"card{number}" for number in range(20)]
        claims = await asyncio.gather(
            *(claim(store, card) for card in cards for store in (one, two))
        )
    assert sum(claims) == len(cards)
