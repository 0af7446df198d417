"""Drafts as they are stored: their columns, their digest, what is refused in them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from bot.core.catalog import EpisodeDraft, Reference, SegmentDraft, SegmentKind
from bot.core.errors import BadDocument
from bot.core.media import Media
from bot.core.timecode import Timecode
from storage.sqlite.index import episode_words
from storage.sqlite.matching import StoredRow
from storage.sqlite.rows import Row, seconds, storable, timecode

Values = dict[str, Any]


def storable_draft(draft: EpisodeDraft) -> EpisodeDraft:
    """Return the draft with all its text as UTF-8 can hold it.

    Raises BadDocument for a link that is not http(s), which may not reach a reader, and for a
    segment that ends before it starts.
    """
    links = [draft.media.url]
    links += [reference.url for reference in draft.references if reference.url is not None]
    links += [row.link_url for row in draft.segments if row.link_url is not None]
    for link in links:
        if not link.lower().startswith(("http://", "https://")):
            raise BadDocument("A link must begin with http:// or https://.")
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
    }


def stored_row(row: Row) -> StoredRow:
    """Return a row of the query ``stored_rows``."""
    ident, ordinal, kind, at, end_at, link_at, link_url, title, text, cells = row
    draft = SegmentDraft(
        at=Timecode(at),
        title=title,
        text=text,
        kind=SegmentKind(kind),
        end=timecode(end_at),
        link_at=timecode(link_at),
        link_url=link_url,
        cells=tuple(json.loads(cells)),
    )
    return StoredRow(ident, ordinal, draft)
