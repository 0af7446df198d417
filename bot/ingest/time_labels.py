"""Reads the time that a row's label names, and settles those with two readings.

``4:08`` is 4 min 8 s unless the document itself says otherwise: where a row stands is a hint
to its reader, not a licence to guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.errors import InvalidTime
from bot.core.timecode import Timecode
from bot.core.timequery import (
    BACKWARDS,
    NO_SIXTY,
    RANGE,
    TOO_LATE,
    UNLIKE,
    TimeQuery,
    parse_time,
)
from bot.ingest.inline_markdown import read_inline
from bot.ingest.recordings import recording

MAX_LABEL = 64
"""Longest label read, in characters: a range with units and brackets fits."""

MAX_TIME_CELL = 4_096
"""Longest cell that can hold a time, in characters: a label with the longest link fits."""

NEAR = 300
"""Seconds by which people's links miss their label, and a little: 4:16 is the worst known."""

_HOUR = 3_600

_SHAPED = frozenset({NO_SIXTY, TOO_LATE, BACKWARDS, UNLIKE})
"""What only a text that is written as a time can be told."""

_REFERENCE_LINK = re.compile(r"\[([^\[\]]{1,64})\]\[[^\[\]]{0,200}\]")
"""``[17:51][1]``: the definitions are read later, and do not matter to the words."""

_DIGIT = re.compile(r"\d")

_DECORATION = frozenset("()[]{}<>\"'«»‹›“”‘’„*_~`.,;")
_FRACTION = re.compile(r"([:：∶]\d{1,2})[.,]\d{1,6}\Z")


@dataclass(frozen=True, slots=True)
class Settled:
    """The reading of a label that holds. ``by_neighbours`` when only its place shows it."""

    at: Timecode
    end: Timecode | None
    by_neighbours: bool = False


def read_label(text: str) -> TimeQuery:
    """Return what a plain-text label names; raise InvalidTime with the sentence to show."""
    bare = _bare(text)
    if not bare or len(bare) > MAX_LABEL or "/" in bare:
        raise InvalidTime
    return parse_time("-".join(_FRACTION.sub(r"\1", _bare(half)) for half in RANGE.split(bare)))


def looks_like_time(text: str) -> bool:
    """Return whether a plain text is written as a time, even as an impossible one.

    A bare number does not: it may count rows.
    """
    bare = _bare(text) if len(text) <= 2 * MAX_LABEL else ""
    if bare.isdigit():
        return False
    try:
        read_label(bare)
    except InvalidTime as error:
        return error.sentence in _SHAPED
    return True


def is_time_cell(cell: str) -> bool:
    """Return whether a cell is written as a time, or is a wordless link to one."""
    if len(cell) > MAX_TIME_CELL or not _DIGIT.search(cell):
        return False
    inline = read_inline(cell)
    if looks_like_time(_REFERENCE_LINK.sub(r"\1", inline.text)):
        return True
    if inline.links and (inline.text in inline.links[0].url or not _has_word(inline.text)):
        link = recording(inline.links[0].url)
        return link is not None and link.at is not None
    return False


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _bare(text: str) -> str:
    """Strip brackets, quotes, emoji and invisible marks; a minus stays, and is no time."""
    start, stop = 0, len(text)
    while start < stop and _is_decoration(text[start]):
        start += 1
    while stop > start and _is_decoration(text[stop - 1]):
        stop -= 1
    return text[start:stop]


def _is_decoration(character: str) -> bool:
    return (
        character.isspace()
        or character in _DECORATION
        or unicodedata.category(character) in {"So", "Cf", "Mn", "Sk"}
    )


def settle(rows: Sequence[tuple[TimeQuery, Timecode | None]]) -> list[Settled]:
    """Return the reading of each row's label, given the second its link opens.

    Of a label's two readings the one holds that its link opens, or the only one that its link
    opens within NEAR seconds. Where no link decides, it is h:mm if the rows that are sure
    ascend and h:mm lies among them where m:ss would fall behind the last one before it. In
    every other case it is m:ss. A row that its own link contradicts shows nothing about others.
    """
    chosen = [_by_itself(label, link_at) for label, link_at in rows]
    known = [
        None if index is None else _undisputed(label.readings[index], link_at)
        for index, (label, link_at) in zip(chosen, rows, strict=True)
    ]
    ascending = all(a <= b for a, b in pairwise(at for at in known if at is not None))
    following = _following(known)
    settled: list[Settled] = []
    before: Timecode | None = None
    for (label, _), index, at, after in zip(rows, chosen, known, following, strict=True):
        before = at if at is not None else before
        guess = index is None and ascending and _only_hours_fit(label, before, after)
        reading = int(guess) if index is None else index
        end = label.ends[reading] if label.ends else None
        settled.append(Settled(label.readings[reading], end, by_neighbours=guess))
    return settled


def _by_itself(label: TimeQuery, link_at: Timecode | None) -> int | None:
    """Return the index of the reading that the row alone shows, or None."""
    if len(label.readings) == 1:
        return 0
    if link_at is None:
        return None
    if link_at in label.readings:
        return label.readings.index(link_at)
    near = [
        index
        for index, reading in enumerate(label.readings)
        if abs(reading.seconds - link_at.seconds) <= NEAR
    ]
    return near[0] if len(near) == 1 else None


def _undisputed(at: Timecode, link_at: Timecode | None) -> Timecode | None:
    if link_at is None or abs(at.seconds - link_at.seconds) <= NEAR:
        return at
    return None


def _following(known: Sequence[Timecode | None]) -> list[Timecode | None]:
    following: list[Timecode | None] = []
    after: Timecode | None = None
    for at in reversed(known):
        following.append(after)
        after = at if at is not None else after
    return following[::-1]


def _only_hours_fit(label: TimeQuery, before: Timecode | None, after: Timecode | None) -> bool:
    minutes, hours = label.readings
    if before is None or not minutes < before <= hours or (after is not None and after < hours):
        return False
    # Within the first hour one slip behind is likelier than a leap of hours ahead.
    leap, slip = hours.seconds - before.seconds, before.seconds - minutes.seconds
    return before.seconds >= _HOUR or leap < slip
