"""Lets a worker die at any step of posting a digest, and starts another one later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from bot.core.catalog import PUBLIC, Tenant
from bot.core.digest import Delivery, Schedule, WhenEmpty, next_due
from bot.core.outlet import Outlet
from bot.core.ports import Store
from bot.core.settings import StorageSettings
from bot.providers.extractive import Extractive
from bot.sample import SAMPLE_MEDIA
from bot.services.digest_worker import DigestWorker
from bot.services.ingestion import load_sample
from bot.services.registry import Ports
from storage import open_store
from tests.fakes.clock import FakeClock

STEPS = ("doubt_stale", "due_schedules", "fresh", "claim_turn", "post", "settle_turn")
"""The calls of a turn, in order; a worker can die before and after each."""

AT = time(12, 30)


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


@dataclass
class Dying:
    """Passes calls on, until the step at which everything ends. ``inner`` is a port."""

    inner: Any
    step: str
    after: bool

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.inner, name)
        if name != self.step:
            return call

        async def dying(*args: Any, **kwargs: Any) -> Any:
            if self.after:
                await call(*args, **kwargs)
            raise Killed(name)

        return dying


class Night:
    """A database, a clock, and the digests of one platform's channels."""

    def __init__(self, store: Store, platform: str, outlet: Outlet) -> None:
        self.store = store
        self.clock = FakeClock()
        self._platform = platform
        self._outlet = outlet
        self._ids = 0

    def _new_id(self) -> str:
        self._ids += 1
        return f"owner{self._ids}"

    def _worker(self, store: Any, outlet: Any) -> DigestWorker:
        ports = Ports(
            store, self.clock, self._new_id, Extractive(), outlets={self._platform: outlet}
        )
        return DigestWorker(ports, {"discord"})

    async def turn_on(self, tenant: Tenant, channel: str) -> Schedule:
        """Turn a digest on that is due at once."""
        now = self.clock.now()
        schedule = await self.store.put_schedule(
            tenant,
            channel,
            at=AT,
            zone="UTC",
            when_empty=WhenEmpty.QUIET,
            set_by="nobody",
            first_day=now.date(),
            due_at=now.replace(hour=AT.hour, minute=AT.minute, second=0, microsecond=0),
        )
        sample = await self.store.episode_of_media(PUBLIC, SAMPLE_MEDIA)
        assert sample is not None
        await self.store.watch_episode(tenant, schedule.id, sample.id)
        self.clock.advance((next_due(schedule, now) - now).total_seconds())
        return schedule

    async def die(self, step: str, *, after: bool) -> None:
        """Run a round that ends at a step; a step that does not come is none to die at."""
        store, outlet = (Dying(inner, step, after) for inner in (self.store, self._outlet))
        try:
            await self._worker(store, outlet).round()
        except BaseException as error:
            if not _is_killed(error):
                raise

    async def live(self, *pauses: timedelta) -> None:
        """Run a healthy worker's round after each pause, and all that it begins."""
        for pause in pauses:
            self.clock.advance(pause.total_seconds())
            worker = self._worker(self.store, self._outlet)
            await worker.round()
            await asyncio.gather(*worker._ports.begun)

    async def turns(self, schedule: Schedule) -> list[Delivery]:
        """Return what became of a schedule's turns, newest first."""
        return await self.store.deliveries(schedule.tenant, schedule.id, 20)


def _is_killed(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_killed, error.exceptions))
    return isinstance(error, Killed)


@asynccontextmanager
async def night(folder: Path, platform: str, outlet: Outlet) -> AsyncIterator[Night]:
    """Open a database with the sample in it."""
    store = open_store(StorageSettings(url=f"sqlite:///{folder}/night.db"))
    try:
        await store.migrate()
        await load_sample(store)
        yield Night(store, platform, outlet)
    finally:
        await store.close()
