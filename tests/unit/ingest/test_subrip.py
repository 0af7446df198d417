"""SubRip, as carelessly as people write it."""

from __future__ import annotations

import pytest

from bot.core.errors import BadDocument
from bot.core.transcript import Cue
from bot.ingest.subrip import read_subrip


def _read(document: str) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in read_subrip(document).cues]


@pytest.mark.parametrize(
    "times",
    [
        "00:00:01,500 --> 00:00:02,000",
        "00:00:01.500 --> 00:00:02.000",
        "0:0:1,5-->0:0:2",
        "  00:00:01,500   -->   00:00:02,000   X1:1 X2:2",
        "00: 00: 01, 500 -> 00: 00: 02, 000",
        "00:01,500 --> 00:02,000",
        "0000:00:01,500000 --> 0000:00:02,000",
    ],
)
def test_read_times_however_they_are_written_gives_the_same(times: str):
    assert _read(f"\ufeff1\n{times}\nyes\n") == [(1_500, 2_000, "yes")]


def test_read_fraction_of_one_digit_is_a_tenth():
    assert _read("1\n00:00:03.5 --> 00:00:04,25\na")[0][:2] == (3_500, 4_250)


def test_read_without_counters_or_blank_lines_gives_every_cue():
    document = "0:00:01,0 --> 0:00:02,0\na\n0:00:02,0 --> 0:00:03,0\nb\nc\n"
    assert [text for _, _, text in _read(document)] == ["a", "b c"]


def test_read_blank_lines_inside_a_cue_keeps_its_words_together():
    document = "1\n0:00:01,0 --> 0:00:02,0\n\na\n\n\nb\n\n2\n0:00:02,0 --> 0:00:03,0\nc\n"
    assert [text for _, _, text in _read(document)] == ["a b", "c"]


def test_read_doubled_lines_takes_every_counter_off():
    document = "1\n0:00:01,0 --> 0:00:02,0\na\n\n2\n0:00:02,0 --> 0:00:03,0\nb 7\n"
    assert _read(document.replace("\n", "\n\n")) == _read(document)


def test_read_number_that_was_said_is_no_counter():
    document = (
        "0:00:01,0 --> 0:00:02,0\n42\n\n0:00:02,0 --> 0:00:03,0\n43\n0:00:03,0 --> 0:00:04,0\nend"
    )
    assert [text for _, _, text in _read(document)] == ["42", "43", "end"]


def test_read_cue_without_words_takes_no_counter_for_one():
    document = (
        "5\n0:00:01,0 --> 0:00:02,0\n6\n0:00:02,0 --> 0:00:03,0\n\n7\n0:00:04,0 --> 0:00:05,0\nb"
    )
    assert [text for _, _, text in _read(document)] == ["b"]


def test_read_styles_leaves_them_out_and_keeps_code():
    document = (
        '1\n0:00:01,0 --> 0:00:02,0\n{\\an8}<font color="#fff"><I>so</I></font> a <div> {x}\n'
    )
    assert _read(document) == [(1_000, 2_000, "so a <div> {x}")]


def _said(*texts: str) -> list[tuple[str, str]]:
    document = "".join(
        f"{n}\n0:00:0{n},0 --> 0:00:0{n},9\n{text}\n\n" for n, text in enumerate(texts, 1)
    )
    return [(cue.speaker, cue.text) for cue in read_subrip(document).cues]


def test_read_names_that_come_again_are_speakers():
    assert _said("LEX: Hi.", "And then.", ">> DYLAN: Ho.", "LEX: So.", "- DYLAN: No.") == [
        ("LEX", "Hi."), ("", "And then."), ("DYLAN", "Ho."), ("LEX", "So."), ("DYLAN", "No."),
    ]  # fmt: skip


def test_read_cue_in_which_a_known_name_follows_is_two_peoples():
    assert _said("LEX: Hi.\n- DYLAN: Ho.", "LEX: So.", "DYLAN: No.", "DYLAN: Oh.")[:2] == [
        ("LEX", "Hi."), ("DYLAN", "Ho."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "texts",
    [
        ("Lex: once only.", "and on", "and on"),
        ("Note: this", "Note: that", "Note: these"),
        ("the cause: this", "the cause: that", "the cause: these"),
        ("https://a.b", "https://a.b/c", "https://a.b/d"),
        ("9: a", "9: b", "9: c"),
        ("10:30 a", "10:30 b", "10:30 c"),
    ],
)
def test_read_words_before_a_colon_that_name_nobody_stay_in_the_text(texts: tuple[str, ...]):
    assert _said(*texts) == [("", text) for text in texts]


def test_read_text_before_the_first_times_is_left_out():
    assert _read("Made by X\n\n1\n0:00:01,0 --> 0:00:02,0\na") == [(1_000, 2_000, "a")]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "The transcript is empty."),
        (b"1\nsaid\n", "There are no times in this transcript."),
        (b"1\n0:00:01,0 --> 0:00:02,0\n\n", "There are no timed words in this transcript."),
        (b"1\n0:00:01,0 --> 0:00:aa\na", "Line 2: These times cannot be read."),
        (b"1\n0:00:01,0 --> 0:00:02,0\na\n\xff", "Line 4: This is not UTF-8 text: save it as"),
        ("a\n".encode("utf-16-le"), "This is not text: save it as UTF-8."),
        (b"\xff\xfea", "This is not UTF-8 text: save it as UTF-8."),
        (b"a" * 20_000_001, "The transcript is larger than 20 MB."),
    ],
)
def test_read_what_makes_no_sense_is_refused_with_its_line(document: bytes, sentence: str):
    with pytest.raises(BadDocument) as refusal:
        read_subrip(document)
    assert refusal.value.sentence.startswith(sentence)


def test_read_more_cues_than_any_recording_has_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.ingest.timed_text.MAX_CUES", 3)
    document = "".join(f"0:0{n} --> 0:09\na\n" for n in range(4))
    with pytest.raises(BadDocument, match="more than 3 cues"):
        read_subrip(document)


def test_read_overlapping_cues_keeps_both():
    assert read_subrip("1\n0:00:01,0 --> 0:00:09,0\na\n\n2\n0:00:02,0 --> 0:00:03,0\nb").cues == (
        Cue(1_000, 9_000, "a"),
        Cue(2_000, 3_000, "b"),
    )
