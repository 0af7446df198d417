"""A delivery that comes again is known again, for a while and up to a number."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack import once
from adapters.slack.once import REMEMBERED_S, Acknowledgements, Once, delivery_key
from tests.fakes.clock import FakeClock
from tests.unit.adapters.slack.payloads import (
    GOOD,
    Payload,
    button,
    click,
    mention,
    slash,
    suggestion,
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_delivery_that_comes_again_is_not_the_first(clock: FakeClock) -> None:
    seen = Once(clock)
    assert [seen.is_first(key) for key in ("a", "a", "b", "a")] == [True, False, True, False]


def test_delivery_is_remembered_longer_than_slack_repeats_it(clock: FakeClock) -> None:
    """It repeats an event at once, after a minute and after five more (PLATFORM 4.1)."""
    seen = Once(clock)
    assert seen.is_first("a")
    for minutes in (0, 1, 5):
        clock.advance(minutes * 60 + 3)
        assert not seen.is_first("a")


def test_delivery_after_the_window_is_forgotten(clock: FakeClock) -> None:
    seen = Once(clock)
    seen.is_first("a")
    clock.advance(REMEMBERED_S)
    assert not seen.is_first("a")
    clock.advance(0.001)
    assert seen.is_first("a")


def test_repetition_does_not_lengthen_the_window(clock: FakeClock) -> None:
    seen = Once(clock)
    seen.is_first("a")
    clock.advance(REMEMBERED_S - 1)
    seen.is_first("a")
    clock.advance(2)
    assert seen.is_first("a")


def test_flood_of_deliveries_forgets_the_oldest_alone(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "MOST", 10)
    seen = Once(clock)
    assert all(seen.is_first(str(number)) for number in range(20))
    assert seen.is_first("0")
    assert not any(seen.is_first(str(number)) for number in range(12, 20))


@pytest.mark.parametrize("name", sorted(GOOD.keys() - {"suggestion"}))
def test_key_of_anything_that_acts_is_the_same_each_time(name: str) -> None:
    assert delivery_key(GOOD[name])
    assert delivery_key(GOOD[name]) == delivery_key(dict(GOOD[name]))


def test_key_of_different_acts_differs() -> None:
    acts: list[Payload] = [
        mention("a"),
        mention("a") | {"event_id": "Ev0002"},
        slash("help"),
        slash("help", trigger_id="1.3.abc"),
        click(button("a")),
        click(button("a") | {"action_ts": "1760000009.000200"}),
        click(button("a")) | {"trigger_id": "1.3.abc"},
        GOOD["search"],
        GOOD["shortcut"],
    ]
    assert len({delivery_key(act) for act in acts}) == len(acts)


@pytest.mark.parametrize(
    "payload",
    [{}, suggestion("moment", "kv") | {"trigger_id": ""}, {"event_id": 7, "trigger_id": None}],
)
def test_key_of_what_has_no_id_is_empty(payload: Payload) -> None:
    assert delivery_key(payload) == ""


async def test_repeated_delivery_gets_the_acknowledgement_of_the_first(clock: FakeClock) -> None:
    given = Acknowledgements(Once(clock))
    gate, taken = asyncio.Event(), []

    async def take() -> Payload:
        taken.append(1)
        await gate.wait()
        return {"text": "hello"}

    asked = [asyncio.create_task(given.of("a", take)) for _ in range(3)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*asked) == [{"text": "hello"}] * 3
    assert await given.of("a", take) == {"text": "hello"}
    assert taken == [1]


async def test_delivery_without_a_key_is_always_taken(clock: FakeClock) -> None:
    given = Acknowledgements(Once(clock))
    answers = iter([{"n": 1}, {"n": 2}])

    async def take() -> Payload:
        return next(answers)

    assert [await given.of("", take), await given.of("", take)] == [{"n": 1}, {"n": 2}]


async def test_repeated_delivery_of_one_that_failed_or_is_long_gone_is_empty(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "KEPT", 1)
    given = Acknowledgements(Once(clock))

    async def fail() -> Payload:
        raise RuntimeError("no answer")

    async def take() -> Payload:
        return {"text": "hello"}

    with pytest.raises(RuntimeError):
        await given.of("a", fail)
    assert await given.of("a", take) is None
    await given.of("b", take)
    await given.of("c", take)
    assert [await given.of(key, take) for key in "abc"] == [None, None, {"text": "hello"}]
