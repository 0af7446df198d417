"""Transcripts in JSON: Podcasting 2.0's, YouTube's, and timed episodes."""

from __future__ import annotations

import json

import pytest

from bot.core.errors import BadDocument
from bot.core.transcript import Chapter, Cue
from bot.ingest.json_transcripts import (
    TimedEpisode,
    read_json3,
    read_json_transcript,
    read_podcast_json,
    read_timed_episode,
)


def _podcast(*segments: object) -> tuple[Cue, ...]:
    return read_podcast_json(json.dumps({"version": "1.0.0", "segments": segments})).cues


def _word(start: float, end: float, body: str, speaker: str = "A") -> object:
    return {"speaker": speaker, "startTime": start, "endTime": end, "body": body}


def test_read_segments_gives_a_cue_of_each_as_it_is_written():
    assert _podcast(
        _word(0.5, 3.25, " Use the <div> tag &amp; go.\n", " Darth  Vader "),
        {"startTime": 4, "endTime": 5, "body": "And then"},
        {"startTime": 6, "body": "without an end"},
    ) == (
        Cue(500, 3_250, "Use the <div> tag &amp; go.", "Darth Vader"),
        Cue(4_000, 5_000, "And then"),
        Cue(6_000, 6_000, "without an end"),
    )


def test_read_segments_of_a_word_each_puts_them_together_with_their_times():
    assert _podcast(
        _word(0.5, 0.7, "Hello"), _word(0.7, 0.7, ","), _word(0.75, 1.0, "you"),
        _word(1.5, 1.8, "there."), _word(1.8, 2.0, "Yes"), _word(2.0, 2.5, "so", "B"),
    ) == (
        Cue(500, 1_000, "Hello, you", "A", ((0, 500), (5, 700), (7, 750))),
        Cue(1_500, 1_800, "there.", "A", ((0, 1_500),)),
        Cue(1_800, 2_000, "Yes", "A", ((0, 1_800),)),
        Cue(2_000, 2_500, "so", "B", ((0, 2_000),)),
    )  # fmt: skip


def test_read_pieces_of_words_that_bring_their_own_space_joins_them_as_written():
    cues = _podcast(_word(0, 0.1, " Hel"), _word(0.1, 0.2, "lo"), _word(0.2, 0.3, " you"))
    assert cues == (Cue(0, 300, "Hello you", "A", ((0, 0), (3, 100), (6, 200))),)


def test_read_many_words_without_a_pause_makes_cues_of_a_readable_length():
    cues = _podcast(*[_word(n / 10, n / 10 + 0.1, f"w{n}") for n in range(50)])
    assert [len(cue.text.split()) for cue in cues] == [20, 20, 10]


def test_read_whispers_segments_too():
    document = '{"text": "a b", "segments": [{"start": 1, "end": 2.5, "text": " a b c"}]}'
    assert read_json_transcript(document).cues == (Cue(1_000, 2_500, "a b c"),)


def test_read_youtubes_events_gives_a_mark_for_each_word_with_a_time():
    events = [
        {"tStartMs": 0, "dDurationMs": 99_000, "id": 1, "wpWinPosId": 1},
        {"tStartMs": 80, "dDurationMs": 5_150, "wWinId": 1, "segs": [
            {"utf8": "the", "acAsrConf": 0}, {"utf8": " following", "tOffsetMs": 160}]},
        {"tStartMs": 1_870, "dDurationMs": 3_360, "wWinId": 1, "aAppend": 1,
         "segs": [{"utf8": "\n"}]},
        {"tStartMs": 1_880, "dDurationMs": 6_789, "wWinId": 1, "segs": [{"utf8": "[Music]"}]},
    ]  # fmt: skip
    transcript = read_json3(json.dumps({"wireMagic": "pb3", "events": events}))
    assert transcript.cues == (
        Cue(80, 5_230, "the following", "", ((4, 240),)),
        Cue(1_880, 8_669, "[Music]"),
    )
    assert not transcript.rolling


_EPISODE = {
    "id": "t1", "title": " On  caches ", "show": "talks", "duration": 12.3456,
    "video": "https://youtu.be/aaaaaaaaaaa",
    "cues": [[0, 1.5, "First."], [1.5, 3.25, "Second."]],
    "chapters": [[2, "Later"], [0.0, "Intro"], [1, " "]],
}  # fmt: skip


def test_read_timed_episode_gives_all_that_it_tells():
    document = json.dumps(_EPISODE)
    cues = (Cue(0, 1_500, "First."), Cue(1_500, 3_250, "Second."))
    assert read_timed_episode(document) == TimedEpisode(
        "t1",
        "On caches",
        "talks",
        "https://youtu.be/aaaaaaaaaaa",
        12_346,
        read_json_transcript(document),
        (Chapter(0, "Intro"), Chapter(2_000, "Later")),
    )
    assert read_json_transcript(document).cues == cues


def test_read_timed_episode_that_tells_nothing_else_leaves_it_empty():
    episode = read_timed_episode('{"cues": [[0, 1, "a"]], "video": "javascript:alert(1)"}')
    assert (episode.id, episode.title, episode.show, episode.url) == ("", "", "", "")
    assert (episode.duration_ms, episode.chapters) == (None, ())


def test_read_chapter_that_is_a_whole_letter_is_cut_at_a_word():
    document = json.dumps(_EPISODE | {"chapters": [[1, "word " * 200]]})
    (chapter,) = read_timed_episode(document).chapters
    assert len(chapter.title) <= 500
    assert chapter.title.endswith("word…")


def _refusal(document: str | bytes) -> str:
    with pytest.raises(BadDocument) as refusal:
        read_json_transcript(document)
    return refusal.value.sentence


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("", "The transcript is empty."),
        ('{"segments": [\n{]}', "Line 2: This is not JSON."),
        ("[" * 200_000, "This is not JSON that can be read."),
        (f'{{"segments": [{"9" * 5_000}]}}', "This is not JSON that can be read."),
        ("[1]", "This JSON is not an object."),
        ('{"a": 1}', "This JSON holds no segments, events or cues."),
        ('{"segments": {}}', "This JSON has no list of segments."),
        ('{"segments": []}', "There are no timed words in this transcript."),
        ('{"segments": [1]}', "Segment 1 is not an object."),
        ('{"segments": [{"body": "a"}]}', "Segment 1 has no time that can be read."),
        ('{"segments": [{"startTime": true}]}', "Segment 1 has no time that can be read."),
        ('{"segments": [{"startTime": "1"}]}', "Segment 1 has no time that can be read."),
        ('{"segments": [{"startTime": NaN}]}', "Segment 1 has no time that can be read."),
        ('{"segments": [{"startTime": 1e400}]}', "Segment 1 has no time that can be read."),
        (f'{{"segments": [{{"startTime": {"9" * 400}}}]}}', "Segment 1 has no time that can be"),
        ('{"segments": [{"startTime": 1, "body": 1}]}', "Segment 1 holds something else"),
        ('{"segments": [{"startTime": 999999, "body": "a"}]}', "Segment 1: Times go up to 99:59"),
        ('{"events": [1]}', "Event 1 is not an object."),
        ('{"events": [{"segs": [{}]}]}', "Event 1 has no time that can be read."),
        ('{"events": [{"tStartMs": 1, "segs": [2]}]}', "Event 1 holds a piece that is not an"),
        ('{"cues": [[1, 2]]}', "Cue 1 is not a start, an end and a sentence."),
        ('{"cues": [[99, 2, "a"]]}', "Cue 1 ends before it starts."),
        (json.dumps({"cues": [[1, 2, "a " * 5_000]]}), "Cue 1 is longer than 8,000 characters."),
    ],
)  # fmt: skip
def test_read_what_makes_no_sense_is_refused_with_its_place(document: str, sentence: str):
    assert _refusal(document).startswith(sentence)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"chapters": [1]}, "Chapter 1 is not a start and a title."),
        ({"chapters": [[1, "a"]] * 5_001}, "The episode has more than 5,000 chapters."),
        ({"title": 5}, "The title holds something else than text."),
        ({"duration": "long"}, "The duration has no time that can be read."),
    ],
)
def test_read_timed_episode_whose_rest_makes_no_sense_is_refused(fields: object, sentence: str):
    assert isinstance(fields, dict)
    with pytest.raises(BadDocument) as refusal:
        read_timed_episode(json.dumps(_EPISODE | fields))
    assert refusal.value.sentence == sentence


def test_read_control_characters_and_half_letters_are_left_out():
    document = '{"segments": [{"startTime": 1, "body": "a\\u0000b\\ud800 c\\u0007 d e"}]}'
    assert read_podcast_json(document).cues[0].text == "ab c d e"
