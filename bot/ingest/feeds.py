"""Reads a podcast's feed: RSS 2.0 and its kin, or Atom, as forgiving as feeds need it.

What is broken beyond doubt (XML that does not close, a page that is no feed) is refused with its
line; what a feed merely gets wrong (encoding, dates, ids) is mended or left empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.errors import BadDocument
from bot.ingest.chapter_times import Times
from bot.ingest.feed_items import (
    FeedItem,
    TranscriptLink,
    all_named,
    language_of,
    page_link,
    read_item,
)
from bot.ingest.feed_text import MAX_BYTES
from bot.ingest.feed_tree import Element, read_tree
from bot.ingest.plain_text import plain_line

__all__ = ["MAX_BYTES", "MAX_ITEMS", "Feed", "FeedItem", "TranscriptLink", "read_feed"]

MAX_ITEMS = 20_000
"""Most items: a show every day for fifty years."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its show's title and page, and its items in the order of the document.

    ``language`` is a BCP 47 tag, empty where the feed names none.
    """

    title: str
    link: str
    items: tuple[FeedItem, ...]
    language: str = ""


def read_feed(document: bytes, url: str = "") -> Feed:
    """Read a feed that was found at ``url``, from which its relative links start.

    Raise BadDocument, with the line where there is one, for what is no feed or goes beyond
    all bounds.
    """
    items: list[FeedItem] = []
    times = Times()

    def take(element: Element) -> None:
        item = read_item(element, times)
        if item is None:
            return
        if len(items) == MAX_ITEMS:
            raise BadDocument(f"This feed has more than {MAX_ITEMS:,} items.")
        items.append(item)

    root = read_tree(document, url, take)
    parts = root.by_name()
    for channel in all_named(parts, "channel"):
        parts = channel.by_name()
        break
    titles = (plain_line(each.markup) for each in all_named(parts, "title", "atom:title"))
    return Feed(
        title=next(filter(None, titles), ""),
        link=page_link(parts),
        items=tuple(_named(items)),
        language=next(filter(None, map(language_of, all_named(parts, "language"))), ""),
    )


def _named(items: Sequence[FeedItem]) -> list[FeedItem]:
    """Return the items, each with a name that no other has, without those listed twice.

    An id that several recordings share names none of them: were the newest to keep it, each
    new one would make all others look new.
    """
    single: dict[tuple[str, ...], FeedItem] = {}
    for item in items:
        twice = (item.guid, item.media_url)
        single.setdefault(twice if all(twice) else tuple(item.names), item)
    names = [tuple(dict.fromkeys(item.names)) for item in single.values()]
    uses = Counter(name for each in names for name in each)
    return [
        replace(item, guid=next((name for name in each if uses[name] == 1), each[-1]))
        for item, each in zip(single.values(), names, strict=True)
    ]
