"""The part of the store that holds imports and feeds: each method hands over one function."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.catalog import Tenant
from bot.core.following import Change, FeedState, FollowedFeed, Item, ItemState, Known
from bot.core.jobs import Hold, Job, JobState, PostState, Request
from storage.sqlite import feeds, imports
from storage.sqlite.digest_store import DigestStore


class ImportStore(DigestStore):
    """``Imports`` and ``Feeds`` of the core over one SQLite file; their contracts are there."""

    # --- Imports

    async def propose_job(
        self,
        tenant: Tenant,
        request: Request,
        documents: Sequence[bytes],
        *,
        title: str,
        asked_by: str,
        now: datetime,
    ) -> Job | None:
        """Keep a request and its documents for somebody's yes."""
        # Packed before the transaction: others write meanwhile.
        packed = [await asyncio.to_thread(imports.packed, one) for one in documents]
        return await self._database.write(
            lambda db: imports.propose_job(
                db, tenant, request, packed, title=title, asked_by=asked_by, now=now
            )
        )

    async def job(self, tenant: Tenant, job_id: int) -> Job | None:
        """Return a job."""
        return await self._database.read(lambda db: imports.job(db, tenant, job_id))

    async def jobs(self, tenant: Tenant, limit: int) -> list[Job]:
        """Return a tenant's jobs that somebody said yes to, those last confirmed first."""
        return await self._database.read(lambda db: imports.jobs(db, tenant, limit))

    async def confirm_job(
        self, tenant: Tenant, job_id: int, *, tell: bool, channel: str, asked_by: str, now: datetime
    ) -> bool:
        """Queue a PROPOSED job; False for any other."""
        return await self._database.write(
            lambda db: imports.confirm_job(
                db, tenant, job_id, tell=tell, channel=channel, asked_by=asked_by, now=now
            )
        )

    async def cancel_job(self, tenant: Tenant, job_id: int, *, now: datetime) -> Job | None:
        """Call a job off; return it as it is then."""
        return await self._database.write(lambda db: imports.cancel_job(db, tenant, job_id, now))

    async def retry_job(self, tenant: Tenant, job_id: int, *, now: datetime) -> bool:
        """Queue a PARKED job again; False for any other."""
        return await self._database.write(lambda db: imports.retry_job(db, tenant, job_id, now))

    async def claim_job(self, owner: str, now: datetime) -> Job | None:
        """Claim the job that is due longest, of any tenant."""
        return await self._database.write(lambda db: imports.claim_job(db, owner, now))

    async def hold_job(self, tenant: Tenant, job_id: int, *, owner: str, now: datetime) -> Hold:
        """Begin a claim's lease anew."""
        return await self._database.write(
            lambda db: imports.hold_job(db, tenant, job_id, owner, now)
        )

    async def documents(self, tenant: Tenant, job_id: int) -> list[bytes]:
        """Return a job's documents in the order of its parts."""
        return await self._database.read(lambda db: imports.documents(db, tenant, job_id))

    async def begin_post(
        self, tenant: Tenant, job_id: int, *, owner: str, now: datetime
    ) -> datetime | None:
        """Note that a job's message is about to be posted; return when that was first noted."""
        return await self._database.write(
            lambda db: imports.begin_post(db, tenant, job_id, owner, now)
        )

    async def note_post(
        self, tenant: Tenant, job_id: int, *, owner: str, post: PostState, message: str = ""
    ) -> None:
        """Note what became of a job's message."""
        await self._database.write(
            lambda db: imports.note_post(db, tenant, job_id, owner, post, message)
        )

    async def settle_job(
        self,
        tenant: Tenant,
        job_id: int,
        *,
        owner: str,
        state: JobState,
        now: datetime,
        due_at: datetime | None = None,
        reason: str = "",
        episode_id: int | None = None,
    ) -> bool:
        """Note what became of a claim; False where it was lost."""
        return await self._database.write(
            lambda db: imports.settle_job(
                db,
                tenant,
                job_id,
                owner=owner,
                state=state,
                now=now,
                due_at=due_at,
                reason=reason,
                episode_id=episode_id,
            )
        )

    async def release_job(
        self, tenant: Tenant, job_id: int, *, owner: str, due_at: datetime
    ) -> None:
        """Give a claim back as it was before."""
        await self._database.write(
            lambda db: imports.release_job(db, tenant, job_id, owner, due_at)
        )

    async def forget_jobs(self, now: datetime) -> int:
        """Drop what nobody said yes to and what is long ended, of every tenant."""
        return await self._database.write(lambda db: imports.forget_jobs(db, now))

    async def job_counts(self) -> Mapping[JobState, int]:
        """Return how many jobs of all tenants are in which state."""
        return await self._database.read(imports.job_counts)

    async def parked_jobs(self, limit: int) -> list[Job]:
        """Return the jobs of all tenants that were parked last."""
        return await self._database.read(lambda db: imports.parked_jobs(db, limit))

    # --- Feeds

    async def propose_feed(
        self, tenant: Tenant, url: str, *, title: str, set_by: str, now: datetime
    ) -> FollowedFeed | None:
        """Keep a feed for somebody's yes; one that is known is returned as it is."""
        return await self._database.write(
            lambda db: feeds.propose_feed(db, tenant, url, title=title, set_by=set_by, now=now)
        )

    async def feed(self, tenant: Tenant, feed_id: int) -> FollowedFeed | None:
        """Return a feed."""
        return await self._database.read(lambda db: feeds.feed(db, tenant, feed_id))

    async def feeds(self, tenant: Tenant) -> list[FollowedFeed]:
        """Return a tenant's feeds that somebody said yes to, in the order they came."""
        return await self._database.read(lambda db: feeds.feeds(db, tenant))

    async def follow_feed(
        self, tenant: Tenant, feed_id: int, *, set_by: str, now: datetime
    ) -> FollowedFeed | None:
        """Turn a feed ON, to be looked at now."""
        return await self._database.write(
            lambda db: feeds.follow_feed(db, tenant, feed_id, set_by, now)
        )

    async def stop_feed(self, tenant: Tenant, feed_id: int) -> FollowedFeed | None:
        """Stop a feed."""
        return await self._database.write(lambda db: feeds.stop_feed(db, tenant, feed_id))

    async def claim_feed(self, owner: str, now: datetime) -> FollowedFeed | None:
        """Claim the feed that is due longest, of any tenant."""
        return await self._database.write(lambda db: feeds.claim_feed(db, owner, now))

    async def hold_feed(self, tenant: Tenant, feed_id: int, *, owner: str, now: datetime) -> bool:
        """Begin a claim's lease anew; False where it was lost."""
        return await self._database.write(
            lambda db: feeds.hold_feed(db, tenant, feed_id, owner, now)
        )

    async def known_items(self, tenant: Tenant, feed_id: int) -> list[Known]:
        """Return all items of a feed."""
        return await self._database.read(lambda db: feeds.known_items(db, tenant, feed_id))

    async def take_in(
        self,
        tenant: Tenant,
        feed_id: int,
        changes: Sequence[Change],
        *,
        owner: str,
        title: str,
        etag: str,
        last_modified: str,
        now: datetime,
        next_at: datetime,
    ) -> bool:
        """Keep what a look at a feed brought; False where the claim was lost."""
        return await self._database.write(
            lambda db: feeds.take_in(
                db,
                tenant,
                feed_id,
                changes,
                owner=owner,
                title=title,
                etag=etag,
                last_modified=last_modified,
                now=now,
                next_at=next_at,
            )
        )

    async def note_failure(
        self,
        tenant: Tenant,
        feed_id: int,
        *,
        owner: str,
        reason: str,
        pause: bool,
        now: datetime,
        next_at: datetime,
    ) -> bool:
        """Note that a look failed; False where the claim was lost."""
        return await self._database.write(
            lambda db: feeds.note_failure(
                db,
                tenant,
                feed_id,
                owner=owner,
                reason=reason,
                pause=pause,
                now=now,
                next_at=next_at,
            )
        )

    async def next_item(
        self, tenant: Tenant, feed_id: int, *, owner: str, now: datetime
    ) -> Item | None:
        """Return the next item that is to be imported, with this attempt counted."""
        return await self._database.write(
            lambda db: feeds.next_item(db, tenant, feed_id, owner, now)
        )

    async def settle_item(
        self,
        tenant: Tenant,
        feed_id: int,
        item_id: int,
        *,
        owner: str,
        state: ItemState,
        due_at: datetime | None = None,
        reason: str = "",
        episode_id: int | None = None,
    ) -> bool:
        """Note what became of an item; False where the claim was lost."""
        return await self._database.write(
            lambda db: feeds.settle_item(
                db,
                tenant,
                feed_id,
                item_id,
                owner=owner,
                state=state,
                due_at=due_at,
                reason=reason,
                episode_id=episode_id,
            )
        )

    async def release_feed(self, tenant: Tenant, feed_id: int, *, owner: str) -> None:
        """Give a claim back."""
        await self._database.write(lambda db: feeds.release_feed(db, tenant, feed_id, owner))

    async def feed_counts(self) -> Mapping[FeedState, int]:
        """Return how many feeds of all tenants are in which state."""
        return await self._database.read(feeds.feed_counts)

    async def paused_feeds(self, limit: int) -> list[FollowedFeed]:
        """Return feeds of all tenants that are PAUSED."""
        return await self._database.read(lambda db: feeds.paused_feeds(db, limit))
