"""``/follow``: a feed's episodes come in silently, later ones are told, edited ones are not."""

from datetime import timedelta

import pytest

from bot.core.fetching import Fetched, Trouble, not_fetched
from bot.core.following import MOST_FAILURES, FeedState
from bot.services.import_worker import ImportWorker
from tests.fakes.core import GUILD
from tests.fakes.imports import ADMIN, VTT, feed, item

URL = "https://pod.example/feed"
HOUR = 3_600


@pytest.fixture
def worker(core, outlet):
    return ImportWorker(core.ports)


async def own_episodes(core):
    found = await core.store.episodes(GUILD, offset=0, limit=999)
    return sorted((one for one in found if one.tenant == GUILD), key=lambda one: one.title)


async def own(core):
    return [one.title for one in await own_episodes(core)]


async def settled(worker):
    """Work until nothing is due."""
    for _ in range(2_000):
        if not await worker.round():
            return
    raise AssertionError("there is no end of work")


async def followed(core, worker, *items, **options):
    core.ports.fetcher.pages[URL] = feed(*items, **options)
    await core.ask(f"/follow {URL}", user=ADMIN)
    await core.press("Follow", user=ADMIN)
    await settled(worker)


async def looked(core, worker, *items, hours=1.2, **options):
    """Let an hour go by, after which the feed holds these items."""
    core.ports.fetcher.pages[URL] = feed(*items, **options)
    core.clock.advance(hours * HOUR)
    await settled(worker)


async def told(core):
    """Return the titles of the community's episodes that a digest has to tell of."""
    schedule = await core.store.schedule(GUILD, "general")
    fresh = await core.store.fresh(GUILD, schedule.id, 999)
    return sorted({m.episode.title for m in fresh.moments if m.episode.tenant == GUILD})


async def only_feed(core):
    (one,) = await core.store.feeds(GUILD)
    return one


async def test_first_add_is_silent_and_skips_what_has_no_times(core, worker, outlet):
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1), item(2), item(3, chapters=""))
    assert await own(core) == ["Episode 1", "Episode 2"]
    assert await told(core) == []
    assert (outlet.posts, outlet.told, outlet.edits) == ([], [], [])
    reply = await core.ask("/follow", user=ADMIN)
    assert reply.text == ("“A Show”, followed: 2 episodes added, 1 without chapters or transcript.")


async def test_proposal_alone_follows_nothing(core, worker, web):
    web.pages[URL] = feed(item(1))
    reply = await core.ask(f"/follow {URL}", user=ADMIN)
    assert reply.text.startswith("1 episode: 0 with a transcript, 1 with chapters, 0 with neither.")
    await settled(worker)
    assert await own(core) == []
    assert (await core.ask("/follow", user=ADMIN)).text.startswith("No feed is followed here.")


async def test_later_item_is_told_once(core, worker):
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1))
    await looked(core, worker, item(2, day=1), item(1))
    assert await told(core) == ["Episode 2"]
    assert await own(core) == ["Episode 1", "Episode 2"]


@pytest.mark.parametrize(
    "again",
    [
        item(1, title="Another title"),
        item(1, guid="new-guid"),
        item(1, guid="new-guid", title="Episode 1!"),
        item(1, media="https://cdn.example/moved.mp3"),
        item(1, guid="new-guid", media="https://cdn.example/moved.mp3"),
        item(1, chapters="0:00 Zebras\n5:00 Gnus\n12:30 Tapirs"),
    ],
)
async def test_edited_item_is_no_new_one(core, worker, again):
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1))
    await looked(core, worker, again)
    assert len(await own(core)) == 1
    assert await told(core) == []
    counts = (await only_feed(core)).counts
    assert (counts.done, counts.queued) == (1, 0)


async def test_edited_item_says_what_its_feed_says_now(core, worker):
    await followed(core, worker, item(1))
    await looked(core, worker, item(1, title="Zebras at night", media="https://cdn.example/1.mp3"))
    (episode,) = [
        one for one in await core.store.episodes(GUILD, offset=0, limit=9) if one.tenant == GUILD
    ]
    assert (episode.title, episode.media.url) == ("Zebras at night", "https://cdn.example/1.mp3")


async def test_signed_addresses_are_no_edit(core, worker, web):
    web.pages["https://pod.example/1.vtt?s=1"] = web.pages["https://pod.example/1.vtt?s=2"] = VTT
    await followed(core, worker, item(1, transcript="https://pod.example/1.vtt?s=1"))
    await looked(core, worker, item(1, transcript="https://pod.example/1.vtt?s=2"))
    assert "https://pod.example/1.vtt?s=2" not in web.asked


async def test_item_that_gets_its_chapters_later_is_told_then(core, worker):
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1))
    await looked(core, worker, item(2, chapters="", day=1), item(1))
    assert await told(core) == []
    await looked(core, worker, item(2, day=1), item(1))
    assert await told(core) == ["Episode 2"]


async def test_feed_made_anew_tells_of_nothing(core, worker):
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1))
    fresh = [
        item(n, day=1, guid=f"x{n}", media=f"https://new.example/{n}.mp3") for n in range(100, 140)
    ]
    await looked(core, worker, *fresh)
    assert len(await own(core)) == 41
    assert await told(core) == []


async def test_old_item_that_appears_late_is_not_told(core, worker):
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1))
    await looked(core, worker, item(1), item(300))
    assert await own(core) == ["Episode 1", "Episode 300"]
    assert await told(core) == []


async def test_item_given_twice_is_one_episode(core, worker):
    twin = item(2, guid="twin", media="https://pod.example/1.mp3")
    await followed(core, worker, item(1), twin)
    assert await own(core) == ["Episode 1"]
    await looked(core, worker, item(1), twin)
    assert await own(core) == ["Episode 1"]
    assert worker.items == {"done": 1}


async def test_item_removed_from_the_catalog_does_not_come_back(core, worker):
    await followed(core, worker, item(1))
    (episode,) = [
        e for e in await core.store.episodes(GUILD, offset=0, limit=9) if e.tenant == GUILD
    ]
    await core.store.remove_episode(GUILD, episode.id)
    await looked(core, worker, item(1, title="Edited"))
    assert await own(core) == []


async def test_unchanged_feed_is_asked_for_with_its_validators(core, worker, web):
    web.pages[URL] = Fetched(URL, 200, feed(item(1)), etag='"a"', last_modified="then")
    await core.ask(f"/follow {URL}", user=ADMIN)
    await core.press("Follow", user=ADMIN)
    await settled(worker)
    for _ in range(2):
        core.clock.advance(1.2 * HOUR)
        await settled(worker)
    assert web.unchanged == 2
    assert worker.looks == {"read": 1, "unchanged": 2}


async def test_transcript_is_brought_in_beside_the_chapters(core, worker, web):
    web.pages["https://pod.example/1.vtt"] = VTT
    await followed(core, worker, item(1, transcript="https://pod.example/1.vtt"))
    (episode,) = [
        e for e in await core.store.episodes(GUILD, offset=0, limit=9) if e.tenant == GUILD
    ]
    assert (await core.store.transcript(GUILD, episode.id)).sentence_count == 1
    assert episode.chapter_count == 3


async def test_transcript_that_is_gone_leaves_the_chapters(core, worker):
    await followed(core, worker, item(1, transcript="https://pod.example/gone.vtt"))
    assert await own(core) == ["Episode 1"]


@pytest.mark.parametrize("days", [0, 6])
async def test_transcript_that_is_slow_is_tried_for_days(core, worker, web, days):
    web.pages["https://pod.example/1.vtt"] = not_fetched(Trouble.SLOW)
    await followed(core, worker, item(1, transcript="https://pod.example/1.vtt"))
    assert [one.transcript_label for one in await own_episodes(core)] == [""]
    for _ in range(days * 6):
        core.clock.advance(4 * HOUR)
        await settled(worker)
    web.pages["https://pod.example/1.vtt"] = VTT
    core.clock.advance(27 * HOUR if days else 60)
    await settled(worker)
    assert [one.transcript_label for one in await own_episodes(core)] == ["Transcript"]
    counts = (await only_feed(core)).counts
    assert (counts.done, counts.queued, counts.parked) == (1, 0, 0)


async def test_item_that_stays_unreachable_is_parked_in_the_end(core, worker, web):
    web.pages["https://pod.example/1.vtt"] = not_fetched(Trouble.SLOW)
    await followed(core, worker, item(1, chapters="", transcript="https://pod.example/1.vtt"))
    for _ in range(MOST_FAILURES):
        core.clock.advance(31 * HOUR)
        await settled(worker)
    assert (await only_feed(core)).counts.parked == 1
    assert web.asked.count("https://pod.example/1.vtt") == MOST_FAILURES + 1


async def test_another_transcript_serves_while_the_best_is_away(core, worker, web):
    web.pages["https://pod.example/1.vtt"] = not_fetched(Trouble.SLOW)
    web.pages["https://pod.example/1b.vtt"] = VTT
    second = '<podcast:transcript url="https://pod.example/1b.vtt" type="text/vtt"/>'
    first = item(1, transcript="https://pod.example/1.vtt", extra=second)
    await followed(core, worker, first)
    assert [one.transcript_label for one in await own_episodes(core)] == ["Transcript"]
    assert (await only_feed(core)).counts.done == 1


async def test_episode_stored_in_part_is_told_once_and_stays_removed(core, worker, web):
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1))
    web.pages["https://pod.example/2.vtt"] = not_fetched(Trouble.SLOW)
    new = item(2, day=1, transcript="https://pod.example/2.vtt")
    await looked(core, worker, new, item(1))
    assert await told(core) == ["Episode 2"]
    episode = next(one for one in await own_episodes(core) if one.title == "Episode 2")
    await core.store.remove_episode(GUILD, episode.id)
    web.pages["https://pod.example/2.vtt"] = VTT
    core.clock.advance(26 * HOUR)
    await settled(worker)
    assert await own(core) == ["Episode 1"]


async def test_guid_that_is_used_again_for_another_talk_brings_a_second_episode(core, worker, web):
    web.pages["https://pod.example/1.vtt"] = VTT
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1, guid="latest", transcript="https://pod.example/1.vtt"))
    again = item(2, guid="latest", day=1)
    await looked(core, worker, again)
    assert [(one.title, one.transcript_label) for one in await own_episodes(core)] == [
        ("Episode 1", "Transcript"),
        ("Episode 2", ""),
    ]
    assert await told(core) == ["Episode 2"]
    await looked(core, worker, again)
    assert (await only_feed(core)).counts.done == 2


async def test_item_with_nothing_readable_is_parked_and_the_others_come(core, worker, web):
    web.pages["https://pod.example/1.vtt"] = b"<html>no</html>"
    bad = item(1, chapters="", transcript="https://pod.example/1.vtt")
    await followed(core, worker, bad, item(2))
    assert await own(core) == ["Episode 2"]
    assert "1 that could not be added" in (await core.ask("/follow", user=ADMIN)).text


async def test_feed_that_is_gone_is_paused_and_told_once(core, worker, web, outlet):
    await followed(core, worker, item(1))
    del web.pages[URL]
    for _ in range(12):
        core.clock.advance(24 * HOUR)
        await settled(worker)
    one = await only_feed(core)
    assert (one.state, one.failures) == (FeedState.PAUSED, 3)
    ((user, notice),) = outlet.told
    assert (user, "“A Show” that you follow is paused" in notice.text) == ("1", True)
    assert await own(core) == ["Episode 1"]
    web.pages[URL] = feed(item(2), item(1))
    reply = await core.ask("/follow", user=ADMIN)
    assert reply.text.endswith(Trouble.NOT_FOUND)
    await core.press("Resume: A Show", user=ADMIN)
    await settled(worker)
    assert await own(core) == ["Episode 1", "Episode 2"]


async def test_feed_that_fails_is_asked_for_less_and_less(core, worker, web):
    await followed(core, worker, item(1))
    web.pages[URL] = not_fetched(Trouble.UNREACHABLE)
    before = len(web.asked)
    for _ in range(48):
        core.clock.advance(HOUR / 2)
        await settled(worker)
    assert 3 <= len(web.asked) - before <= 5  # After 1, 2, 4 and 8 hours.
    web.pages[URL] = feed(item(1))
    core.clock.advance(26 * HOUR)
    await settled(worker)
    assert (await only_feed(core)).failures == 0


@pytest.mark.parametrize(
    "page",
    [
        b"<html>sign in</html>",
        b"<rss><channel><title>x",
        b"",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss>&a;</rss>",
        not_fetched(Trouble.LARGE),
        not_fetched(Trouble.PRIVATE),
        not_fetched(Trouble.REDIRECTS),
    ],
)
async def test_feed_that_turns_hostile_is_a_sentence_and_leaves_what_was_there(
    core, worker, web, page
):
    await followed(core, worker, item(1))
    before = await core.store.known_items(GUILD, 1)
    web.pages[URL] = page
    core.clock.advance(2 * HOUR)
    await settled(worker)
    assert await own(core) == ["Episode 1"]
    assert await core.store.known_items(GUILD, 1) == before
    reason = (await only_feed(core)).reason
    assert reason.endswith(".")
    assert "Traceback" not in reason
    reply = await core.ask(f"/follow {URL}?again", user=ADMIN)
    assert reply.text.endswith((".", "was."))


async def test_stopped_feed_is_not_looked_at_and_resumes_silently(core, worker, web):
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    await followed(core, worker, item(1))
    await core.ask("/follow", user=ADMIN)
    reply = await core.press("Stop: A Show", user=ADMIN)
    assert reply.text == "“A Show” is not followed any more. What was added stays."
    before = len(web.asked)
    await looked(core, worker, item(2, day=1), item(1), hours=30)
    assert len(web.asked) == before
    await core.ask("/follow resume show", user=ADMIN)
    await settled(worker)
    assert await own(core) == ["Episode 1", "Episode 2"]
    assert await told(core) == []


async def test_feed_of_another_community_can_neither_be_seen_nor_pressed(core, worker):
    await followed(core, worker, item(1))
    other = {"tenant": "discord:2", "user": ADMIN}
    assert (await core.ask("/follow", **other)).text.startswith("No feed is followed here.")
    await core.ask("/follow", user=ADMIN)
    reply = await core.press("Stop: A Show", **other)
    assert reply.text.startswith("That feed is not followed here any more.")
    assert (await only_feed(core)).state is FeedState.ON


async def test_enclosure_is_never_taken_for_the_video_that_an_item_links(core, worker):
    link = "<link>https://www.youtube.com/watch?v=fffffffffff</link>"
    await followed(core, worker, item(1, extra=link))
    (episode,) = [
        e for e in await core.store.episodes(GUILD, offset=0, limit=9) if e.tenant == GUILD
    ]
    assert episode.media.key == "url:https://pod.example/1.mp3"


async def test_import_that_somebody_waits_for_comes_before_a_feeds_rest(core, worker, web):
    web.pages[URL] = feed(*(item(n) for n in range(60)))
    await core.ask(f"/follow {URL}", user=ADMIN)
    await core.press("Follow", user=ADMIN)
    await worker.round()
    web.pages["https://example.org/talk.vtt"] = VTT
    await core.ask("/add https://example.org/talk.vtt Waited for", user=ADMIN)
    await core.press("Add silently", user=ADMIN)
    await worker.round()
    assert "Waited for" in await own(core)
    assert len(await own(core)) < 40


async def test_back_off_survives_a_fault_of_ours(core, worker, monkeypatch):
    async def fails(*args):
        raise RuntimeError("secret details")

    monkeypatch.setattr("bot.services.feed_importing.store_recording", fails)
    await followed(core, worker, item(1))
    for _ in range(MOST_FAILURES):
        assert (await only_feed(core)).counts.queued == 1
        core.clock.advance(timedelta(hours=31).total_seconds())
        await settled(worker)
    assert (await only_feed(core)).counts.parked == 1
