"""Reads transcripts in JSON: Podcasting 2.0's, YouTube's json3, and timed episodes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.errors import BadDocument
from bot.core.media import parse_link
from bot.core.transcript import Chapter, Cue, Transcript
from bot.core.wording import shorten
from bot.ingest.cue_markup import joined, plain, speaker_name
from bot.ingest.timed_text import SECOND, clean, is_blank, read_text, span, transcript_of

MAX_TITLE = 500
"""Longest title of an episode, a show or a chapter, in characters; the rest is cut off."""

MAX_CHAPTERS = 5_000

_APART_MS = 300
"""A pause that ends a cue made of words: its length is not lost among their marks."""

_MOST_WORDS = 20
"""Words of the longest cue that is made of words."""

_TAIL = 16
"""Segments in a row are words when all but one in so many hold no space."""

_FAR = 1e12
"""No number that is a time is larger, nor is any that is no number."""

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class TimedEpisode:
    """An episode with its transcript and chapters; what its source does not tell is empty.

    ``id`` is the source's own name of it.
    """

    id: str
    title: str
    show: str
    url: str
    duration_ms: int | None
    transcript: Transcript
    chapters: tuple[Chapter, ...]


def read_json_transcript(document: str | bytes) -> Transcript:
    """Return the cues of JSON of any kind known here; raise BadDocument for any other."""
    fields = _fields(document)
    for name, reader in _READERS.items():
        if name in fields:
            return reader(fields)
    raise BadDocument("This JSON holds no segments, events or cues.")


def read_podcast_json(document: str | bytes) -> Transcript:
    """Return the cues of Podcasting 2.0's ``segments``; those of a word each are put together."""
    return _podcast(_fields(document))


def read_json3(document: str | bytes) -> Transcript:
    """Return the cues of YouTube's ``events``, with a mark for each word that has a time."""
    return _json3(_fields(document))


def read_timed_episode(document: str | bytes) -> TimedEpisode:
    """Return an episode of ``cues`` [start s, end s, text] and ``chapters`` [start s, title]."""
    fields = _fields(document)
    duration = fields.get("duration")
    # Some tools write a link in quotes of its own.
    link = parse_link(_text(fields.get("video"), "The video's link").strip("'\" "))
    return TimedEpisode(
        _title(fields.get("id"), "The id"),
        _title(fields.get("title"), "The title"),
        _title(fields.get("show"), "The show's name"),
        link.media.url if link else "",
        None
        if duration is None
        else span(0, _ms(duration, "The duration"), what="The duration")[1],
        _timed_cues(fields),
        _chapters(fields),
    )


def _podcast(fields: Mapping[str, Json]) -> Transcript:
    segments = [_segment(*each) for each in _numbered(fields, "segments", "Segment")]
    words = sum(len(text.split()) < 2 for _, _, text, _ in segments)
    if (len(segments) - words) * _TAIL <= len(segments):
        return transcript_of(_merged(segments))
    cues: list[Cue] = []
    for number, (start, end, text, speaker) in enumerate(segments, 1):
        cues += plain(text, start, end, speaker, what=f"Segment {number}")
    return transcript_of(cues)


_Segment: TypeAlias = tuple[int, int, str, str]
"""Start, end, text as it is written, speaker."""


def _segment(what: str, value: Json) -> _Segment:
    """Return a segment of Podcasting 2.0, or of Whisper, whose names are shorter."""
    if not isinstance(value, Mapping):
        raise BadDocument(f"{what} is not an object.")
    start = _ms(value.get("startTime", value.get("start")), what)
    end = value.get("endTime", value.get("end"))
    times = span(start, start if end is None else _ms(end, what), what=what)
    text = _text(value.get("body", value.get("text")), what)
    return *times, text, speaker_name(_text(value.get("speaker"), what))


def _merged(segments: Iterable[_Segment]) -> Iterator[Cue]:
    """Yield cues made of words: to a sentence's end, another speaker, a pause, or long enough."""
    held: list[_Segment] = []
    for word in sorted((each for each in segments if each[2].strip()), key=lambda each: each[0]):
        if held and _parts(held, word):
            yield from _together(held)
            held = []
        held.append(word)
    yield from _together(held)


def _parts(held: Sequence[_Segment], word: _Segment) -> bool:
    _, end, text, speaker = held[-1]
    if _is_mark(word[2]):
        return False
    return (
        speaker != word[3]
        or word[0] - end >= _APART_MS
        or text.rstrip().endswith((".", "?", "!", "。", "？", "！"))
        or len(held) >= _MOST_WORDS
    )


def _is_mark(text: str) -> bool:
    """Return whether a piece only closes the word before it, such as a comma."""
    return not text.strip(".,;:!?…)]}”’。、！？ ")


def _together(held: Sequence[_Segment]) -> Iterator[Cue]:
    if not held:
        return
    # Where some pieces bring their space along, those without one go on with a word.
    spaced = any(text[0].isspace() or text[-1].isspace() for _, _, text, _ in held)
    pieces = [
        (start, text if spaced or _is_mark(text) else f" {text}") for start, _, text, _ in held
    ]
    yield from joined(pieces, held[0][0], max(each[1] for each in held), held[0][3])


def _json3(fields: Mapping[str, Json]) -> Transcript:
    cues: list[Cue] = []
    for what, event in _numbered(fields, "events", "Event"):
        if not isinstance(event, Mapping):
            raise BadDocument(f"{what} is not an object.")
        # Events without segs are windows; those with aAppend only add to what is there.
        segs = event.get("segs")
        if not isinstance(segs, list):
            continue
        start = _ms(event.get("tStartMs"), what, 1)
        start, end = span(start, start + _ms(event.get("dDurationMs", 0), what, 1), what=what)
        cues += joined((_seg(each, start, what) for each in segs), start, end, what=what)
    return transcript_of(cues)


def _seg(value: Json, start: int, what: str) -> tuple[int | None, str]:
    if not isinstance(value, Mapping):
        raise BadDocument(f"{what} holds a piece that is not an object.")
    offset = value.get("tOffsetMs")
    at = None if offset is None else start + _ms(offset, what, 1)
    return at, _text(value.get("utf8"), what)


def _timed_cues(fields: Mapping[str, Json]) -> Transcript:
    cues: list[Cue] = []
    for what, cue in _numbered(fields, "cues", "Cue"):
        if not isinstance(cue, list) or len(cue) != 3:
            raise BadDocument(f"{what} is not a start, an end and a sentence.")
        start, end = span(_ms(cue[0], what), _ms(cue[1], what), what=what)
        cues += plain(_text(cue[2], what), start, end, what=what)
    return transcript_of(cues)


def _chapters(fields: Mapping[str, Json]) -> tuple[Chapter, ...]:
    chapters: list[Chapter] = []
    if fields.get("chapters") is None:
        return ()
    for what, chapter in _numbered(fields, "chapters", "Chapter"):
        if not isinstance(chapter, list) or len(chapter) != 2:
            raise BadDocument(f"{what} is not a start and a title.")
        start, _ = span(at := _ms(chapter[0], what), at, what=what)
        if title := _title(chapter[1], what):
            chapters.append(Chapter(start, title))
    if len(chapters) > MAX_CHAPTERS:
        raise BadDocument(f"The episode has more than {MAX_CHAPTERS:,} chapters.")
    return tuple(sorted(chapters, key=lambda chapter: chapter.start_ms))


_READERS = {"segments": _podcast, "events": _json3, "cues": _timed_cues}


def _fields(document: str | bytes) -> Mapping[str, Json]:
    try:
        value: Json = json.loads(read_text(document), strict=False)
    except json.JSONDecodeError as error:
        raise BadDocument("This is not JSON.", line=error.lineno) from None
    except (ValueError, RecursionError):
        # A number of thousands of digits, or brackets in brackets without end.
        raise BadDocument("This is not JSON that can be read.") from None
    if not isinstance(value, dict):
        raise BadDocument("This JSON is not an object.")
    return value


def _numbered(fields: Mapping[str, Json], name: str, what: str) -> Iterator[tuple[str, Json]]:
    """Yield the items of a list, each with its name for a person: ``Segment 12``."""
    items = fields.get(name)
    if not isinstance(items, list):
        raise BadDocument(f"This JSON has no list of {name}.")
    for number, item in enumerate(items, 1):
        yield f"{what} {number}", item


def _ms(value: Json, what: str, unit: int = SECOND) -> int:
    """Return a number of units in milliseconds; what is far too late is left to ``span``."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _FAR:
        raise BadDocument(f"{what} has no time that can be read.")
    return round(value * unit)


def _text(value: Json, what: str) -> str:
    """Return a text with its spaces as they are; one that is missing is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadDocument(f"{what} holds something else than text.")
    return clean(value)


def _title(value: Json, what: str) -> str:
    title = " ".join(_text(value, what).split())
    # Chapters may be whole letters from listeners, read out.
    return "" if is_blank(title) else shorten(title, MAX_TITLE)
