"""``/digest`` of another channel: an admin of the tenant names it, and nothing else is touched."""

import pytest

from bot.core.digest import State
from bot.core.outlet import Outcome, Posted
from bot.core.reply import MomentList
from bot.services.digest_worker import DigestWorker
from tests.unit.services.test_digests import ADMIN, titles

OTHER = "4242"
BERLIN = "on 9:00 Europe/Berlin"


async def of_channel(core, line, channel=OTHER, *, command="digest", user=ADMIN, **changes):
    args = {"action": line, "channel": channel}
    return await core.run(core.invocation(command, args, user=user, **changes))


async def schedule_in(core, channel, tenant="discord:1"):
    return await core.store.schedule(tenant, channel)


async def test_digest_is_turned_on_in_the_channel_that_is_named(core, outlet):
    reply = await of_channel(core, BERLIN)
    assert isinstance(reply, MomentList)
    assert reply.channel == OTHER
    assert (await schedule_in(core, OTHER)).on
    assert await schedule_in(core, "general") is None
    assert outlet.asked == [("discord:1", OTHER, ADMIN.id)]


@pytest.mark.parametrize("named", ["", "general", "  "])
async def test_channel_that_is_this_one_is_asked_of_as_ever(core, outlet, named):
    reply = await of_channel(core, BERLIN, named)
    assert reply.channel == ""
    assert (await schedule_in(core, "general")).on
    assert outlet.asked == [("discord:1", "general", "")]


async def test_every_action_is_about_the_channel_that_is_named(core, outlet):
    assert "in that channel" in (await of_channel(core, "status")).text
    for action in ("off", "now", "preview"):
        assert "No digest is on in that channel" in (await of_channel(core, action)).text
    await of_channel(core, "on 12:30 UTC")
    status = await of_channel(core, "status")
    assert "posted in that channel every day at 12:30" in status.text
    assert status.channel == OTHER
    assert titles(await of_channel(core, "preview"))
    assert (await of_channel(core, "now")).text == "Posted."
    ((channel, _, _),) = outlet.posts
    assert channel == OTHER
    assert "off in that channel" in (await of_channel(core, "off")).text
    assert not (await schedule_in(core, OTHER)).on
    assert await schedule_in(core, "general") is None


@pytest.mark.parametrize("action", ["status", "on 9:00 UTC", "off", "now", "preview"])
async def test_another_channel_is_for_admins_alone(core, outlet, action):
    await of_channel(core, "on 12:30 UTC")
    before = await schedule_in(core, OTHER)
    outlet.asked.clear()
    reply = await of_channel(core, action, user=core.invocation("help", {}).user)
    assert reply.text == "Only an admin can name another channel."
    assert await schedule_in(core, OTHER) == before
    assert (outlet.asked, outlet.posts) == ([], [])


@pytest.mark.parametrize(
    "named",
    ["#general", "<#42>", "4|2", "9" * 100, "@everyone", "4 2", "\u0664\u0662", "discord:2"],
)
@pytest.mark.parametrize("action", ["status", "on 9:00 UTC", "off", "now", "preview"])
async def test_junk_for_a_channel_gets_one_sentence(core, outlet, action, named):
    reply = await of_channel(core, action, named)
    assert reply.text == "That is no channel I could post in."
    assert (outlet.asked, outlet.posts) == ([], [])


async def test_channel_that_the_platform_refuses_is_not_turned_on(core, outlet):
    outlet.refused = "That is no channel of this server."
    reply = await of_channel(core, BERLIN)
    assert reply.text == "That is no channel of this server. The digest was not turned on."
    assert await schedule_in(core, OTHER) is None


async def test_channel_that_nobody_can_ask_about_is_not_turned_on(core):
    reply = await of_channel(core, BERLIN)
    assert "cannot ask" in reply.text
    assert await schedule_in(core, OTHER) is None


@pytest.mark.parametrize("action", ["off", "now", "preview", "status"])
async def test_channel_of_another_tenant_is_as_one_without_a_digest(core, outlet, action):
    await of_channel(core, "on 12:30 UTC", tenant="discord:2")
    reply = await of_channel(core, action)
    assert "digest is" in reply.text
    assert (await schedule_in(core, OTHER, "discord:2")).on
    assert outlet.posts == []


@pytest.fixture
async def in_doubt(core, outlet):
    """The status of another channel's digest whose turn is in doubt, as an admin sees it."""
    outlet.repeatable = False
    await of_channel(core, "on 12:30 UTC")
    outlet.outcomes = [Posted(Outcome.UNKNOWN, reason="lost")]
    core.clock.advance(1800)
    await DigestWorker(core.ports, ()).round()
    return await of_channel(core, "status")


async def test_button_of_another_channels_status_posts_there(core, outlet, in_doubt):
    (button,) = in_doubt.buttons
    assert button.action.args == ("2026-03-01", OTHER)
    reply = await core.press("Post 1 March again", user=ADMIN)
    assert (reply.text, reply.channel) == ("Posted.", OTHER)
    ((channel, _, _),) = outlet.posts
    assert channel == OTHER


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({}, "Only an admin"), ({"user": ADMIN, "tenant": "discord:2"}, "is gone")],
    ids=["member", "other tenant"],
)
async def test_button_checks_again_who_presses_it(core, outlet, in_doubt, changes, sentence):
    reply = await core.press("Post 1 March again", **changes)
    assert sentence in reply.text
    assert outlet.posts == []
    schedule = await schedule_in(core, OTHER)
    (turn,) = await core.store.deliveries("discord:1", schedule.id, 5)
    assert turn.state is State.DOUBT


async def test_button_of_before_channels_could_be_named_posts_where_it_is(core, outlet, in_doubt):
    old = core.invocation("again", {"day": "2026-03-01", "channel": ""}, user=ADMIN, channel=OTHER)
    assert (await core.run(old)).text == "Posted."
    assert [channel for channel, _, _ in outlet.posts] == [OTHER]


async def test_person_who_is_told_of_a_pause_is_told_which_channel(core, outlet, worker):
    await of_channel(core, "on 12:30 UTC")
    outlet.outcomes = [Posted(Outcome.REFUSED, reason="This channel is gone.")]
    core.clock.advance(1800)
    await worker.round()
    ((_, told),) = outlet.told
    assert told.channel == OTHER
