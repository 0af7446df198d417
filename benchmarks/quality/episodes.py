"""Reads a folder of episodes with cues and human chapters; what is malformed is named."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_FILES = 5_000
MAX_BYTES = 64_000_000
MAX_CUES = 400_000
MAX_CHAPTERS = 5_000
MAX_SECONDS = 360_000.0
MAX_TEXT = 20_000
"""Characters of one text: far more than any cue has."""


class BadData(Exception):
    """What is wrong with the given data, as a sentence that names the file."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of what is said, in seconds from the start."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as a person set it, in seconds; ``end`` is the next one's start."""

    start: float
    end: float
    title: str


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode: cues and chapters by their start; ``video`` is a link, or empty."""

    id: str
    show: str
    title: str
    duration: float
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
    video: str = ""


def read_folder(folder: Path, shows: Iterable[str] = ()) -> list[Episode]:
    """Return the episodes of every ``*.json`` of a folder, or of its ``episodes``, by id.

    ``shows`` leaves only those; none leaves all. Raise BadData.
    """
    inner = folder / "episodes"
    files = sorted((inner if inner.is_dir() else folder).glob("*.json"))
    if not files:
        raise BadData(f"There is no episode (*.json) in {folder}.")
    if len(files) > MAX_FILES:
        raise BadData(f"{folder} holds more than {MAX_FILES:,} files.")
    wanted = frozenset(shows)
    found: dict[str, Episode] = {}
    for file in files:
        episode = read_episode(file)
        if episode.id in found:
            raise BadData(f"{file.name}: another file has the id {episode.id!r} too.")
        if not wanted or episode.show in wanted:
            found[episode.id] = episode
    missing = wanted - {episode.show for episode in found.values()}
    if missing:
        raise BadData(f"No episode is of the show {', '.join(sorted(missing))}.")
    return [found[ident] for ident in sorted(found)]


def read_episode(file: Path) -> Episode:
    """Return the episode of a file; raise BadData."""
    if file.stat().st_size > MAX_BYTES:
        raise BadData(f"{file.name}: it is larger than {MAX_BYTES // 1_000_000} MB.")
    try:
        fields = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise BadData(f"{file.name}: it is no JSON.") from None
    if not isinstance(fields, dict):
        raise BadData(f"{file.name}: it is no JSON object.")
    try:
        return _episode(fields)
    except BadData as wrong:
        raise BadData(f"{file.name}: {wrong}") from None


def _episode(fields: dict[str, object]) -> Episode:
    cues = tuple(sorted((_cue(*each) for each in _rows(fields, "cues", 3, MAX_CUES)), key=_start))
    if not cues:
        raise BadData("it has no cues.")
    last = max(cue.end for cue in cues)
    given = fields.get("duration")
    duration = last if given is None else max(_seconds(given, "duration"), last)
    starts = [_start_of(*each) for each in _rows(fields, "chapters", 2, MAX_CHAPTERS)]
    return Episode(
        _text(fields.get("id"), "id", needed=True),
        _text(fields.get("show"), "show", needed=True),
        _text(fields.get("title"), "title"),
        duration,
        cues,
        _chapters(starts, duration),
        _text(fields.get("video"), "video"),
    )


def _start(cue: Cue) -> float:
    return cue.start


def _rows(
    fields: dict[str, object], name: str, width: int, most: int
) -> list[tuple[str, Sequence[object]]]:
    rows = fields.get(name)
    if not isinstance(rows, list):
        raise BadData(f"its {name} are not a list.")
    if len(rows) > most:
        raise BadData(f"it has more than {most:,} {name}.")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != width:
            raise BadData(f"number {number} of its {name} does not have {width} parts.")
    return [(f"number {number} of its {name}", row) for number, row in enumerate(rows, 1)]


def _cue(what: str, row: Sequence[object]) -> Cue:
    start, end = _seconds(row[0], what), _seconds(row[1], what)
    if end < start:
        raise BadData(f"{what} ends before it starts.")
    return Cue(start, end, " ".join(_text(row[2], what).split()))


def _start_of(what: str, row: Sequence[object]) -> tuple[float, str]:
    return _seconds(row[0], what), " ".join(_text(row[1], what).split())


def _chapters(starts: list[tuple[float, str]], duration: float) -> tuple[Chapter, ...]:
    """Return the chapters, each to the start of the next; one without length is left out."""
    starts = sorted(starts, key=lambda each: each[0])
    ends = [start for start, _ in starts[1:]] + [duration]
    return tuple(
        Chapter(start, end, title)
        for (start, title), end in zip(starts, ends, strict=True)
        if end > start
    )


def _seconds(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadData(f"a time of {what} is no number.")
    if not (math.isfinite(value) and 0 <= value <= MAX_SECONDS):
        raise BadData(f"a time of {what} is not between 0 and {MAX_SECONDS:,.0f} s.")
    return float(value)


def _text(value: object, what: str, *, needed: bool = False) -> str:
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value.strip()):
        raise BadData(f"its {what} is no text." if needed else f"{what} has no text.")
    if len(value) > MAX_TEXT:
        raise BadData(f"a text of {what} is longer than {MAX_TEXT:,} characters.")
    return value
