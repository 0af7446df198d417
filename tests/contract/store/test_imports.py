"""Imports as jobs, in any store: one request is one job, one claim at a time, nothing is lost."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.digest import WhenEmpty
from bot.core.jobs import (
    KEPT_FOR,
    LEASE,
    MOST_WAITING,
    PROPOSED_FOR,
    Hold,
    JobState,
    Part,
    PostState,
    Request,
    digest_of,
)
from tests.fakes.drafts import episode_draft

GUILD, OTHER = "discord:1", "discord:2"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + LEASE + timedelta(seconds=1)
BODY = b"WEBVTT\n" * 1_000


def request(*bodies, **changes):
    return Request(tuple(Part(digest_of(body), "a.vtt") for body in bodies or (BODY,)), **changes)


async def proposed(store, *bodies, tenant=GUILD, now=NOON, **changes):
    bodies = bodies or (BODY,)
    asked = request(*bodies, **changes)
    return await store.propose_job(tenant, asked, bodies, title="A talk", asked_by="1", now=now)


async def confirmed(store, *bodies, tell=True, channel="c", **changes):
    job = await proposed(store, *bodies, **changes)
    yes = {"tell": tell, "channel": channel, "asked_by": "2", "now": NOON}
    assert await store.confirm_job(job.tenant, job.id, **yes)
    return job


async def settled(store, job, state, owner="o", now=NOON, **changes):
    return await store.settle_job(job.tenant, job.id, owner=owner, state=state, now=now, **changes)


async def test_proposal_keeps_its_documents_and_waits_for_a_yes(store):
    job = await proposed(store, b"one", b"two", title="T", show="S", link="https://l", duration_s=9)
    assert job == await store.job(GUILD, job.id)
    assert (job.state, job.request.title, job.request.duration_s) == (JobState.PROPOSED, "T", 9)
    assert await store.documents(GUILD, job.id) == [b"one", b"two"]
    assert await store.jobs(GUILD, 9) == []
    assert await store.claim_job("o", LATER) is None


async def test_same_request_is_the_same_job_of_a_tenant(store):
    first = await proposed(store)
    assert (await proposed(store, now=LATER)).id == first.id
    assert (await proposed(store, tenant=OTHER)).id != first.id
    assert (await proposed(store, title="T")).id != first.id


@pytest.mark.parametrize("state", [JobState.DONE, JobState.PARKED])
async def test_same_request_is_proposed_again_once_it_ended(store, state):
    job = await confirmed(store)
    assert (await proposed(store)).state is JobState.QUEUED
    await store.claim_job("o", NOON)
    assert (await proposed(store)).state is JobState.RUNNING
    await settled(store, job, state, reason="why")
    again = await proposed(store)
    assert (again.id, again.state, again.reason) == (job.id, JobState.PROPOSED, "")
    assert await store.documents(GUILD, job.id) == [BODY]


async def test_yes_counts_once(store):
    job = await confirmed(store, tell=False)
    assert not await store.confirm_job(
        GUILD, job.id, tell=True, channel="d", asked_by="3", now=NOON
    )
    assert (await store.job(GUILD, job.id)).tell is False


async def test_claim_is_one_workers_until_its_lease_is_over(store):
    job = await confirmed(store)
    first = await store.claim_job("one", NOON)
    assert (first.id, first.attempts, first.state) == (job.id, 1, JobState.RUNNING)
    assert await store.claim_job("two", NOON) is None
    second = await store.claim_job("two", LATER)
    assert (second.id, second.attempts) == (job.id, 2)
    assert await store.hold_job(GUILD, job.id, owner="one", now=LATER) is Hold.LOST
    assert await store.hold_job(GUILD, job.id, owner="two", now=LATER) is Hold.HELD
    assert not await settled(store, job, JobState.DONE, "one")
    assert await settled(store, job, JobState.DONE, "two")


async def test_held_claim_has_a_new_lease(store):
    job = await confirmed(store)
    await store.claim_job("one", NOON)
    await store.hold_job(GUILD, job.id, owner="one", now=LATER)
    assert await store.claim_job("two", LATER + LEASE / 2) is None


async def test_lease_that_a_wrong_clock_gave_holds_nobody_up(store):
    await confirmed(store)
    await store.claim_job("one", NOON + timedelta(days=400))
    assert await store.claim_job("two", NOON) is not None


async def test_pause_is_waited_for(store):
    job = await confirmed(store)
    await store.claim_job("one", NOON)
    due_at = NOON + timedelta(minutes=10)
    await settled(store, job, JobState.QUEUED, "one", due_at=due_at, reason="slow")
    assert await store.claim_job("two", due_at - timedelta(seconds=1)) is None
    again = await store.claim_job("two", due_at)
    assert (again.attempts, again.reason) == (2, "slow")


async def test_released_claim_is_as_it_was_before(store):
    job = await confirmed(store)
    before = await store.job(GUILD, job.id)
    await store.claim_job("one", NOON)
    await store.release_job(GUILD, job.id, owner="one", due_at=NOON)
    assert await store.job(GUILD, job.id) == before
    assert await store.claim_job("two", NOON) is not None


async def test_documents_go_when_nobody_needs_them(store):
    one, two = await confirmed(store), await confirmed(store, title="T")
    await store.claim_job("o", NOON)
    await settled(store, one, JobState.DONE)
    assert await store.documents(GUILD, one.id) == []
    assert await store.documents(GUILD, two.id) == [BODY]
    await store.claim_job("o", NOON)
    await settled(store, two, JobState.PARKED, reason="why")
    assert await store.documents(GUILD, two.id) == [BODY]
    assert await store.retry_job(GUILD, two.id, now=NOON)
    assert not await store.retry_job(GUILD, two.id, now=NOON)
    again = await store.claim_job("o", NOON)
    assert (again.id, again.attempts) == (two.id, 1)


async def test_cancel_of_what_waits_ends_it_and_of_what_runs_asks_for_it(store):
    proposal = await proposed(store)
    cancelled = await store.cancel_job(GUILD, proposal.id, now=NOON)
    assert cancelled.state is JobState.CANCELLED
    assert await store.job(GUILD, proposal.id) is None
    queued = await confirmed(store, title="Q")
    assert (await store.cancel_job(GUILD, queued.id, now=NOON)).state is JobState.CANCELLED
    running = await confirmed(store, title="R")
    await store.claim_job("o", NOON)
    assert (await store.cancel_job(GUILD, running.id, now=NOON)).state is JobState.RUNNING
    assert await store.hold_job(GUILD, running.id, owner="o", now=NOON) is Hold.CALLED_OFF
    await settled(store, running, JobState.CANCELLED)
    assert await store.claim_job("p", LATER) is None
    assert await store.documents(GUILD, running.id) == []


async def test_ended_job_is_due_until_its_message_says_so(store):
    job = await confirmed(store)
    await store.claim_job("one", NOON)
    assert await store.begin_post(GUILD, job.id, owner="one", now=NOON) == NOON
    assert await store.begin_post(GUILD, job.id, owner="one", now=LATER) == NOON
    assert await store.begin_post(GUILD, job.id, owner="two", now=LATER) is None
    await store.note_post(GUILD, job.id, owner="one", post=PostState.THERE, message="m")
    await settled(store, job, JobState.DONE, "one")
    taken_over = await store.claim_job("two", LATER)
    assert (taken_over.state, taken_over.message) == (JobState.DONE, "m")
    assert taken_over.attempts == 0
    await store.note_post(GUILD, job.id, owner="two", post=PostState.ENDED)
    assert await store.claim_job("three", LATER + LEASE * 2) is None


async def test_job_that_is_told_is_watched_by_the_schedules_that_are_on(store):
    schedules = []
    for tenant, channel in ((GUILD, "a"), (GUILD, "off"), (OTHER, "a")):
        schedules.append(await store.put_schedule(
            tenant, channel, at=time(9), zone="UTC", when_empty=WhenEmpty.QUIET, set_by="1",
            first_day=date(2026, 3, 1), due_at=NOON,
        ))  # fmt: skip
    await store.turn_off(GUILD, "off")
    for tell, video in ((True, "aaaaaaaaaaa"), (False, "bbbbbbbbbbb")):
        episode = (await store.put_episode(GUILD, episode_draft(video=video))).episode
        job = await confirmed(store, tell=tell, title=video)
        await store.claim_job("o", NOON)
        await settled(store, job, JobState.DONE, episode_id=episode.id)
    totals = [(await store.fresh(one.tenant, one.id, 9)).total for one in schedules]
    assert totals == [2, 0, 0]


async def test_too_many_that_wait_are_refused(store):
    for number in range(MOST_WAITING):
        assert await proposed(store, title=str(number)) is not None
    assert await proposed(store, title="one more") is None
    assert (await proposed(store, title="0")).state is JobState.PROPOSED
    assert await proposed(store, title="one more", tenant=OTHER) is not None


async def test_old_proposals_and_ends_are_forgotten(store):
    proposal, job = await proposed(store), await confirmed(store, title="T")
    await store.claim_job("o", NOON)
    await settled(store, job, JobState.PARKED, reason="why")
    assert await store.forget_jobs(NOON + PROPOSED_FOR) == 0
    assert await store.forget_jobs(NOON + PROPOSED_FOR + timedelta(seconds=1)) == 1
    assert await store.job(GUILD, proposal.id) is None
    assert await store.forget_jobs(NOON + KEPT_FOR + timedelta(seconds=1)) == 1
    assert await store.job_counts() == {}


async def test_operator_sees_all_and_a_tenant_its_own(store):
    for tenant in (GUILD, OTHER):
        job = await confirmed(store, tenant=tenant)
        await store.claim_job("o", NOON)
        await settled(store, job, JobState.PARKED, reason=f"of {tenant}")
    assert await store.job_counts() == {JobState.PARKED: 2}
    assert {job.tenant for job in await store.parked_jobs(9)} == {GUILD, OTHER}
    assert [job.reason for job in await store.jobs(OTHER, 9)] == ["of discord:2"]


async def test_job_of_another_tenant_can_neither_be_read_nor_changed(store):
    job = await confirmed(store)
    before = await store.job(GUILD, job.id)
    assert await store.job(OTHER, job.id) is None
    assert await store.documents(OTHER, job.id) == []
    assert await store.cancel_job(OTHER, job.id, now=NOON) is None
    assert not await store.retry_job(OTHER, job.id, now=NOON)
    assert not await store.confirm_job(
        OTHER, job.id, tell=True, channel="c", asked_by="1", now=NOON
    )
    await store.claim_job("o", NOON)
    assert await store.hold_job(OTHER, job.id, owner="o", now=NOON) is Hold.LOST
    assert await store.begin_post(OTHER, job.id, owner="o", now=NOON) is None
    await store.note_post(OTHER, job.id, owner="o", post=PostState.ENDED, message="m")
    await store.release_job(OTHER, job.id, owner="o", due_at=NOON)
    assert not await store.settle_job(OTHER, job.id, owner="o", state=JobState.DONE, now=NOON)
    after = await store.job(GUILD, job.id)
    assert (after.state, after.post, after.message) == (JobState.RUNNING, before.post, "")
