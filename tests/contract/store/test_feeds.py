"""Feeds that are followed, in any store: one claim at a time, and what was seen stays seen."""

from datetime import UTC, date, datetime, time, timedelta

from bot.core.digest import WhenEmpty
from bot.core.feed_changes import changes
from bot.core.following import MOST_FEEDS, FeedState, ItemCounts, ItemState, Plan
from bot.core.jobs import LEASE
from bot.core.transcript import Chapter
from tests.fakes.drafts import episode_draft

GUILD, OTHER = "discord:1", "discord:2"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + LEASE + timedelta(seconds=1)
NEXT = NOON + timedelta(hours=1)
URL = "https://pod.example/feed"


def plan(number, **options):
    url = f"https://pod.example/{number}.mp3"
    chapters = (Chapter(0, "Zebras", end_ms=9, url="https://z", silent=True, sponsor=True),)
    return Plan(f"g{number}", f"Episode {number}", f"url:{url}", url, 99, NOON, chapters, **options)


async def followed(store, tenant=GUILD, url=URL):
    feed = await store.propose_feed(tenant, url, title="A Show", set_by="1", now=NOON)
    return await store.follow_feed(tenant, feed.id, set_by="1", now=NOON)


async def taken_in(store, feed, *plans, owner="o", begun=False, now=NOON):
    known = await store.known_items(feed.tenant, feed.id)
    found = changes(plans, known, begun=begun, followed_at=NOON)
    return await store.take_in(
        feed.tenant, feed.id, found, owner=owner, title="T", etag="e", last_modified="l", now=now,
        next_at=NEXT,
    )  # fmt: skip


async def next_item(store, feed, owner="o", now=NOON):
    return await store.next_item(feed.tenant, feed.id, owner=owner, now=now)


async def settled(store, feed, item, state, owner="o", **changes):
    return await store.settle_item(
        feed.tenant, feed.id, item.id, owner=owner, state=state, **changes
    )


async def test_feed_is_due_once_somebody_said_yes(store):
    feed = await store.propose_feed(GUILD, URL, title="A Show", set_by="1", now=NOON)
    assert (feed.state, feed.begun) == (FeedState.PROPOSED, False)
    assert await store.claim_feed("o", LATER) is None
    assert await store.feeds(GUILD) == []
    followed = await store.follow_feed(GUILD, feed.id, set_by="2", now=NOON)
    assert (followed.state, followed.set_by) == (FeedState.ON, "2")
    assert (await store.claim_feed("o", NOON)).id == feed.id


async def test_same_address_is_the_same_feed_of_a_tenant(store):
    first = await followed(store)
    again = await store.propose_feed(GUILD, URL, title="Other", set_by="9", now=LATER)
    assert (again.id, again.state, again.title) == (first.id, FeedState.ON, "A Show")
    assert (await followed(store, OTHER)).id != first.id


async def test_claim_is_one_workers_until_its_lease_is_over(store):
    feed = await followed(store)
    await store.claim_feed("one", NOON)
    assert await store.claim_feed("two", NOON) is None
    assert (await store.claim_feed("two", LATER)).id == feed.id
    assert not await store.hold_feed(GUILD, feed.id, owner="one", now=LATER)
    assert not await taken_in(store, feed, plan(1), owner="one")
    assert await store.known_items(GUILD, feed.id) == []
    assert await taken_in(store, feed, plan(1), owner="two")


async def test_items_come_one_after_the_other_with_all_they_bring(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    nothing = Plan("g3", "Episode 3", reason="There is nothing.")
    await taken_in(store, feed, plan(1), plan(2), nothing)
    item = await next_item(store, feed)
    assert (item.plan, item.tell, item.attempts) == (plan(1), False, 1)
    assert await settled(store, feed, item, ItemState.DONE)
    assert not await settled(store, feed, item, ItemState.PARKED)
    assert (await next_item(store, feed)).plan == plan(2)
    assert (await store.feed(GUILD, feed.id)).counts == ItemCounts(queued=1, done=1, skipped=1)


async def test_released_feed_is_due_for_its_next_item_or_its_next_look(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1))
    item = await next_item(store, feed)
    due_at = NOON + timedelta(minutes=5)
    await settled(store, feed, item, ItemState.QUEUED, due_at=due_at, reason="slow")
    await store.release_feed(GUILD, feed.id, owner="o")
    assert await store.claim_feed("o", due_at - timedelta(seconds=1)) is None
    assert await store.claim_feed("o", due_at) is not None
    item = await next_item(store, feed, now=due_at)
    assert (item.attempts, item.failures) == (1, 1)
    await settled(store, feed, item, ItemState.DONE)
    await store.release_feed(GUILD, feed.id, owner="o")
    assert await store.claim_feed("o", NEXT - timedelta(seconds=1)) is None
    claimed = await store.claim_feed("o", NEXT)
    assert (claimed.begun, claimed.etag, claimed.last_modified, claimed.title) == (
        True, "e", "l", "T",
    )  # fmt: skip


async def test_look_taken_in_twice_changes_nothing(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    found = changes([plan(1)], [], begun=False, followed_at=NOON)
    for _ in range(2):
        assert await store.take_in(
            GUILD, feed.id, found, owner="o", title="T", etag="", last_modified="", now=NOON,
            next_at=NEXT,
        )  # fmt: skip
    assert len(await store.known_items(GUILD, feed.id)) == 1


async def test_edited_item_is_queued_again_without_being_told(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1))
    episode = (await store.put_episode(GUILD, episode_draft())).episode
    item = await next_item(store, feed)
    await settled(store, feed, item, ItemState.DONE, episode_id=episode.id)
    edited = Plan("g1", "New title", "url:https://pod.example/1.mp3", "https://pod.example/1.mp3")
    await taken_in(store, feed, edited, begun=True)
    item = await next_item(store, feed)
    assert (item.plan.title, item.tell, item.attempts) == ("New title", False, 1)


async def test_told_item_is_watched_by_the_schedules_that_are_on(store):
    schedule = await store.put_schedule(
        GUILD, "a", at=time(9), zone="UTC", when_empty=WhenEmpty.QUIET, set_by="1",
        first_day=date(2026, 3, 1), due_at=NOON,
    )  # fmt: skip
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1))
    await taken_in(store, feed, plan(1), plan(2), begun=True)
    totals = []
    for video in ("aaaaaaaaaaa", "bbbbbbbbbbb"):
        episode = (await store.put_episode(GUILD, episode_draft(video=video))).episode
        item = await next_item(store, feed)
        await settled(store, feed, item, ItemState.DONE, episode_id=episode.id)
        totals.append((await store.fresh(GUILD, schedule.id, 9)).total)
    assert totals == [0, 2]


async def test_told_item_that_is_edited_is_no_news_to_a_schedule_that_began_since(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1), begun=True)
    told = await next_item(store, feed)
    stored = await store.put_episode(GUILD, episode_draft())
    ended = {"due_at": None, "reason": "", "episode_id": stored.episode.id}
    assert await settled(store, feed, told, ItemState.DONE, **ended)
    begun_since = await store.put_schedule(
        GUILD, "general", at=time(9), zone="UTC", when_empty=WhenEmpty.QUIET, set_by="7",
        first_day=date(2026, 3, 2), due_at=NOON,
    )  # fmt: skip
    edited = Plan("g1", "New title", "url:https://pod.example/1.mp3", "https://pod.example/1.mp3")
    await taken_in(store, feed, edited, begun=True)
    again = await next_item(store, feed)
    assert (told.tell, again.tell) == (True, False)
    assert await settled(store, feed, again, ItemState.DONE, **ended)
    assert (await store.fresh(GUILD, begun_since.id, 5)).total == 0


async def test_item_whose_episode_was_removed_is_gone(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1))
    episode = (await store.put_episode(GUILD, episode_draft())).episode
    item = await next_item(store, feed)
    await settled(store, feed, item, ItemState.DONE, episode_id=episode.id)
    assert [one.gone for one in await store.known_items(GUILD, feed.id)] == [False]
    await store.remove_episode(GUILD, episode.id)
    assert [one.gone for one in await store.known_items(GUILD, feed.id)] == [True]


async def test_failures_are_counted_until_a_look_succeeds(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    failed = {"owner": "o", "reason": "Slow.", "now": NOON, "next_at": NEXT}
    assert await store.note_failure(GUILD, feed.id, pause=False, **failed)
    assert (await store.feed(GUILD, feed.id)).failures == 1
    await taken_in(store, feed)
    assert (await store.feed(GUILD, feed.id)).failures == 0
    assert await store.note_failure(GUILD, feed.id, pause=True, **failed)
    assert not await store.note_failure(GUILD, feed.id, pause=True, **failed)
    assert await store.claim_feed("o", NEXT) is None
    (paused,) = await store.paused_feeds(9)
    assert (paused.id, paused.reason) == (feed.id, "Slow.")
    assert await store.feed_counts() == {FeedState.PAUSED: 1}


async def test_stop_takes_the_claim_away_and_resuming_begins_anew(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1))
    assert (await store.stop_feed(GUILD, feed.id)).state is FeedState.STOPPED
    assert not await store.hold_feed(GUILD, feed.id, owner="o", now=NOON)
    assert await next_item(store, feed) is None
    again = await store.follow_feed(GUILD, feed.id, set_by="1", now=LATER)
    assert (again.state, again.begun, again.etag) == (FeedState.ON, False, "")
    assert len(await store.known_items(GUILD, feed.id)) == 1


async def test_resuming_tries_what_was_parked_again(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1))
    item = await next_item(store, feed)
    assert await settled(store, feed, item, ItemState.PARKED)
    assert await next_item(store, feed) is None
    await store.stop_feed(GUILD, feed.id)
    await store.follow_feed(GUILD, feed.id, set_by="1", now=NOON)
    await store.claim_feed("o", NOON)
    again = await next_item(store, feed)
    assert (again.id, again.attempts) == (item.id, 1)


async def test_feeds_of_a_tenant_are_bounded(store):
    for number in range(MOST_FEEDS):
        await followed(store, url=f"{URL}/{number}")
    assert await store.propose_feed(GUILD, URL, title="x", set_by="1", now=NOON) is None
    assert await store.propose_feed(OTHER, URL, title="x", set_by="1", now=NOON) is not None


async def test_feed_of_another_tenant_can_neither_be_read_nor_changed(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1))
    item = await next_item(store, feed)
    before = await store.feed(GUILD, feed.id)
    assert await store.feed(OTHER, feed.id) is None
    assert await store.feeds(OTHER) == []
    assert await store.known_items(OTHER, feed.id) == []
    assert await store.stop_feed(OTHER, feed.id) is None
    assert await store.follow_feed(OTHER, feed.id, set_by="9", now=LATER) is None
    assert not await store.hold_feed(OTHER, feed.id, owner="o", now=NOON)
    assert await store.next_item(OTHER, feed.id, owner="o", now=NOON) is None
    assert not await store.settle_item(
        OTHER, feed.id, item.id, owner="o", state=ItemState.DONE, episode_id=1
    )
    await store.release_feed(OTHER, feed.id, owner="o")
    assert await store.feed(GUILD, feed.id) == before


async def test_item_is_counted_by_what_never_ended_and_by_what_failed(store):
    feed = await followed(store)
    await store.claim_feed("o", NOON)
    await taken_in(store, feed, plan(1))
    first = await next_item(store, feed)
    second = await next_item(store, feed)
    assert (first.attempts, second.attempts, second.failures) == (1, 2, 0)
    assert await settled(store, feed, second, ItemState.QUEUED, due_at=NOON)
    third = await next_item(store, feed)
    assert (third.attempts, third.failures) == (1, 1)
