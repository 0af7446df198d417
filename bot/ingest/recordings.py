"""Which recording a link opens, and which one a document is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from bot.core.errors import BadDocument
from bot.core.media import MAX_URL, YOUTUBE_HOSTS, Media, MediaLink, parse_link
from bot.core.wording import shorten

_PLAIN = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f<>]+", re.IGNORECASE)

_REMEMBERED = 256
"""Addresses whose reading is kept: documents repeat them, hostile ones a million times."""


@lru_cache(maxsize=_REMEMBERED)
def absolute(target: str) -> str | None:
    """Return a link's target as an http(s) address, or None if it is nothing of the kind.

    A bare ``youtu.be/…`` counts, since that is how people type it; any other target without
    a scheme is a path or an anchor of the document's own site.
    """
    url = target.strip()
    if url.partition("/")[0].lower() in YOUTUBE_HOSTS:
        url = f"https://{url}"
    if len(url) > MAX_URL or not _PLAIN.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        usable = "." in (parts.hostname or "") and parts.username is None and parts.port != 0
    except ValueError:
        return None
    return url if usable else None


@lru_cache(maxsize=_REMEMBERED)
def recording(target: str) -> MediaLink | None:
    """Return the recording that a link's target opens, or None if it opens none."""
    url = absolute(target)
    return parse_link(url) if url else None


@dataclass(frozen=True, slots=True)
class LinksAround:
    """The addresses that stand around a document's tables, in its order."""

    headings: tuple[str, ...]
    above: tuple[str, ...]
    """Those above the first table, headings and front matter included, the notes' maker not."""
    below: tuple[str, ...]


def choose_recording(rows: Sequence[tuple[int, Media | None]], around: LinksAround) -> Media:
    """Return the recording of a document, given each row's line and what its link opens.

    A row that opens another recording than most is refused: it is no moment of this one.
    Without links in the rows the text around them must name one recording beyond doubt.
    """
    counts = Counter(opens for _, opens in rows if opens)
    if not counts:
        return _from_text(around)
    media, _ = counts.most_common(1)[0]
    for line, opens in rows:
        if opens and opens.key != media.key:
            raise BadDocument(
                f"This row links to another recording than most rows ({shorten(media.url, 200)}). "
                "Import each recording as a document of its own.",
                line=line,
            )
    return media


def _from_text(around: LinksAround) -> Media:
    below = _videos(around.below)
    only = below if len(below) == 1 else []
    for named in (_videos(around.above), _media(around.headings), only):
        if named:
            return named[0]
    every = _media([*around.above, *around.below])
    if len(every) != 1:
        raise BadDocument(
            "No link says which recording this is about: link the times to it, "
            "or put a link to it below the title."
        )
    return every[0]


def _videos(urls: Iterable[str]) -> list[Media]:
    return [media for media in _media(urls) if media.key.startswith("youtube:")]


def _media(urls: Iterable[str]) -> list[Media]:
    """Return the different recordings that addresses open, in order."""
    opened = map(recording, dict.fromkeys(urls))
    return list(dict.fromkeys(link.media for link in opened if link))
