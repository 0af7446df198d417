"""Where a time lies among notes, on the owner's own episode."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import Around, Episode, Moment, Segment, SegmentKind, Tenant
from bot.core.media import Media
from bot.core.placement import AFTER_SECONDS, Gap, Nearness, Placed, choose_reading, place
from bot.core.timecode import Timecode
from bot.core.timequery import parse_time

NOTES = {
    1_071: None, 2_262: None, 3_418: None, 4_968: None, 6_207: None, 7_232: None, 11_065: None,
    11_357: None, 11_844: None, 13_168: None, 14_930: 14_870, 15_474: 15_218, 15_781: None,
    16_133: None, 16_203: None,
}  # fmt: skip


def episode(duration=None, notes=tuple(NOTES)):
    media = Media("youtube:_1f-o0nqpEI", "https://youtu.be/_1f-o0nqpEI")
    return Episode(
        1, Tenant("public"), "Episode", media, None, "Notes", duration, len(notes),
        Timecode(min(notes)), Timecode(max(notes)),
    )  # fmt: skip


def moment(second, link=None, end=None):
    segment = Segment(
        second, 1, SegmentKind.NOTE, Timecode(second), Timecode(end) if end else None,
        Timecode(link) if link else None, str(second), "",
    )  # fmt: skip
    return Moment(segment, episode())


def around(second):
    before = max((note for note in NOTES if note <= second), default=None)
    after = min((note for note in NOTES if note > second), default=None)
    linked = next((note for note, link in NOTES.items() if link == second), None)
    return Around(
        moment(linked, second) if linked else None,
        moment(before) if before is not None else None,
        moment(after) if after is not None else None,
    )


def placed(second):
    where = place(Timecode(second), around(second))
    if isinstance(where, Gap):
        return tuple(near and near.segment.at.seconds for near in (where.before, where.after))
    return where.moment.segment.at.seconds, where.nearness


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (7_232, (7_232, Nearness.NEAR)),
        (7_232 + 90, (7_232, Nearness.NEAR)),
        (7_232 + 91, (7_232, Nearness.AFTER)),
        (7_380, (7_232, Nearness.AFTER)),
        (7_232 + 300, (7_232, Nearness.AFTER)),
        (7_232 + 301, (7_232, 11_065)),
        (7_232 - 90, (7_232, Nearness.NEAR)),
        (7_232 - 91, (6_207, 7_232)),
        (10_200, (7_232, 11_065)),
        (15_218, (15_474, Nearness.LINKED)),
        (14_870, (14_930, Nearness.LINKED)),
        (0, (None, 1_071)),
        (16_203 + 301, (16_203, None)),
        (21_600, (16_203, None)),
        (16_168, (16_133, Nearness.NEAR)),
        (16_169, (16_203, Nearness.NEAR)),
    ],
)
def test_time_is_placed_as_far_as_the_notes_reach(second, expected):
    assert placed(second) == expected


def test_segment_with_an_end_encloses_its_whole_stretch():
    where = place(Timecode(5_000), Around(None, moment(1_000, end=6_000), moment(5_010)))
    assert isinstance(where, Placed)
    assert where.nearness is Nearness.WITHIN


def test_label_at_this_very_second_beats_another_row_that_links_here():
    where = place(Timecode(500), Around(moment(900, link=500), moment(500), None))
    assert isinstance(where, Placed)
    assert where.moment.segment.at == Timecode(500)


def read(text, of=None):
    query = parse_time(text)
    nearest = tuple(
        min(abs(note - reading.seconds) for note in NOTES) for reading in query.readings
    )
    chosen, other = choose_reading(query.readings, of or episode(), nearest)
    return chosen.seconds, other.seconds if other else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4:08", (14_880, 248)),
        ("17:51", (1_071, 64_260)),
        ("1:23", (4_980, 83)),
        ("2:50", (10_200, 170)),
        ("4:59", (299, 17_940)),
        ("40:00", (2_400, 144_000)),
        ("2:00:32", (7_232, None)),
    ],
)
def test_two_part_time_takes_the_likelier_reading(text, expected):
    assert read(text) == expected


def test_reading_beyond_a_known_duration_is_dropped():
    assert read("4:08", episode(Timecode(3_600))) == (248, None)


def test_both_readings_beyond_a_known_duration_answer_the_smaller():
    assert read("4:08", episode(Timecode(100))) == (248, None)


@given(st.integers(0, 20_000))
def test_every_time_is_placed_or_in_a_gap(second):
    where = place(Timecode(second), around(second))
    if isinstance(where, Placed) and where.nearness is not Nearness.LINKED:
        assert abs(where.moment.segment.at.seconds - second) <= AFTER_SECONDS
    nearest = min(abs(note - second) for note in NOTES)
    if nearest <= 90:
        assert isinstance(where, Placed)
