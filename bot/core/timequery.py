"""Reads the time a person typed: every form Segue accepts, with its readings kept apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import product

from bot.core.errors import InvalidTime
from bot.core.media import Media, parse_link
from bot.core.timecode import MAX_SECONDS, Timecode

MAX_LENGTH = 2_048
"""Longest text looked at, in characters: a link fits, a pasted page does not."""

MAX_TIME = 100
"""Longest text read as a time, in characters: a range in words and units fits."""

TOO_LATE = "Times go up to 99:59:59."
NO_SIXTY = "Minutes and seconds go to 59."
_MISSING = "Say which time: 2:00:32, 90m or a YouTube link with t=."
BACKWARDS = "That range ends before it starts. Swap its two times."
UNLIKE = "Write both ends of that range alike, such as 1:02:00-1:10:00."
_NO_RECORDING = "I cannot read that link. Try a YouTube video's link, or a time like 2:00:32."
_NO_SECOND = "I cannot read the time in that link. Try t=7232 or t=2h0m32s."

_UNITS = re.compile(
    r"(?:(?P<h>\d+) ?h(?:(?:ou)?rs?)?)? ?"
    r"(?:(?P<m>\d+) ?m(?:in(?:ute)?s?)?)? ?"
    r"(?:(?P<s>\d+) ?s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE,
)
# Zeros in front say nothing: 1:2:3 can only be 1:02:03, and the reply says how it was read.
_CLOCK = re.compile(r"(\d+):(\d{1,2})(?::(\d{1,2}))?")
_PREFIX = re.compile(r"\A(?:[?&#]?(?:t|start)=|@) ?", re.IGNORECASE)
RANGE = re.compile(r" ?(?:[-–—−→]|\bto\b) ?")
"""What stands between the two times of a range."""


_INVISIBLE = (
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks of direction, joining and byte order: they come along unseen when a time is copied."""

_FOLD = str.maketrans({"：": ":", "∶": ":", **dict.fromkeys(_INVISIBLE, "")})


@dataclass(frozen=True, slots=True)
class TimeQuery:
    """What a typed time may mean.

    ``readings`` has one entry, or two for a two-part time such as ``4:08``: minutes and
    seconds first, then hours and minutes. It is empty for a link that names no second.
    ``ends`` closes the range that each reading begins, where a range was typed. ``media`` is
    the recording of a pasted link.
    """

    readings: tuple[Timecode, ...]
    ends: tuple[Timecode, ...] = ()
    media: Media | None = None


def parse_time(text: str) -> TimeQuery:
    """Return the readings of ``text``; raise InvalidTime with the sentence to show."""
    text = text.strip().strip(_INVISIBLE).strip()
    if not text:
        raise InvalidTime(_MISSING)
    if len(text) > MAX_LENGTH:
        raise InvalidTime
    bare = text.strip("<>")
    if _is_link(bare):
        return _parse_link_text(bare)
    # One space between words: the patterns above never look back over a long run of them.
    folded = " ".join(_ascii_digits(text.translate(_FOLD)).split())
    if len(folded) > MAX_TIME:
        raise InvalidTime
    if folded.startswith("[") and folded.endswith("]"):
        folded = folded[1:-1].strip()
    folded = _PREFIX.sub("", folded)
    halves = RANGE.split(folded)
    if len(halves) == 2 and all(halves):
        return _parse_range(*halves)
    return TimeQuery(_readings(folded))


def _is_link(text: str) -> bool:
    """Return whether a text is meant as a link: it has a scheme, or a host and a path."""
    host, slash, _ = text.partition("/")
    return "://" in text or (bool(slash) and "." in host)


def _ascii_digits(text: str) -> str:
    """Write the digits of every script as 0 to 9: ``٢`` says two as plainly as ``2``."""
    return "".join(str(unicodedata.digit(ch)) if ch.isdecimal() else ch for ch in text)


def _parse_link_text(text: str) -> TimeQuery:
    link = parse_link(text)
    if link is None:
        raise InvalidTime(_NO_RECORDING)
    if link.unread:
        raise InvalidTime(_NO_SECOND)
    return TimeQuery((link.at,) if link.at is not None else (), media=link.media)


def _parse_range(start_text: str, end_text: str) -> TimeQuery:
    """Return the stretches that two times can mean: both halves read alike, or the shortest."""
    if start_text.isdigit() != end_text.isdigit() and start_text.strip("0"):
        # 10-20m begins at ten minutes to most people, and at ten seconds by the letter.
        raise InvalidTime(UNLIKE)
    starts, ends = _readings(start_text), _readings(end_text)
    alike = len(starts) == len(ends)
    pairs = zip(starts, ends, strict=True) if alike else product(starts, ends)
    forward = [(start, end) for start, end in pairs if start <= end]
    if not forward:
        raise InvalidTime(BACKWARDS)
    if not alike:
        forward = [min(forward, key=lambda pair: pair[1].seconds - pair[0].seconds)]
    readings, ends = tuple(zip(*forward, strict=True))
    # A stretch of no length is a time.
    return TimeQuery(readings, ends if readings != ends else ())


def _readings(text: str) -> tuple[Timecode, ...]:
    if text.isascii() and text.isdigit():
        return (_timecode(seconds=int(text)),)
    clock = _CLOCK.fullmatch(text)
    if clock:
        return _clock_readings(*(int(part) for part in clock.groups() if part is not None))
    units = _UNITS.fullmatch(text)
    if units and any(units.groupdict().values()):
        return (_timecode(*(int(units[unit] or 0) for unit in "hms")),)
    raise InvalidTime


def _clock_readings(first: int, *rest: int) -> tuple[Timecode, ...]:
    if max(rest) > 59:
        raise InvalidTime(NO_SIXTY)
    if len(rest) == 2:
        return (_timecode(first, *rest),)
    in_minutes = _timecode(0, first, *rest)
    # 90:00 can only be minutes: nobody records for ninety hours. 0:00 is 0 s either way.
    if first > 59 or in_minutes.seconds == 0:
        return (in_minutes,)
    return (in_minutes, _timecode(first, *rest))


def _timecode(hours: int = 0, minutes: int = 0, seconds: int = 0) -> Timecode:
    total = hours * 3600 + minutes * 60 + seconds
    if total > MAX_SECONDS:
        raise InvalidTime(TOO_LATE)
    return Timecode(total)
