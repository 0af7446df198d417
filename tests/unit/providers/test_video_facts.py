"""What YouTube says of a video is believed as far as it can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.timecode import Timecode
from bot.core.transcript import Chapter
from bot.providers.video_facts import (
    MOST_CHAPTERS,
    described_chapters,
    given_chapters,
    iso_duration,
    line,
    text,
    whole_seconds,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
AN_HOUR = Timecode(3_600)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("PT4H57M3S", 17_823),
        ("PT15S", 15),
        ("PT90M", 5_400),
        ("P1DT2H", 93_600),
        ("P1W", None),
        ("P0D", None),
        ("PT0S", None),
        ("P", None),
        ("PT99999999S", None),
        ("PT1.5S", None),
        ("PT１S", None),
        ("4:57:03", None),
        (17_823, None),
    ],
)
def test_duration_is_read_as_iso_writes_it_or_not_at_all(
    written: object, seconds: int | None
) -> None:
    assert iso_duration(written) == (None if seconds is None else Timecode(seconds))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (15, 15),
        (15.9, 15),
        (0, None),
        (-1, None),
        (1e300, None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_duration_in_seconds_is_one_that_a_recording_can_have(
    value: object, seconds: int | None
) -> None:
    assert whole_seconds(value) == (None if seconds is None else Timecode(seconds))


def test_texts_are_storable_and_cut_at_a_word() -> None:
    assert line("  A\ttalk\n on\u200b C++ \ud800") == "A talk on C++ ?"
    assert len(line("word " * 1_000)) <= 300
    assert text("One \r\n two\x00\r\r\nthree") == "One\ntwo\n\nthree"
    assert len(text("word " * 100_000)) <= 50_000


def test_chapters_of_a_description_are_those_of_our_own_reader() -> None:
    listed = "0:00 Begin\n5:00 Middle\n59:59 End"
    begin = (Chapter(0, "Begin"), Chapter(300_000, "Middle"), Chapter(3_599_000, "End"))
    assert described_chapters(listed, AN_HOUR) == begin
    assert described_chapters(listed, None) == begin
    assert described_chapters(listed, Timecode(3_599)) == ()
    assert described_chapters("Nothing of the kind, 5:00 pm.", AN_HOUR) == ()


def test_chapters_that_are_given_come_as_they_are_or_not_at_all() -> None:
    good = {"start_time": 1.5, "title": "One\nline", "end_time": 9}
    assert given_chapters([good], AN_HOUR) == (Chapter(1_500, "One line"),)
    bad: list[object] = [
        {"start_time": 1.5, "title": "Same"},
        {"start_time": -1, "title": "A"},
        {"start_time": 9_000, "title": "Beyond"},
        {"start_time": "2", "title": "A"},
        {"start_time": True, "title": "A"},
        {"start_time": float("nan"), "title": "A"},
        {"start_time": 5, "title": " \u200b"},
        {"title": "A"},
        7,
    ]
    for each in bad:
        assert given_chapters([good, each], AN_HOUR) == ()
    assert given_chapters([good] * (MOST_CHAPTERS + 1), AN_HOUR) == ()


@given(ANYTHING)
def test_anything_is_read_without_an_error(value: object) -> None:
    assert "\n" not in line(value)
    text(value).encode()
    iso_duration(value)
    whole_seconds(value)
    given_chapters(value, AN_HOUR)
    given_chapters([{"start_time": value, "title": value}], AN_HOUR)
