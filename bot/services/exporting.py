"""Writes any episode as a take-away document: its notes, or what its chapters and talk tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.catalog import Segment, SegmentDraft, SegmentKind, StoredEpisode, Tenant
from bot.core.errors import NotFound
from bot.core.labels import AUTOMATIC, source_sentence
from bot.core.ports import Store
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.core.transcript import Sentence
from bot.core.wording import shorten
from bot.services.quotes import MOST_READ, extract, quoted, second_of

STRETCH_S = 300
"""Seconds of talk that a row tells of where nobody made chapters."""

LONGEST_TITLE = 80

_Pair = tuple[SegmentDraft, Segment]


async def export_document(store: Store, tenant: Tenant, episode_id: int) -> str:
    """Return an episode as a take-away document; raise NotFound.

    Without notes a row is a chapter or, without those, a stretch of the talk, each with sentences
    of the transcript; the document says so.
    """
    stored = await store.stored_episode(tenant, episode_id)
    if stored is None:
        raise NotFound(f"There is no episode {episode_id} for {tenant}.")
    from bot.ingest.export import export_takeaways

    notes = tuple(pair for pair in stored.segments if pair[0].kind is SegmentKind.NOTE)
    if notes:
        return export_takeaways(replace(stored, segments=notes))
    told = await _without_notes(store, tenant, stored)
    return await asyncio.to_thread(export_takeaways, told)


async def _without_notes(store: Store, tenant: Tenant, stored: StoredEpisode) -> StoredEpisode:
    episode = stored.episode
    info = await store.transcript(tenant, episode.id)
    rows = stored.segments
    if not rows and info is not None:
        rows = tuple(_stretches(episode.id, info.end_ms))
    told = []
    for draft, segment in rows:
        heard: Sequence[Sentence] = ()
        if info is not None and draft.end is not None and not segment.sponsor:
            start, end = draft.at.seconds * 1_000, draft.end.seconds * 1_000 - 1
            heard = await store.said(tenant, episode.id, start, end, MOST_READ)
        pair = await asyncio.to_thread(_told, draft, segment, heard)
        if pair is not None:
            told.append(pair)
    made = episode.chapters_label if stored.segments else AUTOMATIC
    source = source_sentence(made, info.source_label if info else "")
    return replace(stored, intro=source, segments=tuple(told))


def _stretches(episode_id: int, end_ms: int) -> Iterator[_Pair]:
    for start in range(0, min(end_ms // 1_000, MAX_SECONDS) + 1, STRETCH_S):
        at, end = Timecode(start), Timecode(min(start + STRETCH_S, MAX_SECONDS))
        draft = SegmentDraft(at, "", "", SegmentKind.CHAPTER, end)
        yield draft, Segment(0, episode_id, SegmentKind.CHAPTER, at, end, None, "", "")


def _told(draft: SegmentDraft, segment: Segment, heard: Sequence[Sentence]) -> _Pair | None:
    """Return a row with what is said there; None for a stretch in which nothing is."""
    quotes = extract(heard) if heard else []
    title = segment.title or (shorten(quotes[0].text, LONGEST_TITLE) if quotes else "")
    if not title:
        return None
    text = segment.text or "\n\n".join(map(quoted, quotes))
    # A chapter's own link leads elsewhere than to its second.
    written = replace(draft, title=title, text=text, link_url=None)
    if quotes and not segment.title:
        # Where nobody made chapters, a row is told by the times of its words: no other is known.
        at, end = second_of(quotes[0].start_ms), second_of(quotes[-1].end_ms)
        written, segment = replace(written, at=at, end=end), replace(segment, at=at, end=end)
    return written, replace(segment, title=title, text=text)
