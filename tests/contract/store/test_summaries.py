"""Every store keeps what was paid for, once, and knows who used how much."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.catalog import PUBLIC
from bot.core.summarizing import SUMMARY_LEASE, Claim, ModelUse, Verdict, Wanted
from tests.fakes.drafts import episode_draft

GUILD, TEAM = "discord:1", "slack:T2"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
USED = ModelUse(tokens_in=300, tokens_out=60)


async def wanted(store, tenant=PUBLIC, payer=GUILD, key="k1", budget=2):
    """Put an episode and return that its first note is wanted."""
    episode = (await store.put_episode(tenant, episode_draft())).episode
    (first, *_) = await store.outline(tenant, episode.id, offset=0, limit=1)
    return Wanted(key, first.segment.id, payer, TODAY, budget)


async def claim(store, note, tenant=PUBLIC, owner="one", now=NOW):
    return (await store.claim_summary(tenant, note, owner=owner, now=now)).verdict


async def give_up(store, note, *, owner="one", paid, rests=timedelta(minutes=1), now=NOW):
    until, failed = now + rests, ModelUse(failures=1)
    await store.give_up_summary(PUBLIC, note, owner=owner, rests_until=until, paid=paid, use=failed)


async def test_one_of_those_who_ask_at_once_may_ask_the_model(store):
    note = await wanted(store)
    asked = [claim(store, note, owner=f"owner {number}") for number in range(8)]
    assert sorted(await asyncio.gather(*asked)) == [Verdict.ASK] + [Verdict.WAIT] * 7


async def test_looking_up_claims_nothing(store):
    note = await wanted(store)
    for _ in range(2):
        assert (await store.look_up_summary(PUBLIC, note, NOW)).verdict is Verdict.ASK
    assert await store.model_use(TODAY) == ModelUse()


async def test_kept_text_is_there_for_all_who_read_that_text(store):
    note = await wanted(store)
    await claim(store, note)
    await store.keep_summary(PUBLIC, note, "In short.", USED)
    for payer in (GUILD, TEAM):
        for_all = replace(note, payer=payer)
        assert await store.look_up_summary(PUBLIC, for_all, NOW) == Claim(
            Verdict.THERE, "In short."
        )
    assert (await store.look_up_summary(TEAM, note, NOW)).verdict is Verdict.ASK


async def test_claim_of_a_dead_process_is_free_after_its_lease(store):
    note = await wanted(store)
    await claim(store, note)
    soon, later = NOW + SUMMARY_LEASE / 2, NOW + SUMMARY_LEASE
    assert await claim(store, note, owner="two", now=soon) is Verdict.WAIT
    assert await claim(store, note, owner="two", now=later) is Verdict.ASK


async def test_late_answer_is_kept_whoever_claims_the_note_by_then(store):
    note = await wanted(store)
    await claim(store, note)
    await claim(store, note, owner="two", now=NOW + SUMMARY_LEASE)
    await store.keep_summary(PUBLIC, note, "In short.", USED)
    await give_up(store, note, owner="two", paid=True)
    assert (await store.look_up_summary(PUBLIC, note, NOW)).text == "In short."


async def test_late_failure_ends_no_newer_claim(store):
    note = await wanted(store)
    await claim(store, note)
    later = NOW + SUMMARY_LEASE
    await claim(store, note, owner="two", now=later)
    await give_up(store, note, owner="one", paid=True, rests=timedelta(0), now=later)
    assert await claim(store, note, owner="three", now=later) is Verdict.WAIT


async def test_note_rests_until_it_was_told_and_not_longer_than_a_wrong_clock_says(store):
    note = await wanted(store)
    await claim(store, note)
    await give_up(store, note, paid=False, rests=timedelta(hours=1))
    assert await claim(store, note, now=NOW + timedelta(minutes=59)) is Verdict.RESTING
    assert await claim(store, note, now=NOW + timedelta(hours=1)) is Verdict.ASK
    await give_up(store, note, paid=False, rests=timedelta(days=900))
    assert await claim(store, note, now=NOW) is Verdict.ASK


async def test_budget_is_per_payer_and_day_and_zero_is_none(store):
    note = await wanted(store, budget=1)
    other = replace(note, key="k2")
    assert await claim(store, note) is Verdict.ASK
    assert await claim(store, other) is Verdict.SPENT
    assert await claim(store, replace(other, budget=0)) is Verdict.ASK
    assert await claim(store, replace(other, key="k3", payer=TEAM)) is Verdict.ASK
    tomorrow = replace(other, key="k4", day=TODAY + timedelta(days=1))
    assert await claim(store, tomorrow) is Verdict.ASK


async def test_what_was_not_paid_goes_back_to_the_budget(store):
    note = await wanted(store, budget=1)
    await claim(store, note)
    await give_up(store, note, paid=False)
    assert await claim(store, replace(note, key="k2")) is Verdict.ASK
    await give_up(store, replace(note, key="k2"), paid=True)
    assert await claim(store, replace(note, key="k3")) is Verdict.SPENT


async def test_use_of_a_day_is_that_of_all_and_of_no_other_day(store):
    for number, payer in enumerate((GUILD, TEAM, TEAM)):
        note = await wanted(store, payer=payer, key=f"k{number}", budget=9)
        await claim(store, note)
        await store.keep_summary(PUBLIC, note, "In short.", USED)
    assert await store.model_use(TODAY) == ModelUse(3, 0, 900, 180)
    assert await store.model_use(TODAY + timedelta(days=1)) == ModelUse()


async def test_absurd_counts_are_bounded(store):
    note = await wanted(store)
    await claim(store, note)
    await store.keep_summary(PUBLIC, note, "In short.", ModelUse(0, 0, 10**30, -5))
    use = await store.model_use(TODAY)
    assert 0 < use.tokens_in <= 10**9
    assert use.tokens_out <= 0


async def test_summary_goes_with_its_note_and_one_of_a_note_is_kept(store):
    note = await wanted(store, budget=9)
    edited = replace(note, key="k2")
    for one in (note, edited):
        await claim(store, one)
        await store.keep_summary(PUBLIC, one, one.key, USED)
    assert (await store.look_up_summary(PUBLIC, note, NOW)).verdict is Verdict.ASK
    assert (await store.look_up_summary(PUBLIC, edited, NOW)).text == "k2"
    moment = await store.moment(PUBLIC, note.segment_id)
    await store.remove_episode(PUBLIC, moment.episode.id)
    assert (await store.look_up_summary(PUBLIC, edited, NOW)).verdict is Verdict.ASK
    assert await claim(store, edited) is Verdict.RESTING
