"""Intervals come of drawing episodes again, and refusal of moving a floor."""

import pytest

from benchmarks.quality.refusal import refusal
from benchmarks.quality.statistics import Draws, median_start_error, percentile
from benchmarks.quality.tables import Table, figure, interval, ratio
from tests.unit.benchmarks_quality.test_judging import BICYCLES, GRID, at, judge

LOWEST = float("-inf")


def test_mean_is_of_questions_and_its_interval_of_episodes():
    values = [("a", 1.0)] * 30 + [("b", 0.0)] * 10 + [("c", 0.0)] * 10
    found = Draws([group for group, _ in values], seed=1).mean(values)
    assert found.value == 0.6
    # One of three episodes is all right: whoever draws it thrice sees 1, whoever never, 0.
    assert (found.low, found.high) == (0.0, 1.0)
    assert Draws(["a", "b", "c"], seed=1).mean(values) == found


def test_one_episode_has_no_interval():
    draws = Draws(["a", "b", "c"], seed=1)
    assert interval(draws.mean([("a", 1.0), ("a", 0.0)])) == ".500"
    assert ratio(draws.ratio([("a", 1.0)], [("a", 0.5)])) == "2.00×"


def test_ratio_of_pairs_is_sure_where_one_is_always_twice_the_other():
    theirs = [(group, value) for group, value in zip("abcdef", (1, 2, 3, 4, 5, 6), strict=True)]
    ours = [(group, 2.0 * value) for group, value in theirs]
    found = Draws("abcdef", seed=1).ratio(ours, theirs)
    assert (found.value, found.low, found.high) == pytest.approx((2, 2, 2))
    assert ratio(Draws("ab", seed=1).ratio(ours[:2], [("a", 0.0), ("b", 0.0)])) == "–"


def test_refusal_refuses_the_most_that_costs_two_in_a_hundred():
    good = [0.1, 0.2] + [0.8] * 98
    off = [0.15, 0.5, 0.7, 0.9]
    found = refusal(good, off)
    assert found.at_bound is not None
    assert (found.at_bound.floor, found.at_bound.good, found.at_bound.off) == (0.8, 0.02, 0.75)
    assert found.curve[0].off == 0.0
    assert (found.curve[-1].good, found.curve[-1].off) == (1.0, 1.0)


def test_refusal_counts_no_answer_as_refused_at_any_floor():
    found = refusal([LOWEST, 0.5], [LOWEST, LOWEST])
    assert (found.curve[0].good, found.curve[0].off) == (0.5, 1.0)
    assert found.at_bound is None
    assert found.auc == pytest.approx(0.75)


def test_start_error_is_the_median_with_none_as_endless():
    outcomes = [judge(BICYCLES, found, GRID) for found in ([at(210)], [at(230)], [])]
    assert median_start_error(outcomes) == 30
    assert median_start_error(outcomes[2:] * 2 + outcomes[:1]) == float("inf")


def test_percentile_is_a_value_that_was_seen():
    assert percentile(list(range(100)), 0.95) == 95
    assert percentile([7.0], 0.95) == 7.0


def test_table_obeys_nothing_that_a_name_holds():
    table = Table("Of\x1b[2J\n", ("system", "a|b"), (("x\r", ".5"),))
    assert "\x1b" not in table.text() + table.markdown()
    assert "\r" not in table.text()
    assert table.markdown().splitlines()[-1] == "| x? | .5 |"
    assert "a\\|b" in table.markdown()


def test_figure_has_three_places_and_no_zero_before():
    assert [figure(value) for value in (0.5, 1.0, float("nan"))] == [".500", "1.000", "–"]
