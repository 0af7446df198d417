"""What the catalog holds: episodes of shows, their segments and, as people meet them, moments.

A segment is a stretch of an episode with a title. A *note* is a segment without an end: a
point somebody wrote down. Transcripts and chapters bring segments that have one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from bot.core.errors import UserError
from bot.core.media import Media
from bot.core.timecode import Timecode
from bot.core.wording import shorten

Tenant = NewType("Tenant", str)
"""Who an episode belongs to: ``public``, or ``<platform>:<community id>``."""

PUBLIC = Tenant("public")

_TENANT = re.compile(r"public|discord:\d{1,20}|(?!discord:)[a-z]{2,16}:[A-Za-z0-9_-]{1,64}", re.A)


def parse_tenant(text: str) -> Tenant:
    """Return ``text`` as a tenant; raise UserError unless it is ``public`` or ``platform:id``."""
    if not _TENANT.fullmatch(text):
        raise UserError("A tenant is written discord:<server id>, slack:<team id> or public.")
    return Tenant(text)


class SegmentKind(StrEnum):
    """Where a segment comes from, which is also how far its text can be trusted."""

    NOTE = "note"
    CHAPTER = "chapter"


@dataclass(frozen=True, slots=True)
class Reference:
    """A source that a document names: its words and, if it has one, its http(s) address."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class SegmentDraft:
    """A segment as a parser read it, before the catalog gives it an id.

    ``at`` is the label's second, which windows, gaps and Watch use; ``link_at`` is the second
    that the document's own link opens, kept apart because the two may disagree.
    ``title`` and ``text`` are plain text (paragraphs apart by a blank line); ``cells`` keeps
    the source's own cells, in the source's column order, for the export.
    """

    at: Timecode
    title: str
    text: str
    kind: SegmentKind = SegmentKind.NOTE
    end: Timecode | None = None
    link_at: Timecode | None = None
    link_url: str | None = None
    cells: tuple[str, ...] = ()
    sponsor: bool = False


@dataclass(frozen=True, slots=True)
class EpisodeDraft:
    """An episode as a parser read it.

    ``layout`` is the parser's own memory of the document around the segments (JSON text),
    opaque to everyone but the exporter. ``source_label`` names who wrote the notes.
    """

    title: str
    media: Media
    segments: tuple[SegmentDraft, ...]
    show: str | None = None
    intro: str = ""
    source_label: str = "Notes"
    duration: Timecode | None = None
    references: tuple[Reference, ...] = ()
    layout: str = "{}"


@dataclass(frozen=True, slots=True)
class Episode:
    """One recording with what is known about it. ``first_at``/``last_at`` span its segments.

    Of its segments ``chapter_count`` are chapters, the others notes. The labels name whose its
    notes (``source_label``), chapters and transcript are, and are empty where it has none.
    """

    id: int
    tenant: Tenant
    title: str
    media: Media
    show: str | None
    source_label: str
    duration: Timecode | None
    segment_count: int
    first_at: Timecode
    last_at: Timecode
    chapter_count: int = 0
    chapters_label: str = ""
    transcript_label: str = ""

    @property
    def short_title(self) -> str:
        """Return a name for narrow places, such as ``Lex #459``."""
        return short_title(self.title)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stored segment, with any correction that applies to the reading tenant laid over it.

    ``sponsor`` is whether a sponsor has the word there.
    """

    id: int
    episode_id: int
    kind: SegmentKind
    at: Timecode
    end: Timecode | None
    link_at: Timecode | None
    title: str
    text: str
    corrected: bool = False
    sponsor: bool = False

    @property
    def conflicting_link_at(self) -> Timecode | None:
        """Return the link's second where it disagrees with the label, else None."""
        return self.link_at if self.link_at is not None and self.link_at != self.at else None


@dataclass(frozen=True, slots=True)
class Moment:
    """A segment together with its episode: what a reply shows and a link opens."""

    segment: Segment
    episode: Episode

    @property
    def url(self) -> str:
        """Return the link that opens the label's second; empty where there is none."""
        return self.episode.media.url_at(self.segment.at)

    @property
    def source(self) -> str:
        """Return whose words it is in."""
        if self.segment.kind is SegmentKind.CHAPTER:
            return self.episode.chapters_label
        return self.episode.source_label


@dataclass(frozen=True, slots=True)
class Around:
    """The segments around a time of one episode.

    ``linked`` is the row whose own link opens exactly this second though its label differs;
    ``before`` starts at or before the time, ``after`` later: notes, or in an episode without any
    its chapters. ``within`` is the chapter that the time lies in.
    """

    linked: Moment | None
    before: Moment | None
    after: Moment | None
    within: Moment | None = None


@dataclass(frozen=True, slots=True)
class StoredEpisode:
    """Everything an export needs: the episode and its segments as the source wrote them."""

    episode: Episode
    intro: str
    references: tuple[Reference, ...]
    layout: str
    segments: tuple[tuple[SegmentDraft, Segment], ...]
    """Each draft as imported, beside the segment as the tenant reads it (corrections applied)."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What storing a draft did; ``unchanged`` when the same document was there already.

    ``added``, ``updated`` and ``removed`` count segments. ``retold`` says that what stands
    around them changed: title, intro, references, source or order. ``set_aside`` counts the
    corrections that are no longer read because the source changed the text they corrected.
    """

    episode: Episode
    created: bool
    added: int = 0
    updated: int = 0
    removed: int = 0
    retold: bool = False
    set_aside: int = 0

    @property
    def unchanged(self) -> bool:
        """Return whether the import changed nothing."""
        return not (self.created or self.added or self.updated or self.removed or self.retold)


class ReportStatus(StrEnum):
    """What became of a report."""

    OPEN = "open"
    APPLIED = "applied"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody's word that a segment is wrong."""

    id: int
    tenant: Tenant
    segment_id: int
    reason: str
    comment: str
    reported_by: str
    reported_at: str
    status: ReportStatus
    title: str
    """The segment's title as this tenant reads it now, for the list."""
    at: Timecode = field(default=Timecode(0))


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of a segment's history: what the tenant reads from ``corrected_at`` on."""

    id: int
    tenant: Tenant
    segment_id: int
    title: str
    text: str
    corrected_by: str
    corrected_at: str
    report_id: int | None


_NUMBERED_SHOW = re.compile(r"\|\s*(?P<show>[^|#]+?)\s*#(?P<number>\d{1,6})\s*$")


def numbered_show(title: str) -> tuple[str, str] | None:
    """Return (show, number) of a title that ends ``… | Show Name #123``, else None."""
    found = _NUMBERED_SHOW.search(title)
    return (found["show"], found["number"]) if found else None


def short_title(title: str, limit: int = 32) -> str:
    """Return at most ``limit`` characters that tell the episode apart in a narrow place."""
    numbered = numbered_show(title)
    if numbered:
        show, number = numbered
        first = show.split()[0]
        name = show if first.lower() in {"the", "a", "an"} else first
        candidate = f"{name} #{number}"
        if len(candidate) <= limit:
            return candidate
    return shorten(title, limit)
