"""The metrics of segmentation, against an independent judge and against all ways of matching."""

from itertools import permutations

import pytest
import segeval
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.quality.boundaries import (
    agreement,
    boundary_f1,
    cleaned,
    masses,
    tiou_f1,
    windows,
)

DURATION = 600.0
STARTS = st.lists(st.floats(0, DURATION), max_size=8)


@settings(deadline=None)
@given(STARTS, STARTS)
def test_pk_and_window_diff_are_those_of_segeval(reference, made):
    wanted, got = cleaned(reference, DURATION), cleaned(made, DURATION)
    theirs, ours = tuple(masses(wanted, DURATION)), tuple(masses(got, DURATION))
    width = segeval.compute_window_size(theirs)
    pk, window_diff = windows(wanted, got, DURATION)
    assert pk == pytest.approx(float(segeval.pk(ours, theirs, window_size=width)))
    assert window_diff == pytest.approx(float(segeval.window_diff(ours, theirs, window_size=width)))


@settings(deadline=None)
@given(STARTS, STARTS)
def test_boundaries_that_are_all_at_the_same_place_agree_for_segeval_too(reference, made):
    ours = tuple(masses(cleaned(made, DURATION), DURATION))
    theirs = tuple(masses(cleaned(reference, DURATION), DURATION))
    assume(len(ours) + len(theirs) > 2)  # it cannot compare two without any boundary
    same = float(segeval.boundary_similarity(ours, theirs, n_t=2)) == 1.0
    on_grid = [[float(sum(each[:n]) * 2) for n in range(1, len(each))] for each in (theirs, ours)]
    assert (boundary_f1(*on_grid, within=0.5) == 1.0) == same


@settings(deadline=None)
@given(STARTS.map(lambda s: s[:5]), STARTS.map(lambda s: s[:5]), st.sampled_from([10.0, 60.0]))
def test_boundaries_are_matched_one_to_one_and_as_many_as_can_be(reference, made, within):
    wanted, got = cleaned(reference, DURATION), cleaned(made, DURATION)
    few, many = sorted((wanted, got), key=len)
    most = max(
        sum(abs(a - b) <= within for a, b in zip(few, order, strict=False))
        for order in permutations(many)
    )
    total = len(few) + len(many)
    assert boundary_f1(wanted, got, within) == pytest.approx(2 * most / total if total else 1.0)


def test_the_beginning_is_no_boundary_and_what_lies_outside_is_none():
    assert cleaned([0, 30, 30, 600, 700, -5, 10], 600) == [10, 30]
    everything = agreement([0, 100, 300], [300, 100], 600)
    assert (everything.pk, everything.f1_near, everything.tiou_f1) == (0.0, 1.0, 1.0)


def test_overlap_counts_from_half_to_almost_all():
    # Segments of 100 against 80 of 100 and 120: overlaps of .80 and .83, of .50 to .95 in steps.
    found = tiou_f1([100.0], [80.0], 200.0)
    assert found == pytest.approx(7 / 10)
    # Two halves of one segment are not both that segment.
    assert tiou_f1([], [100.0], 200.0) == pytest.approx(2 / 3 / 10)


def test_farther_boundaries_count_only_within_their_distance():
    found = agreement([0, 200, 400], [0, 245, 400], 600)
    assert (found.f1_near, found.f1_far) == (0.5, 1.0)
