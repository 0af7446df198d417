"""What the worker makes of a post that cannot be made again, where the platform looks for it."""

import asyncio

import pytest

from bot.core.digest import State
from bot.core.outlet import Outcome, Posted
from bot.services.digest_posting import look_up
from bot.services.digest_worker import DigestWorker
from tests.unit.services.test_digests import ADMIN, DAY, admin, states

FOUND = Posted(Outcome.POSTED, message="m7")
NOT_SHOWN = Posted(Outcome.UNKNOWN, reason="The history does not show it.")
ARRIVED = Posted(Outcome.UNKNOWN, reason="perhaps")


@pytest.fixture
def worker(core, outlet):
    outlet.repeatable = False
    return DigestWorker(core.ports, ())


async def round_of(core, worker):
    await worker.round()
    await asyncio.gather(*core.ports.begun)


async def turns(core):
    schedule = await core.store.schedule("discord:1", "general")
    return await core.store.deliveries("discord:1", schedule.id, 20)


async def died_after_posting(core, outlet):
    """A turn that a dead process posted and did not note, its lease over."""
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    schedule = await core.store.schedule("discord:1", "general")
    now = core.clock.now()
    await core.store.claim_turn(
        "discord:1", schedule.id, now.date(), owner="dead", now=now, moments=[1], repeatable=False
    )
    outlet.posts.append(("general", None, f"d{schedule.id:x}-20260301"))
    core.clock.advance(60)
    return schedule, now


async def test_post_of_unknown_outcome_that_is_found_is_posted(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes, outlet.found = [ARRIVED], FOUND
    core.clock.advance(1800)
    await round_of(core, worker)
    (turn,) = await turns(core)
    assert (turn.state, turn.message) == (State.POSTED, "m7")
    assert outlet.sought == [("general", "d1-20260301", turn.since)]


async def test_post_of_unknown_outcome_that_is_not_seen_stays_in_doubt(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes, outlet.found = [Posted(Outcome.UNKNOWN, reason="lost")], NOT_SHOWN
    core.clock.advance(1800)
    for _ in range(5):
        await round_of(core, worker)
        core.clock.advance(600)
    assert await states(core) == [State.DOUBT]
    assert (outlet.tries, len(outlet.sought), outlet.posts) == (1, 1, [])
    assert "The history does not show it." in (await admin(core, "/digest")).text


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.LATER])
async def test_post_that_is_surely_not_there_is_not_looked_for(core, outlet, worker, outcome):
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes = [Posted(outcome, reason="no")]
    core.clock.advance(1800)
    await round_of(core, worker)
    assert outlet.sought == []


async def test_post_that_can_be_made_again_is_not_looked_for(core, outlet):
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes = [ARRIVED]
    core.clock.advance(1800)
    await round_of(core, DigestWorker(core.ports, {"discord"}))
    assert outlet.sought == []


@pytest.mark.parametrize(
    ("found", "state", "message"),
    [(FOUND, State.POSTED, "m7"), (NOT_SHOWN, State.DOUBT, ""), (None, State.DOUBT, "")],
    ids=["found", "not shown", "off"],
)
async def test_turn_of_a_dead_process_is_looked_up_once(
    core, outlet, worker, found, state, message
):
    schedule, since = await died_after_posting(core, outlet)
    outlet.found = found
    for _ in range(3):
        await round_of(core, worker)
        core.clock.advance(60)
    (turn,) = await turns(core)
    assert (turn.state, turn.message, turn.reason) == (
        state,
        message,
        found.reason if found else "",
    )
    assert outlet.sought == [("general", f"d{schedule.id:x}-20260301", since)]
    assert outlet.tries == 0


async def test_turn_of_a_dead_process_waits_for_its_platform_to_be_looked_up(core, outlet, worker):
    await died_after_posting(core, outlet)
    outlet.found = FOUND
    del core.ports.outlets["discord"]
    await round_of(core, worker)
    assert await states(core) == [State.DOUBT]
    core.ports.outlets["discord"] = outlet
    await round_of(core, worker)
    assert await states(core) == [State.POSTED]


@pytest.mark.parametrize("off", [True, False])
async def test_turn_that_is_found_late_leaves_todays_to_come(core, outlet, worker, off):
    await died_after_posting(core, outlet)
    outlet.found = FOUND
    core.clock.advance(DAY)
    if off:
        await admin(core, "/digest off")
    for _ in range(2):
        await round_of(core, worker)
    assert await states(core) == [State.POSTED] * (1 if off else 2)
    assert outlet.tries == (0 if off else 1)


async def test_turn_that_is_found_before_todays_is_looked_at_does_not_skip_it(core, outlet, worker):
    await died_after_posting(core, outlet)
    outlet.found = FOUND
    core.clock.advance(DAY)
    (left,) = await core.store.doubt_stale(core.clock.now(), repeatable=())
    await look_up(core.ports, left)
    await round_of(core, worker)
    assert await states(core) == [State.POSTED] * 2


async def test_turn_that_an_admin_had_posted_meanwhile_is_not_put_in_doubt_again(
    core, outlet, worker, monkeypatch
):
    await died_after_posting(core, outlet)
    seen, go_on = asyncio.Event(), asyncio.Event()

    async def find(*_, **__):
        seen.set()
        await go_on.wait()
        return NOT_SHOWN

    monkeypatch.setattr(outlet, "find", find)
    await worker.round()
    await seen.wait()
    args = {"day": "2026-03-01", "channel": ""}
    again = await core.run(core.invocation("again", args, user=ADMIN))
    assert again.text == "Posted."
    go_on.set()
    await asyncio.gather(*core.ports.begun)
    assert await states(core) == [State.POSTED]


async def test_fault_while_looking_is_the_workers_alone(core, outlet, worker, monkeypatch, caplog):
    await died_after_posting(core, outlet)

    async def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(outlet, "find", broken)
    await round_of(core, worker)
    assert await states(core) == [State.DOUBT]
    assert "was not looked up" in caplog.text
