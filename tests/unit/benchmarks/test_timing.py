"""Ratios: when one is over its goal, and how they are printed."""

import pytest

from benchmarks.timing import Ratio, compare, percentile, slowest


def test_ratio_is_over_only_where_there_is_a_goal():
    assert Ratio("x", 3.0, 1.0, 2.0).is_over
    assert not Ratio("x", 2.0, 1.0, 2.0).is_over
    assert not Ratio("x", 3.0, 1.0, None).is_over
    assert "goal" not in Ratio("x", 3.0, 1.0, None).row()
    assert "OVER" in Ratio("x", 3.0, 1.0, 2.0).row()


def test_percentile_is_the_time_that_so_many_stay_within():
    times = [n / 100 for n in range(100, 0, -1)]
    assert percentile(times, 99) == 0.99
    assert percentile(times, 95) == 0.95
    assert percentile([0.5], 99) == 0.5


async def test_slowest_is_the_query_whose_median_is_longest(monkeypatch):
    clock = iter(range(1_000))
    monkeypatch.setattr("benchmarks.timing.time.perf_counter", lambda: next(clock))

    async def ours(query):
        for _ in range(query):
            next(clock)

    assert await slowest([1, 5, 3], ours, repeats=3) == (6, 5)


@pytest.mark.parametrize("repeats", [1, 3])
async def test_both_ways_are_run_turn_by_turn(repeats):
    run = []

    async def ours(query):
        run.append(("ours", query))

    ratio = await compare(
        "x", None, [1, 2], ours, lambda query: run.append(("floor", query)), repeats=repeats
    )
    assert run == [(way, n) for n in (1, 2) for way in ("floor", "ours")] * (repeats + 1)
    assert ratio.value > 0
