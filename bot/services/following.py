"""``/follow``: which feeds are followed; follow one, stop it, resume it. Admins only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.core.actions import Action
from bot.core.commands import Invocation
from bot.core.errors import NotFound, UserError
from bot.core.following import FeedState, FollowedFeed
from bot.core.reply import Button, Notice, Reply, Tone
from bot.core.wording import shorten
from bot.services.adding import FETCHED_WITHIN_S, READ_AT_MOST, check_admin
from bot.services.episodes import number
from bot.services.feed_proposals import FEEDS, described, proposed_feed
from bot.services.registry import Ports, answers

MOST_BUTTONS = 5
LISTED = 12
"""Feeds listed: a screen of them."""

GONE = "That feed is not followed here any more. /follow lists those that are."


@answers("follow")
async def follow(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the command: what is typed is an address, perhaps with what to do before it."""
    check_admin(invocation)
    words = invocation.args.get("feed", "").split()
    action = invocation.args.get("action", "").strip().casefold()
    if not action and words and words[0].casefold() in {"list", "stop", "resume"}:
        action = words.pop(0).casefold()
    if action not in {"", "list", "stop", "resume"}:
        raise UserError(f"/follow does not know “{action[:40]}”: list, stop or resume.")
    if action in {"stop", "resume"}:
        feed = await _named(ports, invocation, " ".join(words))
        return await _turned(ports, invocation, feed, action)
    if action == "list" or not words:
        return await _list(ports, invocation)
    return await _proposal(ports, invocation, words[0])


@answers("feeds")
async def feeds(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that lists the feeds."""
    check_admin(invocation)
    return await _list(ports, invocation)


@answers("feed")
async def feed(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that follows, stops or resumes a feed."""
    check_admin(invocation)
    found = await ports.store.feed(invocation.tenant, number(invocation.args["feed"]))
    if found is None:
        raise NotFound(GONE)
    return await _turned(ports, invocation, found, invocation.args["verb"])


async def _proposal(ports: Ports, invocation: Invocation, url: str) -> Notice:
    from bot.ingest.feeds import read_feed

    found = await ports.fetcher.fetch(url, max_bytes=READ_AT_MOST, within_s=FETCHED_WITHIN_S)
    read = await asyncio.to_thread(read_feed, found.body, found.url)
    return await proposed_feed(ports, invocation, url, read)


async def _named(ports: Ports, invocation: Invocation, words: str) -> FollowedFeed:
    """Return the feed whose address or title is meant."""
    known = await ports.store.feeds(invocation.tenant)
    by_url = [one for one in known if one.url == words]
    named = by_url or [one for one in known if words.casefold() in one.title.casefold()]
    if not words or len(named) != 1:
        raise UserError("Which feed? Its address or words of its title; /follow lists them.")
    return named[0]


async def _turned(ports: Ports, invocation: Invocation, feed: FollowedFeed, verb: str) -> Notice:
    tenant = invocation.tenant
    if verb == "stop":
        stopped = await ports.store.stop_feed(tenant, feed.id)
        if stopped is None:
            raise NotFound(GONE)
        return Notice(
            text=f"“{shorten(feed.title, 80)}” is not followed any more. What was added stays.",
            buttons=(FEEDS,),
        )
    if feed.state is FeedState.ON:
        return Notice(text=described(feed), buttons=(FEEDS,))
    followed = await ports.store.follow_feed(
        tenant, feed.id, set_by=invocation.user.id, now=ports.clock.now()
    )
    if followed is None:
        raise NotFound(GONE)
    ports.work.set()
    return Notice(
        text=f"“{shorten(feed.title, 80)}” is followed now. What it holds is being added, and "
        "posts nothing; digests tell of what comes from now on.",
        buttons=(FEEDS,),
    )


async def _list(ports: Ports, invocation: Invocation) -> Notice:
    known = await ports.store.feeds(invocation.tenant)
    if not known:
        text = "No feed is followed here. Follow one by its address: /follow https://…"
        return Notice(text=text, tone=Tone.EMPTY)
    lines = [described(one) for one in known[:LISTED]]
    if len(known) > LISTED:
        lines.append(f"And {len(known) - LISTED} more.")
    return Notice(title="Feeds", text="\n".join(lines), buttons=_buttons(known))


def _buttons(known: Sequence[FollowedFeed]) -> tuple[Button, ...]:
    # What waits for somebody comes first.
    ordered = sorted(known, key=lambda one: one.state is not FeedState.PAUSED)
    buttons = []
    for one in ordered[:MOST_BUTTONS]:
        verb = "stop" if one.state is FeedState.ON else "resume"
        label = f"{verb.capitalize()}: {shorten(one.title, 40)}"
        buttons.append(Button(label, Action("feed", (str(one.id), verb))))
    return tuple(buttons)
