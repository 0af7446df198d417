"""What was said, and when: cues as a source timed them, and the sentences made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Cue(NamedTuple):
    """One piece of a transcript as its source timed it, in milliseconds from the start.

    ``end_ms`` is not before ``start_ms``. ``text`` is plain, on one line, never blank;
    ``speaker`` is empty unless the source names one. ``marks`` are the times inside the cue that
    the source gives, as (index in ``text``, milliseconds): from there on that is being said. They
    ascend, and lie between the start and the end; most sources give none.
    """

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """The cues of one recording by their start, as a source gave them; there is at least one.

    Cues may overlap, as people do. ``language`` is a BCP 47 tag, empty where the source names
    none. ``rolling`` is whether cues show again what the one before them showed, as automatic
    captions do.
    """

    cues: tuple[Cue, ...]
    language: str = ""
    rolling: bool = False


class Sentence(NamedTuple):
    """One sentence with the times of its first and last word, in milliseconds."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as its maker set it, in milliseconds; without ``end_ms`` it goes to the next.

    ``silent`` chapters are not for tables of contents (``toc: false``). ``url`` is an http(s)
    address, or empty. ``sponsor`` is whether a sponsor has the word.
    """

    start_ms: int
    title: str
    end_ms: int | None = None
    url: str = ""
    silent: bool = False
    sponsor: bool = False


@dataclass(frozen=True, slots=True)
class TranscriptDraft:
    """A transcript as it is stored: its sentences by their start. ``source_label`` names it."""

    sentences: tuple[Sentence, ...]
    language: str = ""
    source_label: str = "Transcript"


@dataclass(frozen=True, slots=True)
class TranscriptInfo:
    """What is known of a stored transcript; ``end_ms`` is when its last word ends."""

    language: str
    source_label: str
    sentence_count: int
    end_ms: int


PASSAGE_WORDS = 80
"""Words from which a passage is full, about half a minute of talk: what a search finds.

Larger ones hold more of what is asked for together: of 67 words on average, titles of chapters
find their passage one time in eight less often.
"""

PASSAGE_GAP_MS = 15_000
"""A silence that no passage reaches over."""


def passages(sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
    """Return (first, last) places of the sentences of each passage; every sentence is in one."""
    found: list[tuple[int, int]] = []
    first = words = 0
    for place, sentence in enumerate(sentences):
        silence = place > first and sentence.start_ms - sentences[place - 1].end_ms > PASSAGE_GAP_MS
        if place > first and (silence or words >= PASSAGE_WORDS):
            found.append((first, place - 1))
            first, words = place, 0
        words += len(sentence.text.split())
    if sentences:
        found.append((first, len(sentences) - 1))
    return found
