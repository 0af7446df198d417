"""Answers are judged by what is heard from where their links open."""

import math
from dataclasses import replace

import pytest

from benchmarks.quality.judging import judge
from benchmarks.quality.passages import Grid
from benchmarks.quality.questions import Question, relevant
from benchmarks.quality.statistics import of_measure
from benchmarks.quality.systems import Found
from tests.unit.benchmarks_quality.made_up import episode

GRID = Grid([episode("one"), episode("two")])
BICYCLES = Question("Repairing bicycles", "title", "Garden Talk", "one", ((200.0, 400.0),))


def at(start, ident="one", score=1.0):
    return Found(ident, start, score)


def test_first_relevant_answer_gives_the_rank():
    outcome = judge(BICYCLES, [at(0), at(250, "two"), at(250)], GRID)
    assert outcome.rank == 3
    assert outcome.start_error == 200
    assert not outcome.landed


def test_answer_near_the_start_lands_and_a_later_one_of_the_chapter_does_not():
    assert judge(BICYCLES, [at(259)], GRID).landed
    late = judge(BICYCLES, [at(350)], GRID)
    assert late.rank == 1
    assert not late.landed


def test_answer_that_opens_just_before_its_chapter_is_right_while_most_of_it_is_heard():
    length = GRID.passages["one"][0].end
    assert judge(BICYCLES, [at(200 - length / 4)], GRID).rank == 1
    assert judge(BICYCLES, [at(200 - length * 3 / 4)], GRID).rank == 0


def test_last_sentence_of_a_passage_stands_for_what_comes_after_it():
    first, second, *_ = GRID.passages["one"]
    asked = replace(BICYCLES, stretches=((second.start, second.end),))
    assert judge(asked, [at(first.start)], GRID).rank == 0
    assert judge(asked, [at(first.end - 1)], GRID).rank == 1


def test_judged_stretch_is_landed_on_anywhere_inside():
    asked = Question("chain", "keyword", "Garden Talk", "one", ((200.0, 390.0),))
    assert judge(asked, [at(350)], GRID).landed
    assert not judge(asked, [at(120)], GRID).landed


def test_first_answer_is_inside_from_the_first_second_on_until_the_last():
    insides = [judge(BICYCLES, [at(second)], GRID).inside for second in (199.9, 200, 399.9, 400)]
    assert insides == [False, True, True, False]
    assert not judge(BICYCLES, [at(100), at(250)], GRID).inside


def test_inside_is_a_measure_of_its_own():
    near = judge(BICYCLES, [at(150)], GRID)
    assert [value for _, value in of_measure("land60", [near])] == [True]
    assert [value for _, value in of_measure("inside", [near])] == [False]


def test_no_answer_and_another_episodes_are_infinitely_far():
    for found in ([], [at(200, "two")]):
        outcome = judge(BICYCLES, found, GRID)
        assert (outcome.rank, outcome.ndcg, outcome.start_error) == (0, 0.0, math.inf)


def test_only_the_first_ten_answers_count():
    assert judge(BICYCLES, [at(0)] * 9 + [at(250)], GRID).rank == 10
    assert judge(BICYCLES, [at(0)] * 10 + [at(250)], GRID).rank == 0


def test_answer_between_two_passages_gains_for_the_one_that_holds_its_middle():
    first, second, *_ = sorted(relevant(BICYCLES, GRID))
    passages = GRID.passages["one"]
    between = (passages[first].start + passages[second].start) / 2
    alone = judge(BICYCLES, [at(passages[second].start)], GRID).ndcg
    # The middle of both lies in the second passage, which gains once.
    both = judge(BICYCLES, [at(between + 1), at(passages[second].start)], GRID)
    assert both.ndcg == alone
    assert both.rank == 1


def test_what_ends_where_a_stretch_begins_or_begins_where_it_ends_does_not_overlap_it():
    passage = GRID.passages["one"][1]
    for stretch, rank in (
        ((passage.start - 9, passage.start), 0),
        ((passage.end, passage.end + 9), 0),
        ((passage.start - 9, passage.start + 0.1), 1),
        ((passage.end - 0.1, passage.end + 9), 1),
    ):
        asked = Question("chain", "keyword", "Garden Talk", "one", (stretch,))
        assert judge(asked, [at(passage.start)], GRID).rank == rank


def test_chapter_holds_its_first_second_and_not_its_last():
    passage = GRID.passages["one"][1]
    before = replace(BICYCLES, stretches=((0.0, passage.middle),))
    after = replace(BICYCLES, stretches=((passage.middle, 600.0),))
    assert judge(before, [at(passage.start)], GRID).rank == 0
    assert judge(after, [at(passage.start)], GRID).rank == 1


def test_ndcg_is_one_for_all_relevant_passages_first_and_counts_none_twice():
    passages = GRID.passages["one"]
    wanted = sorted(relevant(BICYCLES, GRID))
    assert len(wanted) == 3
    best = [Found("one", passages[i].start, 1.0) for i in wanted]
    assert judge(BICYCLES, best, GRID).ndcg == 1.0
    once = judge(BICYCLES, best[:1], GRID).ndcg
    assert judge(BICYCLES, best[:1] * 10, GRID).ndcg == once
    assert once == pytest.approx(1 / (1 + 1 / math.log2(3) + 1 / math.log2(4)))
