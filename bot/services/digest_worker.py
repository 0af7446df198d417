"""Posts the digests that are due, turn by turn, for as long as the process runs."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Collection

from bot.core.digest import Leftover, Schedule, State, next_due, open_turn
from bot.services.digest_posting import look_up, post_turn
from bot.services.registry import Ports

log = logging.getLogger(__name__)

LOOK_EVERY_S = 15.0
"""How often it is looked what is due, however much there is to post.

A digest comes within that of its minute, and what a dead process left is found in time: with the
last post of a round, the lease and this are less than REPEATABLE_FOR.
"""

AT_ONCE = 16
"""Posts under way at one time: enough to reach a platform's rate, few enough to hold it."""

BATCH = 500
"""Schedules read at one time."""

MOST_LEFT = 10_000
"""Turns of dead processes that wait for their platform to be looked up."""


class DigestWorker:
    """One process's worker; several on one database share the work.

    ``repeatable`` are the platforms that show a post made twice under one key once. ``turns``
    counts what turns came to, ``lag_s`` holds by how many seconds the last post of a platform
    came after its minute.
    """

    def __init__(self, ports: Ports, repeatable: Collection[str]) -> None:
        self._ports = ports
        self._repeatable = frozenset(repeatable)
        self._free = asyncio.Semaphore(AT_ONCE)
        self._left: deque[Leftover] = deque(maxlen=MOST_LEFT)
        self.turns: Counter[str] = Counter()
        self.lag_s: dict[str, float] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until the process stops; a fault costs a round, never the worker."""
        clock = self._ports.clock
        while not stopping.is_set():
            next_look = clock.monotonic() + LOOK_EVERY_S
            try:
                await self.round(stopping)
            except Exception:
                log.exception("a round of digests failed")
            try:
                async with asyncio.timeout(max(next_look - clock.monotonic(), 0.0)):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def round(self, stopping: asyncio.Event | None = None) -> int:
        """Post what is due now, as far as LOOK_EVERY_S goes; return how many were looked at."""
        now, until = self._ports.clock.now(), self._ports.clock.monotonic() + LOOK_EVERY_S
        for left in await self._ports.store.doubt_stale(now, repeatable=self._repeatable):
            log.warning("digest %d of %s is in doubt", left.schedule.id, left.turn.day)
            self._left.append(left)
        self._look_up_what_is_left()
        looked_at: set[int] = set()
        while self._ports.clock.monotonic() < until and not (stopping and stopping.is_set()):
            # Those that stay due, because another has them in hand, come again among the first.
            limit = BATCH + len(looked_at)
            due = await self._ports.store.due_schedules(frozenset(self._ports.outlets), now, limit)
            fresh = [schedule for schedule in due if schedule.id not in looked_at]
            if not fresh:
                break
            looked_at.update(schedule.id for schedule in fresh)
            async with asyncio.TaskGroup() as group:
                for schedule in fresh:
                    group.create_task(self._turn(schedule, until, stopping))
        return len(looked_at)

    def _look_up_what_is_left(self) -> None:
        """Begin to look for the posts of dead processes, once each, as platforms are there."""
        outlets = self._ports.outlets
        there = [left for left in self._left if left.schedule.platform in outlets][:AT_ONCE]
        for left in there:
            self._left.remove(left)
            looking = asyncio.create_task(self._look_up(left))
            self._ports.begun.add(looking)
            looking.add_done_callback(self._ports.begun.discard)

    async def _look_up(self, left: Leftover) -> None:
        try:
            await look_up(self._ports, left)
        except Exception:
            log.exception("digest %d was not looked up", left.schedule.id)

    async def _turn(self, schedule: Schedule, until: float, stopping: asyncio.Event | None) -> None:
        async with self._free:
            if self._ports.clock.monotonic() >= until or (stopping and stopping.is_set()):
                return  # It is due still: the next round, which follows at once, has it again.
            try:
                now = self._ports.clock.now()
                turn = open_turn(schedule, now)
                late = turn is not None and turn.is_late(now)
                done = await post_turn(self._ports, schedule, turn.day, late=late) if turn else None
                if turn and done:
                    self.turns[done.value] += 1
                if turn and done is State.POSTED:
                    self.lag_s[schedule.platform] = (now - turn.due_at).total_seconds()
                if schedule.platform not in self._ports.outlets:
                    return  # It is due again as soon as its platform is back.
                if done is None and not await self._is_being_posted(schedule):
                    # Missed by too much, or told before: what is new is told by the next.
                    due_at = next_due(schedule, now)
                    await self._ports.store.postpone(schedule.tenant, schedule.id, due_at, now=now)
            except Exception:
                # Of one channel: the others are posted all the same, and this one is due again.
                log.exception("digest %d failed", schedule.id)

    async def _is_being_posted(self, schedule: Schedule) -> bool:
        """Return whether another process has the newest turn in hand."""
        newest = await self._ports.store.deliveries(schedule.tenant, schedule.id, 1)
        return bool(newest) and newest[0].state is State.SENDING
