"""How many chapters a talk has."""

import pytest

from bot.outlining.chapter_count import counts_around, price, usual_count


@pytest.mark.parametrize(("minutes", "count"), [(5, 5), (15, 7), (60, 11), (180, 16), (300, 19)])
def test_longer_talks_have_more_chapters_but_longer_ones_too(minutes, count):
    assert usual_count(minutes * 60) == count


def test_what_lasts_no_time_has_the_fewest():
    assert usual_count(0) == usual_count(-5) == 2


@pytest.mark.parametrize("usual", [2, 5, 20, 80])
def test_numbers_around_the_usual_one_are_considered(usual):
    counts = counts_around(usual)
    assert usual in counts
    assert counts[0] >= 2
    assert counts[-1] <= 2 * usual


def test_a_strange_number_costs_more_than_its_chapters():
    assert price(10, 10) - price(9, 10) < price(15, 10) - price(14, 10)
    assert price(6, 10) - price(5, 10) < price(10, 10) - price(9, 10)
