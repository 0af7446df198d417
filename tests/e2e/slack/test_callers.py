"""Who asks, where, and about what: as Slack vouches for it, and no more."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack import people
from bot.core.catalog import PUBLIC
from bot.core.reply import Notice
from tests.e2e.scripted import Bot, Script
from tests.e2e.slack.asking import seen
from tests.e2e.slack.scripted import adapter, private_card, public_card
from tests.fakes.slack_server import Act, Message, Person, SlackServer
from tests.fakes.slack_server.acts import EVENTS

HELLO = Notice(text="Hello.")
LINK = "https://youtu.be/_1f-o0nqpEI?t=7232"


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server, Script(HELLO)) as running:
        yield running


async def test_slash_carries_who_asks_and_where(server: SlackServer, bot: Bot) -> None:
    ada = server.user("ada", admin=True, display_name="Ada L.", locale="de-DE")
    await server.slash("/segue", "topic kv cache in:lex", user=ada)
    (asked,) = bot.script.asked
    assert (asked.command, asked.args) == ("topic", {"words": "kv cache", "episode": "lex"})
    assert (asked.tenant, asked.channel) == (f"slack:{server.team.id}", server.channel.id)
    assert (asked.user.id, asked.user.name, asked.user.is_admin) == (ada.id, "Ada L.", True)
    assert (asked.can_share, asked.thread, asked.locale) == (True, "", "de-DE")
    assert asked.reference == "ref00001"
    assert asked.command_names["topic"] == "/segue-topic"


async def test_mention_and_click_carry_the_thread_and_its_names(
    server: SlackServer, bot: Bot
) -> None:
    message = await public_card(server, bot)
    await (await server.click(message, "Related", user=server.user("ada", admin=True))).next()
    for asked in bot.script.asked:
        assert asked.tenant == f"slack:{server.team.id}"
        assert asked.channel == server.channel.id
        assert asked.thread == f"{server.channel.id}:{message.thread_ts}"
        assert asked.command_names["topic"] == "@segue topic"
    assert [asked.user.name for asked in bot.script.asked] == ["Alice", "Ada"]
    assert [asked.user.is_admin for asked in bot.script.asked] == [False, True]


async def test_admins_are_those_of_the_workspace_and_those_the_settings_name(
    server: SlackServer,
) -> None:
    people = {
        server.user("member"): False,
        server.user("admin", admin=True): True,
        server.user("owner", owner=True): True,
        server.user("named"): True,
    }
    admins = f"U0 {server.user('named').id}"
    async with adapter(server, Script(HELLO), admins=admins) as bot:
        for person in people:
            await server.slash("/segue", "help", user=person)
            await (await server.mention("help", user=person)).next()
    for person, is_admin in people.items():
        asked = [one.user.is_admin for one in bot.script.asked if one.user.id == person.id]
        assert asked == [is_admin, is_admin]


async def test_person_is_asked_about_once(server: SlackServer, bot: Bot) -> None:
    for _ in range(3):
        await server.slash("/segue", "help")
    assert len(server.called("users.info")) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "error", "error": "user_not_found"},
        {"kind": "status", "status": 503, "body": "down"},
        {"kind": "rate_limit"},
        {"kind": "garbage"},
        {"kind": "drop_before"},
        {"kind": "hang"},
    ],
    ids=lambda trouble: trouble["kind"],
)
async def test_person_of_whom_slack_tells_nothing_is_answered_as_they_come(
    server: SlackServer, bot: Bot, trouble: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "WITHIN_S", 0.3)
    monkeypatch.setattr(people, "KEPT_UNKNOWN_S", 0.0)
    server.faults.add("users.info", times=None, **trouble)
    ada = server.user("ada", admin=True, display_name="Ada L.")
    for name, is_admin in (("ada", False), ("Ada L.", True)):
        act = await server.slash("/segue", "help", user=ada)
        assert seen(await act.next()) == "Hello."
        asked = bot.script.asked[-1]
        assert (asked.user.name, asked.user.is_admin) == (name, is_admin)
        server.faults.clear()


async def test_direct_message_is_public_and_has_no_channel_to_share_with(
    server: SlackServer, bot: Bot
) -> None:
    message = await private_card(server, bot, channel=server.dm())
    await (await server.click(message, "Related")).next()
    for asked in bot.script.asked:
        assert (asked.tenant, asked.can_share) == (PUBLIC, False)


async def test_stranger_in_a_shared_channel_sees_the_public_catalog_alone(
    server: SlackServer, bot: Bot
) -> None:
    message = await public_card(server, bot)
    eve = server.user("eve", team="Elsewhere", admin=True)
    await (await server.click(message, "Related", user=eve)).next()
    await (await server.mention("topic kv cache", user=eve)).next()
    for asked in bot.script.asked[1:]:
        assert (asked.tenant, asked.user.id, asked.user.is_admin) == (PUBLIC, eve.id, False)


async def test_mention_that_strangers_can_read_is_answered_from_the_public_catalog(
    server: SlackServer, bot: Bot
) -> None:
    shared = server.add_channel("shared", ext_shared=True)
    await (await server.mention("topic kv cache", channel=shared)).next()
    assert bot.script.asked[-1].tenant == PUBLIC


@pytest.mark.parametrize("written", ["<@{}> help", "<@{}>: help", "help <@{}>", "hey <@{}>  help"])
async def test_mention_is_read_wherever_it_stands(
    server: SlackServer, bot: Bot, written: str
) -> None:
    act = await server.mention(written.format(server.bot_user.id))
    assert (await act.next()).thread_ts == act.thread_ts
    assert bot.script.asked[-1].command == "help"


async def told_of_mention(server: SlackServer, person: Person, **event: Any) -> Act:
    """Tell of a message that mentions the bot, with more in its event than people can cause."""
    ignored = await server.mention("help", user=person)
    act = server.begin("mention", person, server.channel, thread_ts=ignored.thread_ts)
    act.payload = copy.deepcopy(ignored.payload)
    act.payload["event"] |= event
    act.payload["event_id"] = server.world.ids.new("Ev")
    return await server.tell(act, EVENTS)


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B0OTHER"},
        {"edited": {"user": "U1", "ts": "1700000000.000100"}},
        {"type": "message"},
    ],
    ids=["by a bot", "edited", "not a mention"],
)
async def test_mention_by_a_bot_or_one_that_was_edited_is_acknowledged_and_left_alone(
    server: SlackServer, bot: Bot, event: dict[str, Any]
) -> None:
    act = await told_of_mention(server, server.user(), **event)
    assert (act.timed_out, act.ack) == (False, None)
    await server.slash("/segue", "help")
    assert [asked.user.id for asked in bot.script.asked] == [server.user().id] * 2
    assert len(server.posted()) == 1


def linked(where: str) -> dict[str, Any]:
    """Return what a message is made of that names a recording in one place alone."""
    link = {"type": "link", "url": LINK}
    button = {"type": "button", "text": {"type": "plain_text", "text": "Watch"}, "url": LINK}
    return {
        "text": {"text": f"look: <{LINK}>"},
        "label": {"text": f"look: <{LINK}|this &amp; that>"},
        "rich_text": {
            "blocks": [
                {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_section", "elements": [link]}],
                }
            ]
        },
        "attachment": {"attachments": [{"from_url": LINK, "title": "A talk"}]},
        "button": {"blocks": [{"type": "actions", "elements": [button]}]},
    }[where]


def said(server: SlackServer, **parts: Any) -> Message:
    message = server.say("look")
    message.blocks = []
    for name, value in parts.items():
        setattr(message, name, value)
    return message


@pytest.mark.parametrize("where", ["text", "label", "rich_text", "attachment", "button"])
async def test_message_shortcut_summarizes_the_link_wherever_the_message_has_it(
    server: SlackServer, bot: Bot, where: str
) -> None:
    message = said(server, **linked(where))
    act = await server.shortcut("summarize_moment", message)
    answer = await act.next()
    assert (act.ack, answer.ephemeral_for, answer.thread_ts) == (None, server.user(), None)
    asked = bot.script.asked[-1]
    assert (asked.command, asked.args) == ("summarize", {"time": LINK})
    assert (asked.channel, asked.can_share) == (server.channel.id, True)


async def test_message_shortcut_on_what_the_bot_wrote_works_too(
    server: SlackServer, bot: Bot
) -> None:
    message = await public_card(server, bot)
    answer = await (await server.shortcut("summarize_moment", message)).next()
    assert answer.thread_ts == message.thread_ts
    assert bot.script.asked[-1].args == {"time": LINK}


async def test_message_shortcut_without_a_link_is_answered_without_the_core(
    server: SlackServer, bot: Bot
) -> None:
    act = await server.shortcut("summarize_moment", server.say("hello"))
    answer = await act.next()
    assert seen(answer) == "That message has no link to a video."
    assert answer.ephemeral_for is act.person
    assert bot.script.asked == []


async def test_shortcut_of_another_version_is_acknowledged(server: SlackServer, bot: Bot) -> None:
    for act in (
        await server.shortcut("from_the_future", server.say("hello")),
        await server.global_shortcut("from_the_future"),
    ):
        assert (act.timed_out, act.ack, act.shown) == (False, None, [])
    assert bot.script.asked == []


@pytest.mark.parametrize("way", ["slash", "mention"])
async def test_hostile_text_arrives_as_it_was_typed(
    server: SlackServer, bot: Bot, way: str
) -> None:
    words = "R&D <b> “quotes” &amp; a|b <https://x.test>"
    ask = {
        "slash": lambda: server.slash("/segue-topic", words),
        "mention": lambda: server.mention(f"topic {words}"),
    }[way]
    await (await ask()).next()
    assert bot.script.asked[-1].args == {"words": words}
