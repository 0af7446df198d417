"""What is closest, by memory that is current, behind or resting, and by the tables."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.core.catalog import PUBLIC
from bot.core.settings import StorageSettings
from bot.core.vectors import Meant
from bot.services.embedding_worker import EmbeddingWorker
from storage import open_store
from storage.sqlite import meaning
from storage.vectors.scopes import Scopes
from tests.fakes.drafts import episode_draft
from tests.fakes.embedder import FakeEmbedder, vector_of
from tests.integration.test_sqlite_index import GUILD, apply, migrated
from tests.integration.test_sqlite_vectors import MODELS, Bot


@pytest.fixture
def slow_to_read(monkeypatch):
    """Let memory take in one episode a step."""
    monkeypatch.setattr(meaning, "STEP_S", -1)
    monkeypatch.setattr(meaning, "EPISODES_AT_ONCE", 1)


def test_memory_that_has_to_catch_up_does_so_step_by_step(slow_to_read):
    with migrated() as connection:
        bot = Bot(connection)
        for video in "abc":
            apply(connection, ("put", PUBLIC, video * 11, [(1, "kv", video), (2, "cache", video)]))
        bot.embed_all()
        meant = Meant(bot.model, vector_of("kv"))
        asked = meaning.Asked(GUILD, meant, sponsors=False, episode_id=None, limit=99)
        first = meaning.nearest(connection, bot.scopes, asked, last=True)
        assert (len(first.near), first.complete) == (2, False)
        last = replace(asked, episode_id=1)
        assert len(meaning.nearest(connection, bot.scopes, last, last=True).near) == 2
        assert bot.nearest(asked) is None
        found = bot.nearest(asked)
        assert (len(found.near), found.complete) == (6, True)


def test_memory_that_rests_tells_of_nothing_that_is_gone(monkeypatch):
    monkeypatch.setattr(meaning, "SOON_S", -1)
    monkeypatch.setattr(meaning, "REST", 10**9)
    with migrated() as connection:
        bot = Bot(connection)
        for video in "abc":
            apply(connection, ("put", PUBLIC, video * 11, [(1, "kv", video)]))
        bot.embed_all()
        asked = meaning.Asked(
            GUILD, Meant(bot.model, vector_of("kv")), sponsors=False, episode_id=None, limit=99
        )
        assert len(bot.nearest(asked).near) == 3
        apply(connection, ("remove", PUBLIC, 2, None))
        assert len(bot.nearest(asked).near) == 2
        assert bot.nearest(replace(asked, episode_id=2)).near == ()


def test_memory_measures_no_talk_that_is_gone():
    with migrated() as connection:
        bot = Bot(connection)
        for video in "ab":
            apply(connection, ("say", PUBLIC, video * 11, [(1, f"Zebra {video}."), (90, "Kv.")]))
        bot.embed_all()
        asked = meaning.Asked(
            GUILD, Meant(bot.model, vector_of("zebra")), sponsors=False, episode_id=None, limit=99
        )
        said = [near.passage for near in bot.nearest(asked).near]
        assert len(said) == 4
        apply(connection, ("remove", PUBLIC, 1, None))
        found = bot.nearest(replace(asked, limit=1, said=said))
        assert {near.passage for near in (*found.near, *found.further)} < set(said)
        assert (len(found.near), len(found.further)) == (1, 1)


def test_scope_too_large_to_be_held_is_measured_from_the_tables(monkeypatch):
    rows = [(n, f"kv {n}", "cache zebra"[: n % 3 * 6]) for n in range(60)]
    with migrated() as connection:
        bot = Bot(connection)
        apply(connection, ("put", PUBLIC, "aaaaaaaaaaa", rows))
        apply(connection, ("say", PUBLIC, "aaaaaaaaaaa", [(n, f"Zebra {n}.") for n in range(60)]))
        bot.embed_all()
        asked = meaning.Asked(
            PUBLIC, Meant(bot.model, vector_of("zebra 7")), sponsors=False, episode_id=None, limit=9
        )
        held = meaning.nearest(connection, bot.scopes, asked, last=True)
        monkeypatch.setattr("storage.vectors.rows.HELD", 10)
        scopes = Scopes()
        assert meaning.nearest(connection, scopes, asked, last=True).near[:3] == held.near[:3]
        assert scopes.nbytes < bot.scopes.nbytes
        bot.scopes = scopes
        bot.check("zebra 7")


@asynccontextmanager
async def filled(folder, episodes):
    """Open a store with so many episodes that are embedded."""
    store = open_store(StorageSettings(url=f"sqlite:///{folder}/a.db"))
    await store.migrate()
    for number in range(episodes):
        await store.put_episode(
            PUBLIC, episode_draft([(1, f"kv {number}", "")], video=f"{number:011}")
        )
    worker = EmbeddingWorker(store, FakeEmbedder())
    while await worker.round():
        pass
    try:
        yield store
    finally:
        await store.close()


async def found_of(store, *, patience_s=0):
    """Return how many of all that is stored a search tells of, and whether it says that is all."""
    meant = Meant(MODELS[0], vector_of("kv"))
    found = await store.nearest(GUILD, meant, patience_s=patience_s)
    return len(found.near), found.complete


async def test_search_that_does_not_wait_tells_so_and_reading_goes_on(tmp_path, slow_to_read):
    async with filled(tmp_path, 12) as store:
        count, complete = await found_of(store)
        assert 0 < count < 12
        assert not complete
        await store._reading
        assert await found_of(store) == (12, True)


async def test_search_that_waits_tells_of_everything(tmp_path, slow_to_read):
    async with filled(tmp_path, 12) as store:
        assert await found_of(store, patience_s=60) == (12, True)


async def test_reading_goes_on_where_nobody_waits_any_longer(tmp_path, slow_to_read):
    async with filled(tmp_path, 12) as store:
        asking = asyncio.create_task(found_of(store, patience_s=60))
        while store._scopes is None:  # noqa: ASYNC110 - nothing tells when it begins
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await store._reading
        assert await found_of(store) == (12, True)


async def test_store_closes_while_it_is_reading(tmp_path, slow_to_read):
    async with filled(tmp_path, 12) as store:
        _, complete = await found_of(store)
        assert not complete
        assert not store._reading.done()
    assert store._reading.done()


def test_nothing_heavy_is_imported_before_the_first_search():
    code = (
        "import sys, bot.bootstrap, storage.sqlite.store, bot.services.embedding_worker\n"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
