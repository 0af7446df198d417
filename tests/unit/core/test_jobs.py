"""Requests as values, and the pauses between attempts."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.jobs import (
    LATEST,
    SOONEST,
    Part,
    Request,
    pause_after,
    post_key,
    request_from_json,
)

TEXT = st.text(max_size=20)
REQUESTS = st.builds(
    Request,
    st.lists(st.builds(Part, TEXT, TEXT, TEXT), max_size=3).map(tuple),
    TEXT, TEXT, TEXT, st.none() | st.integers(0, 9_999),
)  # fmt: skip


@given(REQUESTS)
def test_stored_request_is_the_same_request(request):
    assert request_from_json(request.to_json()) == request


@given(REQUESTS, REQUESTS)
def test_key_is_the_same_for_the_same_request_alone(one, other):
    assert (one.key == other.key) == (one == other)


@given(st.integers(1, 10**6), st.integers(0, 10**9))
def test_pause_grows_and_has_bounds(attempts, seed):
    pause = pause_after(attempts, seed=seed)
    assert SOONEST <= pause <= LATEST * 1.25
    assert pause_after(attempts + 2, seed=seed) >= min(pause, LATEST)


def test_pauses_of_what_failed_together_are_spread():
    assert len({pause_after(1, seed=seed) for seed in range(100)}) > 50
    assert pause_after(1, seed=1) < timedelta(minutes=1)


def test_key_of_a_message_fits_a_nonce():
    assert len(post_key(2**63 - 1)) <= 25


def test_request_of_a_newer_version_is_read_as_far_as_it_is_known():
    written = Request((Part("d", "a.vtt"),), title="T").to_json()
    newer = written.replace('"title"', '"speed": 2, "title"').replace('"name"', '"size": 1, "name"')
    assert request_from_json(newer) == Request((Part("d", "a.vtt"),), title="T")
