"""Every form of time people type, and a sentence for everything that is none."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import InvalidTime
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.core.timequery import MAX_LENGTH, MAX_TIME, NO_SIXTY, TOO_LATE, parse_time

SECONDS = st.integers(0, MAX_SECONDS)
NO_TIME = InvalidTime().sentence
BACKWARDS = "That range ends before it starts. Swap its two times."
UNLIKE = "Write both ends of that range alike, such as 1:02:00-1:10:00."
NO_LINK = "I cannot read that link. Try a YouTube video's link, or a time like 2:00:32."
NO_SECOND = "I cannot read the time in that link. Try t=7232 or t=2h0m32s."


def seconds(text):
    return [reading.seconds for reading in parse_time(text).readings]


def refusal(text):
    with pytest.raises(InvalidTime) as caught:
        parse_time(text)
    return caught.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        "2:00:32", "[2:00:32]", "2h0m32s", "2h 0m 32s", "2H0M32S", "7232", "7232s", "t=7232s",
        "?t=7232", "T=7232", "start=7232", "[t=7232]", "2：00：32", " 2:00:32 ", "@2:00:32",
        "2 h 32 s", "2hrs 32sec", "2 hours 32 seconds", "120m32s", "120 min 32 s", "2:0:32",
        "02:00:32", "00000000007232", "2\u00a0h\u00a032\u00a0s", "٢:٠٠:٣٢", "२:००:३२",
        "２:００:３２", "\u200e2:00:32\u200f", "\u20682:\u200b00:32\u2069", "\ufeff7232",
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
        "\u2068https://youtu.be/_1f-o0nqpEI?t=7232\u2069",
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
        ("4:8", [248, 14_880]),
        ("1:2", [62, 3_720]),
        ("17:51", [1_071, 64_260]),
        ("0:45", [45, 2_700]),
        ("59:59", [3_599, 215_940]),
    ],
)
def test_two_part_time_keeps_both_readings(text, expected):
    assert seconds(text) == expected
    assert len(parse_time(text).readings) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60:00", 3_600), ("90:00", 5_400), ("00:00", 0), ("0:00:00", 0), ("0", 0), ("0s", 0),
        ("2h", 7_200), ("90m", 5_400), ("2 h 5 min", 7_500), ("1:2:3", 3_723),
        ("99:59:59", MAX_SECONDS), (str(MAX_SECONDS), MAX_SECONDS),
    ],
)  # fmt: skip
def test_other_times_have_one_reading(text, expected):
    assert seconds(text) == [expected]
    assert len(parse_time(text).readings) == 1


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1:02:00-1:10:00", 3_720, 4_200),
        ("1:02:00 – 1:10:00", 3_720, 4_200),
        ("[1:02:00 — 1:10:00]", 3_720, 4_200),
        ("1:02:00−1:10:00", 3_720, 4_200),
        ("1:02:00 → 1:10:00", 3_720, 4_200),
        ("90m to 2h", 5_400, 7_200),
        ("2h-2h30m", 7_200, 9_000),
        ("60-90", 60, 90),
        ("0-9:00:00", 0, 32_400),
        # A half that has two readings is read so that the stretch is the shortest.
        ("1:02:00-1:10", 3_720, 4_200),
        ("1:02-1:10:00", 3_720, 4_200),
        ("1:02:00-90m", 3_720, 5_400),
        ("59:00-1:02:00", 3_540, 3_720),
        ("45:00-75:00", 2_700, 4_500),
        ("0:00-4:08", 0, 248),
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


@pytest.mark.parametrize(("text", "expected"), [("2h-2h", [7_200]), ("4:08-4:08", [248, 14_880])])
def test_range_of_no_length_is_a_time(text, expected):
    assert seconds(text) == expected
    assert parse_time(text).ends == ()


@pytest.mark.parametrize("text", ["9:99:99", "1:60", "4:75", "0:61:00", "1:00:60", "1:00-1:60"])
def test_minutes_and_seconds_beyond_59_get_their_sentence(text):
    assert refusal(text) == NO_SIXTY


@pytest.mark.parametrize(
    "text",
    [
        "100:00:00", "360000", "9" * MAX_TIME, "200h", "99999999999:00", "1h99999999999s",
        "6000:00", "2h-200h",
    ],
)  # fmt: skip
def test_times_beyond_any_recording_get_their_sentence(text):
    assert refusal(text) == TOO_LATE


@pytest.mark.parametrize(
    "text", ["1:10:00-1:02:00", "4:20-4:08", "59:00-1:10", "3:00:00-2:00", "90-60", "2h to 90m"]
)
def test_range_backwards_gets_its_sentence(text):
    assert refusal(text) == BACKWARDS


@pytest.mark.parametrize("text", ["10-20m", "5 to 10 min", "7232-2:05:00", "1:00:00-7232"])
def test_range_from_a_bare_number_to_another_form_is_not_guessed(text):
    assert refusal(text) == UNLIKE


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b\u200e"])
def test_nothing_typed_is_asked_for(text):
    assert refusal(text) == "Say which time: 2:00:32, 90m or a YouTube link with t=."


@pytest.mark.parametrize(
    "text",
    [
        "http://", "ftp://youtu.be/_1f-o0nqpEI", "javascript://youtu.be/_1f-o0nqpEI",
        "https://youtu.be/", "https://www.youtube.com/watch?v=short", "youtube.com/@lexfridman",
        "https://www.youtube.com/playlist?list=PLrAXtmErZgOdP_8GztsuKi9nrraNbKKp4",
        "https://user@youtu.be/_1f-o0nqpEI", "<https://youtu.be/_1f-o0nqpEI|label>",
        "https://youtu.be/_1f-o0nqpEI and more", "https://youtu.be/\ud800", "https://a.example/\ud800",
    ],
)  # fmt: skip
def test_link_that_cannot_be_read_gets_its_sentence(text):
    assert refusal(text) == NO_LINK


@pytest.mark.parametrize("time", ["", "soon", "-5", "1:02:03", "1h30", "999999999", "٩٠"])
def test_link_whose_time_cannot_be_read_is_not_opened_at_its_start(time):
    assert refusal(f"https://youtu.be/_1f-o0nqpEI?t={time}") == NO_SECOND


@pytest.mark.parametrize(
    "text",
    [
        "kv cache", "-5", "-2:00:32", "1:2:3:4", "::", "1:", ":30", "1:2:", "2:00:32x", "NaN",
        "1.5", "2:00:32.5", "1/2", "http", "1 23", "²", "h", "m s", "5m2h", "5m5m", "1:100",
        "1:00-2:00-3:00", "2h-", "-2h", "to", "t=", "t=t=5", "[", "[]", "<@123>", "<t:7232:R>",
        "\0", "\ud800", "7232\ud800", "x" * 5_000, "1" * (MAX_TIME + 1),
    ],
)  # fmt: skip
def test_text_that_is_no_time_is_refused(text):
    assert refusal(text) == NO_TIME


@pytest.mark.parametrize(
    "sentence",
    [NO_TIME, NO_SIXTY, TOO_LATE, BACKWARDS, UNLIKE, NO_LINK, NO_SECOND, refusal("")],
)
def test_sentences_are_short_and_end(sentence):
    assert len(sentence) <= 80
    assert sentence.endswith(".")


@given(SECONDS)
def test_every_printed_time_reads_back(second):
    at = Timecode(second)
    readings = parse_time(str(at)).readings
    # What was printed as m:ss is the first of two readings; from an hour on there is one.
    assert readings[0] == at
    assert len(readings) == (2 if 0 < second < 3_600 else 1)


@given(SECONDS, st.integers(0, 60))
def test_zeros_in_front_change_nothing(second, zeros):
    assert seconds("0" * zeros + str(second)) == [second]


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_units_clock_and_link_agree(hours, minutes, second):
    expected = [hours * 3_600 + minutes * 60 + second]
    units = f"{hours}h{minutes}m{second}s"
    for text in (units, f"{hours}:{minutes:02}:{second:02}", f"youtu.be/_1f-o0nqpEI?t={units}"):
        assert seconds(text) == expected


@given(SECONDS, SECONDS)
def test_range_runs_forward_or_is_refused(one, other):
    text = f"{one}s-{other}s"
    if other < one:
        assert refusal(text) == BACKWARDS
        return
    query = parse_time(text)
    assert query.readings == (Timecode(one),)
    assert query.ends == ((Timecode(other),) if other > one else ())


# Every character there is, half surrogate pairs too; and the ones that times are made of.
ANYTHING = st.text(st.characters(), max_size=60)
NEARLY = st.text(st.sampled_from("0123456789:hms-– to=[]<>?&#@/.٢：\u200e"), max_size=40)
LINKS = st.builds(
    "{}{}".format, st.sampled_from(["youtu.be/", "https://", "<https://a.b/"]), ANYTHING
)


@given(ANYTHING | NEARLY | LINKS)
@example("https://www.youtube.com/watch?" + "a=1&" * 60)
@example("//[")
def test_any_text_is_a_time_or_refused(text):
    try:
        query = parse_time(text)
    except InvalidTime:
        return
    assert len(query.readings) <= 2
    assert query.readings or query.media
    assert list(query.readings) == sorted(set(query.readings))
    assert not query.ends or len(query.ends) == len(query.readings)
    assert all(end > start for start, end in zip(query.readings, query.ends, strict=False))


@pytest.mark.parametrize(
    "piece",
    ["1", " ", "1 ", "1h", "1 h ", ":", "1:", "-", "to ", "1 to ", "[", "t=", "\u200b", "é"],
)
def test_long_runs_of_one_piece_are_refused(piece):
    run = piece * (MAX_LENGTH // len(piece) - 3)
    for text in (f"{run}x", f"2h{run}x", f"a.b/{run}x y", run + "1" * MAX_LENGTH):
        with pytest.raises(InvalidTime):
            parse_time(text)
