"""The value itself: its bounds, its print, its distances."""

import pytest

from bot.core.timecode import MAX_SECONDS, Timecode, distance


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (5, "0:05"), (1_071, "17:51"), (7_232, "2:00:32"), (MAX_SECONDS, "99:59:59")],
)
def test_timecode_prints_as_players_do(seconds, text):
    assert str(Timecode(seconds)) == text


@pytest.mark.parametrize("seconds", [-1, MAX_SECONDS + 1])
def test_timecode_outside_its_bounds_is_refused(seconds):
    with pytest.raises(ValueError, match="between"):
        Timecode(seconds)


def test_distance_is_the_same_from_both_ends():
    one, other = Timecode(7_232), Timecode(10_200)
    assert distance(one, other) == distance(other, one) == "49:28"
