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

TOO_LATE = "Times go up to 99:59:59."
NO_SIXTY = "Minutes and seconds go to 59."

_UNITS = re.compile(
    r"(?:(?P<h>\d{1,9})\s*h(?:(?:ou)?rs?)?)?\s*"
    r"(?:(?P<m>\d{1,9})\s*m(?:in(?:ute)?s?)?)?\s*"
    r"(?:(?P<s>\d{1,9})\s*s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,9}):(\d{1,2})(?::(\d{1,2}))?")
_RANGE = re.compile(r"\s*(?:-|–|—|\bto\b)\s*")
_FOLD = str.maketrans({"：": ":", "∶": ":", "\u00a0": " "})


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

    @property
    def ambiguous(self) -> bool:
        """Return whether there are two readings to choose from."""
        return len(self.readings) > 1


def parse_time(text: str) -> TimeQuery:
    """Return the readings of ``text``; raise InvalidTime with the sentence to show."""
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        raise InvalidTime
    bare = text.strip("<>")
    if "/" in bare or bare.lower().startswith("http"):
        return _parse_link_text(bare)
    # One space between words: the patterns below never look back over a long run of them.
    folded = " ".join(_ascii_digits(text.translate(_FOLD)).split())
    if folded.startswith("[") and folded.endswith("]"):
        folded = folded[1:-1].strip()
    for prefix in ("?t=", "&t=", "#t=", "t=", "start=", "@"):
        folded = folded.removeprefix(prefix)
    halves = _RANGE.split(folded)
    if len(halves) == 2 and all(halves):
        return _parse_range(*halves)
    return TimeQuery(_readings(folded))


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(ch)) if ch.isdecimal() else ch for ch in text)


def _parse_link_text(text: str) -> TimeQuery:
    link = parse_link(text)
    if link is None:
        raise InvalidTime(
            "That link is not one I can read. Try a YouTube link, or a time like 2:00:32."
        )
    if link.unread:
        raise InvalidTime("The time in that link is none I can read. Try t=7232 or t=2h0m32s.")
    return TimeQuery((link.at,) if link.at is not None else (), media=link.media)


def _parse_range(start_text: str, end_text: str) -> TimeQuery:
    """Return the stretches that two times can mean: both halves read alike, or the shortest."""
    starts, ends = _readings(start_text), _readings(end_text)
    alike = len(starts) == len(ends)
    pairs = zip(starts, ends, strict=True) if alike else product(starts, ends)
    forward = [(start, end) for start, end in pairs if start <= end]
    if not forward:
        raise InvalidTime("That range ends before it starts.")
    if not alike:
        forward = [min(forward, key=lambda pair: pair[1].seconds - pair[0].seconds)]
    readings, ends = tuple(zip(*forward, strict=True))
    # A stretch of no length is a time.
    return TimeQuery(readings, ends if readings != ends else ())


def _readings(text: str) -> tuple[Timecode, ...]:
    if text.isascii() and text.isdigit():
        return (_timecode(int(text[:12])),)
    clock = _CLOCK.fullmatch(text)
    if clock:
        first, second, third = clock.groups()
        if third is not None:
            return (_three_part(int(first), int(second), int(third)),)
        return _two_part(int(first), int(second))
    units = _UNITS.fullmatch(text)
    if units and any(units.groupdict().values()):
        hours, minutes, seconds = (int(units[unit] or 0) for unit in "hms")
        return (_timecode(hours * 3600 + minutes * 60 + seconds),)
    raise InvalidTime


def _three_part(hours: int, minutes: int, seconds: int) -> Timecode:
    if minutes > 59 or seconds > 59:
        raise InvalidTime(NO_SIXTY)
    return _timecode(hours * 3600 + minutes * 60 + seconds)


def _two_part(first: int, second: int) -> tuple[Timecode, ...]:
    if second > 59:
        raise InvalidTime(NO_SIXTY)
    as_minutes = _timecode(first * 60 + second)
    as_hours = first * 3600 + second * 60
    # 90:00 can only be minutes: an hour reading beyond any recording is no reading at all.
    if first > 59 or as_hours > MAX_SECONDS or as_hours == as_minutes.seconds:
        return (as_minutes,)
    return (as_minutes, Timecode(as_hours))


def _timecode(seconds: int) -> Timecode:
    if seconds > MAX_SECONDS:
        raise InvalidTime(TOO_LATE)
    return Timecode(seconds)
