"""What the bot posts by itself on Slack is posted once, or it knows why not, or knows its doubt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from adapters.running import Running
from adapters.slack import PLATFORM, publish
from adapters.slack.app import make_client, serve
from adapters.slack.history import History
from adapters.slack.identity import Identity
from adapters.slack.outlet import SlackOutlet
from adapters.slack.pace import Pace
from adapters.slack.publish import Web
from bot.core.actions import Action
from bot.core.catalog import Tenant
from bot.core.outlet import Outcome, Outlet, Posted
from bot.core.reply import Button, MomentList, Notice
from tests.e2e.digests import DIGEST, KEY
from tests.e2e.scripted import Bot, Script, serving
from tests.e2e.slack.asking import seen
from tests.e2e.slack.conftest import slack_settings
from tests.e2e.slack.scripted import adapter, host_for
from tests.fakes.ports import free_port
from tests.fakes.slack_server import Channel, SlackServer

POST = "chat.postMessage"
LATER, REFUSED, UNKNOWN = Outcome.LATER, Outcome.REFUSED, Outcome.UNKNOWN
PAUSED = Notice(text="Your digest is paused.")
IN_DOUBT = Posted(UNKNOWN, reason="Slack did not say whether the post arrived.")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server) as running:
        yield running


@pytest.fixture
def outlet(bot: Bot) -> Outlet:
    return bot.host.outlets["slack"]


async def post(
    outlet: Outlet, channel: Channel, reply: MomentList = DIGEST, within_s: float = 20.0
) -> Posted:
    return await outlet.post(channel.id, reply, key=KEY, within_s=within_s)


async def test_digest_is_posted_as_rendered_and_its_ts_returned(
    server: SlackServer, outlet: Outlet
) -> None:
    assert not outlet.repeatable
    posted = await post(outlet, server.channel)
    (message,) = server.posted()
    assert posted == Posted(Outcome.POSTED, message.ts)
    (call,) = server.called(POST)
    rendered = PLATFORM.render(DIGEST)
    del rendered["response_type"]
    metadata = {"event_type": "segue_delivery", "event_payload": {"key": KEY}}
    assert call.args == rendered | {"channel": server.channel.id, "metadata": metadata}
    assert (call.args["unfurl_links"], call.args["unfurl_media"]) == (False, False)
    assert message.metadata == metadata
    assert "KV Cache" in seen(message)
    assert message.pings == []


@pytest.mark.parametrize("private", [False, True])
async def test_digest_for_a_channel_without_the_bot_says_how_to_invite_it(
    server: SlackServer, outlet: Outlet, private: bool
) -> None:
    place = server.add_channel("elsewhere", private=private, member=False)
    posted = await post(outlet, place)
    assert posted.outcome is REFUSED
    assert "/invite @segue" in posted.reason
    place.bot_is_member = True
    assert (await post(outlet, place)).outcome is Outcome.POSTED


async def test_digest_for_an_archived_channel_is_refused(
    server: SlackServer, outlet: Outlet
) -> None:
    place = server.add_channel("old", archived=True)
    assert await post(outlet, place) == Posted(REFUSED, reason="That channel is archived.")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("restricted_action", "does not let me post"),
        ("restricted_action_read_only_channel", "Only some may post"),
        ("restricted_action_thread_only_channel", "threads alone"),
        ("token_revoked", "SLACK_BOT_TOKEN"),
        ("account_inactive", "SLACK_BOT_TOKEN"),
        ("missing_scope", "SLACK_BOT_TOKEN"),
        ("invalid_blocks", "a fault of mine"),
        ("a_code_of_tomorrow", "a fault of mine"),
    ],
)
async def test_digest_that_slack_refuses_is_refused_with_the_reason(
    server: SlackServer, outlet: Outlet, code: str, words: str
) -> None:
    server.faults.add(POST, "error", error=code)
    posted = await post(outlet, server.channel)
    assert posted.outcome is REFUSED
    assert words in posted.reason
    assert len(server.called(POST)) == 1
    assert server.posted() == []


async def test_digest_waits_as_long_as_slack_asks_and_is_posted_once(
    server: SlackServer, outlet: Outlet
) -> None:
    server.faults.add(POST, "rate_limit", retry_after=1)
    assert (await post(outlet, server.channel)).outcome is Outcome.POSTED
    first, second = server.called(POST)
    assert second.at - first.at >= 1
    assert len(server.posted()) == 1


async def test_digest_under_a_lasting_rate_limit_may_be_posted_after_it(
    server: SlackServer, outlet: Outlet
) -> None:
    server.faults.add(POST, "rate_limit", retry_after=3600)
    posted = await post(outlet, server.channel)
    reason = "Slack did not take the post just now."
    assert posted == Posted(LATER, reason=reason, retry_after_s=3600)
    assert server.posted() == []


async def test_digest_while_slack_takes_none_may_be_posted_later(
    server: SlackServer, outlet: Outlet
) -> None:
    server.faults.add(POST, "error", times=None, error="service_unavailable")
    assert (await post(outlet, server.channel)).outcome is LATER


@pytest.mark.parametrize(
    ("trouble", "posts"),
    [
        ({"kind": "status", "status": 503, "body": "upstream request timeout"}, 0),
        ({"kind": "error", "error": "fatal_error"}, 0),
        ({"kind": "garbage"}, 0),
        ({"kind": "drop_before"}, 0),
        ({"kind": "drop_after"}, 1),
    ],
    ids=["503", "fatal_error", "garbage", "drop_before", "drop_after"],
)
async def test_digest_of_which_nothing_is_known_is_in_doubt_and_not_posted_again(
    server: SlackServer, outlet: Outlet, trouble: dict[str, Any], posts: int
) -> None:
    server.faults.add(POST, **trouble)
    assert await post(outlet, server.channel) == IN_DOUBT
    assert len(server.called(POST)) == 1
    assert len(server.posted()) == posts


async def test_digest_that_hangs_is_given_up_in_time_and_in_doubt(
    server: SlackServer, outlet: Outlet
) -> None:
    hanging = server.faults.add(POST, "hang")
    async with asyncio.timeout(10):
        assert await post(outlet, server.channel, within_s=0.2) == IN_DOUBT
    assert len(server.called(POST)) == 1
    hanging.release()


async def test_digest_while_nothing_listens_is_surely_not_there(server: SlackServer) -> None:
    settings = slack_settings(server, api_url=f"http://127.0.0.1:{free_port()}/api/")
    async with aiohttp.ClientSession() as session:
        web = Web(make_client(settings, session), session)
        identity = Identity("T1", "U1", "segue")
        outlet = SlackOutlet(web, identity, Running(), History(web, identity, settings))
        assert (await post(outlet, server.channel)).outcome is LATER
        assert not await outlet.tell("U2", PAUSED)


async def test_digest_that_cannot_be_rendered_is_a_fault_of_ours(
    server: SlackServer, outlet: Outlet
) -> None:
    broken = replace(DIGEST, buttons=(Button("x", Action("exact", ("1", "x" * 200))),))
    posted = await post(outlet, server.channel, broken)
    assert posted.outcome is REFUSED
    assert "a fault of mine" in posted.reason
    assert server.called(POST) == []


# When the outlet is there.


async def test_outlet_is_absent_until_slack_says_who_the_bot_is(server: SlackServer) -> None:
    fault = server.faults.add("auth.test", "hang")
    host = host_for(server, Script())
    async with serving(host, serve(host), fault.reached()):
        assert host.outlets == {}


async def test_outlet_is_absent_after_a_stop(bot: Bot, outlet: Outlet) -> None:
    assert bot.host.outlets == {"slack": outlet}
    await bot.stop()
    assert bot.host.outlets == {}


async def test_stop_waits_for_a_post_under_way(
    server: SlackServer, bot: Bot, outlet: Outlet
) -> None:
    hanging = server.faults.add(POST, "hang")
    posting = asyncio.create_task(post(outlet, server.channel))
    await hanging.reached()
    stopping = asyncio.create_task(bot.stop())
    hanging.release()
    assert (await posting).outcome is Outcome.POSTED
    await stopping


async def test_post_that_a_stop_cannot_wait_for_is_in_doubt(server: SlackServer) -> None:
    async with adapter(server, pace=Pace(drain=0.05)) as bot:
        hanging = server.faults.add(POST, "hang")
        posting = asyncio.create_task(post(bot.host.outlets["slack"], server.channel))
        await hanging.reached()
        await bot.stop()
        assert await posting == IN_DOUBT


# Where it may post.

WHISPER = "chat.postEphemeral"
NOT_KNOWN = "Slack does not say just now whether I may post there. Please try again."


async def refusal(
    server: SlackServer, outlet: Outlet, channel: Channel | str, user: str = ""
) -> str | None:
    ident = channel if isinstance(channel, str) else channel.id
    return await outlet.refusal(Tenant(f"slack:{server.team.id}"), ident, user=user)


async def test_refusal_without_a_user_is_left_to_the_first_post(
    server: SlackServer, outlet: Outlet
) -> None:
    before = len(server.calls)
    assert await refusal(server, outlet, server.channel) is None
    assert len(server.calls) == before


async def test_refusal_is_tried_out_by_a_word_that_the_user_alone_sees(
    server: SlackServer, outlet: Outlet
) -> None:
    ada = server.user("ada")
    place = server.add_channel("elsewhere", private=True)
    assert await refusal(server, outlet, place, ada.id) is None
    (shown,) = place.messages
    assert shown.ephemeral_for is ada
    assert "being turned on here" in seen(shown)
    assert server.posted(place) == []


@pytest.mark.parametrize("private", [False, True])
async def test_refusal_where_the_bot_is_not_says_how_to_invite_it(
    server: SlackServer, outlet: Outlet, private: bool
) -> None:
    place = server.add_channel("elsewhere", private=private, member=False)
    assert "/invite @segue" in (await refusal(server, outlet, place, server.user("ada").id) or "")


async def test_refusal_of_a_channel_that_the_user_is_not_in_says_so(
    server: SlackServer, outlet: Outlet
) -> None:
    ada, place = server.user("ada", admin=True), server.add_channel("board", private=True)
    place.outsiders.append(ada)
    assert await refusal(server, outlet, place, ada.id) == "You are not in that channel yourself."


@pytest.mark.parametrize("trouble", [{"kind": "drop_after"}, {"kind": "error", "error": "x_y"}])
async def test_refusal_that_slack_does_not_explain_asks_to_try_again(
    server: SlackServer, outlet: Outlet, trouble: dict[str, Any]
) -> None:
    server.faults.add(WHISPER, **trouble)
    assert await refusal(server, outlet, server.channel, server.user("ada").id) == NOT_KNOWN
    assert len(server.called(WHISPER)) == 1


@pytest.mark.parametrize(
    "junk", ["", "general", "#general", "U00000001", "C" * 100, "C1\n", "9" * 100]
)
async def test_refusal_of_what_is_no_channel_asks_nobody(
    server: SlackServer, outlet: Outlet, junk: str
) -> None:
    before = len(server.calls)
    told = await refusal(server, outlet, junk, server.user("ada").id)
    assert told == "That is no channel of this workspace."
    private = server.dm(server.user("bob"))
    assert await refusal(server, outlet, private, server.user("ada").id) == told
    stranger = await outlet.refusal(Tenant("slack:T9"), server.channel.id, user="U1")
    assert stranger == told
    assert len(server.calls) == before


# Telling one person.


async def test_person_is_told_in_private(server: SlackServer, outlet: Outlet) -> None:
    person = server.user("bob")
    assert await outlet.tell(person.id, PAUSED)
    (message,) = server.posted(server.world.dm(person))
    assert seen(message) == "Your digest is paused."


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "error", "error": "messages_tab_disabled"},
        {"kind": "error", "error": "user_not_found"},
        {"kind": "drop_before"},
    ],
    ids=["messages_tab_disabled", "user_not_found", "drop_before"],
)
async def test_person_whom_slack_does_not_reach_is_not_told(
    server: SlackServer, outlet: Outlet, trouble: dict[str, Any]
) -> None:
    server.faults.add(POST, **trouble)
    assert not await outlet.tell(server.user("bob").id, PAUSED)
    assert len(server.called(POST)) == 1
