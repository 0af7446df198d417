"""A service that does not answer is left alone for a while."""

from bot.providers.breaker import FAILURES, FIRST_REST_S, LONGEST_REST_S, Breaker
from tests.fakes.clock import FakeClock


def broken(clock, times=FAILURES):
    breaker = Breaker(clock.monotonic)
    for _ in range(times):
        assert breaker.admit()
        breaker.failed()
    return breaker


def test_a_few_failures_in_a_row_keep_calls_out_for_a_rest():
    clock = FakeClock()
    assert broken(clock, FAILURES - 1).admit()
    breaker = broken(clock)
    assert not breaker.admit()
    clock.advance(FIRST_REST_S - 1)
    assert not breaker.admit()


def test_one_call_tries_after_the_rest_and_an_answer_lets_all_in():
    clock = FakeClock()
    breaker = broken(clock)
    clock.advance(FIRST_REST_S)
    assert breaker.admit()
    assert not breaker.admit()
    breaker.passed()
    assert breaker.admit()
    assert breaker.admit()


def test_rest_doubles_with_every_try_that_fails_up_to_its_bound():
    clock = FakeClock()
    breaker = broken(clock)
    rest = FIRST_REST_S
    for _ in range(8):
        clock.advance(rest)
        assert breaker.admit()
        breaker.failed()
        rest = min(rest * 2, LONGEST_REST_S)
        clock.advance(rest - 1)
        assert not breaker.admit()
        clock.advance(-rest + 1)


def test_failures_of_one_burst_are_one_rest():
    clock = FakeClock()
    breaker = Breaker(clock.monotonic)
    burst = range(9)
    assert all(breaker.admit() for _ in burst)
    for _ in burst:
        breaker.failed()
    clock.advance(FIRST_REST_S)
    assert breaker.admit()


def test_try_that_is_given_up_lets_another_one_try():
    clock = FakeClock()
    breaker = broken(clock)
    clock.advance(FIRST_REST_S)
    assert breaker.admit()
    breaker.dropped()
    assert breaker.admit()


def test_rest_that_is_asked_for_is_kept_at_once_and_bounded():
    clock = FakeClock()
    breaker = Breaker(clock.monotonic)
    breaker.failed(rest_s=45)
    assert not breaker.admit()
    clock.advance(45)
    assert breaker.admit()
    breaker.failed(rest_s=10**9)
    clock.advance(LONGEST_REST_S)
    assert breaker.admit()
