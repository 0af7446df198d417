"""Decides which recording a document is about: the one its rows open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.core.errors import BadDocument
from bot.core.media import Media
from bot.ingest.inline import Link
from bot.ingest.links import recording
from bot.ingest.moments import RowLink
from bot.ingest.prose import Prose, tool_named


def choose_recording(rows: Sequence[tuple[int, RowLink | None]], prose: Prose) -> Media:
    """Return the recording of a document, given each row's line and link.

    A row that opens another recording than most is refused: it is no moment of this one.
    Without links in the rows the text around them must name one recording beyond doubt.
    """
    counts = Counter(link.opens.media for _, link in rows if link)
    if not counts:
        return _from_prose(prose)
    media, _ = counts.most_common(1)[0]
    for line, link in rows:
        if link and link.opens.media.key != media.key:
            raise BadDocument(
                f"This row links to another recording than most rows ({media.url}). "
                "Import each recording as a document of its own.",
                line=line,
            )
    return media


def _from_prose(prose: Prose) -> Media:
    # What made the notes is often linked as well, and is no recording.
    tool = tool_named(prose.source_label)
    above = [link for link in prose.links_above if not (link.text and link.text in tool)]
    below = _videos(prose.links_below)
    for named in (_videos(above), _media(prose.heading_links), below if len(below) == 1 else []):
        if named:
            return named[0]
    every = _media([*above, *prose.links_below])
    if len(every) != 1:
        raise BadDocument(
            "No link says which recording this is about: link the times to it, "
            "or put a link to it below the title."
        )
    return every[0]


def _videos(links: Iterable[Link]) -> list[Media]:
    return [media for media in _media(links) if media.key.startswith("youtube:")]


def _media(links: Iterable[Link]) -> list[Media]:
    """Return the different recordings that links open, in order."""
    opened = (recording(link.url) for link in links)
    return list(dict.fromkeys(link.media for link in opened if link))
