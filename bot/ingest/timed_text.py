"""What every reader of a transcript shares: decoding, lines, times, and the cues put in order."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from operator import attrgetter
from unicodedata import category

from bot.core.errors import BadDocument
from bot.core.timecode import MAX_SECONDS
from bot.core.timequery import NO_SIXTY, TOO_LATE
from bot.core.transcript import Cue, Transcript
from bot.ingest.rolling import is_rolling

MAX_BYTES = 20_000_000
"""Largest transcript: three times 20 hours of automatic captions with a time for each word."""

MAX_CUES = 200_000
"""Most cues: a cue for each word of 20 hours."""

MAX_LINE = 50_000
"""Longest line, in characters: the longest cue with a time and a tag for each of its words."""

MAX_TEXT = 8_000
"""Longest text of a cue, in characters: nine minutes of speech under one time."""

MAX_BACKWARDS_MS = 10_000
"""How far before its start a cue may end: an editor's slip, and its start is what counts."""

SECOND = 1_000
MAX_MS = MAX_SECONDS * SECOND

NO_WORDS = "There are no timed words in this transcript."

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ud800-\udfff]"
)
"""Control characters but those that part words, and those that leave no trace on a screen."""

_LINE_END = re.compile(r"(?<!\r)\r++\n|\r")
"""``\\r\\r\\n`` too: what a careless conversion makes of a line's end is not a blank line.

Only the first of many is looked at to the end: a million of them would take hours else.
"""

_TIME = r"(-?)(?:([0-9]{1,9}+)\s?:\s?)?([0-9]{1,9}+)\s?:\s?([0-9]{1,9}+)(?:\s?[.,]\s?([0-9]++))?"
_TIMING = re.compile(rf"\s*+{_TIME}\s*+-\s?-?\s?>\s*+{_TIME}(?=\s|\Z)")
_EXACT_TIME = r"([0-9]{2}):([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_EXACT = re.compile(rf"{_EXACT_TIME} --> {_EXACT_TIME}(?=\s|\Z)")
"""Times as nearly every file has them: they are read at once."""

_CLOCK = re.compile(_TIME)
_TIMED = re.compile(r"\s*+-?[0-9]++\s?:\s?[0-9]")
"""What a line begins with that is meant as a cue's times, readable or not."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


def read_text(document: str | bytes) -> str:
    r"""Return a document's text; raise BadDocument if it is empty, too large or no Unicode text.

    Bytes are UTF-8, or UTF-16 that says so by its mark. Lines end with ``\n``.
    """
    if len(document) > MAX_BYTES:
        raise BadDocument(f"The transcript is larger than {MAX_BYTES // 1_000_000} MB.")
    text = document if isinstance(document, str) else _decoded(document)
    if text.count("\0") * 4 > len(text):
        raise BadDocument("This is not text: save it as UTF-8.")
    # A pattern holds up every thread until it is through: most documents need none.
    text = clean(_LINE_END.sub("\n", text) if "\r" in text else text)
    if not text.strip():
        raise BadDocument("The transcript is empty.")
    return text


def _decoded(document: bytes) -> str:
    marked = document.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return document.decode("utf-16" if marked else "utf-8")
    except UnicodeDecodeError as error:
        line = None if marked else document.count(b"\n", 0, error.start) + 1
        raise BadDocument("This is not UTF-8 text: save it as UTF-8.", line=line) from None


def read_lines(document: str | bytes) -> list[str]:
    """Return a document's lines; raise BadDocument as ``read_text`` does, or for a long line."""
    lines = read_text(document).split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise BadDocument(f"This line is longer than {MAX_LINE:,} characters.", line=number)
    return lines


def clean(text: str) -> str:
    """Return text without control characters and those that nobody sees."""
    return _UNSEEN.sub("", text)


def is_blank(text: str) -> bool:
    """Return whether nothing in a text leaves a trace: space and invisible marks."""
    return not text[:1].isalnum() and all(each.isspace() or category(each) == "Cf" for each in text)


def timing(line: str, number: int) -> tuple[int, int] | None:
    """Return the start and end, in milliseconds, of a line such as ``0:01.5 --> 0:02``.

    None is any other line. Raise BadDocument for one that is meant as times and is not.
    """
    if ">" not in line or "-" not in line:
        return None
    if exact := _EXACT.match(line):
        h, m, s, ms, end_h, end_m, end_s, end_ms = map(int, exact.groups())
        start = (h * 3600 + m * 60 + s) * SECOND + ms
        end = (end_h * 3600 + end_m * 60 + end_s) * SECOND + end_ms
        return (start, end) if start <= end <= MAX_MS else span(start, end, line=number)
    found = _TIMING.match(line)
    if found is None:
        if "-->" in line and _TIMED.match(line):
            raise BadDocument("These times cannot be read.", line=number)
        return None
    parts = found.groups()
    return span(_written(parts[:5], number), _written(parts[5:], number), line=number)


def clock(text: str) -> int | None:
    """Return the milliseconds of a time such as ``00:01:02.500``, or None if it is none."""
    found = _CLOCK.fullmatch(text)
    return None if found is None or found[1] else _milliseconds(*found.groups()[1:])


def _written(parts: tuple[str | None, ...], number: int) -> int:
    """Return the milliseconds of a time's sign, hours, minutes, seconds and fraction."""
    found = _milliseconds(*parts[1:])
    if found is None:
        raise BadDocument(NO_SIXTY, line=number)
    return -found if parts[0] else found


def _milliseconds(
    hours: str | None, minutes: str | None, seconds: str | None, fraction: str | None
) -> int | None:
    m, s = int(minutes or 0), int(seconds or 0)
    # Without hours, 75:00 is 75 minutes and cannot be anything else.
    if s > 59 or (hours and m > 59):
        return None
    whole = int(hours or 0) * 3600 + m * 60 + s
    return whole * SECOND + int((fraction or "")[:3].ljust(3, "0"))


def span(
    start: int, end: int, *, line: int | None = None, what: str = "This cue"
) -> tuple[int, int]:
    """Return a cue's times with small slips mended; raise BadDocument for senseless ones.

    A start before the recording is its beginning; an end shortly before the start is the start.
    """
    if end < 0:
        raise BadDocument(f"{what} ends before the recording begins.", line=line)
    if start > MAX_MS or end > MAX_MS:
        raise BadDocument(TOO_LATE if line else f"{what}: {TOO_LATE}", line=line)
    start = max(start, 0)
    if start - end > MAX_BACKWARDS_MS:
        raise BadDocument(f"{what} ends before it starts.", line=line)
    return start, max(start, end)


def language_tag(text: str) -> str:
    """Return a BCP 47 tag, or nothing for what has not the shape of one."""
    found = _LANGUAGE.fullmatch(text.strip())
    return found.group() if found else ""


def transcript_of(cues: Iterable[Cue], language: str = "") -> Transcript:
    """Return cues by their start, each once; raise BadDocument for none, or too many."""
    kept = sorted(dict.fromkeys(cues), key=attrgetter("start_ms"))
    if not kept:
        raise BadDocument(NO_WORDS)
    if len(kept) > MAX_CUES:
        raise BadDocument(f"The transcript has more than {MAX_CUES:,} cues.")
    return Transcript(tuple(kept), language, is_rolling(kept))
