"""Labels, and which of two readings holds."""

from __future__ import annotations

import pytest

from bot.core.errors import InvalidTime
from bot.core.timecode import Timecode
from bot.ingest.time_labels import looks_like_time, read_label, settle


def _settled(*rows: tuple[str, int | None]) -> list[str]:
    labels = [(read_label(text), None if at is None else Timecode(at)) for text, at in rows]
    return [str(each.at) for each in settle(labels)]


def test_settle_two_parts_alone_is_minutes_and_seconds():
    assert _settled(("4:08", None)) == ["4:08"]


def test_settle_two_parts_with_a_link_that_says_hours_is_hours_and_minutes():
    assert _settled(("4:08", 14_880)) == ["4:08:00"]


@pytest.mark.parametrize("link", [248, 250])
def test_settle_two_parts_with_a_link_that_says_minutes_stays_there_among_hours(link: int):
    assert _settled(("3:39:28", None), ("4:08", link), ("4:17:54", None))[1] == "4:08"


@pytest.mark.parametrize(
    ("link", "expected"),
    [(14_870, "4:08:00"), (15_136, "4:08:00"), (250, "4:08"), (15_200, "4:08")],
)
def test_settle_two_parts_takes_the_reading_near_its_link(link: int, expected: str):
    assert _settled(("4:08", link)) == [expected]


def test_settle_two_parts_with_a_link_near_both_readings_is_minutes_and_seconds():
    assert _settled(("0:05", 200)) == ["0:05"]


@pytest.mark.parametrize("link", [None, 9_000])
def test_settle_two_parts_among_hours_that_ascend_is_hours_and_minutes(link: int | None):
    rows = _settled(("3:39:28", None), ("4:08", link), ("4:17:54", None))
    assert rows == ["3:39:28", "4:08:00", "4:17:54"]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([("4:08", None), ("4:17:54", None)], id="nothing before it"),
        pytest.param(
            [("3:39:28", None), ("4:08", None), ("4:01:00", None)], id="hours lie after the next"
        ),
        pytest.param(
            [("3:39:28", None), ("4:08", None), ("1:00:00", None)], id="the rows do not ascend"
        ),
        pytest.param([("17:51", None), ("4:08", None)], id="the row before is not sure itself"),
        pytest.param([("4:30:03", None), ("4:08", None)], id="hours lie before the last"),
        pytest.param([("4:0:0", 240), ("4:08", None)], id="its link contradicts the row before"),
        pytest.param([("300", None), ("4:08", None)], id="seconds behind, or hours ahead"),
    ],
)
def test_settle_two_parts_without_proof_is_minutes_and_seconds(rows: list[tuple[str, int | None]]):
    index = next(i for i, row in enumerate(rows) if row[0] == "4:08")
    assert _settled(*rows)[index] == "4:08"


def test_settle_by_neighbours_says_so():
    labels = [(read_label(text), None) for text in ("3:39:28", "4:08")]
    assert [each.by_neighbours for each in settle(labels)] == [False, True]


def test_settle_two_parts_soon_after_a_time_below_an_hour_is_hours_and_minutes():
    assert _settled(("0:58:00", None), ("1:02", None)) == ["58:00", "1:02:00"]


def test_settle_two_parts_after_a_row_that_misses_its_link_a_little_is_hours_and_minutes():
    assert _settled(("4:17:54", 15_218), ("4:23", None))[1] == "4:23:00"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1:00-2:00", 60, 120),
        ("1:00 – 2:00", 60, 120),
        ("[1:02:00 to 1:10:00]", 3_720, 4_200),
        ("1:02:00-1:10", 3_720, 4_200),
        ("58:00—1:02:00", 3_480, 3_720),
        ("1h → 2h", 3_600, 7_200),
    ],
)
def test_read_label_of_a_range_gives_both_ends(text: str, start: int, end: int):
    (settled,) = settle([(read_label(text), None)])
    assert (settled.at, settled.end) == (Timecode(start), Timecode(end))


def test_settle_range_with_a_link_that_says_hours_reads_both_ends_as_hours():
    (settled,) = settle([(read_label("4:08-4:17"), Timecode(14_880))])
    assert (str(settled.at), str(settled.end)) == ("4:08:00", "4:17:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17:51", True),
        ("(2:00:32)", True),
        ("9:99:99", True),
        ("100:00:00", True),
        ("2:00-1:00", True),
        ("2h", True),
        ("5 min", True),
        ("17：51", True),
        ("7232", False),
        ("", False),
        ("at 17:51 they meet", False),
        ("16:9", True),
        ("a | 1:00", False),
        ("1:00 " * 100, False),
    ],
)
def test_looks_like_time_knows_times_from_words(text: str, expected: bool):
    assert looks_like_time(text) is expected


@pytest.mark.parametrize("text", ["-1:00", "1:00-", "1-2-3", "x", "", "1:00/2:00", "1" * 65])
def test_read_label_of_anything_else_raises_invalid_time(text: str):
    with pytest.raises(InvalidTime):
        read_label(text)
