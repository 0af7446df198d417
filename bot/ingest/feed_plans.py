"""What the items of a feed bring to the catalog: a recording each, and the best of its layers."""

from __future__ import annotations

from bot.core.following import Plan, TranscriptAt
from bot.core.media import Media, parse_link
from bot.core.timecode import MAX_SECONDS
from bot.ingest.feeds import Feed, FeedItem, TranscriptLink
from bot.ingest.sources import marked

MOST_TRANSCRIPTS = 3
"""Transcripts of one item that are tried, the best first."""

NO_RECORDING = "It names no recording."
NOTHING_TIMED = "It has neither chapters nor a transcript with times."

_TYPES = {
    "text/vtt": 0,
    "application/x-subrip": 0,
    "application/srt": 0,
    "text/srt": 0,
    "application/json": 1,
    "": 2,
}
"""How well each type is read, the best first; any other is left out, web pages above all."""

_ENDINGS = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".json": "application/json"}


def plans_of(feed: Feed) -> list[Plan]:
    """Return what each item of a feed brings, in the order of the feed."""
    return [_plan(item, feed.language) for item in feed.items]


def _plan(item: FeedItem, language: str) -> Plan:
    media = _media(item)
    transcripts = _best(item.transcripts, language)
    timed = item.chapters or item.chapters_url or transcripts
    reason = ("" if timed else NOTHING_TIMED) if media else NO_RECORDING
    length = item.duration_s if item.duration_s and item.duration_s <= MAX_SECONDS else None
    return Plan(
        guid=item.guid,
        title=item.title or item.guid,
        media_key=media.key if media else "",
        media_url=media.url if media else "",
        duration_s=length,
        published_at=item.published_at,
        chapters=marked(item.chapters) if media else (),
        chapters_url=item.chapters_url,
        chapters_type=item.chapters_type,
        transcripts=transcripts,
        reason=reason,
    )


def _media(item: FeedItem) -> Media | None:
    """Return the recording of an item: its file, or the video that it links where it has none.

    A file with advertisements in it has other times than the video of the same talk: the one's
    are never linked to the other.
    """
    opened = parse_link(item.media_url or item.youtube_url)
    return opened.media if opened else None


def _best(links: tuple[TranscriptLink, ...], language: str) -> tuple[TranscriptAt, ...]:
    """Return the transcripts that are worth a try, in the feed's own language first."""
    known = [(link, _type(link)) for link in links]
    ranked = sorted(
        ((link, kind) for link, kind in known if kind in _TYPES),
        key=lambda one: (_is_foreign(one[0].language, language), _TYPES[one[1]]),
    )
    return tuple(
        TranscriptAt(link.url, kind, link.language) for link, kind in ranked[:MOST_TRANSCRIPTS]
    )


def _type(link: TranscriptLink) -> str:
    path = link.url.lower().partition("?")[0]
    named = next((kind for ending, kind in _ENDINGS.items() if path.endswith(ending)), "")
    # What a server calls text is often what its ending says.
    return named if link.type in {"", "text/plain", "application/octet-stream"} else link.type


def _is_foreign(spoken: str, own: str) -> bool:
    first, other = (tag.lower().partition("-")[0] for tag in (spoken, own))
    return bool(first and other and first != other)
