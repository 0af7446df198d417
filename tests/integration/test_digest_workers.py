"""Several workers on one database share the work: each turn is posted by one of them."""

import asyncio
from collections import Counter
from datetime import time

from bot.core.catalog import PUBLIC
from bot.core.digest import State, WhenEmpty
from bot.core.settings import StorageSettings
from bot.providers.extractive import Extractive
from bot.sample import SAMPLE_MEDIA
from bot.services.digest_worker import DigestWorker
from bot.services.ingestion import load_sample
from bot.services.registry import Ports
from storage import open_store
from tests.fakes.clock import FakeClock
from tests.fakes.outlet import FakeOutlet

CHANNELS = 1_000


async def turn_on_everywhere(store, now):
    sample = await store.episode_of_media(PUBLIC, SAMPLE_MEDIA)
    for number in range(CHANNELS):
        tenant = f"discord:{number % 7}"
        schedule = await store.put_schedule(
            tenant,
            f"channel {number}",
            at=time(now.hour, now.minute),
            zone="UTC",
            when_empty=WhenEmpty.QUIET,
            set_by="nobody",
            first_day=now.date(),
            due_at=now,
        )
        await store.watch_episode(tenant, schedule.id, sample.id)


async def test_thousand_channels_due_at_once_get_a_thousand_posts_from_two_workers(tmp_path):
    url = f"sqlite:///{tmp_path}/shared.db"
    stores = [open_store(StorageSettings(url=url)) for _ in range(2)]
    clock, outlets = FakeClock(), [FakeOutlet(repeatable=False) for _ in range(2)]
    try:
        await stores[0].migrate()
        await load_sample(stores[0])
        await turn_on_everywhere(stores[0], clock.now())
        workers = [
            DigestWorker(
                Ports(
                    store,
                    clock,
                    lambda number=number: f"owner {number}",
                    Extractive(),
                    outlets={"discord": outlet},
                ),
                {"discord"},
            )
            for number, (store, outlet) in enumerate(zip(stores, outlets, strict=True))
        ]
        await asyncio.gather(*(worker.round() for worker in workers))
        posted = Counter(channel for outlet in outlets for channel, _, _ in outlet.posts)
        assert len(posted) == CHANNELS
        assert set(posted.values()) == {1}
        last = await stores[1].schedule("discord:0", "channel 0")
        (turn,) = await stores[1].deliveries("discord:0", last.id, 5)
        assert turn.state is State.POSTED
        assert await stores[0].due_schedules({"discord"}, clock.now(), 10) == []
    finally:
        for store in stores:
            await store.close()
