"""Shows an admin what a feed holds, and follows it once they say yes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.core.actions import Action
from bot.core.commands import Invocation
from bot.core.errors import UserError
from bot.core.following import MOST_FEEDS, FeedState, FollowedFeed
from bot.core.reply import Button, Notice
from bot.core.wording import count, shorten
from bot.services.registry import Ports

if TYPE_CHECKING:
    from bot.ingest.feeds import Feed

FEEDS = Button("Feeds", Action("feeds"))


async def proposed_feed(ports: Ports, invocation: Invocation, url: str, feed: Feed) -> Notice:
    """Return what a feed holds, with the button that follows it."""
    from bot.ingest.feed_plans import plans_of

    title = shorten(feed.title or url, 200)
    stored = await ports.store.propose_feed(
        invocation.tenant,
        url,
        title=title,
        set_by=invocation.user.id,
        now=ports.clock.now(),
    )
    if stored is None:
        raise UserError(f"{MOST_FEEDS} feeds are followed here, as many as may be. Stop one first.")
    if stored.state is FeedState.ON:
        return Notice(title=title, text="This feed is followed already.", buttons=(FEEDS,))
    plans = await asyncio.to_thread(plans_of, feed)
    usable = [plan for plan in plans if not plan.reason]
    said = sum(1 for plan in usable if plan.transcripts)
    chapters = sum(1 for plan in usable if plan.chapters or plan.chapters_url)
    text = (
        f"{count(len(plans), 'episode')}: {said:,} with a transcript, {chapters:,} with chapters, "
        f"{len(plans) - len(usable):,} with neither. Following it adds them silently; digests tell "
        "of those that come later."
    )
    if not plans:
        text = "There is no episode in this feed yet. Digests tell of those that come."
    buttons = (
        Button("Follow", Action("feed", (str(stored.id), "follow"))),
        Button("Feeds", Action("feeds")),
    )
    return Notice(title=title, text=text, buttons=buttons)


def described(feed: FollowedFeed) -> str:
    """Return how a feed stands, a sentence or two."""
    counts = feed.counts
    done = [f"{count(counts.done, 'episode')} added"]
    done += [f"{counts.queued:,} to come"] if counts.queued else []
    done += [f"{counts.skipped:,} without chapters or transcript"] if counts.skipped else []
    done += [f"{counts.parked:,} that could not be added"] if counts.parked else []
    words = {
        FeedState.PROPOSED: "not followed yet",
        FeedState.ON: "followed",
        FeedState.PAUSED: "paused",
        FeedState.STOPPED: "stopped",
    }
    said = f"“{shorten(feed.title, 80)}”, {words[feed.state]}: {', '.join(done)}."
    return f"{said} {feed.reason}" if feed.reason else said
