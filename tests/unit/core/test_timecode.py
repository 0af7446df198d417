"""The value itself: its bounds, its print, its distances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.timecode import MAX_SECONDS, Timecode, distance

SECONDS = st.integers(0, MAX_SECONDS)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"), (5, "0:05"), (60, "1:00"), (1_071, "17:51"), (3_599, "59:59"),
        (3_600, "1:00:00"), (7_232, "2:00:32"), (MAX_SECONDS, "99:59:59"),
    ],
)  # fmt: skip
def test_timecode_prints_as_players_do(seconds, text):
    assert str(Timecode(seconds)) == text


@pytest.mark.parametrize("seconds", [-1, MAX_SECONDS + 1])
def test_timecode_outside_its_bounds_is_refused(seconds):
    with pytest.raises(ValueError, match="between"):
        Timecode(seconds)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (7_232, 10_200, "49:28"),
        (14_880, 14_930, "0:50"),
        (7_232, 11_065, "1:03:53"),
        (9, 9, "0:00"),
    ],
)
def test_distance_is_the_same_from_both_ends(one, other, apart):
    one, other = Timecode(one), Timecode(other)
    assert distance(one, other) == distance(other, one) == apart


@given(SECONDS, SECONDS)
def test_timecodes_sort_by_their_seconds_and_print_apart(one, other):
    assert (Timecode(one) < Timecode(other)) == (one < other)
    assert (str(Timecode(one)) == str(Timecode(other))) == (one == other)
