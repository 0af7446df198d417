"""What YouTube has of a video, as documents that an import reads like any other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.core.errors import UserError
from bot.core.jobs import Request
from bot.core.media import MediaLink
from bot.core.transcript import Chapter
from bot.services.registry import Ports

CHAPTERS = "chapters.json"
"""What a list of chapters that YouTube has is called."""

LOOKED_UP_WITHIN_S = 25.0

NO_VIDEO = (
    "I cannot look that video up. Give me its transcript or its chapter list as a file, or paste "
    "the list below the link."
)
NO_CHAPTERS = "It has no chapters either. Nothing was changed."

Found = tuple[bytes, str, str]
"""A document, its name, and what it is called by whoever gave it."""


async def look_up(ports: Ports, link: MediaLink, told: Request) -> tuple[list[Found], Request, str]:
    """Return what YouTube has of a video, captions first, what it calls it, and why no captions.

    Raise UserError where there is nothing with times, NotLookedUp where YouTube tells nothing.
    """
    if ports.videos is None:
        raise UserError(NO_VIDEO)
    ident = link.media.key.partition(":")[2]
    video = await ports.videos.look_up(ident, within_s=LOOKED_UP_WITHIN_S)
    found: list[Found] = []
    if video.captions is not None:
        found.append((video.captions.document, "", video.captions.media_type))
    if video.chapters:
        found.append((_as_document(video.chapters), CHAPTERS, ""))
    if not found:
        raise UserError(f"{video.no_captions} {NO_CHAPTERS}")
    told = replace(
        told,
        title=told.title or video.title,
        show=told.show or video.channel,
        duration_s=video.duration.seconds if video.duration else None,
    )
    return found, told, "" if video.captions else video.no_captions


def _as_document(chapters: Sequence[Chapter]) -> bytes:
    """Return chapters in the format that podcasts publish them in."""
    rows = [
        {"startTime": one.start_ms / 1_000, "title": one.title}
        | ({} if one.end_ms is None else {"endTime": one.end_ms / 1_000})
        for one in chapters
    ]
    return json.dumps({"version": "1.2.0", "chapters": rows}).encode("ascii")
