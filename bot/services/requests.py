"""What a request to import brings: its documents read, and laid together as one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.catalog import Tenant
from bot.core.errors import BadDocument, UserError
from bot.core.jobs import Request
from bot.core.media import parse_link
from bot.core.ports import Store
from bot.core.recording import RecordingDraft
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.services.ingestion import Recording, read_document, recording_draft

if TYPE_CHECKING:
    from bot.ingest.sources import Source

MOST_PIECES = 60_000
"""Cues of a document that a running bot reads: a day and a half of talk, in some 200 MB."""

_PIECES = (b"-->", b'"startTime"', b'"tStartMs"', b'"start"')
"""What begins a cue in one format or another."""

_LAYERS = {"notes": "notes", "chapters": "chapters", "transcript": "a transcript"}


async def read_part(request: Request, place: int, document: bytes) -> Source:
    """Return what a document of a request holds, off the event loop; raise BadDocument."""
    part = request.parts[place]
    return await read_bounded(document, name=part.name, media_type=part.media_type)


async def read_bounded(document: bytes, *, name: str, media_type: str) -> Source:
    """Return what a document holds, off the event loop; raise BadDocument.

    One with too many pieces is refused before it is read, since each takes memory.
    """
    if sum(map(document.count, _PIECES)) > MOST_PIECES:
        raise BadDocument(f"That is more than {MOST_PIECES:,} pieces, far more than any talk has.")
    return await read_document(document, name=name, media_type=media_type)


async def draft_of(
    store: Store, tenant: Tenant, request: Request, sources: Sequence[Source]
) -> RecordingDraft:
    """Return the recording that the documents of a request are of, with the layers of each.

    Raise UserError where it is not clear which recording that is, or what is to be kept of it.
    """
    given = await _given(store, tenant, request, sources)
    drafts = [recording_draft(source, given) for source in sources]
    whole = drafts[0]
    for draft in drafts[1:]:
        whole = _together(whole, draft)
    if given.media is not None and whole.media.key != given.media.key:
        raise UserError(
            "Those notes are of another recording than the link that you gave. Leave the link out."
        )
    seconds = request.duration_s
    length = Timecode(seconds) if seconds is not None and 0 <= seconds <= MAX_SECONDS else None
    return replace(whole, duration=whole.duration or length)


async def _given(
    store: Store, tenant: Tenant, request: Request, sources: Sequence[Source]
) -> Recording:
    """Return what was said of a recording, and what one of its documents says for the others."""
    link = parse_link(request.link) if request.link else None
    told = [source.media for source in sources if source.media is not None]
    media = link.media if link else next(iter(told), None)
    titles = (request.title, *(source.title for source in sources))
    title = next(filter(None, titles), "")
    if media is not None and not title:
        known = await store.episode_of_media(tenant, media.key)
        title = known.title if known else ""
    shows = (request.show, *(source.show for source in sources))
    return Recording(media, title, next(filter(None, shows), ""))


def _together(one: RecordingDraft, other: RecordingDraft) -> RecordingDraft:
    """Return two drafts of one recording as one."""
    for layer, name in _LAYERS.items():
        if getattr(one, layer) is not None and getattr(other, layer) is not None:
            raise UserError(f"That is {name} twice. Give me one of them.")
    notes = one if one.notes is not None else other
    if notes.notes is not None and one.media.key != other.media.key:
        raise BadDocument("Those documents are of different recordings. Add one after the other.")
    return replace(
        notes if notes.notes is not None else one,
        duration=one.duration or other.duration,
        notes=one.notes or other.notes,
        chapters=one.chapters or other.chapters,
        transcript=one.transcript or other.transcript,
    )
