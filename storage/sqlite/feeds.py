"""Feeds that are followed, and what became of their items."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.core.catalog import Tenant
from bot.core.errors import StorageError
from bot.core.following import (
    MOST_FEEDS,
    MOST_PAUSE,
    Change,
    FeedState,
    FollowedFeed,
    Item,
    ItemCounts,
    ItemState,
    Known,
    plan_from_json,
)
from bot.core.jobs import LEASE, PROPOSED_FOR
from storage.sqlite.imports import due
from storage.sqlite.rows import Row, row_id, row_limit, stamp, storable
from storage.sqlite.sql import SQL

log = logging.getLogger(__name__)

FARTHEST = 30 * MOST_PAUSE
"""A feed is never due later, however seldom the operator has feeds looked at."""

UNREADABLE = "What is known of it cannot be read any more. It comes back once its feed edits it."


def propose_feed(
    connection: sqlite3.Connection,
    tenant: Tenant,
    url: str,
    *,
    title: str,
    set_by: str,
    now: datetime,
) -> FollowedFeed | None:
    """Keep a feed for somebody's yes; see ``Feeds``."""
    values = {
        "tenant": tenant,
        "url": storable(url),
        "title": storable(title),
        "set_by": storable(set_by),
        "now": stamp(now),
        "before": stamp(now - PROPOSED_FOR),
    }
    connection.execute(SQL["forget_proposed_feeds"], values)
    (others,) = connection.execute(SQL["count_feeds"], values).fetchone()
    if others >= MOST_FEEDS:
        return None
    connection.execute(SQL["propose_feed"], values)
    stored = _feed(connection.execute(SQL["feed_by_url"], values).fetchone())
    if stored is None:  # in the transaction that stored it, this cannot be
        raise StorageError
    return stored


def feed(connection: sqlite3.Connection, tenant: Tenant, feed_id: int) -> FollowedFeed | None:
    """Return a feed."""
    return _feed(connection.execute(SQL["feed"], _known(tenant, feed_id)).fetchone())


def feeds(connection: sqlite3.Connection, tenant: Tenant) -> list[FollowedFeed]:
    """Return a tenant's feeds that somebody said yes to, in the order they came."""
    return _feeds(connection, "feeds", {"tenant": tenant})


def follow_feed(
    connection: sqlite3.Connection, tenant: Tenant, feed_id: int, set_by: str, now: datetime
) -> FollowedFeed | None:
    """Turn a feed ON, to be looked at now."""
    values = {**_known(tenant, feed_id), "set_by": storable(set_by), "now": stamp(now)}
    if connection.execute(SQL["follow_feed"], values).rowcount:
        connection.execute(SQL["try_items_again"], values)
    return feed(connection, tenant, feed_id)


def stop_feed(connection: sqlite3.Connection, tenant: Tenant, feed_id: int) -> FollowedFeed | None:
    """Stop a feed."""
    connection.execute(SQL["stop_feed"], _known(tenant, feed_id))
    return feed(connection, tenant, feed_id)


def claim_feed(connection: sqlite3.Connection, owner: str, now: datetime) -> FollowedFeed | None:
    """Claim the feed that is due longest, of any tenant; see ``Feeds``."""
    found = _feed(connection.execute(SQL["due_feed"], due(now, FARTHEST)).fetchone())
    if found is None:
        return None
    values = {**_claim(found.tenant, found.id, owner), "until": stamp(now + LEASE)}
    connection.execute(SQL["claim_feed"], values)
    return found


def hold_feed(
    connection: sqlite3.Connection, tenant: Tenant, feed_id: int, owner: str, now: datetime
) -> bool:
    """Begin a claim's lease anew; False where it was lost."""
    values = {**_claim(tenant, feed_id, owner), "until": stamp(now + LEASE)}
    return connection.execute(SQL["hold_feed"], values).rowcount == 1


def known_items(connection: sqlite3.Connection, tenant: Tenant, feed_id: int) -> list[Known]:
    """Return all items of a feed."""
    rows = connection.execute(SQL["known_items"], _known(tenant, feed_id)).fetchall()
    return [
        Known(ident, guid, digest, media_key, likeness, bool(gone))
        for ident, guid, digest, media_key, likeness, gone in rows
    ]


def take_in(
    connection: sqlite3.Connection,
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
    values = {
        **_claim(tenant, feed_id, owner),
        "title": storable(title),
        "etag": storable(etag),
        "last_modified": storable(last_modified),
        "now": stamp(now),
        "next_at": stamp(next_at),
    }
    if connection.execute(SQL["note_look"], values).rowcount != 1:
        return False
    for change in changes:
        name = "add_item" if change.item_id is None else "change_item"
        connection.execute(SQL[name], _change(feed_id, change, now))
    return True


def _change(feed_id: int, change: Change, now: datetime) -> dict[str, object]:
    plan = change.plan
    return {
        "feed": row_id(feed_id),
        "item": row_id(change.item_id or 0),
        "guid": storable(plan.guid),
        "digest": change.digest,
        "media_key": storable(plan.media_key),
        "likeness": plan.likeness,
        "tell": change.tell,
        "plan": plan.to_json(),
        "reason": storable(plan.reason),
        "now": stamp(now),
    }


def note_failure(
    connection: sqlite3.Connection,
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
    values = {
        **_claim(tenant, feed_id, owner),
        "reason": storable(reason),
        "pause": pause,
        "now": stamp(now),
        "next_at": stamp(next_at),
    }
    return connection.execute(SQL["note_failure"], values).rowcount == 1


def next_item(
    connection: sqlite3.Connection, tenant: Tenant, feed_id: int, owner: str, now: datetime
) -> Item | None:
    """Return the next item that is to be imported, with this attempt counted."""
    values = {**_claim(tenant, feed_id, owner), "now": stamp(now)}
    while found := connection.execute(SQL["next_item"], values).fetchone():
        ident, stored, tell, attempts, failures = found
        try:
            plan = plan_from_json(stored)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            log.exception("the plan of item %d cannot be read", ident)
            connection.execute(SQL["park_item"], {**values, "item": ident, "reason": UNREADABLE})
        else:
            return Item(ident, plan, bool(tell), attempts, failures)
    return None


def settle_item(
    connection: sqlite3.Connection,
    tenant: Tenant,
    feed_id: int,
    item_id: int,
    *,
    owner: str,
    state: ItemState,
    due_at: datetime | None,
    reason: str,
    episode_id: int | None,
) -> bool:
    """Note what became of an item; False where the claim was lost."""
    values = {
        **_claim(tenant, feed_id, owner),
        "item": row_id(item_id),
        "state": state.value,
        "due_at": due_at and stamp(due_at),
        "reason": storable(reason),
        "episode": episode_id and row_id(episode_id),
    }
    told = connection.execute(SQL["is_to_be_told"], values).fetchone()
    if told == (1,) and episode_id:
        connection.execute(SQL["watch_everywhere"], values)
    return connection.execute(SQL["settle_item"], values).fetchone() is not None


def release_feed(connection: sqlite3.Connection, tenant: Tenant, feed_id: int, owner: str) -> None:
    """Give a claim back."""
    connection.execute(SQL["release_feed"], _claim(tenant, feed_id, owner))


def feed_counts(connection: sqlite3.Connection) -> dict[FeedState, int]:
    """Return how many feeds of all tenants are in which state."""
    rows = connection.execute(SQL["feed_counts"]).fetchall()
    return {FeedState(state): number for state, number in rows}


def paused_feeds(connection: sqlite3.Connection, limit: int) -> list[FollowedFeed]:
    """Return feeds of all tenants that are PAUSED."""
    return _feeds(connection, "paused_feeds", {"limit": row_limit(limit)})


def _known(tenant: Tenant, feed_id: int) -> dict[str, object]:
    """Return what a feed is known by in every query."""
    return {"tenant": tenant, "feed": row_id(feed_id)}


def _claim(tenant: Tenant, feed_id: int, owner: str) -> dict[str, object]:
    return {**_known(tenant, feed_id), "owner": storable(owner)}


def _feeds(
    connection: sqlite3.Connection, name: str, values: dict[str, object]
) -> list[FollowedFeed]:
    rows = connection.execute(SQL[name], values).fetchall()
    return [found for row in rows if (found := _feed(row)) is not None]


def _feed(row: Row | None) -> FollowedFeed | None:
    if row is None:
        return None
    (
        ident, tenant, url, title, state, set_by, followed_at, next_at, begun, checked_at, failures,
        reason, etag, last_modified, counts,
    ) = row  # fmt: skip
    return FollowedFeed(
        id=ident,
        tenant=Tenant(tenant),
        url=url,
        title=title,
        state=FeedState(state),
        set_by=set_by,
        followed_at=datetime.fromisoformat(followed_at),
        next_at=datetime.fromisoformat(next_at),
        begun=bool(begun),
        checked_at=datetime.fromisoformat(checked_at) if checked_at else None,
        failures=failures,
        reason=reason,
        etag=etag,
        last_modified=last_modified,
        counts=ItemCounts(**json.loads(counts)),
    )
