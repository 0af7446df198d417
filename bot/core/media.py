"""Links to recordings: whose they are, which second they open, and how to open another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from urllib.parse import parse_qsl, quote, unquote_plus, urlsplit, urlunsplit

from bot.core.timecode import MAX_SECONDS, Timecode

YOUTUBE_HOSTS = frozenset(
    {
        "youtu.be",
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "www.youtube-nocookie.com",
        "youtube-nocookie.com",
    }
)
"""Exact hosts: a look-alike such as ``youtube.com.example`` is another site."""

MAX_URL = 2_000
"""Longest link kept, in characters; the sitemap protocol's customary bound is 2,048."""

_MAX_TEXT = MAX_URL + len(f"#t={MAX_SECONDS}")
"""Longest link read: what ``url_at`` makes of the longest one kept."""

MAX_FIELDS = 50
"""Most fields of a query that are looked at; a link with more is none that people share."""

TIME_FIELDS = frozenset({"t", "start", "time_continue"})
"""Fields that name the second a link opens, on YouTube and wherever it was copied."""

_SAFE = "/%:@!$&*+,;=?~"
"""Left as they are in a kept link; brackets, quotes and bars would end a platform's markup."""

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
"""Names in letters, digits and hyphens, with a dot: nothing that ends a platform's markup."""

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_NOT_VIDEOS = frozenset({"videoseries", "live_stream"})
"""Words of YouTube's embed addresses for lists and channels, as long as a video's id."""

# A bare number is seconds only when it stands alone: 1h30 is no 1 h 30 s to those who write it.
_LINK_TIME = re.compile(
    r"(?P<only>[0-9]{1,7})|"
    r"(?:(?P<h>[0-9]{1,4})h)?(?:(?P<m>[0-9]{1,5})m)?(?:(?P<s>[0-9]{1,7})s)?"
)


@dataclass(frozen=True, slots=True)
class Media:
    """One recording. ``key`` names it whatever its link looks like (``youtube:<id>``).

    ``url`` is empty where it is known by its name alone.
    """

    key: str
    url: str

    @property
    def is_named(self) -> bool:
        """Return whether it is known by its name, without a link."""
        return self.key.startswith("named:")

    def url_at(self, at: Timecode) -> str:
        """Return a link that opens this recording at ``at``; empty where there is none."""
        if not self.url:
            return ""
        kind, _, ident = self.key.partition(":")
        if kind == "youtube":
            return f"https://youtu.be/{ident}?t={at.seconds}"
        return f"{self.url}#t={at.seconds}"


def named_media(*names: str) -> Media:
    """Return a recording without a link, known by its names: the same ones, the same recording."""
    told = "\n".join(" ".join(name.casefold().split()) for name in names)
    return Media(f"named:{sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}", "")


@dataclass(frozen=True, slots=True)
class MediaLink:
    """A parsed link: the recording and, where the link says so, the second it opens."""

    media: Media
    at: Timecode | None
    unread: bool = False
    """Whether the link names a time that cannot be read."""


def parse_link(text: str) -> MediaLink | None:
    """Return what a link opens, or None for anything that is not a plain http(s) link."""
    text = text.strip()
    if len(text) > _MAX_TEXT or any(ch.isspace() or ord(ch) < 32 for ch in text):
        return None
    try:
        parts = urlsplit(text if "//" in text[:9] else f"https://{text}")
        host, port = parts.hostname or "", parts.port
        fields = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=MAX_FIELDS)
        marks = parse_qsl(parts.fragment, max_num_fields=MAX_FIELDS)
        path, query = quote(parts.path, safe=_SAFE), quote(parts.query, safe=_SAFE)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.username is not None:
        return None
    if not _HOST.fullmatch(host):
        return None
    at = _time_in(fields) or _time_in(marks)
    if host in YOUTUBE_HOSTS:
        unread = at is None and any(name in TIME_FIELDS for name, _ in (*fields, *marks))
        video = _youtube_id(host, parts.path, fields)
        if video is None:
            return None
        return MediaLink(Media(f"youtube:{video}", f"https://youtu.be/{video}"), at, unread)
    if _time_in(fields):
        # Elsewhere too the second is not part of which recording it is.
        query = _without_time(query)
    netloc = host if port is None else f"{host}:{port}"
    url = urlunsplit((parts.scheme, netloc, path, query, ""))
    return MediaLink(Media(f"url:{url}", url), at) if len(url) <= MAX_URL else None


_WRITTEN = re.compile(r"https?://[^\s<>()\[\]\"'`*|\\]{1,2000}", re.IGNORECASE)

MAX_LINKS = 50
"""Links of one message that are looked at; nobody writes more."""


def written_links(text: str) -> Iterator[str]:
    """Yield the links in a text; what ends a sentence is not part of the link before it."""
    return (found[0].rstrip(".,;:!?") for found in _WRITTEN.finditer(text))


def likeliest_link(links: Iterable[str]) -> str | None:
    """Return the link of a message that is most likely meant, None if none can be read.

    First to a video's second, then a second, then a video, then any; of equals the first.
    """
    parsed = [(link, parse_link(link)) for link in islice(links, MAX_LINKS)]
    readable = [(link, found) for link, found in parsed if found is not None]
    best = max(readable, key=lambda pair: _likelihood(pair[1]), default=None)
    return best[0] if best else None


def _likelihood(link: MediaLink) -> int:
    return 2 * (link.at is not None) + link.media.key.startswith("youtube:")


def _without_time(query: str) -> str:
    """Return a query without its time, every other field as it was written."""
    fields = query.split("&")
    return "&".join(
        field for field in fields if unquote_plus(field.partition("=")[0]) not in TIME_FIELDS
    )


def _youtube_id(host: str, path: str, fields: list[tuple[str, str]]) -> str | None:
    pieces = [piece for piece in path.split("/") if piece]
    if host == "youtu.be":
        candidate = pieces[0] if pieces else ""
    elif pieces[:1] == ["watch"]:
        candidate = dict(fields).get("v", "")
    elif len(pieces) == 2 and pieces[0] in {"live", "embed", "shorts", "v"}:
        candidate = pieces[1]
    else:
        return None
    return candidate if is_video_id(candidate) else None


def is_video_id(text: str) -> bool:
    """Return whether a text is the id of a YouTube video, and not a word of its addresses."""
    return bool(_VIDEO_ID.fullmatch(text)) and text not in _NOT_VIDEOS


def _time_in(fields: list[tuple[str, str]]) -> Timecode | None:
    times = (parse_link_seconds(value) for name, value in fields if name in TIME_FIELDS)
    return next((time for time in times if time is not None), None)


def parse_link_seconds(value: str) -> Timecode | None:
    """Return the second that a link's ``t=`` value names (``7232``, ``7232s``, ``2h0m32s``)."""
    found = _LINK_TIME.fullmatch(value.strip())
    if not found or not any(found.groupdict().values()):
        return None
    hours, minutes, seconds = (int(found[unit] or 0) for unit in "hms")
    total = int(found["only"] or 0) + hours * 3600 + minutes * 60 + seconds
    return Timecode(total) if total <= MAX_SECONDS else None
