"""WebVTT, as the W3C writes it and as others do."""

from __future__ import annotations

import pytest

from bot.core.errors import BadDocument
from bot.core.transcript import Cue
from bot.ingest.webvtt import read_webvtt

_DOCUMENT = """\
WEBVTT - of a talk
Kind: captions
Language: en-GB

NOTE
This is said by nobody,
and neither is this.

STYLE
::cue { color: lime }

REGION
id:fred

first
00:01.000 --> 00:00:02.500 line:0 align:start
<v.loud Mary Ann>Hello &amp; <i>welcome</i></v>

1:02:03.004 --> 1:02:05.000
two
lines
"""


def _one(text: str, times: str = "00:01.000 --> 00:09.000") -> Cue:
    (cue,) = read_webvtt(f"WEBVTT\n\n{times}\n{text}\n").cues
    return cue


def test_read_document_with_every_kind_of_block_gives_its_cues():
    transcript = read_webvtt(_DOCUMENT)
    assert transcript.cues == (
        Cue(1_000, 2_500, "Hello & welcome", "Mary Ann"),
        Cue(3_723_004, 3_725_000, "two lines"),
    )
    assert transcript.language == "en-GB"
    assert not transcript.rolling


@pytest.mark.parametrize("end", ["\r\n", "\r", "\r\r\n"])
def test_read_document_with_other_line_ends_gives_the_same(end: str):
    assert read_webvtt(_DOCUMENT.replace("\n", end)) == read_webvtt(_DOCUMENT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_read_bytes_in_any_unicode_that_says_so_gives_the_same(encoding: str):
    assert read_webvtt(_DOCUMENT.encode(encoding)) == read_webvtt(_DOCUMENT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("R&D at AT&T &lt;3", "R&D at AT&T <3"),
        ("a&nbsp;b&#39;s &#x2014; &eacute;", "a b's — é"),
        ("a&lrm;b", "a\u200eb"),
        ("&#0;&#1;ok &#9999999;", "\ufffdok \ufffd"),
        ("<c.yellow.bg_blue>c</c> <b>b</b><u>u</u> <lang en>l</lang>", "c bu l"),
        ("<ruby>漢字<rt>かんじ</rt></ruby>です", "漢字です"),
        ("a List<int> and 1 < 2 > 0", "a List<int> and 1 < 2 > 0"),
        ("one<br>two<br/>three", "one two three"),
        ("nul\0 and \x07bell and \ufefftwo marks\u200b", "nul and bell and two marks"),
        ("an arrow --> is drawn", "an arrow --> is drawn"),
        ("  much   space\t here \u2028 too ", "much space here too"),
    ],
)
def test_read_cue_with_markup_gives_what_was_said(text: str, said: str):
    assert _one(text).text == said


def test_read_cue_of_two_voices_gives_a_cue_of_each():
    cues = read_webvtt("WEBVTT\n\n0:01.0 --> 0:02.0\n<v A>Hi</v>\n<v B>Ho</v> <v B>again").cues
    assert cues == (Cue(1_000, 2_000, "Hi", "A"), Cue(1_000, 2_000, "Ho again", "B"))


def test_read_inline_times_gives_marks_where_they_stand():
    cue = _one("the <00:00:02.000><c>quick</c> <00:00:03.500><c.x> fox</c>")
    assert cue.text == "the quick fox"
    assert cue.marks == ((4, 2_000), (10, 3_500))


def test_read_inline_times_outside_the_cue_or_backwards_are_left_out():
    cue = _one("a <00:05.000>b <00:04.000>c <00:10.000>d <00:77.000>e")
    assert (cue.text, cue.marks) == ("a b c d e", ((2, 5_000),))


def test_read_a_cue_without_words_gives_no_cue():
    blank = "WEBVTT\n\n0:01.0 --> 0:02.0\n<i>&lrm;</i>\n\n0:03.0 --> 0:04.0\nyes\n"
    assert [cue.text for cue in read_webvtt(blank).cues] == ["yes"]


def test_read_cues_out_of_order_or_twice_sorts_them_and_keeps_one():
    document = "WEBVTT\n\n0:05.0 --> 0:06.0\nb\n\n0:01.0 --> 0:02.0\na\n\n0:05.0 --> 0:06.0\nb\n"
    assert [cue.text for cue in read_webvtt(document).cues] == ["a", "b"]


def test_read_times_that_slipped_a_little_mends_them():
    assert _one("a", "-00:00:01.000 --> 00:00:02.000").start_ms == 0
    assert _one("a", "0:05.0 --> 0:04.0").end_ms == 5_000
    assert _one("a", "75:00.5 --> 1:16:00").start_ms == 4_500_500


def test_read_times_without_a_blank_line_before_begins_a_cue():
    document = "WEBVTT\n0:01.0 --> 0:02.0\na\n0:02.0 --> 0:03.0\nb"
    assert [cue.text for cue in read_webvtt(document).cues] == ["a", "b"]


def test_read_names_before_a_colon_where_no_voice_is_marked_takes_them():
    text = "".join(
        f"{n}\n00:0{n}.000 --> 00:0{n}.900\nLex Fridman: So {n}.\n\n" for n in range(1, 5)
    )
    cues = read_webvtt(f"WEBVTT\n\n{text}").cues
    assert {(cue.speaker, cue.text[:2]) for cue in cues} == {("Lex Fridman", "So")}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("", "The transcript is empty."),
        ("0:01.0 --> 0:02.0\na", "Line 1: A WebVTT file begins with WEBVTT."),
        ("WEBVTTX\n\n0:01.0 --> 0:02.0\na", "Line 1: A WebVTT file begins with WEBVTT."),
        ("WEBVTT\n\n0:61.0 --> 1:02.0\na", "Line 3: Minutes and seconds go to 59."),
        ("WEBVTT\n\n0:1 --> a\na", "Line 3: These times cannot be read."),
        ("WEBVTT\n\n100:00:00.000 --> 100:00:01.000\na", "Line 3: Times go up to 99:59:59."),
        ("WEBVTT\n\n1:00:00.000 --> 0:00:05.000\na", "Line 3: This cue ends before it starts."),
        ("WEBVTT\n\n-1:00.0 --> -0:05.0\na", "Line 3: This cue ends before the recording begins."),
        ("WEBVTT\n\n0:01.0 --> 0:02.0\n \n", "There are no timed words in this transcript."),
        ("WEBVTT\n\n0:01.0 --> 0:02.0\n" + "a b " * 2_001, "Line 3: This cue is longer than 8,000"),
        ("WEBVTT\n" + "a" * 50_001, "Line 2: This line is longer than 50,000 characters."),
    ],
)
def test_read_what_makes_no_sense_is_refused_with_its_line(document: str, sentence: str):
    with pytest.raises(BadDocument) as refusal:
        read_webvtt(document)
    assert refusal.value.sentence.startswith(sentence)
