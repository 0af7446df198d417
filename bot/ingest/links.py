"""Which recording a document's link opens, and at which second."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.core.media import MAX_URL, YOUTUBE_HOSTS, MediaLink, parse_link, parse_link_seconds

_PLAIN = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f<>]+", re.IGNORECASE)

_TIME_FIELDS = frozenset({"t", "start", "time_continue"})

_MAX_FIELDS = 50
"""Most query fields looked at, as in ``bot.core.media``."""


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


def recording(target: str) -> MediaLink | None:
    """Return the recording that a link's target opens, or None if it opens none."""
    url = absolute(target)
    if url is None:
        return None
    try:
        link = parse_link(url)
        return _without_time_field(link) if link else None
    except ValueError:
        # More query fields than anybody looks at.
        return None


def _without_time_field(link: MediaLink) -> MediaLink | None:
    """Take ``t=`` out of another site's query: it names a second, not another recording."""
    if link.at is not None or not link.media.key.startswith("url:"):
        return link
    parts = urlsplit(link.media.url)
    fields = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    times = [parse_link_seconds(value) for name, value in fields if name in _TIME_FIELDS]
    at = next((time for time in times if time is not None), None)
    if at is None:
        return link
    kept = urlencode([(name, value) for name, value in fields if name not in _TIME_FIELDS])
    stripped = parse_link(urlunsplit(parts._replace(query=kept)))
    return MediaLink(stripped.media, at) if stripped else None
