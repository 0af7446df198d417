"""Where a time lies among notes, on the owner's own episode and on any other."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.catalog import Around, Episode, Moment, Segment, SegmentKind, Tenant
from bot.core.media import Media
from bot.core.placement import (
    AFTER_SECONDS,
    NEAR_SECONDS,
    Gap,
    Nearness,
    Placed,
    choose_reading,
    place,
)
from bot.core.timecode import Timecode
from bot.core.timequery import parse_time

NOTES = {
    1_071: None, 2_262: None, 3_418: None, 4_968: None, 6_207: None, 7_232: None, 11_065: None,
    11_357: None, 11_844: None, 13_168: None, 14_930: 14_870, 15_474: 15_218, 15_781: None,
    16_133: None, 16_203: None,
}  # fmt: skip
"""The sample's labels, each with the second of its own link where that is another."""


def episode(duration=None, notes=tuple(NOTES)):
    media = Media("youtube:_1f-o0nqpEI", "https://youtu.be/_1f-o0nqpEI")
    return Episode(
        1, Tenant("public"), "Episode", media, None, "Notes",
        None if duration is None else Timecode(duration), len(notes),
        Timecode(min(notes)), Timecode(max(notes)),
    )  # fmt: skip


def moment(second, link=None, end=None):
    segment = Segment(
        second, 1, SegmentKind.NOTE, Timecode(second), None if end is None else Timecode(end),
        None if link is None else Timecode(link), str(second), "",
    )  # fmt: skip
    return Moment(segment, episode())


def around(second, notes=NOTES):
    """Return what a store returns: the neighbours, and the row that links here from elsewhere."""
    before = max((note for note in notes if note <= second), default=None)
    after = min((note for note in notes if note > second), default=None)
    linked = next((note for note, link in notes.items() if link == second), None)
    return Around(
        *(None if note is None else moment(note, notes[note]) for note in (linked, before, after))
    )


def placed(second, notes=NOTES):
    """Return (the second of the note that answers, how near), or the two neighbours' seconds."""
    where = place(Timecode(second), around(second, notes))
    assert where.asked == Timecode(second)
    if isinstance(where, Gap):
        return tuple(near and near.segment.at.seconds for near in (where.before, where.after))
    return where.moment.segment.at.seconds, where.nearness


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2:00:32", (7_232, Nearness.NEAR)),
        ("2:03:00", (7_232, Nearness.AFTER)),
        ("2:50:00", (7_232, 11_065)),
        ("4:07:50", (14_930, Nearness.LINKED)),
        ("4:08:00", (14_930, Nearness.NEAR)),
        ("4:08:50", (14_930, Nearness.NEAR)),
        ("4:13:38", (15_474, Nearness.LINKED)),
        ("4:13:39", (14_930, Nearness.AFTER)),
        ("4:17:54", (15_474, Nearness.NEAR)),
        ("0:00:00", (None, 1_071)),
        ("6:00:00", (16_203, None)),
    ],
)
def test_sample_answers_a_time_as_far_as_its_notes_reach(typed, expected):
    (asked,) = parse_time(typed).readings
    assert placed(asked.seconds) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (1_000 - 91, (None, 1_000)),
        (1_000 - 90, (1_000, Nearness.NEAR)),
        (1_000, (1_000, Nearness.NEAR)),
        (1_000 + 90, (1_000, Nearness.NEAR)),
        (1_000 + 91, (1_000, Nearness.AFTER)),
        (1_000 + 300, (1_000, Nearness.AFTER)),
        (1_000 + 301, (1_000, None)),
    ],
)
def test_note_reaches_90_s_either_side_and_300_s_after(second, expected):
    assert placed(second, {1_000: None}) == expected


@pytest.mark.parametrize(
    ("second", "answers"),
    [(1_049, 1_000), (1_050, 1_000), (1_051, 1_100)],
)
def test_nearest_of_two_notes_wins_and_a_tie_goes_to_the_earlier(second, answers):
    assert placed(second, {1_000: None, 1_100: None}) == (answers, Nearness.NEAR)


def test_note_just_ahead_beats_one_further_behind():
    assert placed(1_200, {1_000: None, 1_290: None}) == (1_290, Nearness.NEAR)
    assert placed(1_200, {1_000: None, 1_291: None}) == (1_000, Nearness.AFTER)


def test_row_whose_link_opens_this_second_beats_a_nearer_note():
    assert placed(510, {500: None, 900: 510}) == (900, Nearness.LINKED)


def test_label_at_this_very_second_beats_another_row_that_links_here():
    assert placed(500, {500: None, 900: 500}) == (500, Nearness.NEAR)


def test_segment_with_an_end_encloses_its_whole_stretch():
    stretch = moment(1_000, end=6_000)
    for second in (1_000, 5_000, 5_999):
        where = place(Timecode(second), Around(None, stretch, moment(6_005)))
        assert where == Placed(stretch, Timecode(second), Nearness.WITHIN)


def test_segment_answers_no_more_for_the_second_it_ends_at():
    stretch = moment(1_000, end=6_000)
    assert isinstance(place(Timecode(6_000), Around(None, stretch, None)), Gap)


def test_row_whose_link_opens_this_second_beats_the_segment_around_it():
    linked, stretch = moment(9_000, link=5_000), moment(1_000, end=6_000)
    where = place(Timecode(5_000), Around(linked, stretch, None))
    assert where == Placed(linked, Timecode(5_000), Nearness.LINKED)


def within(second, notes=NOTES):
    chapter = moment(second - 60, end=second + 60)
    return place(Timecode(second), replace(around(second, notes), within=chapter))


@pytest.mark.parametrize(
    ("second", "nearness"),
    [
        (7_232, Nearness.NEAR),
        (7_322, Nearness.NEAR),
        (7_323, Nearness.WITHIN),
        (9_000, Nearness.WITHIN),
    ],
)
def test_note_that_is_near_comes_before_the_chapter_and_the_chapter_before_the_rest(
    second, nearness
):
    found = within(second)
    assert found.nearness is nearness
    assert (found.moment.segment.end is not None) == (nearness is Nearness.WITHIN)


def test_chapter_answers_where_nothing_is_noted_at_all():
    assert within(9_000, {}).nearness is Nearness.WITHIN


def test_episode_without_notes_is_one_gap():
    assert place(Timecode(5), Around(None, None, None)) == Gap(Timecode(5), None, None)


ANY_NOTES = st.dictionaries(
    st.integers(0, 3_000), st.none() | st.integers(0, 3_000), min_size=1, max_size=8
)


@given(notes=ANY_NOTES, second=st.integers(0, 3_600))
def test_every_time_is_placed_by_the_rules_or_in_a_gap(notes, second):
    where = placed(second, notes)
    linking = [note for note, link in notes.items() if link == second]
    apart = {note: abs(note - second) for note in notes}
    nearest = min(sorted(notes), key=apart.get)
    last = max((note for note in notes if note <= second), default=None)
    following = min((note for note in notes if note > second), default=None)
    if linking and second not in notes:
        assert where == (linking[0], Nearness.LINKED)
    elif apart[nearest] <= 90:
        assert where == (nearest, Nearness.NEAR)
    elif last is not None and apart[last] <= 300:
        assert where == (last, Nearness.AFTER)
    else:
        assert where == (last, following)


def test_windows_are_those_that_the_design_names():
    assert (NEAR_SECONDS, AFTER_SECONDS) == (90, 300)


def read(text, of=None, notes=NOTES):
    query = parse_time(text)
    nearest = tuple(
        min((abs(note - reading.seconds) for note in notes), default=None)
        for reading in query.readings
    )
    chosen, other = choose_reading(query.readings, of or episode(notes=tuple(notes)), nearest)
    return chosen.seconds, other.seconds if other else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4:08", (14_880, 248)),  # 50 s before 4:08:50
        ("17:51", (1_071, 64_260)),  # a note's own label
        ("1:23", (4_980, 83)),  # 12 s after 1:22:48
        ("2:50", (10_200, 170)),  # neither is near, and nothing is noted as early as 2 min 50 s
        ("4:59", (299, 17_940)),  # nothing is noted as late as 4 h 59 min
        ("40:00", (2_400, 144_000)),
        ("2:00:32", (7_232, None)),
        ("90:00", (5_400, None)),
        ("4:13:38", (15_218, None)),
    ],
)
def test_two_part_time_takes_the_likelier_reading(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ((90 + 90, 9_000), (90, 5_400)),  # m:ss alone is near
        ((90 + 91, 9_000), (5_400, 90)),
        ((90 + 91, 5_400), (5_400, 90)),  # not after the last note
        ((90 + 91, 5_400 - 90), (5_400, 90)),  # after the last note, and near it
        ((90 + 91, 5_400 - 91), (90, 5_400)),
        ((90, 9_000), (90, 5_400)),  # not before the first note
        ((90, 5_400), (90, 5_400)),  # both are near
        ((90 + 1, 5_400), (5_400, 90)),  # both are near, m:ss before the first note
    ],
)
def test_reading_of_1_30_turns_where_the_rules_say(notes, expected):
    assert read("1:30", notes=notes) == expected


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (14_880, (14_880, 248)),
        (14_879, (248, None)),
        (248, (248, None)),
        (247, (248, None)),
        (0, (248, None)),
    ],
)
def test_reading_beyond_a_known_duration_is_dropped_and_not_offered(duration, expected):
    assert read("4:08", episode(duration)) == expected


@given(
    first=st.integers(0, 59),
    second=st.integers(0, 59),
    notes=st.lists(st.integers(0, 20_000), min_size=1, max_size=6, unique=True),
    duration=st.none() | st.integers(0, 220_000),
)
@example(first=4, second=8, notes=[300], duration=100)
def test_any_two_part_time_is_read_by_the_rules(first, second, notes, duration):
    minutes, hours = first * 60 + second, first * 3_600 + second * 60
    readings = [
        reading for reading in dict.fromkeys((minutes, hours)) if _inside(reading, duration)
    ]
    near = [reading for reading in readings if min(abs(n - reading) for n in notes) <= 90]
    late = minutes < min(notes) and hours <= max(notes)
    if len(readings) < 2:
        expected = (minutes, None)
    elif len(near) == 1:
        expected = (near[0], minutes + hours - near[0])
    else:
        expected = (hours, minutes) if late else (minutes, hours)
    of = episode(duration, tuple(notes))
    assert read(f"{first}:{second:02}", of, notes) == expected


def _inside(reading, duration):
    return duration is None or reading <= duration
