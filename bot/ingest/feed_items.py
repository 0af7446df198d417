"""Reads one item of a feed (RSS or Atom), whatever namespaces its parts come from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import BadDocument
from bot.core.media import MAX_URL, parse_link
from bot.core.transcript import Chapter
from bot.core.wording import shorten
from bot.ingest.chapter_lines import times_in
from bot.ingest.chapter_lists import read_chapters
from bot.ingest.chapter_times import MAX_CHAPTERS, Times, clock_ms
from bot.ingest.feed_dates import read_date, read_duration
from bot.ingest.feed_tree import Element, joined
from bot.ingest.inline_markdown import one_line
from bot.ingest.plain_text import plain_line, plain_text
from bot.ingest.recordings import absolute

MAX_SOURCE = 200_000
"""Most characters of a description's source that are read."""

MAX_TRANSCRIPTS = 50
"""Most transcripts of one item: more languages than any show has."""

_BORROWED_TITLE = 100

_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_RECORDED = ("audio/", "video/")


@dataclass(frozen=True, slots=True)
class TranscriptLink:
    """Where a transcript of an item is. ``type``, ``language`` and ``rel`` may be empty."""

    url: str
    type: str = ""
    language: str = ""
    rel: str = ""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item of a feed. Texts are plain, addresses http(s); what is not there is empty.

    ``guid`` names it within its feed: its own id, or else its recording's address, its page's,
    or a hash of what it says. ``chapters`` stand in the feed itself, ``chapters_url`` leads to
    a file of them. ``youtube_url`` is the video that ``link`` opens, if it opens one.
    """

    guid: str
    title: str
    link: str = ""
    published_at: datetime | None = None
    media_url: str = ""
    media_type: str = ""
    duration_s: int | None = None
    description: str = ""
    transcripts: tuple[TranscriptLink, ...] = ()
    chapters_url: str = ""
    chapters_type: str = ""
    chapters: tuple[Chapter, ...] = ()
    youtube_url: str = ""

    @property
    def names(self) -> Iterator[str]:
        """What may name this item, the best first; the last is always there."""
        yield from filter(None, (self.guid, self.media_url, self.link))
        when = str(self.published_at or "")
        if self.title and when:
            yield _digest(self.title, when)
        yield _digest(self.guid, self.media_url, self.link, self.title, when, self.description)


def _digest(*texts: str) -> str:
    return f"sha256:{hashlib.sha256(chr(0).join(texts).encode()).hexdigest()}"


_Parts = Mapping[str, list[Element]]


def read_item(element: Element, times: Times) -> FeedItem | None:
    """Return an item, its ``guid`` only if it has one of its own; None if it says nothing.

    Raise BadDocument where a feed has more times in it than ``times`` takes.
    """
    parts = element.by_name()
    media_url, media_type, media_length = _media(parts)
    source = _description(parts)
    description = plain_text(source)
    link = _item_link(parts)
    title = _title(parts) or shorten(one_line(description), _BORROWED_TITLE)
    if not (title or media_url or link):
        return None
    chapters_url, chapters_type = _chapters_file(parts)
    inline = _inline_elements(parts)
    times.take(len(inline) + times_in(source))
    return FeedItem(
        guid=_guid(parts),
        title=title,
        link=link,
        published_at=_published(parts),
        media_url=media_url,
        media_type=media_type,
        duration_s=_duration(parts) or media_length,
        description=description,
        transcripts=_transcripts(parts),
        chapters_url=chapters_url,
        chapters_type=chapters_type,
        chapters=_inline_chapters(inline) or _described_chapters(source),
        youtube_url=_video(link),
    )


def all_named(parts: _Parts, *names: str) -> Iterator[Element]:
    """Yield the elements of these names, in the order of the names."""
    for name in names:
        yield from parts.get(name, ())


def link_of(element: Element, target: str) -> str:
    """Return an address that an element names, resolved; empty if it is not http(s)."""
    # A break within an address is where its line was broken, a space one not written out.
    unbroken = "".join(line.strip() for line in target.splitlines())
    written = "%20".join(unbroken.replace("&amp;", "&").split())
    return (absolute(joined(element.base, written)) or "") if written else ""


def page_link(parts: _Parts) -> str:
    """Return the address of the page that a feed or an item is about."""
    written = (link_of(each, each.text) for each in all_named(parts, "link"))
    pages = (
        link_of(each, each.attributes.get("href", ""))
        for each in all_named(parts, "atom:link")
        if each.attributes.get("rel", "alternate").strip().lower() == "alternate"
    )
    return _first((*written, *pages))


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _title(parts: _Parts) -> str:
    named = all_named(parts, "title", "atom:title", "itunes:title", "media:title", "dc:title")
    return _first(plain_line(each.markup) for each in named)


def _description(parts: _Parts) -> str:
    named = all_named(
        parts, "content:encoded", "atom:content", "description", "itunes:summary", "atom:summary",
        "googleplay:description", "media:description",
    )  # fmt: skip
    grouped = (
        each
        for group in all_named(parts, "media:group")
        for each in group.by_name().get("media:description", ())
    )
    sources = (each.markup[:MAX_SOURCE] for each in (*named, *grouped))
    return next((source for source in sources if source.strip()), "")


def _guid(parts: _Parts) -> str:
    named = all_named(parts, "guid", "atom:id", "dc:identifier")
    guid = _first(" ".join(each.text[: MAX_URL + 1].split()) for each in named)
    if len(guid) > MAX_URL:
        # Cut off, two long names could become one.
        long = _first(each.text for each in all_named(parts, "guid", "atom:id", "dc:identifier"))
        return _digest(long)
    return guid


def _item_link(parts: _Parts) -> str:
    permanent = (
        link_of(each, each.text)
        for each in all_named(parts, "guid")
        if each.attributes.get("ispermalink", "true").strip().lower() != "false"
        and each.text.strip().lower().startswith(("http://", "https://"))
    )
    return page_link(parts) or _first(permanent)


def _video(link: str) -> str:
    opened = parse_link(link) if "youtu" in link.lower() else None
    return opened.media.url if opened and opened.media.key.startswith("youtube:") else ""


def _published(parts: _Parts) -> datetime | None:
    named = all_named(
        parts, "pubdate", "atom:published", "dc:date", "dcterms:issued", "atom:updated"
    )
    dates = (read_date(each.text) for each in named)
    return next((date for date in dates if date is not None), None)


def _duration(parts: _Parts) -> int | None:
    read = (read_duration(each.text) for each in all_named(parts, "itunes:duration"))
    return next((length for length in read if length is not None), None)


def _media(parts: _Parts) -> tuple[str, str, int | None]:
    """Return the address, type and length of an item's recording, as far as it has one."""
    found = []
    for each in _media_elements(parts):
        url = link_of(each, each.attributes.get("url") or each.attributes.get("href", ""))
        kind = _type(each.attributes.get("type", "")) or _medium(each)
        if url and kind.startswith(_RECORDED):
            return url, kind.removesuffix("/"), read_duration(each.attributes.get("duration", ""))
        if url and each.name != "media:content" and not kind.startswith(("image/", "text/")):
            # Many an enclosure is of no type, or of one that says nothing.
            found.append((url, kind, None))
    return found[0] if found else ("", "", None)


def _media_elements(parts: _Parts) -> Iterator[Element]:
    yield from all_named(parts, "enclosure")
    for each in all_named(parts, "atom:link"):
        if each.attributes.get("rel", "").strip().lower() == "enclosure":
            yield each
    yield from all_named(parts, "media:content")
    for group in all_named(parts, "media:group"):
        yield from group.by_name().get("media:content", ())


def _medium(element: Element) -> str:
    medium = element.attributes.get("medium", "").strip().lower()
    return f"{medium}/" if f"{medium}/" in _RECORDED else ""


def _type(written: str) -> str:
    """Return a MIME type in small letters without its parameters, empty if it is none."""
    bare = written[:200].partition(";")[0].strip().lower()
    return bare if _TYPE.fullmatch(bare) else ""


def language_of(element: Element) -> str:
    """Return the language that an element names as a BCP 47 tag, empty if it is none."""
    return language_tag(element.text[:100])


def language_tag(written: str) -> str:
    """Return a language as a BCP 47 tag, empty if it is none."""
    language = written.strip()
    return language.replace("_", "-") if _LANGUAGE.fullmatch(language) else ""


def _transcripts(parts: _Parts) -> tuple[TranscriptLink, ...]:
    links = []
    for each in all_named(parts, "podcast:transcript"):
        written = each.attributes
        rel = " ".join(written.get("rel", "")[:40].lower().split())
        links.append(
            TranscriptLink(
                url=link_of(each, written.get("url", "")),
                type=_type(written.get("type", "")),
                language=language_tag(written.get("language", "")),
                rel=rel if rel.isprintable() else "",
            )
        )
    return tuple(dict.fromkeys(link for link in links if link.url))[:MAX_TRANSCRIPTS]


def _chapters_file(parts: _Parts) -> tuple[str, str]:
    for each in all_named(parts, "podcast:chapters"):
        url = link_of(each, each.attributes.get("url", ""))
        if url:
            return url, _type(each.attributes.get("type", ""))
    return "", ""


def _inline_elements(parts: _Parts) -> list[Element]:
    wholes = all_named(parts, "psc:chapters")
    listed = [each for whole in wholes for each in whole.by_name().get("psc:chapter", ())]
    return listed[:MAX_CHAPTERS]


def _inline_chapters(listed: Iterable[Element]) -> tuple[Chapter, ...]:
    """Return the Podlove chapters of an item, none of them if a start cannot be read."""
    chapters = []
    for each in listed:
        start = clock_ms(each.attributes.get("start", "")[:40])
        title = plain_line(each.attributes.get("title", ""))
        if start is None:
            return ()
        if title:
            url = link_of(each, each.attributes.get("href", ""))
            chapters.append(Chapter(start, title, url=url))
    return tuple(sorted(dict.fromkeys(chapters), key=lambda chapter: chapter.start_ms))


def _described_chapters(source: str) -> tuple[Chapter, ...]:
    with suppress(BadDocument):
        return read_chapters(source)
    return ()
