"""What is asked, and which passages answer it."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from benchmarks.quality.episodes import BadData, Cue
from benchmarks.quality.judged import find_queries, read_queries
from benchmarks.quality.passages import Grid, cut
from benchmarks.quality.questions import (
    Question,
    is_generic,
    relevant,
    title_questions,
    with_slip,
    with_slips,
)
from tests.unit.benchmarks_quality.made_up import SUBJECTS, episode


def test_passage_is_whole_cues_until_eighty_words():
    cues = [Cue(i, i + 1, "six words are in this cue") for i in range(30)]
    passages = cut(cues)
    assert [(one.start, one.end) for one in passages] == [(0, 14), (14, 28), (28, 30)]
    assert " ".join(one.text for one in passages) == " ".join(cue.text for cue in cues)


def test_second_lies_in_the_last_passage_that_began():
    grid = Grid([episode()])
    starts = [passage.start for passage in grid.passages["one"]]
    assert [grid.place("one", start) for start in starts] == list(range(len(starts)))
    assert grid.place("one", starts[1] - 0.5) == 0
    assert grid.place("one", 1e6) == len(starts) - 1


def grid_of(*cues):
    return Grid([replace(episode(), cues=tuple(cues))])


TIMES = st.floats(0, 60).map(lambda second: round(second, 4))


@given(st.lists(st.tuples(TIMES, TIMES, st.integers(1, 90)), min_size=1, max_size=30))
def test_what_is_heard_from_where_a_passage_begins_is_that_passage(drawn):
    said = [Cue(start, start + long, "word " * words) for start, long, words in drawn]
    grid = grid_of(*sorted(said, key=lambda cue: cue.start))
    passages = grid.passages["one"]
    starts = [passage.start for passage in passages]
    for passage in passages:
        if sum(abs(passage.start - start) <= 0.002 for start in starts) == 1:
            assert grid.heard("one", passage.start) == passage
            assert grid.heard("one", round(passage.start, 3)) == passage


def test_who_opens_the_middle_of_a_passage_hears_as_much():
    grid = grid_of(*(Cue(i * 2, i * 2 + 2, "six words are in this cue") for i in range(30)))
    heard = grid.heard("one", 21.0)
    # Three words of the cue are left, and thirteen more of six words come after it.
    assert (heard.start, heard.end) == (21.0, 48)
    assert grid.heard("one", 21.99).end == 50
    assert grid.heard("one", 59.5).end == 60


def test_silence_is_waited_out_and_nothing_is_heard_after_the_end():
    words = "word " * 50
    grid = grid_of(Cue(0, 10, words), Cue(10, 20, words), Cue(80, 100, words), Cue(100, 110, words))
    silence = grid.heard("one", 50)
    assert (silence.start, silence.end, len(silence.text.split())) == (50, 110, 100)
    over = grid.heard("one", 150)
    assert (over.start, over.end) == (150, 150)


@pytest.mark.parametrize(
    "title",
    ["Introduction", "intro", "Sponsor: A Company", "Our sponsors", "Outro", "Wrap-up", "?", "Q&A"],
)
def test_title_that_tells_nothing_is_generic(title):
    assert is_generic(title)


@pytest.mark.parametrize(
    "title", ["Introduction to Rust", "Finding sponsors", "The end of Moore's law", "Ads.txt files"]
)
def test_title_that_tells_something_is_not_generic(title):
    assert not is_generic(title)


def test_titles_are_asked_and_answered_by_the_passages_of_their_chapters():
    made = episode(subjects={"Introduction": "welcome to all of you who listen", **SUBJECTS})
    grid = Grid([made])
    asked = title_questions([made], grid)
    assert [question.text for question in asked] == list(SUBJECTS)
    for question in asked:
        ((start, end),) = question.stretches
        passages = [grid.passages["one"][number] for number in relevant(question, grid)]
        assert passages
        assert all(start <= passage.middle < end for passage in passages)


def test_judged_query_is_answered_by_every_passage_that_overlaps():
    grid = Grid([episode()])
    asked = Question("tomatoes", "keyword", "Garden Talk", "one", ((75.0, 85.0),))
    passages = grid.passages["one"]
    overlapping = {i for i, p in enumerate(passages) if p.start < 85 and p.end > 75}
    assert len(overlapping) == 2
    assert relevant(asked, grid) == overlapping


@given(st.text(), st.integers())
def test_slip_is_one_edit_of_one_word_or_none(text, seed):
    slipped = with_slip(text, random.Random(seed))
    assert slipped == text or OSA.distance(text, slipped) == 1


def test_slip_is_made_in_the_longest_word_and_not_in_short_ones():
    slipped = with_slip("the sourdough bread", random.Random(1)).split()
    assert (slipped[0], slipped[2]) == ("the", "bread")
    assert slipped[1] != "sourdough"
    assert with_slip("kv C++ 12345678", random.Random(1)) == "kv C++ 12345678"


def test_slips_are_the_same_whatever_else_is_asked():
    grid = Grid([episode()])
    asked = title_questions([episode()], grid)
    assert len(asked) == 3
    alone = [next(with_slips([question], 7)) for question in asked]
    assert list(with_slips(asked, 7)) == alone
    assert list(with_slips(asked, 8)) != alone


def _lines(folder, *queries):
    file = folder / "queries-dev.jsonl"
    file.write_text("\n".join(json.dumps(query) for query in queries))
    return file


def test_queries_are_read_for_the_given_episodes_and_shows_alone(tmp_path):
    wanted = {"episode": "one", "type": "entity", "query": "derailleur", "spans": [[1, 2.5]]}
    off = {"show": "Garden Talk", "type": "off", "query": "kings of France", "spans": []}
    file = _lines(tmp_path, wanted, wanted | {"episode": "two"}, off, off | {"show": "Other"})
    assert read_queries(file, [episode()]) == [
        Question("derailleur", "entity", "Garden Talk", "one", ((1.0, 2.5),)),
        Question("kings of France", "off", "Garden Talk"),
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"query": ""}, "line 1: its query is no text"),
        ({"type": 3}, "line 1: its type is no text"),
        ({"spans": []}, "line 1: it has no spans"),
        ({"spans": [[2, 1]]}, "line 1: one of its spans is not"),
        ({"spans": [[1, "2"]]}, "line 1: one of its spans is not"),
    ],
)
def test_malformed_query_is_refused_with_its_line(tmp_path, change, sentence):
    wanted = {"episode": "one", "type": "entity", "query": "derailleur", "spans": [[1, 2]]}
    with pytest.raises(BadData, match=sentence):
        read_queries(_lines(tmp_path, wanted | change), [episode()])


def test_queries_are_found_beside_the_episodes_or_above_them(tmp_path):
    inner = tmp_path / "episodes"
    inner.mkdir()
    assert find_queries(inner) is None
    file = _lines(tmp_path)
    assert find_queries(inner) == find_queries(tmp_path) == file
