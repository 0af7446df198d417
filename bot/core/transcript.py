"""What was said, and when: cues as a source timed them, and the sentences made of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of a transcript as its source timed it, in milliseconds from the start.

    ``end_ms`` is not before ``start_ms``. ``text`` is plain, on one line, never blank;
    ``speaker`` is empty unless the source names one.
    """

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The cues of one recording by their start, as a source gave them.

    ``language`` is a BCP 47 tag, empty where the source names none. ``rolling`` is whether cues
    show again what the one before them showed, as automatic captions do.
    """

    cues: tuple[Cue, ...]
    language: str = ""
    rolling: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with the times of its first and last word, in milliseconds."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as its maker set it, in milliseconds; without ``end_ms`` it goes to the next.

    ``silent`` chapters are not for tables of contents (``toc: false``). ``url`` is an http(s)
    address, or empty.
    """

    start_ms: int
    title: str
    end_ms: int | None = None
    url: str = ""
    silent: bool = False
