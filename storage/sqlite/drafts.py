"""Drafts as they are stored: their columns, their digest, what is refused in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from bot.core.catalog import EpisodeDraft, Reference, SegmentDraft, SegmentKind
from bot.core.errors import BadDocument
from bot.core.media import Media
from bot.core.recording import ChaptersDraft, RecordingDraft
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.core.transcript import Chapter
from storage.sqlite.index import episode_words
from storage.sqlite.matching import StoredRow
from storage.sqlite.rows import Row, seconds, storable, timecode

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """The segments of one source as they are stored, and the digest of all that it says."""

    kind: SegmentKind
    segments: tuple[SegmentDraft, ...]
    label: str
    digest: str


class Layers:
    """The layers of segments that a draft has; None where it has none."""

    def __init__(self, draft: RecordingDraft) -> None:
        self.notes = self.chapters = None
        if draft.notes is not None:
            label = draft.notes.source_label
            segments = draft.notes.segments
            self.notes = Layer(SegmentKind.NOTE, segments, label, digest(draft.notes))
        if draft.chapters is not None:
            self.chapters = _layer_of(draft.chapters)


def _layer_of(draft: ChaptersDraft) -> Layer:
    segments = tuple(_chapter_rows(draft.chapters))
    whole = json.dumps([draft.source_label, [row_values(row) for row in segments]])
    digested = hashlib.sha256(whole.encode("ascii")).hexdigest()
    return Layer(SegmentKind.CHAPTER, segments, draft.source_label, digested)


def _chapter_rows(chapters: Iterable[Chapter]) -> Iterator[SegmentDraft]:
    """Yield chapters as segments: each to its end or, without one, to where the next begins."""
    # Silent ones are marks within others.
    shown = [chapter for chapter in chapters if not chapter.silent]
    shown.sort(key=lambda chapter: chapter.start_ms)
    nexts = (chapter.start_ms for chapter in shown[1:])
    for chapter, following in zip_longest(shown, nexts):
        end = chapter.end_ms if chapter.end_ms is not None else following
        later = end is not None and end > chapter.start_ms
        yield SegmentDraft(
            at=_second(chapter.start_ms),
            title=chapter.title,
            text="",
            kind=SegmentKind.CHAPTER,
            end=_second(end) if later and end is not None else None,
            link_url=chapter.url or None,
            sponsor=chapter.sponsor,
        )


def _second(milliseconds: int) -> Timecode:
    return Timecode(min(milliseconds // 1_000, MAX_SECONDS))


def storable_recording(draft: RecordingDraft) -> RecordingDraft:
    """Return the draft with all its text as UTF-8 can hold it; see ``storable_draft``."""
    _check_media(draft.media)
    chapters = draft.chapters
    if chapters is not None:
        for chapter in chapters.chapters:
            if chapter.url:
                _check_link(chapter.url)
        kept = (
            replace(one, title=storable(one.title), url=storable(one.url))
            for one in chapters.chapters
        )
        chapters = ChaptersDraft(tuple(kept), storable(chapters.source_label))
    return replace(
        draft,
        media=Media(storable(draft.media.key), storable(draft.media.url)),
        title=storable(draft.title),
        show=storable(draft.show) if draft.show else None,
        notes=draft.notes and storable_draft(draft.notes),
        chapters=chapters,
    )


def without_notes(draft: RecordingDraft) -> EpisodeDraft:
    """Return what stands around the segments of a recording that has no notes."""
    return EpisodeDraft(
        draft.title, draft.media, (), draft.show, source_label="", duration=draft.duration
    )


def _check_media(media: Media) -> None:
    if media.url or not media.is_named:
        _check_link(media.url)


def _check_link(link: str) -> None:
    if not link.lower().startswith(("http://", "https://")):
        raise BadDocument("A link must begin with http:// or https://.")


def storable_draft(draft: EpisodeDraft) -> EpisodeDraft:
    """Return the draft with all its text as UTF-8 can hold it.

    Raises BadDocument for a link that is not http(s), which may not reach a reader, and for a
    segment that ends before it starts.
    """
    _check_media(draft.media)
    links = [reference.url for reference in draft.references if reference.url is not None]
    links += [row.link_url for row in draft.segments if row.link_url is not None]
    for link in links:
        _check_link(link)
    for row in draft.segments:
        if row.end is not None and row.end < row.at:
            raise BadDocument(f"The segment at {row.at} ends at {row.end}, before it starts.")
    return replace(
        draft,
        title=storable(draft.title),
        media=Media(storable(draft.media.key), storable(draft.media.url)),
        segments=tuple(_storable_row(row) for row in draft.segments),
        show=storable(draft.show) if draft.show else None,
        intro=storable(draft.intro),
        source_label=storable(draft.source_label),
        references=tuple(
            Reference(storable(reference.text), reference.url and storable(reference.url))
            for reference in draft.references
        ),
        layout=storable(draft.layout),
    )


def _storable_row(row: SegmentDraft) -> SegmentDraft:
    return replace(
        row,
        title=storable(row.title),
        text=storable(row.text),
        link_url=row.link_url and storable(row.link_url),
        cells=tuple(storable(cell) for cell in row.cells),
    )


def digest(draft: EpisodeDraft) -> str:
    """Return the digest of everything in a draft: equal for the same document only."""
    head = {**head_values(draft), "media_key": draft.media.key, "show": draft.show}
    whole = [head, [row_values(row) for row in draft.segments]]
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def head_values(draft: EpisodeDraft) -> Values:
    """Return the columns of an episode that come from its document."""
    references = [[reference.text, reference.url] for reference in draft.references]
    return {
        "title": draft.title,
        "media_url": draft.media.url,
        "source_label": draft.source_label,
        "duration": seconds(draft.duration),
        "intro": draft.intro,
        "reference_list": json.dumps(references),
        "layout": draft.layout,
        "words": episode_words(draft.title, draft.show, draft.media.key),
    }


def row_values(row: SegmentDraft) -> Values:
    """Return the columns of a segment that come from its row."""
    return {
        "kind": row.kind.value,
        "at": row.at.seconds,
        "end_at": seconds(row.end),
        "link_at": seconds(row.link_at),
        "link_url": row.link_url,
        "title": row.title,
        "text": row.text,
        "cells": json.dumps(row.cells),
        "sponsor": row.sponsor,
    }


def stored_row(row: Row) -> StoredRow:
    """Return a row of the query ``stored_rows``."""
    ident, ordinal, kind, at, end_at, link_at, link_url, title, text, cells, sponsor = row
    draft = SegmentDraft(
        at=Timecode(at),
        title=title,
        text=text,
        kind=SegmentKind(kind),
        end=timecode(end_at),
        link_at=timecode(link_at),
        link_url=link_url,
        cells=tuple(json.loads(cells)),
        sponsor=sponsor == 1,
    )
    return StoredRow(ident, ordinal, draft)
