"""Reads the dates and lengths of feeds, in the forms that feeds use."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.core.errors import InvalidTime
from bot.core.timequery import parse_time

MAX_DATE = 100
"""Longest date read, in characters: one with every word written out fits."""

_MAX_DURATION = 30

_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_DAY = re.compile(r"\A[^\W\d]{2,12}\.?, ?(?=\d)")
"""The name of a day, in any language: it says nothing that the date does not."""

_ZONE = re.compile(r" ?(?:GMT|UTC|Z)? ?([+-]\d{1,2}):?(\d\d)?\Z", re.IGNORECASE)
_UTC = re.compile(r"\d ?(?:GMT|UTC|Z)\Z", re.IGNORECASE)
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?) ?([AP])\.?M\b\.?", re.IGNORECASE)
_FRACTION = re.compile(r"(?<=\d)[.,]\d{1,9}\Z")

_ZONES = {
    "WET": "+0000", "WEST": "+0100", "BST": "+0100", "CET": "+0100", "CEST": "+0200",
    "MEZ": "+0100", "MESZ": "+0200", "EET": "+0200", "EEST": "+0300", "MSK": "+0300",
    "JST": "+0900", "KST": "+0900", "AEST": "+1000", "AEDT": "+1100", "NZST": "+1200",
    "NZDT": "+1300",
}  # fmt: skip
"""Zones that feeds name and RFC 822 does not know, as far as the name means one zone only."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""What programs write for "no date": nobody published at that second."""


def read_date(text: str) -> datetime | None:
    """Return a feed's date in UTC, or None if it cannot be read. Without a zone it is UTC."""
    date = " ".join(text[: MAX_DATE + 1].split())
    if len(date) > MAX_DATE or not date.isprintable():
        return None
    try:
        read = _iso(date) if _ISO.match(date) else _rfc822(date)
        at = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return at if at.year > 1 and at != _NEVER else None


def _iso(date: str) -> datetime:
    if _UTC.search(date):
        date = date[: -3 if date[-1] in "CTct" else -1].rstrip() + "+00:00"
    return datetime.fromisoformat(_ZONE.sub(_iso_zone, date) if ":" in date else date)


def _iso_zone(zone: re.Match[str]) -> str:
    return f"{zone[1][0]}{int(zone[1][1:]):02}:{zone[2] or '00'}"


def _rfc822(date: str) -> datetime:
    date = _HALF_DAY.sub(_full_day, _DAY.sub("", date))
    if ":" in date:
        date = _ZONE.sub(lambda zone: f" {_iso_zone(zone).replace(':', '')}", date)
    before, _, name = date.rpartition(" ")
    return parsedate_to_datetime(f"{before} {_ZONES.get(name.upper(), name)}")


def _full_day(time: re.Match[str]) -> str:
    hour = int(time[1])
    if not 1 <= hour <= 12:
        raise ValueError
    return f"{hour % 12 + (12 if time[3] in 'Pp' else 0)}{time[2]}"


def read_duration(text: str) -> int | None:
    """Return a length in seconds, or None if it cannot be read or is nothing.

    ``1:02:03``, ``62:03`` (minutes and seconds, as Apple has it), ``3723``, ``3723.4``,
    ``1h 2m``, ``PT1H2M3S``.
    """
    bare = text[: _MAX_DURATION + 1].strip().removeprefix("PT")
    if len(bare) > _MAX_DURATION or not bare[:1].isdigit() or "/" in bare:
        return None
    try:
        time = parse_time(_FRACTION.sub("", bare))
    except InvalidTime:
        return None
    return (time.readings[0].seconds or None) if not time.ends else None
