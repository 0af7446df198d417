"""Every store knows the same about who wants a digest, when, and what is new to it."""

from dataclasses import replace
from datetime import time, timedelta, timezone

import pytest

from bot.core.catalog import PUBLIC
from bot.core.digest import Fresh, Schedule, State, WhenEmpty
from tests.contract.store.digest_turns import (
    DAY,
    GUILD,
    NINE,
    SECOND,
    TEAM,
    TODAY,
    TOMORROW,
    claim,
    delivered,
    due_ids,
    newest,
    put,
    settle,
    told,
    turn_on,
)
from tests.fakes.drafts import chapters_draft, recording_draft

# --- schedules


async def test_schedule_is_read_as_it_was_put(store):
    put_one = await turn_on(
        store,
        at=time(21, 30),
        zone="America/St_Johns",
        when_empty=WhenEmpty.RESURFACE,
        first_day=TOMORROW,
    )
    assert put_one == Schedule(
        id=put_one.id,
        tenant=GUILD,
        channel="general",
        at=time(21, 30),
        zone="America/St_Johns",
        when_empty=WhenEmpty.RESURFACE,
        set_by="alice",
        first_day=TOMORROW,
    )
    assert await store.schedule(GUILD, "general") == put_one
    assert await store.schedule(GUILD, "random") is None
    assert await store.schedule(TEAM, "general") is None


async def test_schedule_put_twice_is_one_and_a_change_keeps_its_id(store):
    first = await turn_on(store)
    assert await turn_on(store) == first
    changed = await turn_on(
        store, at=time(18), zone="Asia/Tokyo", set_by="bob", due_at=NINE + DAY, first_day=TOMORROW
    )
    assert changed == replace(
        first, at=time(18), zone="Asia/Tokyo", set_by="bob", first_day=TOMORROW
    )
    assert await due_ids(store, NINE) == []
    assert await due_ids(store, NINE + DAY) == [first.id]
    others = {(await turn_on(store, TEAM)).id, (await turn_on(store, channel="random")).id}
    assert len(others | {first.id}) == 3


async def test_schedule_put_anew_clears_the_pause_and_keeps_what_was_delivered(store):
    schedule = await turn_on(store)
    episode, (one, two) = await put(store)
    await store.watch_episode(GUILD, schedule.id, episode)
    await delivered(store, schedule, State.POSTED, TODAY, [one])
    await store.pause(GUILD, schedule.id, "It is gone.")
    assert (await turn_on(store)).paused == ""
    assert await told(store, schedule) == ([two], 1)
    assert (await newest(store, schedule)).state is State.POSTED
    assert await claim(store, schedule) is None


async def test_digest_turned_off_is_kept_but_never_due(store):
    schedule = await turn_on(store)
    await delivered(store, schedule, State.POSTED, TODAY, [7])
    assert await store.turn_off(TEAM, "general") is False
    assert await store.turn_off(GUILD, "random") is False
    assert await store.turn_off(GUILD, "general") is True
    assert await store.turn_off(GUILD, "general") is False
    assert await store.schedule(GUILD, "general") == replace(schedule, on=False)
    assert await due_ids(store, NINE + 9 * DAY) == []
    assert (await newest(store, schedule)).moments == (7,)
    assert await turn_on(store) == schedule
    assert await due_ids(store, NINE) == [schedule.id]


async def test_due_schedules_are_those_of_the_platforms_longest_due_first(store):
    late = await turn_on(store, channel="late", due_at=NINE - DAY)
    abroad = (NINE - 2 * DAY).astimezone(timezone(timedelta(hours=9)))
    later = await turn_on(store, TEAM, due_at=abroad)
    now = await turn_on(store, channel="now", due_at=NINE)
    await turn_on(store, channel="soon", due_at=NINE + SECOND)
    await turn_on(store, "discordant:1", due_at=NINE - DAY)
    assert await due_ids(store, NINE) == [later.id, late.id, now.id]
    assert await due_ids(store, NINE, limit=2) == [later.id, late.id]
    assert await due_ids(store, NINE, limit=0) == []
    assert await due_ids(store, NINE, "discord") == [late.id, now.id]
    assert await due_ids(store, NINE, "slack") == [later.id]
    assert await due_ids(store, NINE, "irc") == []
    assert await store.due_schedules((), NINE, 9) == []
    assert await store.due_schedules({"slack"}, NINE, 9) == [later]


async def test_paused_schedule_says_why_and_keeps_its_turns(store):
    schedule = await turn_on(store)
    assert await store.pause(GUILD, schedule.id, "The channel is gone.") is True
    assert await store.pause(GUILD, schedule.id, "I may not post there.") is False
    paused = replace(schedule, paused="I may not post there.")
    assert await store.schedule(GUILD, "general") == paused
    assert await store.due_schedules({"discord"}, NINE, 9) == [paused]


async def test_postponed_schedule_is_due_at_the_new_time(store):
    schedule = await turn_on(store)
    await store.postpone(GUILD, schedule.id, NINE + DAY, now=NINE)
    assert await due_ids(store, NINE + DAY - SECOND) == []
    assert await due_ids(store, NINE + DAY) == [schedule.id]


# --- what is new


async def test_fresh_moments_come_as_watched_then_by_time(store):
    schedule = await turn_on(store)
    first, firsts = await put(store, seconds=(600, 60))
    second, seconds = await put(store, GUILD, seconds=(5, 7, 9), video="bbbbbbbbbbb")
    assert await told(store, schedule) == ([], 0)
    for episode in (second, first, second):
        await store.watch_episode(GUILD, schedule.id, episode)
    await put(store, video="ccccccccccc")
    assert await told(store, schedule) == (seconds + firsts, 5)
    assert await told(store, schedule, limit=4) == ([*seconds, firsts[0]], 5)
    assert await told(store, schedule, limit=0) == ([], 5)


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (State.POSTED, True),
        (State.DOUBT, True),
        (State.PENDING, False),
        (State.QUIET, False),
    ],
)
async def test_moments_of_a_settled_turn_are_delivered_if_they_may_be_there(store, state, counts):
    schedule, other = await turn_on(store), await turn_on(store, channel="random")
    episode, (one, two) = await put(store)
    for each in (schedule, other):
        await store.watch_episode(GUILD, each.id, episode)
    await delivered(store, schedule, state, TODAY, [one])
    assert await told(store, schedule) == (([two], 1) if counts else ([one, two], 2))
    assert await told(store, other) == ([one, two], 2)


async def test_moments_of_a_turn_being_sent_are_not_fresh(store):
    schedule = await turn_on(store)
    episode, (one, two) = await put(store)
    await store.watch_episode(GUILD, schedule.id, episode)
    await claim(store, schedule, moments=[two])
    assert await told(store, schedule) == ([one], 1)


async def test_segment_that_stays_is_not_told_twice_and_one_that_comes_back_is_new(store):
    schedule = await turn_on(store)
    episode, (one, two) = await put(store)
    await store.watch_episode(GUILD, schedule.id, episode)
    await delivered(store, schedule, State.POSTED, TODAY, [one, two])
    assert await put(store, seconds=(60,)) == (episode, [one])
    assert await told(store, schedule) == ([], 0)
    _, (same, again) = await put(store)
    assert same == one
    assert again not in (one, two)
    assert await told(store, schedule) == ([again], 1)


async def test_removed_episode_is_not_told_and_its_history_stays(store):
    schedule = await turn_on(store)
    episode, notes = await put(store, GUILD)
    await store.watch_episode(GUILD, schedule.id, episode)
    await delivered(store, schedule, State.POSTED, TODAY, notes)
    assert await store.remove_episode(GUILD, episode) is True
    assert await told(store, schedule) == ([], 0)
    assert (await newest(store, schedule)).moments == tuple(notes)
    # The same recording again is another episode, which nobody watches yet.
    again, renewed = await put(store, GUILD)
    assert await told(store, schedule) == ([], 0)
    await store.watch_episode(GUILD, schedule.id, again)
    assert await told(store, schedule) == (renewed, 2)


async def test_moments_are_fresh_before_the_turn_that_told_them_first(store):
    schedule = await turn_on(store)
    episode, (one, two) = await put(store)
    await store.watch_episode(GUILD, schedule.id, episode)
    await delivered(store, schedule, State.POSTED, TODAY, (one,))
    await delivered(store, schedule, State.POSTED, TOMORROW, (one, two))
    assert await told(store, schedule) == ([], 0)
    assert await told(store, schedule, before=TOMORROW) == ([two], 1)
    assert await told(store, schedule, before=TODAY) == ([], 0)


async def test_unknown_episode_is_not_watched(store):
    schedule = await turn_on(store)
    for ident in (0, -1, 999, 10**30):
        await store.watch_episode(GUILD, schedule.id, ident)
    assert await told(store, schedule) == ([], 0)


async def test_corrections_are_read_as_elsewhere(store):
    schedule, theirs = await turn_on(store), await turn_on(store, TEAM)
    episode, (one, _) = await put(store)
    for each in (schedule, theirs):
        await store.watch_episode(each.tenant, each.id, episode)
    await store.correct(GUILD, one, title="Ours", text=None, by="op", at=NINE)
    fresh = await store.fresh(GUILD, schedule.id, 1)
    assert fresh == Fresh((await store.moment(GUILD, one),), 2)
    assert fresh.moments[0].segment.title == "Ours"
    assert await store.from_archive(GUILD, schedule.id) == fresh.moments[0]
    other = (await store.fresh(TEAM, theirs.id, 1)).moments[0]
    assert (other.segment.title, other.segment.corrected) == ("Note 60", False)
    assert await store.from_archive(TEAM, theirs.id) == other


# --- the archive


async def archived(store, schedule):
    moment = await store.from_archive(schedule.tenant, schedule.id)
    return moment and moment.segment.id


async def test_archive_of_an_empty_catalog_has_nothing(store):
    schedule = await turn_on(store)
    await put(store, TEAM)
    assert await archived(store, schedule) is None


async def test_archive_brings_every_moment_once_then_the_one_longest_ago(store):
    schedule = await turn_on(store)
    await put(store, TEAM)
    _, public = await put(store)
    _, own = await put(store, GUILD, video="bbbbbbbbbbb")
    shown = []
    for number in range(6):
        shown.append(await archived(store, schedule))
        await delivered(store, schedule, State.POSTED, TODAY + number * DAY, [shown[-1]])
    assert sorted(shown[:4]) == sorted(public + own)
    assert shown[4:] == shown[:2]
    assert await archived(store, schedule) == shown[2]


async def test_archive_does_not_take_what_was_not_posted_for_shown(store):
    schedule = await turn_on(store)
    _, (one, two) = await put(store)
    await delivered(store, schedule, State.POSTED, TODAY, [one])
    await delivered(store, schedule, State.PENDING, TOMORROW, [two])
    assert await archived(store, schedule) == two
    await delivered(store, schedule, State.DOUBT, TODAY + 2 * DAY, [two])
    # What was claimed and not posted on a later day does not make the first one newer.
    await delivered(store, schedule, State.QUIET, TODAY + 3 * DAY, [one])
    assert await archived(store, schedule) == one


async def test_archive_keeps_the_places_of_one_turn_and_skips_what_is_gone(store):
    schedule = await turn_on(store)
    _, (one, two) = await put(store)
    gone, notes = await put(store, GUILD, video="bbbbbbbbbbb")
    await delivered(store, schedule, State.POSTED, TODAY, [*notes, two, one])
    await store.remove_episode(GUILD, gone)
    assert await archived(store, schedule) == two


# --- the fence


async def test_schedules_of_others_can_be_neither_read_nor_changed(store):
    theirs = await turn_on(store, TEAM)
    public, notes = await put(store)
    unwatched, _ = await put(store, video="bbbbbbbbbbb")
    await store.watch_episode(TEAM, theirs.id, public)
    await delivered(store, theirs, State.DOUBT, TODAY, notes[:1])
    before = await store.deliveries(TEAM, theirs.id, 9)
    unknown = [replace(theirs, id=ident) for ident in (0, -1, 999, 10**30)]
    others = [replace(theirs, tenant=tenant) for tenant in (GUILD, PUBLIC, "slack:T", "slack:T22")]
    for not_ours in others + unknown:
        tenant, ident = not_ours.tenant, not_ours.id
        assert await store.pause(tenant, ident, "no") is False
        await store.postpone(tenant, ident, NINE - DAY, now=NINE)
        await store.watch_episode(tenant, ident, unwatched)
        assert await store.fresh(tenant, ident, 9) == Fresh((), 0)
        assert await store.from_archive(tenant, ident) is None
        assert await claim(store, not_ours, TOMORROW) is None
        assert await settle(store, not_ours, State.POSTED) is False
        assert await settle(store, not_ours, State.QUIET, TOMORROW) is False
        assert await store.reopen_turn(tenant, ident, TODAY) is False
        assert await store.deliveries(tenant, ident, 9) == []
    assert await store.schedule(TEAM, "general") == theirs
    assert await store.deliveries(TEAM, theirs.id, 9) == before
    assert await told(store, theirs) == (notes[1:], 1)
    assert await due_ids(store, NINE) == []


async def test_episodes_of_others_are_neither_watched_nor_shown(store):
    schedule = await turn_on(store)
    theirs, notes = await put(store, TEAM)
    await store.watch_episode(GUILD, schedule.id, theirs)
    await claim(store, schedule, moments=notes)
    assert await told(store, schedule) == ([], 0)
    assert await archived(store, schedule) is None


async def test_public_schedule_tells_of_public_episodes_only(store):
    schedule = await turn_on(store, PUBLIC)
    own, _ = await put(store, GUILD)
    public, notes = await put(store, video="bbbbbbbbbbb")
    for episode in (own, public):
        await store.watch_episode(PUBLIC, schedule.id, episode)
    assert await told(store, schedule) == (notes, 2)


async def test_chapters_in_the_place_of_automatic_ones_that_were_told_are_no_news(store):
    automatic = replace(chapters_draft([(0, "One"), (60, "Two")]), source_label="Automatic")
    draft = recording_draft("aaaaaaaaaaa", chapters=automatic)
    episode = (await store.put_recording(GUILD, draft)).episode
    told_one, other = await turn_on(store), await turn_on(store, channel="random")
    for schedule in (told_one, other):
        await store.watch_episode(GUILD, schedule.id, episode.id)
    fresh = await store.fresh(GUILD, told_one.id, 9)
    assert len(fresh.moments) == 2
    await delivered(store, told_one, State.POSTED, TODAY, [fresh.moments[0].segment.id])
    assert len((await store.fresh(GUILD, told_one.id, 9)).moments) == 1
    await store.put_recording(GUILD, draft)
    assert len((await store.fresh(GUILD, told_one.id, 9)).moments) == 1
    made = recording_draft("aaaaaaaaaaa", chapters=chapters_draft([(5, "A"), (70, "B"), (90, "C")]))
    await store.put_recording(GUILD, made)
    assert (await store.fresh(GUILD, told_one.id, 9)).moments == ()
    assert len((await store.fresh(GUILD, other.id, 9)).moments) == 3
