"""What the worker makes of an unsteady platform, of its own death, and of its neighbours."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.digest import State
from bot.core.errors import Busy
from bot.core.outlet import Outcome, Posted
from bot.services import digest_posting
from bot.services.digest_worker import DigestWorker
from tests.unit.services.test_digests import ADMIN, DAY, admin, states


async def test_lost_channel_pauses_with_its_reason_and_resumes_when_mended(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    gone = Posted(Outcome.REFUSED, reason="This channel is gone.")
    outlet.outcomes = [gone] * 3
    core.clock.advance(1800)
    for _ in range(3):
        await worker.round()
        core.clock.advance(600)
    ((user, told),) = outlet.told
    assert user == ADMIN.id
    assert "This channel is gone." in told.text
    assert "paused: This channel is gone." in (await core.ask("/digest")).text
    assert outlet.posts == []
    await worker.round()
    assert len(outlet.posts) == 1
    assert "paused" not in (await core.ask("/digest")).text


async def test_post_that_could_not_be_taken_is_tried_again_inside_its_window(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes = [Posted(Outcome.LATER, reason="busy", retry_after_s=90.0)]
    core.clock.advance(1800)
    await worker.round()
    assert await states(core) == [State.PENDING]
    core.clock.advance(60)
    await worker.round()
    assert outlet.tries == 1
    core.clock.advance(30)
    await worker.round()
    assert await states(core) == [State.POSTED]
    assert len(outlet.posts) == 1


async def test_unknown_outcome_is_in_doubt_and_posted_again_only_when_asked_for(
    core, outlet, worker
):
    outlet.repeatable = False
    worker = DigestWorker(core.ports, ())
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes = [Posted(Outcome.UNKNOWN, reason="lost")]
    core.clock.advance(1800)
    for _ in range(5):
        await worker.round()
        core.clock.advance(600)
    assert await states(core) == [State.DOUBT]
    assert outlet.posts == []
    reply = await admin(core, "/digest")
    assert "in doubt" in reply.text
    assert [button.label for button in reply.buttons] == ["Post 1 March again"]
    member = await core.press("Post 1 March again")
    assert "Only an admin" in member.text
    core.reply = reply
    assert (await core.press("Post 1 March again", user=ADMIN)).text == "Posted."
    assert await states(core) == [State.POSTED]
    assert len(outlet.posts) == 1


async def test_worker_that_died_while_posting_leaves_its_turn_to_another(core, outlet, worker):
    """Discord: the same key, soon enough, is the same message."""
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    schedule = await core.store.schedule("discord:1", "general")
    fresh = await core.store.fresh("discord:1", schedule.id, 5)
    ids = [moment.segment.id for moment in fresh.moments]
    day = core.clock.now().date()
    claim = await core.store.claim_turn(
        "discord:1",
        schedule.id,
        day,
        owner="dead",
        now=core.clock.now(),
        moments=ids,
        repeatable=True,
    )
    assert claim is not None
    core.clock.advance(10)
    await worker.round()
    assert outlet.tries == 0
    core.clock.advance(50)
    await worker.round()
    ((_, reply, _),) = outlet.posts
    assert [line.moment_id for line in reply.moments] == ids
    assert await states(core) == [State.POSTED]


async def test_unknown_outcome_is_tried_again_soon_where_the_platform_knows_the_key(
    core, outlet, worker
):
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes = [Posted(Outcome.UNKNOWN, reason="perhaps")]
    core.clock.advance(1800)
    await worker.round()
    assert await states(core) == [State.SENDING]
    core.clock.advance(50)
    await worker.round()
    assert await states(core) == [State.POSTED]
    assert (outlet.tries, len(outlet.posts)) == (2, 1)


@pytest.mark.parametrize("outcome", [Outcome.LATER, Outcome.REFUSED])
async def test_turn_taken_over_is_never_surely_not_posted(core, outlet, worker, outcome):
    """The first try may have arrived, whatever the second is told."""
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes = [Posted(Outcome.UNKNOWN, reason="perhaps"), Posted(outcome, reason="no")]
    core.clock.advance(1800)
    await worker.round()
    for _ in range(10):
        core.clock.advance(60)
        await worker.round()
    assert (await states(core)) in ([State.DOUBT], [State.POSTED])
    assert len(outlet.posts) == 1


@pytest.mark.parametrize("repeatable", [True, False])
async def test_worker_that_died_long_ago_leaves_its_turn_in_doubt(core, outlet, repeatable):
    worker = DigestWorker(core.ports, {"discord"} if repeatable else ())
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    schedule = await core.store.schedule("discord:1", "general")
    day = core.clock.now().date()
    await core.store.claim_turn(
        "discord:1",
        schedule.id,
        day,
        owner="dead",
        now=core.clock.now(),
        moments=[1],
        repeatable=repeatable,
    )
    core.clock.advance(timedelta(minutes=10).total_seconds() if repeatable else 50)
    for _ in range(3):
        await worker.round()
    assert outlet.tries == 0
    assert await states(core) == [State.DOUBT]
    core.clock.advance(DAY)
    await worker.round()
    assert len(outlet.posts) == 1


async def test_fault_of_one_channel_leaves_the_others_posted(core, outlet, worker, monkeypatch):
    for channel in ("a", "b", "c"):
        await admin(core, "/digest on 12:30 UTC", channel=channel)
    post = outlet.post

    async def failing(channel, reply, **options):
        if channel == "b":
            raise RuntimeError("broken")
        return await post(channel, reply, **options)

    monkeypatch.setattr(outlet, "post", failing)
    core.clock.advance(1800)
    await worker.round()
    assert sorted(channel for channel, _, _ in outlet.posts) == ["a", "c"]


async def test_platform_that_is_away_is_waited_for(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    del core.ports.outlets["discord"]
    core.clock.advance(1800)
    await worker.round()
    core.ports.outlets["discord"] = outlet
    await worker.round()
    assert len(outlet.posts) == 1


async def test_worker_counts_what_turns_come_to_and_how_late_they_are(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800 + 40)
    await worker.round()
    for _ in range(3):
        core.clock.advance(DAY)
        await worker.round()
    assert worker.turns == {"posted": 3, "quiet": 1}
    assert worker.lag_s == {"discord": 40.0}


async def test_worker_that_is_stopped_begins_no_further_post(core, outlet, worker):
    stopping = asyncio.Event()
    for channel in ("a", "b", "c"):
        await admin(core, "/digest on 12:30 UTC", channel=channel)
    core.clock.advance(1800)
    stopping.set()
    await worker.round(stopping)
    assert outlet.posts == []
    await worker.round()
    assert len(outlet.posts) == 3


async def test_last_moments_are_taken_over_like_any_others(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    for _ in range(2):
        await worker.round()
        core.clock.advance(DAY)
    outlet.outcomes = [Posted(Outcome.UNKNOWN, reason="perhaps")]
    await worker.round()
    core.clock.advance(50)
    await worker.round()
    assert (await states(core))[0] is State.POSTED
    assert outlet.tries == 4
    assert [len(reply.moments) for _, reply, _ in outlet.posts] == [5, 5, 5]


async def test_turn_taken_over_says_what_it_said_before(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes = [Posted(Outcome.UNKNOWN, reason="lost")]
    core.clock.advance(1800)
    await worker.round()
    core.clock.advance(50)
    await worker.round()
    ((_, reply, _),) = outlet.posts
    assert reply.heading == "5 of 15 new moments"
    assert [button.label for button in reply.buttons] == ["10 more"]


@pytest.mark.parametrize("days", [3, 20], ids=["told before", "told twice before"])
async def test_turn_taken_over_still_says_that_it_is_from_the_archive(core, outlet, worker, days):
    await admin(core, "/digest on 12:30 UTC resurface")
    core.clock.advance(1800)
    for _ in range(days):
        await worker.round()
        core.clock.advance(DAY)
    outlet.outcomes = [Posted(Outcome.UNKNOWN, reason="lost")]
    await worker.round()
    assert len(outlet.posts) == days
    core.clock.advance(50)
    await worker.round()
    assert len(outlet.posts) == days + 1
    _, reply, _ = outlet.posts[-1]
    assert reply.heading == "From the archive"
    assert len(reply.moments) == 1


async def test_clock_that_steps_back_after_a_post_ends_in_doubt_and_in_no_second_post(
    core, outlet, worker
):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    schedule = await core.store.schedule("discord:1", "general")
    await core.store.claim_turn(
        "discord:1",
        schedule.id,
        core.clock.now().date(),
        owner="dead",
        now=core.clock.now(),
        moments=[1],
        repeatable=True,
    )
    core.clock.advance(-3600)
    for _ in range(80):
        await worker.round()
        core.clock.advance(60)
    assert outlet.tries == 0
    assert await states(core) == [State.DOUBT]


async def test_clock_that_was_far_ahead_silences_nobody_once_it_is_mended(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800 + 400 * DAY)
    await worker.round()
    assert len(outlet.posts) == 1
    core.clock.advance(-400 * DAY)
    for _ in range(3):
        await worker.round()
        core.clock.advance(DAY)
    assert len(outlet.posts) >= 2


async def test_process_that_stood_still_after_its_claim_posts_nothing(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    claim = core.store.claim_turn

    class Held:
        def __getattr__(self, name):
            return getattr(core.store, name)

        async def claim_turn(self, *args, **kwargs):
            claimed = await claim(*args, **kwargs)
            core.clock.advance(600)
            return claimed

    held = DigestWorker(replace(core.ports, store=Held()), {"discord"})
    await held.round()
    assert outlet.tries == 0
    assert await states(core) == [State.PENDING]


async def test_end_of_a_post_is_noted_once_the_database_is_free_again(core, outlet, monkeypatch):
    monkeypatch.setattr(digest_posting, "FIRST_PAUSE_S", 0.001)
    settle, busy = core.store.settle_turn, [Busy(), Busy()]

    class Locked:
        def __getattr__(self, name):
            return getattr(core.store, name)

        async def settle_turn(self, *args, **kwargs):
            if busy:
                raise busy.pop()
            return await settle(*args, **kwargs)

    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    await DigestWorker(replace(core.ports, store=Locked()), {"discord"}).round()
    assert await states(core) == [State.POSTED]


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e15, -1.0])
async def test_absurd_pause_is_no_longer_than_the_turn(core, outlet, worker, seconds):
    await admin(core, "/digest on 12:30 UTC")
    outlet.outcomes = [Posted(Outcome.LATER, reason="busy", retry_after_s=seconds)]
    core.clock.advance(1800)
    await worker.round()
    assert await states(core) == [State.PENDING]
    core.clock.advance(DAY)
    await worker.round()
    assert len(outlet.posts) == 1
