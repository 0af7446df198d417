"""What reading a document yields: the draft, what was repaired, which times disagree."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.catalog import EpisodeDraft
from bot.core.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Repair:
    """Something the reader mended. ``line`` counts from 1; ``sentence`` says what was done."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class TimeConflict:
    """A row whose label names one second and whose own link opens another."""

    line: int
    label: Timecode
    link: Timecode
    title: str


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as read: repairs and conflicts are in the order of its lines."""

    draft: EpisodeDraft
    repairs: tuple[Repair, ...]
    conflicts: tuple[TimeConflict, ...]
