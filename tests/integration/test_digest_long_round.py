"""A worker that is busy for minutes still takes over, in time, what a dead one had claimed."""

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

CHANNELS, SECONDS_A_POST = 600, 0.25


class SlowOutlet(FakeOutlet):
    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    async def post(self, *args, **kwargs):
        self._clock.advance(SECONDS_A_POST)
        return await super().post(*args, **kwargs)


async def test_claim_of_a_dead_worker_is_taken_over_while_many_posts_are_due(tmp_path):
    store = open_store(StorageSettings(url=f"sqlite:///{tmp_path}/a.db"))
    clock = FakeClock()
    try:
        await store.migrate()
        await load_sample(store)
        sample = await store.episode_of_media(PUBLIC, SAMPLE_MEDIA)
        now = clock.now()
        made = []
        for number in range(CHANNELS):
            schedule = await store.put_schedule(
                "discord:1",
                f"channel {number}",
                at=time(now.hour, now.minute),
                zone="UTC",
                when_empty=WhenEmpty.QUIET,
                set_by="nobody",
                first_day=now.date(),
                due_at=now,
            )
            await store.watch_episode("discord:1", schedule.id, sample.id)
            made.append(schedule)
        dead = made[:3]
        for schedule in dead:
            assert await store.claim_turn(
                "discord:1",
                schedule.id,
                now.date(),
                owner="dead",
                now=clock.now(),
                moments=[1],
                repeatable=True,
            )
        worker = DigestWorker(
            Ports(
                store, clock, lambda: "alive", Extractive(), outlets={"discord": SlowOutlet(clock)}
            ),
            {"discord"},
        )
        while await worker.round():
            clock.advance(1)
        states = [(await store.deliveries("discord:1", s.id, 1))[0].state for s in made]
        assert set(states) == {State.POSTED}
    finally:
        await store.close()
