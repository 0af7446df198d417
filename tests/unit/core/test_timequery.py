"""Every form of time people type, and a sentence for everything that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import InvalidTime
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.core.timequery import NO_SIXTY, TOO_LATE, parse_time


def seconds(text):
    return [reading.seconds for reading in parse_time(text).readings]


@pytest.mark.parametrize(
    "text",
    [
        "2:00:32", "[2:00:32]", "2h0m32s", "2h 0m 32s", "2H0M32S", "7232", "7232s", "t=7232s",
        "?t=7232", "2：00：32", " 2:00:32 ", "@2:00:32", "2 h 32 s", "2hrs 32sec", "٢:٠٠:٣٢",
    ],
)  # fmt: skip
def test_every_form_of_one_second_is_read_alike(text):
    assert seconds(text) == [7232]


@pytest.mark.parametrize(
    "text",
    [
        "https://youtu.be/_1f-o0nqpEI?t=7232s",
        "https://youtu.be/_1f-o0nqpEI?t=7232",
        "<https://youtu.be/_1f-o0nqpEI?si=abc&t=2h0m32s>",
        "https://www.youtube.com/watch?v=_1f-o0nqpEI&t=7232s",
        "https://m.youtube.com/watch?app=desktop&v=_1f-o0nqpEI&start=7232",
        "https://youtube.com/live/_1f-o0nqpEI?t=7232",
        "https://www.youtube.com/embed/_1f-o0nqpEI?start=7232",
        "https://www.youtube.com/shorts/_1f-o0nqpEI?t=7232",
        "youtu.be/_1f-o0nqpEI?t=7232",
    ],
)
def test_every_link_form_names_recording_and_second(text):
    query = parse_time(text)
    assert query.readings == (Timecode(7232),)
    assert query.media is not None
    assert query.media.key == "youtube:_1f-o0nqpEI"


def test_look_alike_host_is_another_site():
    query = parse_time("https://youtube.com.evil.example/watch?v=_1f-o0nqpEI&t=5")
    assert query.media is not None
    assert query.media.key.startswith("url:")


def test_link_without_a_second_names_the_recording_alone():
    query = parse_time("https://youtu.be/_1f-o0nqpEI")
    assert query.readings == ()
    assert query.media is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4:08", [248, 14_880]),
        ("17:51", [1_071, 64_260]),
        ("90:00", [5_400]),
        ("0:45", [45, 2_700]),
        ("00:00", [0]),
        ("90m", [5_400]),
        ("2h", [7_200]),
        ("0", [0]),
    ],
)
def test_two_part_times_keep_both_readings(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1:02:00-1:10:00", 3_720, 4_200),
        ("1:02:00 – 1:10:00", 3_720, 4_200),
        ("90m to 2h", 5_400, 7_200),
        ("1:02:00-90m", 3_720, 5_400),
        ("59:00-1:02:00", 3_540, 3_720),
        ("2h-2h30m", 7_200, 9_000),
    ],
)
def test_range_has_a_start_and_an_end(text, start, end):
    query = parse_time(text)
    assert query.readings == (Timecode(start),)
    assert query.ends == (Timecode(end),)


def test_range_of_two_part_times_keeps_both_readings():
    query = parse_time("4:08-4:20")
    assert query.readings == (Timecode(248), Timecode(14_880))
    assert query.ends == (Timecode(260), Timecode(15_600))


@pytest.mark.parametrize("text", ["9:99:99", "1:60", "0:61:00"])
def test_minutes_and_seconds_beyond_59_get_their_sentence(text):
    with pytest.raises(InvalidTime) as caught:
        parse_time(text)
    assert caught.value.sentence == NO_SIXTY


@pytest.mark.parametrize("text", ["100:00:00", "360000", "999999999999999999", "200h"])
def test_times_beyond_any_recording_get_their_sentence(text):
    with pytest.raises(InvalidTime) as caught:
        parse_time(text)
    assert caught.value.sentence == TOO_LATE


def test_range_backwards_gets_its_sentence():
    with pytest.raises(InvalidTime, match="ends before it starts"):
        parse_time("1:10:00-1:02:00")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "kv cache", "-5", "1:2:3:4", "::", "1:", ":30", "2:00:32x", "NaN",
        "http://", "ftp://youtu.be/_1f-o0nqpEI",
        "https://youtu.be/", "https://www.youtube.com/watch?v=short", "x" * 5_000, "1:2:", "\0",
    ],
)  # fmt: skip
def test_text_that_is_no_time_is_refused(text):
    with pytest.raises(InvalidTime):
        parse_time(text)


@given(st.integers(0, MAX_SECONDS))
def test_every_printed_time_reads_back(second):
    at = Timecode(second)
    assert at in parse_time(str(at)).readings


@given(st.text(alphabet=st.sampled_from("0123456789:hms-– t=[]?/.youtbe"), max_size=40))
def test_any_text_is_a_time_or_refused(text):
    try:
        query = parse_time(text)
    except InvalidTime:
        return
    assert len(query.readings) <= 2
    assert not query.ends or len(query.ends) == len(query.readings)
    assert all(end >= start for start, end in zip(query.readings, query.ends, strict=False))


def test_long_runs_of_digits_and_spaces_end_quickly():
    for text in ("1" * 2_000, " " * 2_000 + "h", "1 " * 900, "1h" * 900, ":" * 2_000):
        with pytest.raises(InvalidTime):
            parse_time(text)
