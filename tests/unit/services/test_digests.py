"""``/digest``: what an admin says, and what a channel is told, once a day."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.catalog import PUBLIC
from bot.core.commands import User
from bot.core.digest import State
from bot.core.reply import Audience, MomentList, Notice
from bot.services import digests
from tests.fakes.documents import document

ADMIN = User("1", "Ada", is_admin=True)
DAY = 24 * 3600.0
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def admin(core, line, **changes):
    return await core.ask(line, user=ADMIN, **changes)


async def states(core):
    schedule = await core.store.schedule("discord:1", "general")
    return [one.state for one in await core.store.deliveries("discord:1", schedule.id, 20)]


def titles(reply):
    return [line.title for line in reply.moments]


async def test_channel_without_a_digest_is_told_how_to_turn_it_on(core, outlet):
    reply = await core.ask("/digest")
    assert "/digest on 9:00" in reply.text


@pytest.mark.parametrize("line", ["on 9:00 UTC", "off", "now", "preview"])
async def test_digest_is_for_admins(core, outlet, line):
    reply = await core.ask(f"/digest {line}")
    assert "Only an admin" in reply.text
    assert await core.store.schedule("discord:1", "general") is None


async def test_turning_on_shows_what_it_would_tell_and_when(core, outlet):
    reply = await admin(core, "/digest on 21:30 Europe/Berlin")
    assert isinstance(reply, MomentList)
    assert reply.audience is Audience.PRIVATE
    assert reply.heading == "5 of 15 new moments"
    assert "On: every day at 21:30 (Europe/Berlin), first today." in reply.remarks[0]
    assert outlet.posts == []


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("on 9:00 UTC", "every day at 9:00 (UTC), first tomorrow"),
        ("on utc 9", "every day at 9:00 (UTC), first tomorrow"),
        ("on 9pm america/new_york", "every day at 21:00 (America/New_York), first today"),
        ("on 12am UTC", "every day at 0:00 (UTC), first tomorrow"),
        ("ON 13.05 UTC resurface", "every day at 13:05 (UTC), first today"),
    ],
)
async def test_time_and_zone_are_read_as_people_write_them(core, outlet, line, when):
    reply = await admin(core, f"/digest {line}")
    assert when in reply.remarks[0]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("sometimes", "does not know “sometimes”"),
        ("on 25:00 UTC", "“25:00” is no time of day"),
        ("on 13pm UTC", "“13pm” is no time of day"),
        ("on 9:00 Mars/Olympus", "neither a time of day"),
        ("on 9:00", "Which time zone"),
        ("off", "No digest is on"),
        ("now", "No digest is on"),
    ],
)
async def test_wish_that_cannot_be_read_gets_its_sentence(core, outlet, line, sentence):
    reply = await admin(core, f"/digest {line}")
    assert sentence in reply.text
    assert await core.store.schedule("discord:1", "general") is None


async def test_zone_of_the_caller_is_taken_where_the_platform_tells_it(core, outlet):
    reply = await admin(core, "/digest on 9:00", zone="Asia/Kathmandu")
    assert "(Asia/Kathmandu)" in reply.remarks[0]


async def test_channel_where_nothing_may_be_posted_is_not_turned_on(core, outlet):
    outlet.refused = "I lack the permission Send Messages."
    reply = await admin(core, "/digest on 9:00 UTC")
    assert "Send Messages" in reply.text
    assert "not turned on" in reply.text
    assert await core.store.schedule("discord:1", "general") is None


async def test_direct_message_has_no_digest(core, outlet):
    reply = await admin(core, "/digest on 9:00 UTC", tenant=PUBLIC)
    assert "posted in a channel" in reply.text


async def test_sample_fills_three_days_and_then_there_is_silence(core, outlet, worker):
    await admin(core, "/digest on 13:00 UTC")
    core.clock.advance(3600)
    for _ in range(6):
        await worker.round()
        core.clock.advance(DAY)
    assert [len(reply.moments) for _, reply, _ in outlet.posts] == [5, 5, 5]
    assert [reply.heading for _, reply, _ in outlet.posts] == [
        "5 of 15 new moments", "5 of 10 new moments", "5 new moments",
    ]  # fmt: skip
    told = [line.moment_id for _, reply, _ in outlet.posts for line in reply.moments]
    assert len(told) == len(set(told)) == 15
    assert (await states(core))[:3] == [State.QUIET] * 3


async def test_day_without_news_brings_one_from_the_archive_where_it_is_wanted(
    core, outlet, worker
):
    await admin(core, "/digest on 13:00 UTC resurface")
    core.clock.advance(3600)
    for _ in range(5):
        await worker.round()
        core.clock.advance(DAY)
    fourth = outlet.posts[3][1]
    assert fourth.heading.startswith("From the archive")
    assert len(fourth.moments) == 1
    assert titles(outlet.posts[4][1]) != titles(fourth)


async def test_digest_is_posted_at_its_minute_and_once(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    await worker.round()
    assert outlet.posts == []
    core.clock.advance(30 * 60)
    for _ in range(3):
        await worker.round()
    ((channel, reply, _),) = outlet.posts
    assert channel == "general"
    assert reply.audience is Audience.CHANNEL
    assert reply.heading == "5 of 15 new moments"
    assert reply.remarks == ()


async def test_rest_of_a_digest_is_listed_privately(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(30 * 60)
    await worker.round()
    core.reply = outlet.posts[0][1]
    reply = await core.press("10 more")
    assert reply.audience is Audience.PRIVATE
    assert len(reply.moments) == 10
    assert not set(titles(reply)) & set(titles(outlet.posts[0][1]))
    stranger = await core.run(
        replace(core.invocation("fresh", {"schedule": "1"}), tenant="discord:2")
    )
    assert isinstance(stranger, Notice)


async def test_now_uses_up_todays_turn(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    assert (await admin(core, "/digest now")).text == "Posted."
    assert "posted already" in (await admin(core, "/digest now")).text
    core.clock.advance(3600)
    await worker.round()
    assert len(outlet.posts) == 1
    core.clock.advance(DAY)
    await worker.round()
    assert len(outlet.posts) == 2


@pytest.mark.parametrize(
    ("hours", "headings"), [(5, ["5 of 15 new moments (late)"]), (7, []), (30 * 24 + 7, [])]
)
async def test_late_turn_is_said_to_be_late_or_folded_into_the_next(
    core, outlet, worker, hours, headings
):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800 + hours * 3600)
    await worker.round()
    assert [reply.heading for _, reply, _ in outlet.posts] == headings
    core.clock.advance((24 - hours % 24) * 3600)
    await worker.round()
    assert len(outlet.posts) == len(headings) + 1
    left = 10 if headings else 15
    assert outlet.posts[-1][1].heading == f"5 of {left} new moments"


async def test_clock_that_is_set_back_posts_nothing_again(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    await worker.round()
    core.clock.advance(-2 * DAY)
    for _ in range(5):
        await worker.round()
        core.clock.advance(6 * 3600)
    assert len({key for _, _, key in outlet.posts}) == len(outlet.posts) == 1


async def test_turned_off_is_silent_and_on_again_goes_on_where_it_was(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    await worker.round()
    assert "off here" in (await admin(core, "/digest off")).text
    core.clock.advance(DAY)
    await worker.round()
    assert len(outlet.posts) == 1
    reply = await admin(core, "/digest on")
    assert reply.heading == "5 of 10 new moments"


async def test_import_of_old_episodes_posts_nothing(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    for number in range(40):
        rows = [(60, f"Old {number}", "x")]
        await core.add(document(f"Old talk {number}", f"old{number:08}", rows), "discord:1")
    for _ in range(5):
        core.clock.advance(DAY)
        await worker.round()
    assert not any("Old" in title for _, reply, _ in outlet.posts for title in titles(reply))


async def test_post_that_takes_long_goes_on_after_its_reply(core, outlet, monkeypatch):
    monkeypatch.setattr(digests, "POST_WITHIN_S", 0.0)
    await admin(core, "/digest on 12:30 UTC")
    assert "being posted" in (await admin(core, "/digest now")).text
    await asyncio.gather(*core.ports.begun)
    assert len(outlet.posts) == 1
    assert await states(core) == [State.POSTED]


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("on 9 pm UTC", "every day at 21:00 (UTC)"),
        ("on at 9:00, berlin", "every day at 9:00 (Europe/Berlin)"),
        ("on 9:00 America/New York", "every day at 9:00 (America/New_York)"),
    ],
)
async def test_wish_is_read_as_it_is_said(core, outlet, line, when):
    assert when in (await admin(core, f"/digest {line}")).remarks[0]


@pytest.mark.parametrize("zone", ["localtime", "Factory", "nowhere"])
async def test_zone_that_is_no_place_is_refused(core, outlet, zone):
    assert "neither a time of day" in (await admin(core, f"/digest on 9:00 {zone}")).text


async def test_used_up_turn_is_not_promised_again(core, outlet):
    await admin(core, "/digest on 12:30 UTC")
    await admin(core, "/digest now")
    assert "next tomorrow" in (await core.ask("/digest")).text
    assert "first tomorrow" in (await admin(core, "/digest on 18:00 UTC")).remarks[0]


async def test_on_said_twice_keeps_todays_turn(core, outlet, worker):
    await admin(core, "/digest on 12:30 UTC")
    core.clock.advance(1800)
    await admin(core, "/digest on 12:30 UTC")
    await worker.round()
    assert len(outlet.posts) == 1


async def test_post_again_is_refused_where_nothing_can_be_posted(core, outlet):
    await admin(core, "/digest on 12:30 UTC")
    args = {"day": "2026-03-01"}
    del core.ports.outlets["discord"]
    away = await core.run(core.invocation("again", args, user=ADMIN))
    assert "not connected" in away.text
    core.ports.outlets["discord"] = outlet
    await admin(core, "/digest off")
    off = await core.run(core.invocation("again", args, user=ADMIN))
    assert "turned off" in off.text
