"""What is brought into the catalog of one recording: layers that each have a source of their own.

Notes, chapters and what was said may come from different people, at different times, in any
order. Each is stored, replaced and labelled by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.catalog import Episode, EpisodeDraft, ImportOutcome
from bot.core.media import Media
from bot.core.timecode import Timecode
from bot.core.transcript import Chapter, TranscriptDraft


@dataclass(frozen=True, slots=True)
class ChaptersDraft:
    """The chapters of a recording by their start. ``source_label`` names who set them."""

    chapters: tuple[Chapter, ...]
    source_label: str = "Chapters"


@dataclass(frozen=True, slots=True)
class RecordingDraft:
    """A recording with the layers that a source has of it.

    A layer that is None is left as it is stored. ``title``, ``show`` and ``duration`` are what
    the source calls it: notes that are stored say it better, and what is None is left too.
    """

    media: Media
    title: str
    show: str | None = None
    duration: Timecode | None = None
    notes: EpisodeDraft | None = None
    chapters: ChaptersDraft | None = None
    transcript: TranscriptDraft | None = None


@dataclass(frozen=True, slots=True)
class RecordingOutcome:
    """What storing a recording did. A layer that the draft does not have is None.

    ``transcript`` is whether it changed.
    """

    episode: Episode
    created: bool
    notes: ImportOutcome | None = None
    chapters: ImportOutcome | None = None
    transcript: bool | None = None
    retold: bool = False
    """Whether the title, the show or the length changed."""

    @property
    def unchanged(self) -> bool:
        """Return whether all of it was there already."""
        layers = [layer for layer in (self.notes, self.chapters) if layer is not None]
        changed = self.created or self.retold or self.transcript
        return not changed and all(layer.unchanged for layer in layers)
