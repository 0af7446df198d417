"""The worker embeds what waits, and neither a crash nor a broken model ends it."""

import asyncio

import pytest

from bot.core.catalog import PUBLIC
from bot.core.errors import StorageError
from bot.core.settings import StorageSettings
from bot.core.vectors import Meant
from bot.services import embedding_worker
from bot.services.embedding_worker import AT_ONCE, EmbeddingWorker
from storage import open_store
from tests.fakes.drafts import episode_draft
from tests.fakes.embedder import FakeEmbedder, vector_of

ROWS = [(n, f"Note {n}", "about zebras") for n in range(2 * AT_ONCE + 3)]


@pytest.fixture
async def store(tmp_path):
    opened = open_store(StorageSettings(url=f"sqlite:///{tmp_path}/a.db"))
    await opened.migrate()
    await opened.put_episode(PUBLIC, episode_draft(ROWS))
    yield opened
    await opened.close()


@pytest.fixture
def embedder():
    return FakeEmbedder()


async def until(condition):
    while not condition():  # noqa: ASYNC110 - what a worker counts is no event
        await asyncio.sleep(0.001)


async def all_done(worker):
    while await worker.round():
        pass
    return worker.progress


async def test_everything_that_waits_is_embedded_a_few_at_a_time(store, embedder):
    worker = EmbeddingWorker(store, embedder)
    assert await worker.round() is True
    assert len(embedder.seen) == AT_ONCE
    assert await all_done(worker) == {"embedded": len(ROWS), "all": len(ROWS)}
    assert worker.done == {"embedded": len(ROWS), "failed": 0}
    assert len(set(embedder.seen)) == len(embedder.seen) == len(ROWS)
    assert await worker.round() is False
    found = await store.nearest(PUBLIC, Meant(embedder.model, vector_of("zebras")), limit=99)
    assert len(found.near) == len(ROWS)


async def test_worker_that_was_killed_leaves_the_rest_to_the_next(store, embedder):
    first = EmbeddingWorker(store, embedder)
    await first.round()
    again = EmbeddingWorker(store, embedder)
    assert await all_done(again) == {"embedded": len(ROWS), "all": len(ROWS)}
    assert len(embedder.seen) == len(ROWS)


async def test_text_that_the_model_fails_at_holds_up_no_other(store, embedder):
    embedder.poison = "Note 7"
    worker = EmbeddingWorker(store, embedder)
    assert await all_done(worker) == {"embedded": len(ROWS) - 1, "all": len(ROWS)}
    assert worker.done == {"embedded": len(ROWS) - 1, "failed": 1}
    embedder.poison = None
    assert await worker.round() is False
    assert await all_done(EmbeddingWorker(store, embedder)) == {
        "embedded": len(ROWS),
        "all": len(ROWS),
    }


async def test_vector_of_the_wrong_size_is_not_stored(store, embedder, monkeypatch):
    monkeypatch.setattr(embedder, "embed", lambda texts: [b"\1" for _ in texts])
    worker = EmbeddingWorker(store, embedder)
    assert await worker.round() is True
    assert worker.done == {"embedded": 0, "failed": AT_ONCE}


async def test_model_that_is_missing_is_said_once_and_tried_again(
    store, embedder, monkeypatch, caplog
):
    monkeypatch.setattr(embedding_worker, "WITHOUT_MODEL_S", 0.001)
    monkeypatch.setattr(embedding_worker, "LOOK_EVERY_S", 0.001)
    embedder.broken = True
    worker, stopping = EmbeddingWorker(store, embedder), asyncio.Event()
    running = asyncio.create_task(worker.run(stopping))
    await until(lambda: embedder.failures > 30)
    said = [record.getMessage() for record in caplog.records]
    assert said == ["nothing is searched by meaning: there is no such file"]
    embedder.broken = False
    await until(lambda: worker.progress["embedded"] == len(ROWS))
    stopping.set()
    await running


async def test_fault_of_the_store_costs_a_round_alone(store, embedder, monkeypatch, caplog):
    monkeypatch.setattr(embedding_worker, "LOOK_EVERY_S", 0.001)
    worker, stopping = EmbeddingWorker(store, embedder), asyncio.Event()
    put, faults = store.put_vectors, iter([StorageError("The disk is full.")])

    async def failing(model, made):
        for fault in faults:
            raise fault
        return await put(model, made)

    monkeypatch.setattr(store, "put_vectors", failing)
    running = asyncio.create_task(worker.run(stopping))
    await until(lambda: worker.progress["embedded"] == len(ROWS))
    stopping.set()
    await running
    assert [record.getMessage() for record in caplog.records] == ["a round of embedding failed"]


async def test_loop_goes_on_while_the_model_works(store, embedder, monkeypatch):
    worker = EmbeddingWorker(store, embedder)
    loop, embed = asyncio.get_running_loop(), embedder.embed
    reached = []

    def slow(texts):
        # Waits for the loop, which could not answer if this ran on it.
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0, reached.append("loop")), loop).result(9)
        return embed(texts)

    monkeypatch.setattr(embedder, "embed", slow)
    assert await worker.round() is True
    assert reached == ["loop"]


async def test_worker_stops_where_it_rests(store, embedder):
    worker, stopping = EmbeddingWorker(store, embedder), asyncio.Event()
    await all_done(worker)
    running = asyncio.create_task(worker.run(stopping))
    await asyncio.sleep(0)
    stopping.set()
    async with asyncio.timeout(3):
        await running
