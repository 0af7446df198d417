"""When a daily digest is due, by the channel's own clock, and what may become of it.

A schedule has one turn each local day. A turn opens at the schedule's hour and stays open for
LATE_BY; what is missed by more is folded into the next. Times on the wall that the zone skips
mean the next instant there is; those it has twice mean the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.catalog import Moment, Tenant

LATE_BY = timedelta(hours=6)
"""How late a digest may still be posted (DESIGN 5)."""

SAID_TO_BE_LATE = timedelta(minutes=15)
"""From here on a digest says that it is late; before, nobody would notice."""

LEASE = timedelta(seconds=45)
"""How long whoever claimed a turn may take to post it, all tries included."""

REPEATABLE_FOR = timedelta(seconds=100)
"""How long after the first try the same key still finds the same message, where the platform
knows keys (PLATFORM 3.6: Discord keeps a nonce for "the past few minutes")."""

MOST_MOMENTS = 5
"""Moments of one digest."""


class WhenEmpty(StrEnum):
    """What a day without new moments brings."""

    QUIET = "quiet"
    RESURFACE = "resurface"


class State(StrEnum):
    """What became of a turn.

    SENDING   claimed, durably, before the post; whoever holds the lease posts it
    POSTED    the message is there
    QUIET     there was nothing to say
    PENDING   surely not posted: it may be tried again while the turn is open
    DOUBT     it may or may not be there, and is not posted again by itself
    """

    SENDING = "sending"
    POSTED = "posted"
    QUIET = "quiet"
    PENDING = "pending"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A channel's daily digest. ``at`` is on the wall clock of ``zone`` (an IANA name).

    ``first_day`` is the first local day that has a turn. ``paused`` is the sentence that says
    why nothing can be posted, empty where all is well; a paused schedule keeps its turns, and
    the first that succeeds resumes it. ``on`` is false once it was turned off.
    """

    id: int
    tenant: Tenant
    channel: str
    at: time
    zone: str
    when_empty: WhenEmpty
    set_by: str
    first_day: date
    on: bool = True
    paused: str = ""

    @property
    def platform(self) -> str:
        """Return the platform's name, which its tenants begin with."""
        return self.tenant.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Turn:
    """One local day's chance to post."""

    day: date
    due_at: datetime

    def is_late(self, now: datetime) -> bool:
        """Return whether the digest should say that it is late."""
        return now - self.due_at >= SAID_TO_BE_LATE


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one schedule's turn. ``message`` is the platform's id of the post.

    ``since`` is when it was first tried; ``moments`` are the ids of the segments it holds.
    """

    schedule_id: int
    day: date
    state: State
    since: datetime
    moments: tuple[int, ...] = ()
    message: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A turn that its ``owner`` left without saying what came of the post."""

    schedule: Schedule
    turn: Delivery
    owner: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a channel was not told yet: the first moments of it, and how many there are."""

    moments: tuple[Moment, ...]
    total: int


def delivery_key(schedule_id: int, day: date) -> str:
    """Return the key under which a turn is posted, the same at every try; it fits a nonce."""
    return f"d{schedule_id:x}-{day:%Y%m%d}"


def instant(at: time, zone: ZoneInfo, day: date) -> datetime:
    """Return when a wall clock shows ``at`` on ``day``, in UTC."""
    wall = datetime.combine(day, at.replace(fold=0), zone)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found  # fold=0: of two, the first
    # The zone skips this time: find the second at which its clock jumps.
    before = wall.replace(fold=1).astimezone(UTC)
    low, high = int(before.timestamp()), int(found.timestamp())
    offset = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def open_turn(schedule: Schedule, now: datetime) -> Turn | None:
    """Return the turn that is open at ``now``; None between turns."""
    zone = ZoneInfo(schedule.zone)
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        due_at = instant(schedule.at, zone, day)
        if day >= schedule.first_day and due_at <= now < due_at + LATE_BY:
            return Turn(day, due_at)
    return None


def next_due(schedule: Schedule, now: datetime) -> datetime:
    """Return when the next turn after ``now`` opens, in UTC."""
    zone = ZoneInfo(schedule.zone)
    day = max(now.astimezone(zone).date() - timedelta(days=1), schedule.first_day)
    while (due_at := instant(schedule.at, zone, day)) <= now:
        day += timedelta(days=1)
    return due_at


def first_day(at: time, zone: ZoneInfo, now: datetime) -> date:
    """Return the first day of a schedule turned on now: today if its hour is still to come."""
    today = now.astimezone(zone).date()
    return today if instant(at, zone, today) > now else today + timedelta(days=1)
