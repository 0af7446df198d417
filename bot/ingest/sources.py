"""Reads a document of any kind known here: what it holds tells what it is, then its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.errors import BadDocument
from bot.core.media import Media, parse_link, written_links
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.core.transcript import Chapter, Sentence
from bot.ingest.captions import sentences_of
from bot.ingest.chapter_lists import is_sponsor, read_chapters
from bot.ingest.feeds import Feed, read_feed
from bot.ingest.json_chapters import read_json_chapters
from bot.ingest.json_transcripts import read_timed_episode
from bot.ingest.parsed import ParsedDocument
from bot.ingest.takeaways import read_takeaways
from bot.ingest.timed_text import read_text
from bot.ingest.transcripts import read_transcript


class Kind(StrEnum):
    """What a document is of."""

    NOTES = "notes"
    CHAPTERS = "chapters"
    TRANSCRIPT = "transcript"
    EPISODE = "episode"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Source:
    """What a document tells of a recording or, a feed, of many; the rest is empty.

    ``media`` is None where it does not say which recording it is of. ``names`` tell the recording
    apart where it has no link.
    """

    kind: Kind
    media: Media | None = None
    title: str = ""
    show: str = ""
    duration: Timecode | None = None
    names: tuple[str, ...] = ()
    notes: ParsedDocument | None = None
    chapters: tuple[Chapter, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    language: str = ""
    feed: Feed | None = None


_LOOKED_AT = 65_536
"""Bytes that tell what a document is."""

_JSON = re.compile(rb"\{\s*+[\"}]|\[\s*+[\[{\]]")
_CUE = re.compile(rb"^[ \t]*-?\d+:\d\d[^\n]{0,20}-->", re.MULTILINE)
_TABLE = re.compile(rb"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|", re.MULTILINE)
_FEED = re.compile(rb"<\?xml|<(?:rss|rdf:RDF|(?:atom:)?feed)[\s>]", re.IGNORECASE)


def read_source(document: bytes, name: str = "", media_type: str = "") -> Source:
    """Return what a document holds; raise BadDocument where nothing here can read it.

    ``name`` is its file's name or address, ``media_type`` what a feed or a server calls it. The
    work is done at once, and takes seconds for the largest documents.
    """
    match _kind_of(document, name, media_type):
        case Kind.NOTES:
            parsed = read_takeaways(document, name=name or "document")
            draft = parsed.draft
            told = Source(Kind.NOTES, draft.media, draft.title, draft.show or "", notes=parsed)
            return replace(told, duration=draft.duration)
        case Kind.FEED:
            feed = read_feed(document, name if "://" in name else "")
            return Source(Kind.FEED, title=feed.title, feed=feed)
        case Kind.EPISODE:
            return _episode(document)
        case Kind.CHAPTERS:
            return _chapters(document, name)
        case Kind.TRANSCRIPT:
            transcript = read_transcript(document, name, media_type)
            sentences = sentences_of(transcript)
            if not sentences:
                raise BadDocument("There is not a word in that transcript.")
            return Source(Kind.TRANSCRIPT, sentences=sentences, language=transcript.language)


def _kind_of(document: bytes, name: str, media_type: str) -> Kind:
    kind = name.lower().partition("?")[0]
    head = _head(document)
    if _JSON.match(head) or kind.endswith(".json"):
        return _kind_of_json(document, head)
    if kind.endswith((".md", ".markdown")):
        return Kind.NOTES
    if (head.startswith(b"<") and _FEED.search(head)) or kind.endswith((".rss", ".atom")):
        return Kind.FEED
    if head.startswith(b"WEBVTT"):
        return Kind.TRANSCRIPT
    if _TABLE.search(head):
        return Kind.NOTES
    if _CUE.search(head) or kind.endswith((".vtt", ".srt")):
        return Kind.TRANSCRIPT
    if b"\0" in head[:1_000] or head.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        # Another encoding, a web page, or no text at all: its reader says which.
        return Kind.TRANSCRIPT
    return Kind.TRANSCRIPT if "vtt" in media_type or "subrip" in media_type else Kind.CHAPTERS


def _head(document: bytes) -> bytes:
    return document[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()


def _kind_of_json(document: bytes, head: bytes) -> Kind:
    if b'"cues"' in document:
        return Kind.EPISODE
    if b'"segments"' in head or b'"events"' in head:
        return Kind.TRANSCRIPT
    chapters = b'"chapters"' in document or b'"startTime"' in head
    return Kind.CHAPTERS if chapters else Kind.TRANSCRIPT


def _episode(document: bytes) -> Source:
    told = read_timed_episode(document)
    sentences = sentences_of(told.transcript)
    if not sentences:
        raise BadDocument("There is not a word in that transcript.")
    link = parse_link(told.url) if told.url else None
    seconds = None if told.duration_ms is None else min(told.duration_ms // 1_000, MAX_SECONDS)
    return Source(
        Kind.EPISODE,
        link.media if link else None,
        told.title,
        told.show,
        None if seconds is None else Timecode(seconds),
        names=tuple(filter(None, (told.show, told.id))),
        chapters=marked(told.chapters),
        sentences=sentences,
        language=told.transcript.language,
    )


def _chapters(document: bytes, name: str) -> Source:
    written = ""
    if _JSON.match(_head(document)):
        chapters = read_json_chapters(document)
    elif name.lower().endswith(".json"):
        raise BadDocument("This is not JSON.")
    else:
        written = read_text(document)
        chapters = read_chapters(written)
    if not chapters:
        raise BadDocument("There is no chapter with a title in that file.")
    return Source(Kind.CHAPTERS, _opened(written), chapters=marked(chapters))


def _opened(written: str) -> Media | None:
    """Return the recording whose seconds a text links to, where it is one and the same."""
    links = (parse_link(link) for link in written_links(written))
    opened = {link.media for link in links if link and link.at is not None}
    return opened.pop() if len(opened) == 1 else None


def marked(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Return chapters, each with a mark where its title says that a sponsor has the word."""
    # Most are none, and there may be two hundred thousand of them.
    return tuple(replace(one, sponsor=True) if is_sponsor(one.title) else one for one in chapters)
