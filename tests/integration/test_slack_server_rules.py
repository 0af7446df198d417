"""The loopback Slack: what it refuses, and whose fault it says that is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_server import SlackServer
from tests.integration.slack_client import Bot, body, button, code, excused, wrongs


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as running:
        yield running


@pytest.fixture
def web(server: SlackServer) -> Bot:
    """A bot that only calls the Web API."""
    return Bot(server)


# Tokens and scopes.


async def test_token_that_is_wrong_missing_or_of_the_other_kind_is_refused(
    server: SlackServer,
) -> None:
    def client(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=server.api_url, retry_handlers=[])

    good = await client("xoxb-1-good").auth_test()
    assert (good["user"], good["team_id"]) == ("segue", server.team.id)
    assert (good["user_id"], good["bot_id"]) == (server.bot_user.id, server.bot_id)
    assert "chat:write" in good.headers["x-oauth-scopes"]
    assert await code(client("xoxb-1-bad").auth_test()) == "invalid_auth"
    assert await code(client(None).auth_test()) == "not_authed"
    assert await code(client("xapp-1-good").auth_test()) == "not_allowed_token_type"
    bot = client("xoxb-1-good")
    opening = bot.apps_connections_open(app_token="xoxb-1-good")
    assert await code(opening) == "not_allowed_token_type"
    assert await code(bot.apps_connections_open(app_token="xapp-1-bad")) == "invalid_auth"
    opened = await bot.apps_connections_open(app_token="xapp-1-good")
    assert opened["url"].startswith("ws://127.0.0.1:")


async def test_scope_that_lacks_is_named() -> None:
    async with SlackServer(scopes=frozenset({"commands", "chat:write"})) as server:
        web = Bot(server).web
        with pytest.raises(SlackApiError) as refused:
            await web.users_info(user=server.user().id)
        told = refused.value.response
        assert (told["error"], told["needed"]) == ("missing_scope", "users:read")
        assert told["provided"] == told.headers["x-oauth-scopes"] == "chat:write,commands"
        dm = server.dm()
        with pytest.raises(SlackApiError) as refused:
            await web.conversations_info(channel=dm.id)
        assert refused.value.response["needed"] == "im:read"
        assert excused(server) == ["missing_scope"] * 2
        assert (await server.mention("help")).first.failed


async def test_public_posting_needs_no_membership_with_its_scope() -> None:
    async with SlackServer(scopes=frozenset({"chat:write", "chat:write.public"})) as server:
        place = server.add_channel("elsewhere", member=False)
        await Bot(server).post(place.id)
        assert [one.channel for one in server.posted()] == [place]


# Methods.


async def test_call_can_be_a_form_json_or_get(server: SlackServer) -> None:
    headers = {"Authorization": "Bearer xoxb-1-good"}
    args = {"user": server.user().id, "include_locale": "1"}
    url = f"{server.api_url}users.info"
    async with ClientSession(headers=headers) as session:
        for way in ({"data": args}, {"json": {**args, "include_locale": True}}):
            async with session.post(url, **way) as answer:
                assert (await answer.json())["user"]["locale"] == "en-US"
        async with session.get(url, params=args) as answer:
            assert (await answer.json())["user"]["id"] == args["user"]
        for text in ("{", "[]"):
            sent = {"Content-Type": "application/json"}
            async with session.post(url, data=text, headers=sent) as answer:
                assert (await answer.json())["error"] == "invalid_json"
    assert [one.method for one in server.calls] == ["users.info"] * 5
    assert wrongs(server) == ["invalid_json"] * 2


async def test_method_or_argument_that_is_unknown_is_a_violation(
    server: SlackServer, web: Bot
) -> None:
    assert await code(web.web.api_call("chat.shout")) == "unknown_method"
    assert await code(web.web.users_info(user="")) == "invalid_arguments"
    silent = {"channel": server.channel.id, "unfurl_links": False, "unfurl_media": False}
    assert await code(web.web.api_call("chat.postMessage", json=silent)) == "no_text"
    assert wrongs(server) == ["unknown_method", "invalid_arguments", "no_text"]


async def test_workspace_may_be_named_in_any_call_but_no_other(
    server: SlackServer, web: Bot
) -> None:
    assert (await web.web.api_call("auth.test", params={"team_id": server.team.id}))["ok"]
    other = web.web.api_call("auth.test", params={"team_id": "T9"})
    assert await code(other) == "team_access_not_granted"


async def test_people_are_described_as_slack_does(server: SlackServer, web: Bot) -> None:
    person = server.user("bob", owner=True, display_name="Bobby <3", locale="de-DE")
    user = (await web.web.users_info(user=person.id, include_locale=True))["user"]
    assert (user["name"], user["profile"]["display_name"]) == ("bob", "Bobby <3")
    assert (user["is_admin"], user["is_owner"], user["is_bot"]) == (True, True, False)
    assert (user["locale"], user["team_id"]) == ("de-DE", server.team.id)
    plain = (await web.web.users_info(user=server.user("carol").id))["user"]
    assert (plain["is_admin"], "locale" in plain) == (False, False)
    assert await code(web.web.users_info(user="U999")) == "user_not_found"
    assert (server.violations, excused(server)) == ([], ["user_not_found"])


async def test_channels_are_described_joined_and_opened(server: SlackServer, web: Bot) -> None:
    place = server.add_channel("elsewhere", member=False)
    found = (await web.web.conversations_info(channel=place.id))["channel"]
    assert (found["name"], found["is_member"], found["is_private"]) == ("elsewhere", False, False)
    await web.web.conversations_join(channel=place.id)
    assert place.bot_is_member
    opened = await web.web.conversations_open(users=server.user().id)
    assert opened["channel"]["id"] == server.dm().id


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ({"member": False}, "not_in_channel"),
        ({"member": False, "private": True}, "channel_not_found"),
        ({"archived": True}, "is_archived"),
    ],
)
async def test_post_where_the_bot_may_not_write_is_refused(
    server: SlackServer, web: Bot, kind: dict[str, bool], error: str
) -> None:
    place = server.add_channel("elsewhere", **kind)
    assert await code(web.post(place.id)) == error
    assert (server.posted(), server.violations, excused(server)) == ([], [], [error])


async def test_post_in_a_thread_needs_its_parent(server: SlackServer, web: Bot) -> None:
    root = server.say("Who knows?")
    reply = server.say("I do.", thread=root)
    assert await code(web.post(server.channel.id, thread_ts="soon")) == "invalid_arguments"
    assert await code(web.post(server.channel.id, thread_ts=reply.ts)) == "invalid_thread_ts"
    await web.post(server.channel.id, thread_ts=root.ts)
    assert [one.thread_ts for one in server.posted(thread=root)] == [root.ts]


async def test_posts_to_one_channel_are_limited_once_that_is_on(
    server: SlackServer, web: Bot
) -> None:
    await web.post(server.channel.id)
    await web.post(server.channel.id)
    server.limits.on = True
    with pytest.raises(SlackApiError) as refused:
        await web.post(server.channel.id)
    told = refused.value.response
    assert (told.status_code, told["error"]) == (429, "ratelimited")
    assert told.headers["Retry-After"] == "1"
    await web.post(server.add_channel("side").id)
    assert (len(server.posted()), server.violations, excused(server)) == (3, [], ["ratelimited"])


async def test_post_is_kept_as_slack_keeps_it(server: SlackServer, web: Bot) -> None:
    metadata = {"event_type": "share", "event_payload": {"key": "1"}}
    text = "a & b &lt; <https://a.io?x=1&amp;y=2|A> <!channel> > <"
    answer = await web.post(
        server.channel.id, text, blocks=body("", button())["blocks"], metadata=metadata
    )
    (message,) = server.posted()
    assert (answer["ts"], answer["channel"]) == (message.ts, server.channel.id)
    assert message.text == "a &amp; b &lt; <https://a.io?x=1&amp;y=2|A> <!channel> &gt; &lt;"
    assert answer["message"]["text"] == message.text
    assert all(block["block_id"] for block in answer["message"]["blocks"])
    assert (message.metadata, message.by_bot) == (metadata, True)
    assert message.pings


async def test_edit_changes_the_bots_own_message_only(server: SlackServer, web: Bot) -> None:
    said, place = server.say("Mine."), server.channel.id
    ts = (await web.post(place))["ts"]
    await web.web.chat_update(channel=place, ts=ts, text="Again.")
    (message,) = server.posted()
    assert (message.text, message.edits[0]["text"]) == ("Again.", "Hello.")
    assert await code(web.web.chat_update(channel=place, ts=said.ts, text="x")) == (
        "cant_update_message"
    )
    gone = web.web.chat_update(channel=place, ts="1700000000.000001", text="x")
    assert await code(gone) == "message_not_found"


async def test_ephemeral_post_is_seen_by_one(server: SlackServer, web: Bot) -> None:
    bob = server.user("bob")
    await web.web.chat_postEphemeral(channel=server.channel.id, user=bob.id, text="Psst.")
    assert server.posted() == []
    assert [one.ephemeral_for for one in server.messages] == [bob]
