"""Where a time lies among an episode's notes: on one, near one, after one, or in a gap.

A note is a point, not an interval: the further from it, the less may be said about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.catalog import Around, Episode, Moment
from bot.core.timecode import Timecode

NEAR_SECONDS = 90
"""A note this close, on either side, is taken to be about the time asked for."""

AFTER_SECONDS = 300
"""Up to here after a note its card is still shown, with a word of doubt."""


class Nearness(StrEnum):
    """How a time relates to the segment that was placed beside it."""

    WITHIN = "within"
    LINKED = "linked"
    NEAR = "near"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Placed:
    """A moment that answers for ``asked``."""

    moment: Moment
    asked: Timecode
    nearness: Nearness


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing answers for ``asked``; the neighbours, where there are any."""

    asked: Timecode
    before: Moment | None
    after: Moment | None


def place(asked: Timecode, around: Around) -> Placed | Gap:
    """Return the segment that answers for ``asked``, or the gap it lies in.

    Order: the row whose link opens exactly this second, unless another's label names it; the
    segment with an end that encloses it; the nearest note within NEAR_SECONDS either side (ties
    to the earlier); the chapter that encloses it; a note at most AFTER_SECONDS before; else the
    gap. Distances are to where a segment starts.
    """
    before, after = around.before, around.after
    if around.linked and not (before and before.segment.at == asked):
        return Placed(around.linked, asked, Nearness.LINKED)
    if before and before.segment.end is not None and asked < before.segment.end:
        return Placed(before, asked, Nearness.WITHIN)
    since = asked.seconds - before.segment.at.seconds if before else None
    until = after.segment.at.seconds - asked.seconds if after else None
    if until is not None and until <= NEAR_SECONDS and after and (since is None or until < since):
        return Placed(after, asked, Nearness.NEAR)
    if since is not None and before:
        if since <= NEAR_SECONDS:
            return Placed(before, asked, Nearness.NEAR)
        if around.within:
            return Placed(around.within, asked, Nearness.WITHIN)
        if since <= AFTER_SECONDS:
            return Placed(before, asked, Nearness.AFTER)
    if around.within:
        return Placed(around.within, asked, Nearness.WITHIN)
    return Gap(asked, before, after)


def choose_reading(
    readings: tuple[Timecode, ...], episode: Episode, nearest: tuple[int | None, ...]
) -> tuple[Timecode, Timecode | None]:
    """Return (the reading to answer, the other one to offer) of a typed time.

    ``readings`` holds one, or two: minutes and seconds, then hours and minutes, which is the
    later. ``nearest`` holds, for each, the distance in seconds to the nearest segment (0 inside
    one, None where there is none). A reading beyond a known duration is dropped, and not
    offered; of two such, minutes and seconds is kept, for the reply to say that it lies beyond.
    Then the only one within NEAR_SECONDS of a segment wins; then hours and minutes where
    minutes and seconds fall before the first segment and hours and minutes not after the last;
    else minutes and seconds.
    """
    if len(readings) == 1:
        return readings[0], None
    in_minutes, in_hours = readings
    if episode.duration is not None and in_hours > episode.duration:
        return in_minutes, None
    close = [gap is not None and gap <= NEAR_SECONDS for gap in nearest]
    if close[0] != close[1]:
        return (in_minutes, in_hours) if close[0] else (in_hours, in_minutes)
    if in_minutes < episode.first_at and in_hours <= episode.last_at:
        return in_hours, in_minutes
    return in_minutes, in_hours
