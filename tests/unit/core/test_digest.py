"""One turn each local day, whatever the zone does to its clocks."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.catalog import Tenant
from bot.core.digest import (
    LATE_BY,
    Schedule,
    WhenEmpty,
    delivery_key,
    first_day,
    instant,
    next_due,
    open_turn,
)

ZONES = [
    "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "UTC",
    "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "Asia/Gaza",
]  # fmt: skip


def schedule(at=time(9), zone="Europe/Berlin", first=date(2020, 1, 1), **changes):
    known = {"when_empty": WhenEmpty.QUIET, "set_by": "7", "on": True, "paused": ""}
    return Schedule(
        1, Tenant("discord:1"), "general", at, zone, first_day=first, **(known | changes)
    )


@pytest.mark.parametrize(
    ("zone", "day", "at", "shown"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29 03:00:00+02:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25 02:30:00+02:00"),
        ("America/New_York", date(2026, 3, 8), time(1, 30), "2026-03-08 01:30:00-05:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01 01:30:00-04:00"),
        ("America/Santiago", date(2026, 9, 6), time(0), "2026-09-06 01:00:00-03:00"),
        ("America/Santiago", date(2026, 4, 5), time(0), "2026-04-05 00:00:00-04:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-04 02:30:00+11:00"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-05 01:45:00+11:00"),
    ],
)
def test_instant_on_a_day_of_change_is_the_next_there_is_or_the_first_of_two(zone, day, at, shown):
    assert str(instant(at, ZoneInfo(zone), day).astimezone(ZoneInfo(zone))) == shown


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    start=st.integers(1_420_000_000, 2_050_000_000),
)
@example(zone="America/Santiago", at=time(0, fold=1), start=2_008_987_200)  # no such midnight
def test_every_local_day_has_one_turn_and_they_follow_each_other(zone, at, start):
    now = datetime.fromtimestamp(start, UTC)
    plan = schedule(at, zone, first=date(2010, 1, 1))
    days = []
    for _ in range(5):
        due_at = next_due(plan, now)
        assert due_at > now
        turn = open_turn(plan, due_at)
        assert turn is not None
        assert turn.due_at == due_at
        days.append(turn.day)
        now = due_at
    # A zone that skips a whole local day (Apia, 2011) has none on it; nothing comes twice.
    assert days == sorted(set(days))
    assert all(later - day == timedelta(days=1) for day, later in pairwise(days))


@pytest.mark.parametrize(
    ("late", "is_open", "is_late"),
    [
        (timedelta(0), True, False),
        (timedelta(minutes=10), True, False),
        (timedelta(hours=5), True, True),
        (LATE_BY - timedelta(seconds=1), True, True),
        (LATE_BY, False, None),
        (timedelta(hours=7), False, None),
        (timedelta(days=30, hours=7), False, None),
        (timedelta(seconds=-1), False, None),
    ],
)
def test_turn_is_open_for_six_hours_and_then_folded_into_the_next(late, is_open, is_late):
    now = datetime(2026, 6, 1, 7, tzinfo=UTC) + late
    turn = open_turn(schedule(), now)
    assert (turn is not None) == is_open
    if turn is not None:
        assert turn.day == date(2026, 6, 1)
        assert turn.is_late(now) == is_late


def test_turn_before_midnight_is_still_open_after_it():
    turn = open_turn(schedule(time(23)), datetime(2026, 6, 1, 23, 30, tzinfo=UTC))
    assert turn is not None
    assert turn.day == date(2026, 6, 1)


def test_schedule_turned_on_after_its_hour_starts_tomorrow():
    zone, now = ZoneInfo("Europe/Berlin"), datetime(2026, 6, 1, 8, tzinfo=UTC)  # 10:00 there
    assert first_day(time(9), zone, now) == date(2026, 6, 2)
    assert first_day(time(11), zone, now) == date(2026, 6, 1)
    starting = schedule(time(9), first=date(2026, 6, 2))
    assert open_turn(starting, now) is None
    assert next_due(starting, now) == datetime(2026, 6, 2, 7, tzinfo=UTC)


def test_key_is_the_same_at_every_try_and_fits_a_nonce():
    turns = [(ident, date(2026, 6, day)) for ident in (1, 17, 2**59) for day in (1, 2)]
    keys = {delivery_key(*turn) for turn in turns}
    assert keys == {delivery_key(*turn) for turn in turns}
    assert len(keys) == len(turns)
    assert all(len(key) <= 25 for key in keys)
