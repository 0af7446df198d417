"""Looks at a feed that is followed, and keeps what is new or edited in it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.core.errors import BadDocument, NotFetched
from bot.core.feed_changes import changes
from bot.core.fetching import Fetched, Trouble
from bot.core.following import (
    GONE_AFTER,
    LOST_AFTER,
    Change,
    FollowedFeed,
    Known,
    next_look,
)
from bot.core.reply import Notice, Tone
from bot.core.wording import shorten
from bot.services.registry import Ports

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

READ_AT_MOST = 20_000_000
FETCHED_WITHIN_S = 30.0

ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"


async def look(ports: Ports, feed: FollowedFeed, owner: str) -> str | None:
    """Look at a claimed feed; return what came of it in a word, None where the claim was lost."""
    try:
        found = await ports.fetcher.fetch(
            feed.url,
            max_bytes=READ_AT_MOST,
            within_s=FETCHED_WITHIN_S,
            accept=ACCEPT,
            etag=feed.etag,
            last_modified=feed.last_modified,
        )
        title, found_changes = "", list[Change]()
        if found.status != 304:
            known = await ports.store.known_items(feed.tenant, feed.id)
            title, found_changes = await asyncio.to_thread(_read, feed, found, known)
    except (NotFetched, BadDocument) as error:
        return await _failed(ports, feed, owner, error)
    now = ports.clock.now()
    taken = await ports.store.take_in(
        feed.tenant,
        feed.id,
        found_changes,
        owner=owner,
        title=shorten(title, 200),
        # A server that says 304 need not say again of what.
        etag=found.etag or (feed.etag if found.status == 304 else ""),
        last_modified=found.last_modified or (feed.last_modified if found.status == 304 else ""),
        now=now,
        next_at=next_look(now, every=ports.look_every, failures=0, seed=feed.id),
    )
    if not taken:
        return None
    if found.status == 304:
        return "unchanged"
    log.info("feed %d: %d items are new or edited", feed.id, len(found_changes))
    return "read"


def _read(feed: FollowedFeed, found: Fetched, known: Sequence[Known]) -> tuple[str, list[Change]]:
    from bot.ingest.feed_plans import plans_of
    from bot.ingest.feeds import read_feed

    read = read_feed(found.body, found.url)
    plans = plans_of(read)
    return read.title, changes(plans, known, begun=feed.begun, followed_at=feed.followed_at)


async def _failed(
    ports: Ports, feed: FollowedFeed, owner: str, error: NotFetched | BadDocument
) -> str | None:
    failures, now = feed.failures + 1, ports.clock.now()
    gone = error.sentence == Trouble.NOT_FOUND
    pause = failures >= (GONE_AFTER if gone else LOST_AFTER)
    noted = await ports.store.note_failure(
        feed.tenant,
        feed.id,
        owner=owner,
        reason=error.sentence,
        pause=pause,
        now=now,
        next_at=next_look(now, every=ports.look_every, failures=failures, seed=feed.id),
    )
    log.info("feed %d failed %d times: %s", feed.id, failures, error.sentence)
    if not noted:
        return None
    outlet = ports.outlets.get(feed.platform)
    if pause and outlet is not None:
        text = (
            f"The feed “{shorten(feed.title, 80)}” that you follow is paused. {error.sentence} "
            "What was added stays. Resume it with /follow once that is mended."
        )
        await outlet.tell(feed.set_by, Notice(text=text, tone=Tone.ERROR))
    return "paused" if pause else "failed"
