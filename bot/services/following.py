"""``/follow``: what a podcast's feed holds; admins only."""

from __future__ import annotations

import asyncio

from bot.core.commands import Invocation
from bot.core.errors import UserError
from bot.core.reply import Notice, Reply
from bot.core.wording import count
from bot.services.adding import FETCHED_WITHIN_S, READ_AT_MOST, check_admin
from bot.services.registry import Ports, answers


@answers("follow")
async def follow(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the command."""
    from bot.ingest.feeds import read_feed

    check_admin(invocation)
    url = invocation.args.get("feed", "").strip()
    if not url:
        raise UserError("Which feed? Its address: /follow https://…")
    found = await ports.fetcher.fetch(url, max_bytes=READ_AT_MOST, within_s=FETCHED_WITHIN_S)
    feed = await asyncio.to_thread(read_feed, found.body, found.url)
    said = sum(1 for item in feed.items if item.transcripts)
    return Notice(
        title=feed.title or found.url,
        text=f"{count(len(feed.items), 'episode')}, {said:,} with a transcript.",
    )
