"""What must hold for transcripts that nobody wrote by hand, and in how much time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadDocument
from bot.core.timecode import MAX_SECONDS
from bot.core.transcript import Cue, Transcript
from bot.ingest.captions import sentences_of
from bot.ingest.cue_markup import marked_up
from bot.ingest.json_transcripts import (
    read_json3,
    read_json_transcript,
    read_podcast_json,
    read_timed_episode,
)
from bot.ingest.speakers import with_speakers
from bot.ingest.subrip import read_subrip
from bot.ingest.timed_text import timing
from bot.ingest.transcripts import read_transcript
from bot.ingest.webvtt import read_webvtt
from tests.unit.ingest import written

_READERS: list[Callable[[str | bytes], Transcript]] = [
    read_webvtt,
    read_subrip,
    read_json_transcript,
    read_transcript,
    lambda document: read_timed_episode(document).transcript,
]

_SHARDS = [
    "WEBVTT", "WEBVTT\n\n", "\n", "\n\n", "\r", "\r\n", " ", "\t", "1\n", "2\n", "42", "NOTE\n",
    "STYLE\n", "00:01.000 --> 00:02.000\n", "0:00:01,5 --> 0:00:02\n", "0:00:03,5 -> 0:00:02\n",
    "-0:00:01.0 --> 0:00:00.5", "99:59:59.999 --> 99:59:59.999\n", "0:99 --> 1:00\n", " --> ",
    "<", ">", "<v Bob>", "</v>", "<v>", "<c.x>", "<00:01.500>", "<1>", "<ruby>", "<rt>", "<br>",
    "{\\an8}", "{\\", "&amp;", "&#0;", "&#xD800;", "&#99999999;", "&lrm;", "&", "LEX: hi.\n",
    ">> ", "- ", "[Music]", "(laughs)", "♪", "[", "]", "(", "a", "and so", "word. ", "。", "é", "🎙",
    "\0", "\x1f", "\x85", "\u2028", "\ufeff", "\u200b", "\ud800",
    '{"segments": [', '{"events": [', '{"cues": [', '{"startTime": 1, "endTime": 2, "body": "a b"}',
    '{"startTime": 1.5, "body": "x"}', '{"tStartMs": 5, "segs": [{"utf8": "a"}]}', "[1, 2, \"a\"]",
    ",", "]}", "1e400", "NaN", '"speaker": "A"', "null", "true", "-5",
]  # fmt: skip

_DOCUMENTS = st.one_of(
    st.text(),
    st.binary(),
    st.lists(st.sampled_from(_SHARDS), max_size=40).map("".join),
    st.lists(st.sampled_from(_SHARDS), max_size=40).map(
        lambda parts: "WEBVTT\n\n" + "".join(parts)
    ),
    st.lists(st.sampled_from(_SHARDS[-15:-6]), max_size=9).map(
        lambda parts: '{"segments": [' + ",".join(parts) + "]}"
    ),
)


def _assert_sound(transcript: Transcript) -> None:
    """Hold what the types promise, of cues and of the sentences made of them."""
    cues = transcript.cues
    assert cues
    assert all(one.start_ms <= other.start_ms for one, other in pairwise(cues))
    for cue in cues:
        assert 0 <= cue.start_ms <= cue.end_ms <= MAX_SECONDS * 1_000
        assert cue.text == " ".join(cue.text.split()) != ""
        assert cue.text.isprintable() or not any(ord(letter) < 32 for letter in cue.text)
        places, times = [0, *(m[0] for m in cue.marks)], [cue.start_ms, *(m[1] for m in cue.marks)]
        assert [*places, len(cue.text)] == sorted([*places, len(cue.text)])
        assert [*times, cue.end_ms] == sorted([*times, cue.end_ms])
    _assert_sentences(transcript)


def _assert_sentences(transcript: Transcript) -> None:
    found = sentences_of(transcript)
    last = max(cue.end_ms for cue in transcript.cues)
    source = " ".join(cue.text for cue in transcript.cues)
    assert all(one.start_ms <= other.start_ms for one, other in pairwise(found))
    for sentence in found:
        assert transcript.cues[0].start_ms <= sentence.start_ms <= sentence.end_ms <= last
        assert sentence.text.strip()
        assert all(word in source for word in sentence.text.split())


@pytest.mark.parametrize("read", _READERS)
@settings(max_examples=150, deadline=None)
@given(document=_DOCUMENTS)
def test_read_garbage_raises_nothing_but_bad_document_and_else_is_sound(
    read: Callable[[str | bytes], Transcript], document: str | bytes
):
    with contextlib.suppress(BadDocument):
        _assert_sound(read(document))


_WRITTEN = written.webvtt([Cue(n * 500, n * 500 + 900, f"Word {n}. <i>", "A") for n in range(4)])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_read_document_somebody_mangled_is_refused_or_sound(data: st.DataObject):
    document = data.draw(
        st.sampled_from([_WRITTEN, written.subrip([Cue(5, 9, "A b"), Cue(9, 9, "c")])])
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place, gone = data.draw(st.integers(0, len(document))), data.draw(st.integers(0, 3))
        document = document[:place] + data.draw(st.sampled_from(_SHARDS)) + document[place + gone :]
    with contextlib.suppress(BadDocument):
        _assert_sound(read_transcript(document))


@settings(max_examples=60, deadline=None)
@given(written.cues(("", "Lex Fridman", "R&D <3"), marked=True))
def test_webvtt_written_from_cues_reads_back_the_same(cues: list[Cue]):
    assert list(read_webvtt(written.webvtt(cues)).cues) == cues


@settings(max_examples=60, deadline=None)
@given(written.cues(), st.sampled_from(",."))
def test_subrip_written_from_cues_reads_back_the_same(cues: list[Cue], point: str):
    assert list(read_subrip(written.subrip(cues, point)).cues) == cues


@settings(max_examples=40, deadline=None)
@given(written.cues(("LEX", "Dylan Patel")))
def test_subrip_written_from_cues_of_people_reads_back_the_same_or_with_the_names(cues: list[Cue]):
    for read, cue in zip(read_subrip(written.subrip(cues)).cues, cues, strict=True):
        assert read == cue or (read.text, read.speaker) == (f"{cue.speaker}: {cue.text}", "")


@settings(max_examples=60, deadline=None)
@given(written.cues(("", "Lex Fridman")))
def test_podcast_json_written_from_cues_reads_back_the_same(cues: list[Cue]):
    assert list(read_podcast_json(written.podcast_json(cues)).cues) == cues


@settings(max_examples=60, deadline=None)
@given(written.cues(marked=True))
def test_json3_written_from_cues_reads_back_the_same(cues: list[Cue]):
    assert list(read_json3(written.json3(cues)).cues) == cues


@settings(max_examples=60, deadline=None)
@given(written.cues())
def test_timed_episode_written_from_cues_reads_back_the_same(cues: list[Cue]):
    assert list(read_timed_episode(written.timed_episode(cues)).transcript.cues) == cues


@settings(max_examples=60, deadline=None)
@given(written.cues(("", "A", "B"), marked=True))
def test_sentences_of_any_cues_hold_each_word_once_and_in_order(cues: list[Cue]):
    sentences = sentences_of(Transcript(tuple(cues)))
    said = " ".join(sentence.text for sentence in sentences).replace(" ", "")
    assert said == "".join(cue.text for cue in cues).replace(" ", "")
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(sentences))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(3, 9), min_size=4, max_size=12), st.booleans())
def test_sentences_of_rolling_captions_are_those_of_their_lines(lengths: list[int], timed: bool):
    lines, number = [], 0
    for line, length in enumerate(lengths):
        text = " ".join(f"word{number + n}" for n in range(length))
        lines.append((line * 3_000, line * 3_000 + 2_990, text))
        number += length
    transcript = read_webvtt(written.rolling_webvtt(lines, timed=timed))
    assert transcript.rolling
    said = " ".join(sentence.text for sentence in sentences_of(transcript))
    assert said == " ".join(text for _, _, text in lines)


_BOMBS = [
    "<", "<c", "<v ", "<v.a", "</", "<rt>", "<rt", "<br", "<00:", "<00:00:00.000>", "{\\", "{", "&",
    "&#", "&a", "&amp", "[", "(", "[a ", "(music ", "[music", "LEX: ", "Aa ", "A: ", "-", "->",
    "1", "1:", "1:1", "1 : ", "0:00:01 --> ", "\t", " ", ".", "。", "!", "'", "♪", ">> ", "a",
    "\r", "\r\r\n",
]  # fmt: skip


@pytest.mark.parametrize("shard", _BOMBS)
def test_a_million_characters_of_anything_take_linear_time(shard: str):
    # Anything quadratic would take hours, and outlive the suite's time limit.
    bomb = shard * (1_000_000 // len(shard))
    for read in (lambda: timing(f"0:01 {bomb} --> ", 1), lambda: list(marked_up(bomb, 0, 9))):
        with contextlib.suppress(BadDocument):
            read()
    with_speakers([Cue(0, 9, bomb)])
    cue = Cue(0, 9, bomb[:100_000])
    sentences_of(Transcript((cue, cue), rolling=True))
    lines = "\n".join([shard * (40_000 // len(shard))] * 25)
    for document in (bomb, f"WEBVTT\n\n0:01.0 --> 0:02.0\n{lines}", f"0:01 --> 0:02\n{lines}"):
        with contextlib.suppress(BadDocument):
            read_transcript(document)


def _seconds(read: Callable[[], object]) -> float:
    spent = []
    for _ in range(3):
        start = time.process_time()
        read()
        spent.append(time.process_time() - start)
    return min(spent)


_LINES = [(n * 2_000, n * 2_000 + 1_990, f"and so line {n} of it goes on") for n in range(2_400)]
_CUES = [Cue(*line) for line in _LINES]


@pytest.mark.parametrize(
    "write",
    [
        lambda count: written.webvtt(_CUES[:count]),
        lambda count: written.subrip(_CUES[:count]),
        lambda count: written.podcast_json(_CUES[:count]),
        lambda count: written.json3(_CUES[:count]),
        lambda count: written.rolling_webvtt(_LINES[:count]),
    ],
    ids=["webvtt", "subrip", "podcast json", "json3", "rolling"],
)
def test_four_times_the_cues_take_about_four_times_as_long(write: Callable[[int], str]):
    # Measured: 3.8 to 4.6 times. The bound leaves room for a busy machine, not for a square.
    few, many = write(600), write(2_400)
    assert _seconds(lambda: read_transcript(many)) < 8 * _seconds(lambda: read_transcript(few))
    one, other = read_transcript(few), read_transcript(many)
    assert _seconds(lambda: sentences_of(other)) < 8 * _seconds(lambda: sentences_of(one))
