"""Feeds that are followed: what of a feed is new, what is edited, and when it is asked again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from bot.core.catalog import Tenant
from bot.core.jobs import known_fields
from bot.core.transcript import Chapter

MOST_FEEDS = 50
"""Feeds that one tenant may follow."""

MOST_PAUSE = timedelta(days=1)
"""Longest pause between two looks at a feed that fails."""

GONE_AFTER = 3
"""Looks in a row at which a feed is not there any more, after which it is paused."""

LOST_AFTER = 14
"""Looks in a row that fail in any other way, after which it is paused: some eleven days."""


MOST_FAILURES = 18
"""Times in a row that an item may be in trouble that passes: some eight days."""


class FeedState(StrEnum):
    """Whether a feed is looked at.

    PROPOSED  shown to an admin, who has not said yes
    ON        looked at
    PAUSED    not looked at, with the reason: an admin may resume it
    STOPPED   not looked at, because an admin said so
    """

    PROPOSED = "proposed"
    ON = "on"
    PAUSED = "paused"
    STOPPED = "stopped"


class ItemState(StrEnum):
    """What became of an item of a feed.

    QUEUED   to be imported
    DONE     imported
    SKIPPED  there is nothing in it to find a moment by
    PARKED   not imported, with the reason, until the feed says something else of it
    """

    QUEUED = "queued"
    DONE = "done"
    SKIPPED = "skipped"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class TranscriptAt:
    """Where a transcript of an item is, with its type and language as far as they are known."""

    url: str
    media_type: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an item of a feed brings: its recording, and where its layers are.

    ``transcripts`` come best first. ``reason`` says why there is nothing to import, empty where
    there is.
    """

    guid: str
    title: str
    media_key: str = ""
    media_url: str = ""
    duration_s: int | None = None
    published_at: datetime | None = None
    chapters: tuple[Chapter, ...] = ()
    chapters_url: str = ""
    chapters_type: str = ""
    transcripts: tuple[TranscriptAt, ...] = ()
    reason: str = ""

    def to_json(self) -> str:
        """Return it as stored."""
        stored = asdict(self)
        stored["published_at"] = self.published_at and self.published_at.isoformat()
        return json.dumps(stored, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """Return the digest of what it brings, whatever it is called within its feed.

        Addresses count without their queries: many a host signs them anew for whoever asks, and
        every item would look edited at every look.
        """
        bare = replace(
            self,
            guid="",
            media_key="",
            media_url=_bare(self.media_url),
            chapters_url=_bare(self.chapters_url),
            transcripts=tuple(replace(one, url=_bare(one.url)) for one in self.transcripts),
        )
        return _digest(bare.to_json())

    @property
    def likeness(self) -> str:
        """Return what it is known by where its feed gives everything new ids and addresses.

        That is its hour and its title; empty where the feed gives no hour.
        """
        when = self.published_at
        hour = when.astimezone(UTC).isoformat() if when else ""
        return f"{hour} {_digest(self.title.casefold())}" if hour else ""

    @property
    def older_likeness(self) -> str:
        """Return the likeness that databases of before schema 7 hold of their items."""
        when = self.published_at
        return _digest(f"{self.title.casefold()}\n{when.isoformat()}") if when else ""


def _bare(url: str) -> str:
    return url.partition("?")[0]


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def plan_from_json(text: str) -> Plan:
    """Return a stored plan."""
    stored: dict[str, Any] = json.loads(text)
    when = stored.pop("published_at")
    # Of a newer version there may be more in it.
    chapters = tuple(known_fields(Chapter, one) for one in stored.pop("chapters"))
    transcripts = tuple(known_fields(TranscriptAt, one) for one in stored.pop("transcripts"))
    published_at = datetime.fromisoformat(when) if when else None
    layers = {"chapters": chapters, "transcripts": transcripts}
    return known_fields(Plan, {**stored, **layers, "published_at": published_at})


class ItemCounts(NamedTuple):
    """How many items of a feed are in which state."""

    queued: int = 0
    done: int = 0
    skipped: int = 0
    parked: int = 0


NO_ITEMS = ItemCounts()


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A feed of a tenant. ``begun`` is whether its back catalog was taken in.

    ``followed_at`` is when somebody last said so; ``reason`` why it is paused, or why the last
    look failed, one of ``failures`` in a row. ``etag`` and ``last_modified`` are those of what
    was read last. ``next_at`` is when it is looked at next.
    """

    id: int
    tenant: Tenant
    url: str
    title: str
    state: FeedState
    set_by: str
    followed_at: datetime
    next_at: datetime
    begun: bool = False
    checked_at: datetime | None = None
    failures: int = 0
    reason: str = ""
    etag: str = ""
    last_modified: str = ""
    counts: ItemCounts = NO_ITEMS

    @property
    def platform(self) -> str:
        """Return the platform's name, which its tenants begin with."""
        return self.tenant.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Known:
    """An item as it is stored: its name in the feed, and the digest of what it brings.

    ``gone`` is whether its episode was removed: then it does not come back.
    """

    id: int
    guid: str
    digest: str
    media_key: str = ""
    likeness: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An item that is to be imported. ``tell`` is whether digests tell of it.

    ``attempts`` are those that never ended, this one counted; ``failures`` those that ended in
    trouble that may pass. Both are in a row.
    """

    id: int
    plan: Plan
    tell: bool
    attempts: int
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """An item that is new, or that says something else; ``item_id`` is None for a new one.

    ``digest`` is that of the plan as the feed has it.
    """

    plan: Plan
    digest: str
    item_id: int | None = None
    tell: bool = False


def next_look(now: datetime, *, every: timedelta, failures: int, seed: int) -> datetime:
    """Return when a feed is looked at next: doubled with each failure up to a day, and spread.

    The spread is up to a tenth, so that the feeds of one host are not asked for at once.
    """
    pause = min(every * (1 << min(failures, 16)), max(MOST_PAUSE, every))
    told_apart = sha256(f"{seed}/{now:%Y-%m-%dT%H}".encode()).digest()[0] / 255
    return now + pause * (1 + told_apart / 10)


class Feeds(Protocol):
    """Feeds that are followed, and their items. Every write survives a crash."""

    async def propose_feed(
        self, tenant: Tenant, url: str, *, title: str, set_by: str, now: datetime
    ) -> FollowedFeed | None:
        """Keep a feed for somebody's yes; one that is known is returned as it is.

        None where MOST_FEEDS are followed already.
        """

    async def feed(self, tenant: Tenant, feed_id: int) -> FollowedFeed | None:
        """Return a feed."""

    async def feeds(self, tenant: Tenant) -> list[FollowedFeed]:
        """Return a tenant's feeds that somebody said yes to, in the order they came."""

    async def follow_feed(
        self, tenant: Tenant, feed_id: int, *, set_by: str, now: datetime
    ) -> FollowedFeed | None:
        """Turn a feed ON, to be looked at now; what it holds by then is no news.

        Items that are PARKED are tried again. A feed that is ON stays as it is.
        """

    async def stop_feed(self, tenant: Tenant, feed_id: int) -> FollowedFeed | None:
        """Stop a feed. What was imported stays."""

    async def claim_feed(self, owner: str, now: datetime) -> FollowedFeed | None:
        """Claim the feed that is due longest, for LEASE; None where none is.

        Due are those ON whose time has come and that nobody holds. For the worker, over every
        tenant.
        """

    async def hold_feed(self, tenant: Tenant, feed_id: int, *, owner: str, now: datetime) -> bool:
        """Begin a claim's lease anew; False where it was lost, or the feed is not ON any more."""

    async def known_items(self, tenant: Tenant, feed_id: int) -> list[Known]:
        """Return all items of a feed."""

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
        """Keep what a look at a feed brought, all or nothing; False where the claim was lost."""

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
        """Note that a look failed, and whether the feed is PAUSED for it; False where lost."""

    async def next_item(
        self, tenant: Tenant, feed_id: int, *, owner: str, now: datetime
    ) -> Item | None:
        """Return the next item of a claimed feed that is to be imported, and count an attempt."""

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
        """Note what became of an item; False where the claim was lost.

        QUEUED is due again at ``due_at``. DONE lets every schedule of the tenant that is on watch
        the episode, if the item is to be told.
        """

    async def release_feed(self, tenant: Tenant, feed_id: int, *, owner: str) -> None:
        """Give a claim back; the feed is due at its next look, or for its next item."""

    async def feed_counts(self) -> Mapping[FeedState, int]:
        """Return how many feeds of all tenants are in which state, for the operator."""

    async def paused_feeds(self, limit: int) -> list[FollowedFeed]:
        """Return feeds of all tenants that are PAUSED, for the operator."""
