"""One message shows an import's progress, wherever the process died before it."""

from datetime import timedelta

import pytest

from bot.core.digest import REPEATABLE_FOR
from bot.core.jobs import LEASE, Part, PostState, Request, digest_of
from bot.core.outlet import Outcome, Posted
from bot.services.import_progress import EDIT_EVERY_S, Progress, may_post
from bot.services.import_worker import ImportWorker
from tests.fakes.clock import FakeClock
from tests.fakes.core import GUILD
from tests.fakes.imports import VTT

NOW = FakeClock().now()


async def claimed(core, owner="o"):
    """Return a job that is told in a channel, claimed."""
    request = Request((Part(digest_of(VTT), "a.vtt"),), title="A talk")
    now = core.clock.now()
    job = await core.store.propose_job(GUILD, request, [VTT], title="A talk", asked_by="1", now=now)
    await core.store.confirm_job(GUILD, job.id, tell=True, channel="c", asked_by="1", now=now)
    return await core.store.claim_job(owner, now)


async def kept(core, job):
    return await core.store.job(GUILD, job.id)


@pytest.mark.parametrize(
    ("age", "repeatable", "first", "may"),
    [
        (timedelta(0), False, True, True),
        (timedelta(0), False, False, False),
        (REPEATABLE_FOR, True, False, True),
        (REPEATABLE_FOR + timedelta(seconds=1), True, False, False),
        (-timedelta(seconds=1), True, False, False),
    ],
)
def test_message_is_posted_again_only_while_its_key_finds_it(age, repeatable, first, may):
    assert may_post(NOW, NOW + age, repeatable=repeatable, first=first) is may


def test_taking_over_comes_while_a_key_is_known():
    assert LEASE + timedelta(seconds=10) < REPEATABLE_FOR


async def test_row_says_that_a_message_may_be_there_before_it_is_posted(core, outlet):
    job, states = await claimed(core), []
    post = outlet.post

    async def looks(*args, **kwargs):
        states.append((await kept(core, job)).post)
        return await post(*args, **kwargs)

    outlet.post = looks
    await Progress(core.ports, job, "o").begin()
    assert states == [PostState.BEGUN]
    assert (await kept(core, job)).post is PostState.THERE


@pytest.mark.parametrize(("repeatable", "messages"), [(True, 1), (False, 1)])
async def test_message_of_a_dead_process_is_not_posted_twice(core, outlet, repeatable, messages):
    outlet.repeatable = repeatable
    job = await claimed(core)
    await core.store.begin_post(GUILD, job.id, owner="o", now=core.clock.now())
    await outlet.post("c", "reply", key=f"i{job.id:x}", within_s=1)
    core.clock.advance(LEASE.total_seconds() + 5)
    worker = ImportWorker(core.ports)
    while await worker.round():
        pass
    assert len(outlet.posts) == messages
    shown = [reply.text for _, _, reply in outlet.edits]
    assert bool(shown) is repeatable
    assert (await kept(core, job)).post is PostState.ENDED


async def test_message_that_may_be_there_is_looked_for_where_that_can_be(core, outlet):
    outlet.repeatable = False
    outlet.outcomes.append(Posted(Outcome.UNKNOWN, reason="nobody says"))
    outlet.found = Posted(Outcome.POSTED, message="m0")
    job = await claimed(core)
    await Progress(core.ports, job, "o").begin()
    assert (await kept(core, job)).message == "m0"


async def test_progress_is_edited_at_most_every_two_seconds(core, outlet):
    progress = Progress(core.ports, await claimed(core), "o")
    await progress.begin()
    for _ in range(20):
        await progress.say("Reading.")
        core.clock.advance(EDIT_EVERY_S / 4)
    assert len(outlet.edits) == 4
    assert len(outlet.posts) == 1


async def test_end_that_cannot_be_shown_is_given_up(core, outlet):
    outlet.uneditable = True
    job = await claimed(core)
    progress = Progress(core.ports, job, "o")
    await progress.begin()
    await progress.end()
    assert (await kept(core, job)).post is PostState.ENDED


async def test_platform_that_is_away_during_an_import_is_told_when_it_is_back(core, outlet):
    away = core.ports.outlets.pop("discord")
    job = await claimed(core)
    await core.store.release_job(GUILD, job.id, owner="o", due_at=core.clock.now())
    worker = ImportWorker(core.ports)
    while await worker.round():
        pass
    assert (await kept(core, job)).post is PostState.WANTED
    core.ports.outlets["discord"] = away
    core.clock.advance(120)
    while await worker.round():
        pass
    assert len(outlet.posts) == 1
    assert [reply.text for _, _, reply in outlet.edits][-1].startswith("Added “A talk”")
    assert (await kept(core, job)).post is PostState.ENDED


async def test_cancel_after_a_dead_process_does_not_say_that_nothing_changed(core, outlet):
    job = await claimed(core)
    await Progress(core.ports, job, "o").begin()
    core.clock.advance(LEASE.total_seconds() + 5)
    await core.store.cancel_job(GUILD, job.id, now=core.clock.now())
    worker = ImportWorker(core.ports)
    while await worker.round():
        pass
    assert "may have been stored" in [reply.text for _, _, reply in outlet.edits][-1]
