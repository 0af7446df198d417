"""Works on imports and feeds, one thing at a time, for as long as the process runs."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import datetime, timedelta

from bot.core.following import FollowedFeed
from bot.services.feed_importing import import_item
from bot.services.feed_polling import look
from bot.services.importing import run_job
from bot.services.registry import Ports

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
"""How often it is looked what is due; what is confirmed in this process begins at once."""

ITEMS_AT_ONCE = 20
"""Items of a feed that are imported before another feed has its turn."""

FORGET_EVERY = timedelta(hours=1)


class ImportWorker:
    """One process's worker; several on one database share the work.

    ``jobs`` counts what imports came to, ``items`` what items of feeds did, ``looks`` what looks
    at feeds did.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._forget_at: datetime | None = None
        self.jobs: Counter[str] = Counter()
        self.items: Counter[str] = Counter()
        self.looks: Counter[str] = Counter()

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until the process stops; a fault costs a round, never the worker."""
        waking = asyncio.create_task(self._wake(stopping))
        try:
            while not stopping.is_set():
                self._ports.work.clear()
                try:
                    if await self.round(stopping):
                        continue
                except Exception:
                    log.exception("a round of imports failed")
                try:
                    async with asyncio.timeout(LOOK_EVERY_S):
                        await self._ports.work.wait()
                except TimeoutError:
                    continue
        finally:
            waking.cancel()

    async def _wake(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._ports.work.set()

    async def round(self, stopping: asyncio.Event | None = None) -> bool:
        """Work on what is due first: an import, or else a feed; return whether there was any."""
        ports, now = self._ports, self._ports.clock.now()
        if self._forget_at is None or now >= self._forget_at:
            await ports.store.forget_jobs(now)
            self._forget_at = now + FORGET_EVERY
        owner = ports.new_id()
        job = await ports.store.claim_job(owner, now)
        if job is not None:
            state = await run_job(ports, job, owner, stopping)
            if state is not None:
                self.jobs[state.value] += 1
            return True
        feed = await ports.store.claim_feed(owner, now)
        if feed is None:
            return False
        try:
            await self._feed(feed, owner, stopping)
        finally:
            await ports.store.release_feed(feed.tenant, feed.id, owner=owner)
        return True

    async def _feed(self, feed: FollowedFeed, owner: str, stopping: asyncio.Event | None) -> None:
        """Look at a claimed feed if that is due, and import some of its items."""
        ports = self._ports
        if feed.next_at <= ports.clock.now():
            came_to = await look(ports, feed, owner)
            if came_to is None:
                return
            self.looks[came_to] += 1
        for _ in range(ITEMS_AT_ONCE):
            now = ports.clock.now()
            if stopping is not None and stopping.is_set():
                return
            if not await ports.store.hold_feed(feed.tenant, feed.id, owner=owner, now=now):
                return
            item = await ports.store.next_item(feed.tenant, feed.id, owner=owner, now=now)
            if item is None:
                return
            state = await import_item(ports, feed, item, owner)
            if state is None:
                return
            self.items[state.value] += 1
            if ports.work.is_set():
                return  # Somebody waits for an import of their own.
