"""Several workers on one database: no import and no item of a feed is worked on twice."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

from bot.core.jobs import Part, Request, digest_of
from bot.core.settings import StorageSettings
from bot.providers.extractive import Extractive
from bot.services.import_worker import ImportWorker
from bot.services.registry import Ports
from storage import open_store
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.imports import feed, item, vtt
from tests.fakes.outlet import FakeOutlet

GUILD = "discord:1"
FEEDS, ITEMS, JOBS = 3, 30, 15


async def prepared(store, now):
    for number in range(JOBS):
        body = vtt(f"Talk {number}.")
        request = Request((Part(digest_of(body), "a.vtt"),), title=f"Talk {number}")
        job = await store.propose_job(
            GUILD, request, [body], title=f"Talk {number}", asked_by="1", now=now
        )
        await store.confirm_job(GUILD, job.id, tell=True, channel="c", asked_by="1", now=now)
    for number in range(FEEDS):
        url = f"https://pod.example/{number}"
        found = await store.propose_feed(GUILD, url, title=url, set_by="1", now=now)
        await store.follow_feed(GUILD, found.id, set_by="1", now=now)


def pages():
    return {
        f"https://pod.example/{one}": feed(
            *(
                item(n, chapters="", transcript=f"https://pod.example/{one}/{n}.vtt",
                     media=f"https://pod.example/{one}/{n}.mp3")
                for n in range(ITEMS)
            )
        )
        for one in range(FEEDS)
    } | {
        f"https://pod.example/{one}/{n}.vtt": vtt(f"Number {n} of {one}.")
        for one in range(FEEDS)
        for n in range(ITEMS)
    }  # fmt: skip


async def test_two_workers_on_one_database_do_nothing_twice(tmp_path):
    url = StorageSettings(url=f"sqlite:///{tmp_path}/shared.db")
    clock, web, outlet = FakeClock(), FakeFetcher(pages()), FakeOutlet(repeatable=False)
    async with AsyncExitStack() as stack:
        stores = [open_store(url) for _ in range(2)]
        for store in stores:
            stack.push_async_callback(store.close)
        await stores[0].migrate()
        await prepared(stores[0], clock.now())
        workers = [
            ImportWorker(
                Ports(
                    store,
                    clock,
                    lambda one=one: f"owner {one}",
                    Extractive(),
                    outlets={"discord": outlet},
                    fetcher=web,
                )
            )
            for one, store in enumerate(stores)
        ]

        async def work(worker):
            while await worker.round():
                pass

        await asyncio.gather(*map(work, workers))
        await asyncio.gather(*map(work, workers))  # What one left to the other, too.
        done = sum((worker.jobs for worker in workers), Counter())
        assert done == {"done": JOBS}
        assert sum((worker.items for worker in workers), Counter()) == {"done": FEEDS * ITEMS}
        assert all(worker.jobs and worker.items for worker in workers)
        assert set(Counter(web.asked).values()) == {1}
        assert len({key for _, _, key in outlet.posts}) == len(outlet.posts) == JOBS
        found = await stores[0].episodes(GUILD, offset=0, limit=999)
        assert len(found) == JOBS + FEEDS * ITEMS
