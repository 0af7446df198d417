"""Sentences made of cues: each word once, at its time."""

from __future__ import annotations

import pytest

from bot.core.transcript import Cue, Sentence, Transcript
from bot.ingest.captions import MAX_CLAUSE, sentences_of
from bot.ingest.json_transcripts import read_json3
from bot.ingest.subrip import read_subrip
from bot.ingest.webvtt import read_webvtt
from tests.unit.ingest import written

_LINES = [
    (80, 1_870, "the following is a conversation with"),
    (1_880, 5_230, "Dylan Patel and Nathan Lambert Dylan"),
    (5_240, 8_669, "runs semi analysis"),
    (8_679, 10_629, "a research company"),
]
_WORDS = " ".join(text for _, _, text in _LINES)


def _sentences(*cues: Cue) -> list[Sentence]:
    return list(sentences_of(Transcript(cues)))


def _texts(*texts: str) -> list[str]:
    cues = [Cue(n * 1_000, n * 1_000 + 1_000, text) for n, text in enumerate(texts)]
    return [sentence.text for sentence in _sentences(*cues)]


@pytest.mark.parametrize("timed", [True, False])
def test_rolling_webvtt_says_each_word_once_at_its_time(timed: bool):
    transcript = read_webvtt(written.rolling_webvtt(_LINES, timed=timed))
    assert transcript.rolling
    found = sentences_of(transcript)
    assert " ".join(sentence.text for sentence in found) == _WORDS
    assert (found[0].start_ms, found[-1].end_ms) == (80, 10_629)


def test_rolling_subrip_as_converters_write_it_says_each_word_once():
    blocks = written.rolling_webvtt(_LINES, timed=False).split("\n\n")[1:]
    document = "\n\n".join(f"{n}\n{block}" for n, block in enumerate(blocks, 1))
    transcript = read_subrip(document.replace(" align:start position:0%", ""))
    assert transcript.rolling
    assert " ".join(sentence.text for sentence in sentences_of(transcript)) == _WORDS


def test_rolling_over_three_lines_says_each_word_once():
    lines = [text for _, _, text in _LINES]
    shown = [" ".join(lines[max(n - 2, 0) : n + 1]) for n in range(4)]
    cues = tuple(Cue(n * 1_000, n * 1_000 + 1_000, text) for n, text in enumerate(shown))
    found = sentences_of(Transcript(cues, rolling=True))
    assert " ".join(sentence.text for sentence in found) == _WORDS


def test_rolling_keeps_what_is_said_again_after_a_break():
    cues = (Cue(0, 900, "so be it"), Cue(900, 1_000, "so be it"), Cue(9_000, 9_900, "so be it"))
    assert [s.text for s in sentences_of(Transcript(cues, rolling=True))] == ["so be it"] * 2


def test_what_two_people_say_alike_in_turn_does_not_roll():
    document = "".join(
        f"{n}\n0:00:0{n},0 --> 0:00:0{n + 1},0\n{text}\n\n"
        for n, text in enumerate(["No.", "No.", "No.", "Yes, of course I do.", "I do."], 1)
    )
    assert not read_subrip(document).rolling


def test_marks_give_the_times_of_words():
    cue = Cue(1_000, 9_000, "One two. Three", "", ((4, 2_000), (9, 8_000)))
    assert _sentences(cue) == [Sentence(1_000, 8_000, "One two."), Sentence(8_000, 9_000, "Three")]


def test_json3_gives_the_times_of_words_though_its_cues_stay_on():
    first = Cue(80, 7_000, "One two. Three", "", ((4, 240), (9, 1_000)))
    document = written.json3([first, Cue(1_880, 9_000, "four.")])
    assert list(sentences_of(read_json3(document))) == [
        Sentence(80, 1_000, "One two."),
        Sentence(1_000, 9_000, "Three four."),
    ]


def test_without_marks_a_word_has_its_share_of_the_cue_by_letters():
    cue = Cue(0, 10_000, "Abcd. Efgh.")
    assert _sentences(cue) == [Sentence(0, 5_455, "Abcd."), Sentence(5_455, 10_000, "Efgh.")]


def test_sentence_over_several_cues_has_the_times_of_its_first_and_last():
    assert _sentences(Cue(0, 1_000, "It goes"), Cue(1_500, 2_500, "on. Then it")) == [
        Sentence(0, 1_864, "It goes on."),
        Sentence(1_864, 2_500, "Then it"),
    ]


def test_another_speaker_ends_a_sentence():
    cues = (Cue(0, 1_000, "so I", "A"), Cue(1_000, 2_000, "no", "B"), Cue(2_000, 3_000, "yes", "B"))
    assert _sentences(*cues) == [
        Sentence(0, 1_000, "so I", "A"),
        Sentence(1_000, 3_000, "no yes", "B"),
    ]


@pytest.mark.parametrize(
    "mark", ["[Music]", "(audience laughing)", "♪♪", ">>", "[soft music plays]"]
)
def test_sound_or_turn_between_words_ends_a_sentence_and_is_not_said(mark: str):
    assert _texts(f"so I {mark} went on") == ["so I", "went on"]


@pytest.mark.parametrize("mark", ["♪♪", "[Music]"])
def test_sound_without_spaces_around_it_leaves_nothing_in_the_words(mark: str):
    assert _texts(f"“so I{mark}” went on.") == ["“so I", "” went on."]


@pytest.mark.parametrize("cue", ["[Music]", "[Theme song]", "♪", "(applause)", ">> [Laughter]"])
def test_cue_of_nothing_but_sounds_says_nothing(cue: str):
    assert _texts(cue) == []
    assert _texts("One.", cue, "Two.") == ["One.", "Two."]


@pytest.mark.parametrize("text", ["what [ __ ] is", "[inaudible]", "[the] company", "f(x) is [0]"])
def test_brackets_that_stand_for_words_stay(text: str):
    assert _texts(text) == [text]


def test_long_silence_ends_a_sentence():
    cues = Cue(0, 1_000, "Chapter one"), Cue(7_000, 8_000, "It was."), Cue(8_000, 9_000, "And is.")
    assert [s.text for s in _sentences(*cues)] == ["Chapter one", "It was.", "And is."]


def test_words_without_points_are_cut_at_pauses():
    cues = [Cue(0, 1_000, "so here we go"), Cue(2_500, 3_500, "and there it is")]
    assert [s.text for s in _sentences(*cues)] == ["so here we go", "and there it is"]


def test_words_without_points_or_pauses_are_cut_by_length():
    found = _texts(*["word after word"] * 40)
    assert " ".join(found) == " ".join(["word after word"] * 40)
    assert all(8 <= len(text.split()) <= MAX_CLAUSE for text in found[:-1])


def test_pause_that_only_the_starts_of_words_show_cuts_there():
    words = [f"w{n:02}" for n in range(40)]
    marks = tuple((n * 4, n * 300 + (700 if n > 14 else 0)) for n in range(40))
    found = _sentences(Cue(0, 13_000, " ".join(words), "", marks))
    assert found[0].text.endswith("w14")


def test_script_without_spaces_is_cut_after_its_points():
    cue = Cue(0, 12_000, "今日は。元気ですか？はい")
    assert [(s.start_ms, s.text) for s in _sentences(cue)] == [
        (0, "今日は。"), (4_000, "元気ですか？"), (10_000, "はい"),
    ]  # fmt: skip


def test_long_sentence_with_points_stays_whole():
    sentence = " ".join(["word"] * 60) + "."
    assert _texts(sentence, "Yes.", "No.") == [sentence, "Yes.", "No."]
