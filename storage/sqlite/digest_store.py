"""The part of the store that holds digests: each method hands one function to a thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from bot.core.catalog import Moment, Tenant
from bot.core.digest import Delivery, Fresh, Leftover, Schedule, State, WhenEmpty
from storage.sqlite import digests
from storage.sqlite.connection import Database


class DigestStore:
    """``bot.core.ports.Digests`` over one SQLite file; the contracts of its methods are there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_schedule(
        self,
        tenant: Tenant,
        channel: str,
        *,
        at: time,
        zone: str,
        when_empty: WhenEmpty,
        set_by: str,
        first_day: date,
        due_at: datetime,
    ) -> Schedule:
        """Turn a channel's digest on, or change it."""
        return await self._database.write(
            lambda db: digests.put_schedule(
                db,
                tenant,
                channel,
                at=at,
                zone=zone,
                when_empty=when_empty,
                set_by=set_by,
                first_day=first_day,
                due_at=due_at,
            )
        )

    async def turn_off(self, tenant: Tenant, channel: str) -> bool:
        """Turn a channel's digest off; False if none was on."""
        return await self._database.write(lambda db: digests.turn_off(db, tenant, channel))

    async def schedule(self, tenant: Tenant, channel: str) -> Schedule | None:
        """Return a channel's schedule, on or off; None if it never had one."""
        return await self._database.read(lambda db: digests.schedule(db, tenant, channel))

    async def due_schedules(
        self, platforms: Collection[str], now: datetime, limit: int
    ) -> list[Schedule]:
        """Return schedules of these platforms that are on and due, longest due first."""
        return await self._database.read(
            lambda db: digests.due_schedules(db, platforms, now, limit)
        )

    async def pause(self, tenant: Tenant, schedule_id: int, reason: str) -> bool:
        """Note why nothing can be posted; return whether it was not paused before."""
        return await self._database.write(lambda db: digests.pause(db, tenant, schedule_id, reason))

    async def postpone(
        self, tenant: Tenant, schedule_id: int, due_at: datetime, *, now: datetime
    ) -> None:
        """Note when a schedule that is due is due again, where its turn was missed."""
        await self._database.write(
            lambda db: digests.postpone(db, tenant, schedule_id, due_at, now)
        )

    async def watch_episode(self, tenant: Tenant, schedule_id: int, episode_id: int) -> None:
        """Let a schedule tell of an episode's moments."""
        await self._database.write(
            lambda db: digests.watch_episode(db, tenant, schedule_id, episode_id)
        )

    async def fresh(
        self, tenant: Tenant, schedule_id: int, limit: int, *, before: date | None = None
    ) -> Fresh:
        """Return what the schedule has not delivered of the episodes it watches."""
        return await self._database.read(
            lambda db: digests.fresh(db, tenant, schedule_id, limit, before=before)
        )

    async def from_archive(self, tenant: Tenant, schedule_id: int) -> Moment | None:
        """Return an older moment to show again; None for an empty catalog."""
        return await self._database.read(lambda db: digests.from_archive(db, tenant, schedule_id))

    async def claim_turn(
        self,
        tenant: Tenant,
        schedule_id: int,
        day: date,
        *,
        owner: str,
        now: datetime,
        moments: Sequence[int],
        repeatable: bool,
    ) -> Delivery | None:
        """Claim a turn for the post of ``moments``, for LEASE from ``now``; None if not free."""
        return await self._database.write(
            lambda db: digests.claim_turn(
                db,
                tenant,
                schedule_id,
                day,
                owner=owner,
                now=now,
                moments=moments,
                repeatable=repeatable,
            )
        )

    async def settle_turn(
        self,
        tenant: Tenant,
        schedule_id: int,
        day: date,
        *,
        owner: str,
        state: State,
        now: datetime,
        due_at: datetime,
        message: str = "",
        reason: str = "",
    ) -> bool:
        """Note what became of a turn and when the schedule is due again."""
        return await self._database.write(
            lambda db: digests.settle_turn(
                db,
                tenant,
                schedule_id,
                day,
                owner=owner,
                state=state,
                now=now,
                due_at=due_at,
                message=message,
                reason=reason,
            )
        )

    async def reopen_turn(self, tenant: Tenant, schedule_id: int, day: date) -> bool:
        """Make a turn in doubt PENDING, because somebody asked for it; False if it is not."""
        return await self._database.write(
            lambda db: digests.reopen_turn(db, tenant, schedule_id, day)
        )

    async def doubt_stale(self, now: datetime, *, repeatable: Collection[str]) -> list[Leftover]:
        """Move to DOUBT, and return, the turns that nobody holds and that may not be repeated."""
        return await self._database.write(lambda db: digests.doubt_stale(db, now, repeatable))

    async def deliveries(self, tenant: Tenant, schedule_id: int, limit: int) -> list[Delivery]:
        """Return a schedule's newest turns, newest first."""
        return await self._database.read(
            lambda db: digests.deliveries(db, tenant, schedule_id, limit)
        )
