"""The loopback Slack: what people do reaches the bot in both modes, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack_server import Message, NotPossible, SlackServer, View
from tests.integration.slack_client import (
    MODES,
    Bot,
    Payload,
    body,
    button,
    modal,
)


@pytest.fixture(params=["socket", "http"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[SlackServer]:
    async with SlackServer(mode=request.param) as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with MODES[server.mode](server) as running:
        yield running


# Commands.


async def test_slash_command_is_answered_by_its_acknowledgement(
    server: SlackServer, bot: Bot
) -> None:
    act = await server.slash("/segue", "topic kv cache")
    message = await act.settled()
    assert isinstance(message, Message)
    assert (message.text, message.ephemeral_for) == ("Hello.", server.user("alice"))
    assert act.ack == body()
    assert act.ack_seconds is not None
    assert act.ack_seconds < 3
    assert act.status == (200 if server.mode == "http" else None)


async def test_slash_command_says_who_called_what_where(server: SlackServer, bot: Bot) -> None:
    bob, side = server.user("bob"), server.add_channel("side", private=True)
    await server.slash("/segue", "q & a <b> https://a.io", user=bob, channel=side)
    form = bot.seen[0]
    assert (form["command"], form["text"]) == ("/segue", "q &amp; a &lt;b&gt; https://a.io")
    assert (form["user_id"], form["user_name"]) == (bob.id, "bob")
    assert (form["channel_id"], form["channel_name"]) == (side.id, "privategroup")
    assert (form["team_id"], form["api_app_id"]) == (server.team.id, server.app_id)
    assert form["is_enterprise_install"] == "false"
    assert {"response_url", "trigger_id", "token", "team_domain"} <= set(form)


async def test_slash_command_that_escapes_marks_up_links(server: SlackServer, bot: Bot) -> None:
    server.should_escape = True
    await server.slash("/segue", "https://a.io/x?a=1&b=2 and b.io")
    assert bot.seen[0]["text"] == "<https://a.io/x?a=1&amp;b=2> and <http://b.io|b.io>"


async def test_slash_command_is_answered_later_by_its_response_url(
    server: SlackServer, bot: Bot
) -> None:
    async def later(bot: Bot, kind: str, payload: Payload) -> None:
        assert await bot.respond(payload, body("Now.")) == (200, "ok")

    bot.act = later
    act = await server.slash("/segue", "topic kv cache")
    assert act.ack is None
    assert [one.text for one in act.messages] == ["Now."]


async def test_slash_command_is_answered_by_plain_text(server: SlackServer, bot: Bot) -> None:
    async def plain(bot: Bot, kind: str, payload: Payload) -> str:
        return "Just text."

    bot.act = plain
    message = await (await server.slash("/segue")).next()
    assert message.text == "Just text."


async def test_slash_command_is_answered_for_all_to_see(server: SlackServer, bot: Bot) -> None:
    async def openly(bot: Bot, kind: str, payload: Payload) -> Payload:
        return body(response_type="in_channel")

    bot.act = openly
    act = await server.slash("/segue")
    assert server.posted(server.channel) == act.messages
    assert act.messages[0].ephemeral_for is None


async def test_slash_command_in_direct_messages_says_so(server: SlackServer, bot: Bot) -> None:
    act = await server.slash("/segue", channel=server.dm())
    assert bot.seen[0]["channel_name"] == "directmessage"
    assert act.messages[0].channel.id.startswith("D")


# Mentions.


async def answer_in_thread(bot: Bot, kind: str, payload: Payload) -> None:
    event = payload["event"]
    await bot.post(event["channel"], thread_ts=event.get("thread_ts", event["ts"]))


async def test_mention_is_answered_in_its_thread(server: SlackServer, bot: Bot) -> None:
    bot.act = answer_in_thread
    act = await server.mention("topic kv & cache")
    assert await server.wait_posted(thread=act.thread_ts) == act.messages
    payload = bot.seen[0]
    event = payload["event"]
    assert event["text"] == f"<@{server.bot_user.id}> topic kv &amp; cache"
    assert (event["type"], event["ts"], event["channel"]) == (
        "app_mention",
        act.thread_ts,
        server.channel.id,
    )
    assert "thread_ts" not in event
    assert payload["authorizations"][0]["user_id"] == server.bot_user.id
    assert payload["event_id"].startswith("Ev")
    assert payload["is_ext_shared_channel"] is False
    assert payload["event_context"]


async def test_mention_in_a_thread_is_answered_there(server: SlackServer, bot: Bot) -> None:
    bot.act = answer_in_thread
    root = server.say("Who knows?")
    act = await server.mention("help", thread=root, user=server.user("bob"))
    assert bot.seen[0]["event"]["thread_ts"] == root.ts
    assert act.messages[0].thread_ts == root.ts


async def test_mentions_in_two_threads_are_told_apart(server: SlackServer, bot: Bot) -> None:
    acts = [await server.mention(text) for text in ("one", "two")]
    for act in acts:
        await bot.post(server.channel.id, thread_ts=act.thread_ts)
    assert [len(act.messages) for act in acts] == [1, 1]


async def test_mention_in_a_shared_channel_says_whose_it_is(server: SlackServer, bot: Bot) -> None:
    shared, eve = server.add_channel("shared", ext_shared=True), server.user("eve", team="Others")
    await server.mention("help", channel=shared, user=eve)
    payload = bot.seen[0]
    assert payload["is_ext_shared_channel"] is True
    assert payload["event"]["user_team"] == eve.team.id != payload["team_id"]
    with pytest.raises(NotPossible, match="another workspace"):
        await server.slash("/segue", user=eve)


@pytest.mark.parametrize("place", ["elsewhere", "dm"])
async def test_mention_where_the_bot_is_not_is_not_heard(
    server: SlackServer, bot: Bot, place: str
) -> None:
    channel = server.dm() if place == "dm" else server.add_channel("elsewhere", member=False)
    act = await server.mention("help", channel=channel)
    assert act.first.failed
    assert bot.seen == []


# Clicks.


async def test_click_in_a_private_message_replaces_it(server: SlackServer, bot: Bot) -> None:
    async def answer(bot: Bot, kind: str, payload: Payload) -> Payload | None:
        if kind == "slash_commands":
            return body("Hello.", button())
        await bot.respond(payload, body("Shared.", replace_original=True))
        return None

    bot.act = answer
    message = await (await server.slash("/segue")).next()
    act = await server.click(message, "Share")
    assert await act.settled() is message
    assert (message.text, len(message.edits)) == ("Shared.", 1)
    payload = bot.seen[1]
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": server.channel.id,
        "is_ephemeral": True,
    }
    assert "message" not in payload
    assert payload["state"] == {"values": {}}
    action = payload["actions"][0]
    assert (action["action_id"], action["value"], action["type"]) == ("act:Share", "v", "button")
    assert action["block_id"]


async def test_click_in_a_thread_says_which_and_shows_the_message(
    server: SlackServer, bot: Bot
) -> None:
    root = server.say("Who knows?")
    await bot.post(
        server.channel.id, "T & c", thread_ts=root.ts, blocks=body("", button())["blocks"]
    )
    message = server.posted()[0]
    await server.click(message, "act:Share", user=server.user("bob"))
    payload = bot.seen[0]
    assert payload["container"]["thread_ts"] == payload["message"]["thread_ts"] == root.ts
    assert payload["message"]["text"] == "T &amp; c"
    assert payload["message"]["blocks"][1]["block_id"] == payload["actions"][0]["block_id"]
    assert payload["user"]["name"] == "bob"


async def test_click_on_a_link_opens_it_and_tells_the_bot(server: SlackServer, bot: Bot) -> None:
    link = {**button("Open"), "url": "https://a.io/"}
    await bot.post(server.channel.id, blocks=body("", link)["blocks"])
    act = await server.click(server.posted()[0], "Open")
    assert (act.opened_url, bot.seen[0]["actions"][0]["url"]) == ("https://a.io/", "https://a.io/")


async def test_select_tells_the_choice_and_keeps_it(server: SlackServer, bot: Bot) -> None:
    options = [
        {"text": {"type": "plain_text", "text": text}, "value": text.lower()}
        for text in ("One", "Two")
    ]
    select = {
        "type": "static_select",
        "action_id": "choose:1",
        "placeholder": {"type": "plain_text", "text": "Choose"},
        "options": options,
    }
    await bot.post(server.channel.id, blocks=body("", select)["blocks"])
    message = server.posted()[0]
    await server.select(message, "Choose", "Two")
    await server.select(message, "choose:1", "one")
    chosen = [one["actions"][0]["selected_option"]["value"] for one in bot.seen]
    assert chosen == ["two", "one"]
    (state,) = bot.seen[1]["state"]["values"].values()
    assert state["choose:1"]["selected_option"]["value"] == "one"
    with pytest.raises(NotPossible, match="does not offer"):
        await server.select(message, "choose:1", "three")


async def test_what_a_person_does_not_see_cannot_be_pressed(server: SlackServer, bot: Bot) -> None:
    async def answer(bot: Bot, kind: str, payload: Payload) -> Payload:
        return body("Hello.", button(), {**button("Share"), "action_id": "act:2", "value": "w"})

    bot.act = answer
    message = await (await server.slash("/segue")).next()
    with pytest.raises(NotPossible, match="does not see"):
        await server.click(message, "v", user=server.user("bob"))
    with pytest.raises(NotPossible, match="no button 'Open'"):
        await server.click(message, "Open")
    with pytest.raises(NotPossible, match="2 buttons"):
        await server.click(message, "Share")


# Shortcuts.


async def test_message_shortcut_holds_the_whole_message(server: SlackServer, bot: Bot) -> None:
    shared = [{"from_url": "https://a.io", "text": "A"}]
    said = server.say("See https://a.io & b.io", user=server.user("bob"), attachments=shared)
    await server.shortcut("summarize_moment", said)
    payload = bot.seen[0]
    assert (payload["type"], payload["callback_id"]) == ("message_action", "summarize_moment")
    assert payload["message"]["text"] == "See <https://a.io> &amp; <http://b.io|b.io>"
    assert payload["message"]["attachments"] == shared
    assert payload["message"]["blocks"][0]["type"] == "rich_text"
    assert payload["message_ts"] == payload["message"]["ts"] == said.ts
    assert payload["user"]["id"] == server.user("alice").id
    assert await bot.respond(payload, body()) == (200, "ok")
    assert server.acts.all[-1].messages[0].ephemeral_for is server.user("alice")


async def test_global_shortcut_has_a_trigger_but_no_channel(server: SlackServer, bot: Bot) -> None:
    async def opens(bot: Bot, kind: str, payload: Payload) -> None:
        await bot.web.views_open(trigger_id=payload["trigger_id"], view=modal())

    bot.act = opens
    act = await server.global_shortcut("find_moment")
    view = await act.settled()
    assert isinstance(view, View)
    assert server.views() == [view]
    assert not {"channel", "response_url"} & set(bot.seen[0])
