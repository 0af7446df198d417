"""Every store gives a digest's turn to one process, and knows what became of it."""

import asyncio
from datetime import timedelta, timezone

import pytest

from bot.core.digest import LEASE, REPEATABLE_FOR, Delivery, Leftover, State
from bot.core.errors import StorageError
from tests.contract.store.digest_turns import (
    DAY,
    GUILD,
    NINE,
    SECOND,
    TEAM,
    TODAY,
    TOMORROW,
    claim,
    due_ids,
    newest,
    put,
    settle,
    told,
    turn_on,
)

OVER = LEASE + SECOND
"""After so long a lease is over."""

DOUBTFUL = REPEATABLE_FOR + SECOND
"""After so long the platform may have forgotten the key."""

# --- claims


async def test_claim_is_durable_and_says_what_is_sent(opened, tmp_path):
    async with opened(tmp_path) as store:
        schedule = await turn_on(store)
        abroad = NINE.astimezone(timezone(timedelta(hours=-7)))
        claimed = await claim(store, schedule, now=abroad, moments=[9, 3, 5])
        assert claimed == Delivery(schedule.id, TODAY, State.SENDING, NINE, (9, 3, 5))
    async with opened(tmp_path) as store:
        assert await store.deliveries(GUILD, schedule.id, 9) == [claimed]
        assert await claim(store, schedule, owner="b") is None


async def test_turn_is_claimed_once_while_the_lease_holds(store):
    schedule, other = await turn_on(store), await turn_on(store, TEAM)
    assert await claim(store, schedule) is not None
    for owner in ("a", "b"):
        assert await claim(store, schedule, owner=owner) is None
        assert await claim(store, schedule, owner=owner, now=NINE + LEASE) is None
    assert await claim(store, other) is not None


@pytest.mark.parametrize("state", [State.POSTED, State.QUIET, State.DOUBT])
async def test_turn_that_is_over_is_never_claimed_again(store, state):
    schedule = await turn_on(store)
    await claim(store, schedule)
    await settle(store, schedule, state)
    for now in (NINE, NINE + OVER, NINE + DAY):
        assert await claim(store, schedule, now=now) is None
    assert (await newest(store, schedule)).state is state


async def test_day_before_one_with_a_row_is_not_free(store):
    schedule = await turn_on(store)
    await settle(store, schedule, State.QUIET, TOMORROW)
    assert await claim(store, schedule, TODAY) is None
    assert await claim(store, schedule, TOMORROW) is None
    assert await claim(store, schedule, TOMORROW + DAY) is not None
    assert [one.day for one in await store.deliveries(GUILD, schedule.id, 9)] == [
        TOMORROW + DAY,
        TOMORROW,
    ]


async def test_pending_turn_is_free_and_begins_anew(store):
    schedule = await turn_on(store)
    await claim(store, schedule, moments=[1, 2, 3])
    await settle(store, schedule, State.PENDING, reason="Too fast.")
    later = NINE + DAY / 4
    claimed = await claim(store, schedule, owner="b", now=later, moments=[2])
    assert claimed == Delivery(schedule.id, TODAY, State.SENDING, later, (2,))
    assert await claim(store, schedule, owner="c", now=later) is None
    assert await store.deliveries(GUILD, schedule.id, 9) == [claimed]


async def test_pending_turn_is_free_although_a_later_day_has_a_row(store):
    schedule = await turn_on(store)
    await claim(store, schedule)
    await settle(store, schedule, State.PENDING)
    await settle(store, schedule, State.QUIET, TOMORROW)
    assert await claim(store, schedule) is not None


async def test_lapsed_claim_is_taken_over_with_its_first_try_and_its_moments(store):
    schedule = await turn_on(store)
    first = await claim(store, schedule, moments=[4, 2])
    taken = await claim(store, schedule, owner="b", now=NINE + OVER, moments=[8])
    assert taken == first
    assert await store.deliveries(GUILD, schedule.id, 9) == [first]
    # The second lease holds as long as the first did.
    assert await claim(store, schedule, owner="c", now=NINE + OVER + LEASE) is None


async def test_lapsed_claim_is_taken_over_only_while_it_may_be_repeated(store):
    last_chance, too_late = await turn_on(store), await turn_on(store, channel="random")
    for schedule in (last_chance, too_late):
        await claim(store, schedule)
    assert await claim(store, last_chance, now=NINE + REPEATABLE_FOR) is not None
    assert await claim(store, too_late, now=NINE + DOUBTFUL) is None
    # A takeover does not make the first try a later one.
    assert await claim(store, last_chance, now=NINE + REPEATABLE_FOR + OVER) is None


async def test_two_stores_on_one_file_claim_each_of_many_turns_once(opened, tmp_path):
    async with opened(tmp_path) as one, opened(tmp_path) as two:
        schedules = [await turn_on(one, channel=f"c{number}") for number in range(200)]
        claims = []
        # Not all at once: on a slow disk the last would wait longer than a write may.
        for start in range(0, 200, 20):
            claims += await asyncio.gather(
                *(
                    claim(store, schedule, owner=owner, moments=[schedule.id])
                    for schedule in schedules[start : start + 20]
                    for store, owner in ((one, "one"), (two, "two"))
                )
            )
        pairs = list(zip(claims[::2], claims[1::2], strict=True))
        assert all((mine is None) != (theirs is None) for mine, theirs in pairs)
        # Only whoever was given a turn may say what became of it.
        for schedule, (mine, _) in zip(schedules[:9], pairs[:9], strict=True):
            loser = "one" if mine is None else "two"
            assert await settle(two, schedule, State.PENDING, owner=loser) is False


# --- ends


async def test_end_of_a_turn_is_noted_with_what_the_platform_said(store):
    schedule = await turn_on(store)
    await claim(store, schedule, moments=[1])
    assert await settle(store, schedule, State.POSTED, message="m1") is True
    posted = Delivery(schedule.id, TODAY, State.POSTED, NINE, (1,), "m1")
    assert await store.deliveries(GUILD, schedule.id, 9) == [posted]
    assert await due_ids(store, NINE + DAY - SECOND) == []
    assert await due_ids(store, NINE + DAY) == [schedule.id]
    await claim(store, schedule, TOMORROW)
    retry = NINE + DAY + 30 * SECOND
    busy = {"now": NINE + DAY, "due_at": retry, "reason": "Busy."}
    assert await settle(store, schedule, State.PENDING, TOMORROW, **busy)
    assert await due_ids(store, retry - SECOND) == []
    assert await due_ids(store, retry) == [schedule.id]
    assert (await newest(store, schedule)).reason == "Busy."


@pytest.mark.parametrize("state", [State.POSTED, State.PENDING, State.DOUBT, State.QUIET])
async def test_end_noted_twice_is_the_same_end(store, state):
    schedule = await turn_on(store)
    await claim(store, schedule, moments=[1])
    assert await settle(store, schedule, state, reason="So.") is True
    once = await store.deliveries(GUILD, schedule.id, 9)
    assert await settle(store, schedule, state, reason="So.") is True
    assert await store.deliveries(GUILD, schedule.id, 9) == once


async def test_end_of_a_day_that_nobody_claimed_is_noted_once(store):
    schedule = await turn_on(store)
    assert await settle(store, schedule, State.QUIET, owner="a") is True
    assert await due_ids(store, NINE) == []
    assert await settle(store, schedule, State.DOUBT, owner="b", due_at=NINE) is False
    assert await store.deliveries(GUILD, schedule.id, 9) == [
        Delivery(schedule.id, TODAY, State.QUIET, NINE)
    ]
    assert await due_ids(store, NINE) == []


@pytest.mark.parametrize("state", [State.PENDING, State.DOUBT, State.QUIET])
async def test_end_other_than_posted_is_noted_only_by_the_owner(store, state):
    schedule = await turn_on(store)
    await claim(store, schedule, owner="a")
    assert await settle(store, schedule, state, owner="b") is False
    assert await due_ids(store, NINE) == [schedule.id]
    await claim(store, schedule, owner="b", now=NINE + OVER)
    # The claim was taken over: it is no longer a's.
    assert await settle(store, schedule, state, owner="a") is False
    assert (await newest(store, schedule)).state is State.SENDING
    assert await settle(store, schedule, state, owner="b") is True
    assert (await newest(store, schedule)).state is state


async def test_owner_may_say_after_all_that_a_turn_in_doubt_was_not_posted(store):
    schedule = await turn_on(store)
    await claim(store, schedule)
    await store.doubt_stale(NINE + DOUBTFUL, repeatable=())
    assert await settle(store, schedule, State.PENDING, owner="b") is False
    assert await settle(store, schedule, State.PENDING, owner="a") is True
    assert (await newest(store, schedule)).state is State.PENDING


async def test_late_posted_wins_over_doubt_whoever_says_so(store):
    schedule = await turn_on(store)
    episode, (one, two) = await put(store)
    await store.watch_episode(GUILD, schedule.id, episode)
    await claim(store, schedule, moments=[one])
    await claim(store, schedule, owner="b", now=NINE + OVER)
    assert await settle(store, schedule, State.DOUBT, owner="b", reason="No answer.") is True
    assert await settle(store, schedule, State.POSTED, owner="a", message="m1") is True
    assert await newest(store, schedule) == Delivery(
        schedule.id, TODAY, State.POSTED, NINE, (one,), "m1"
    )
    assert await told(store, schedule) == ([two], 1)


@pytest.mark.parametrize("state", [State.PENDING, State.DOUBT, State.QUIET])
async def test_posted_turn_stays_posted(store, state):
    schedule = await turn_on(store)
    await claim(store, schedule)
    await settle(store, schedule, State.POSTED, message="m1")
    assert await settle(store, schedule, state, due_at=NINE) is False
    assert (await newest(store, schedule)).message == "m1"
    assert await due_ids(store, NINE) == []


async def test_only_a_posted_turn_resumes_a_paused_schedule(store):
    schedule = await turn_on(store)
    await store.pause(GUILD, schedule.id, "It is gone.")
    await claim(store, schedule)
    await settle(store, schedule, State.PENDING)
    assert (await store.schedule(GUILD, "general")).paused == "It is gone."
    await claim(store, schedule, owner="b")
    await settle(store, schedule, State.POSTED, owner="b")
    assert (await store.schedule(GUILD, "general")).paused == ""
    assert await store.pause(GUILD, schedule.id, "It is gone.") is True


async def test_sending_is_no_end(store):
    schedule = await turn_on(store)
    claimed = await claim(store, schedule)
    for day in (TODAY, TOMORROW):
        with pytest.raises(StorageError):
            await settle(store, schedule, State.SENDING, day)
    assert await store.deliveries(GUILD, schedule.id, 9) == [claimed]
    assert await due_ids(store, NINE) == [schedule.id]


async def test_deliveries_are_the_newest_first_and_no_more_than_asked_for(store):
    schedule, other = await turn_on(store), await turn_on(store, channel="random")
    for number in range(4):
        await settle(store, schedule, State.QUIET, TODAY + number * DAY)
    await settle(store, other, State.QUIET, TODAY + 9 * DAY)
    found = await store.deliveries(GUILD, schedule.id, 3)
    assert [one.day for one in found] == [TODAY + number * DAY for number in (3, 2, 1)]
    assert await store.deliveries(GUILD, schedule.id, 0) == []


# --- doubt


async def test_lapsed_claims_go_to_doubt_once_they_may_not_be_repeated(store):
    chat, team = await turn_on(store), await turn_on(store, TEAM)
    for schedule in (chat, team):
        await claim(store, schedule, moments=[schedule.id])
    assert await store.doubt_stale(NINE + LEASE, repeatable={"discord"}) == []
    doubtful = Delivery(team.id, TODAY, State.DOUBT, NINE, (team.id,))
    left = [Leftover(team, doubtful, "a")]
    assert await store.doubt_stale(NINE + OVER, repeatable={"discord"}) == left
    assert await newest(store, team) == doubtful
    assert await claim(store, team, now=NINE + OVER) is None
    assert await store.doubt_stale(NINE + REPEATABLE_FOR, repeatable={"discord"}) == []
    (last,) = await store.doubt_stale(NINE + DOUBTFUL, repeatable={"discord"})
    assert last == Leftover(chat, Delivery(chat.id, TODAY, State.DOUBT, NINE, (chat.id,)), "a")
    assert await store.doubt_stale(NINE + DAY, repeatable=()) == []


async def test_claim_taken_over_is_not_doubted_while_its_lease_holds(store):
    schedule = await turn_on(store)
    await claim(store, schedule)
    await claim(store, schedule, owner="b", now=NINE + REPEATABLE_FOR)
    assert await store.doubt_stale(NINE + DOUBTFUL, repeatable={"discord"}) == []
    (doubtful,) = await store.doubt_stale(NINE + REPEATABLE_FOR + OVER, repeatable={"discord"})
    assert (doubtful.turn.since, doubtful.owner) == (NINE, "b")


@pytest.mark.parametrize("state", [State.POSTED, State.PENDING, State.QUIET])
async def test_settled_turns_are_never_doubted(store, state):
    schedule = await turn_on(store)
    await claim(store, schedule)
    await settle(store, schedule, state)
    assert await store.doubt_stale(NINE + DAY, repeatable=()) == []
    assert (await newest(store, schedule)).state is state


async def test_turn_in_doubt_can_be_reopened_and_claimed_again(store):
    schedule = await turn_on(store)
    episode, (one, two) = await put(store)
    await store.watch_episode(GUILD, schedule.id, episode)
    await claim(store, schedule, moments=[one])
    assert await store.reopen_turn(GUILD, schedule.id, TODAY) is False
    await settle(store, schedule, State.DOUBT)
    assert await store.reopen_turn(GUILD, schedule.id, TOMORROW) is False
    assert await store.reopen_turn(GUILD, schedule.id, TODAY) is True
    assert await store.reopen_turn(GUILD, schedule.id, TODAY) is False
    assert (await newest(store, schedule)).state is State.PENDING
    assert await told(store, schedule) == ([one, two], 2)
    assert await claim(store, schedule, now=NINE + DAY) is not None


async def test_turn_whose_lease_is_over_is_nobodys_where_a_post_cannot_be_repeated(store):
    schedule = await turn_on(store)
    assert await claim(store, schedule, owner="dead")
    later = NINE + LEASE + OVER
    assert await claim(store, schedule, owner="b", now=later, repeatable=False) is None
    assert await claim(store, schedule, owner="b", now=later, repeatable=True) is not None


async def test_turn_of_a_schedule_that_was_turned_off_is_not_free(store):
    schedule = await turn_on(store)
    assert await store.turn_off(schedule.tenant, schedule.channel)
    assert await claim(store, schedule) is None


async def test_end_of_a_turn_leaves_a_schedule_that_was_changed_meanwhile_as_it_is(store):
    schedule = await turn_on(store)
    assert await claim(store, schedule)
    await turn_on(store, due_at=NINE + DAY / 2)
    assert await settle(store, schedule, State.POSTED, due_at=NINE + DAY)
    assert await store.due_schedules({"discord"}, NINE + DAY / 2, 5) != []
