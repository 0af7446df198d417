"""The loopback Discord: its clocks at their edges, whose messages are whose, and odd bodies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord_server import DiscordServer, texts
from tests.fakes.discord_server.interactions import Interaction
from tests.integration.discord_client import COMMANDS, TOPIC, Bot, connected

KV = {"words": "kv cache"}
V2 = 1 << 15
VIEW, SEND, SEND_IN_THREADS, ADMINISTRATOR = 1 << 10, 1 << 11, 1 << 38, 1 << 3
PUBLIC_THREAD = 11
UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, INVALID_TOKEN = 10008, 10015, 10062, 50027


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with connected(server) as running:
        yield running


def begun(server: DiscordServer) -> Interaction:
    """Return an interaction of which nobody has answered anything."""
    return server.interactions.create(2, server.user("alice"), server.channel)


async def code_of(bot: Bot, method: str, path: str, body: Any = None) -> int | None:
    """Return the code with which a call is refused, None where it is taken."""
    try:
        await bot.call(method, path, body)
    except discord.HTTPException as error:
        return error.code
    return None


# Clocks, turned back rather than waited for.


@pytest.mark.parametrize(("seconds", "code"), [(2.0, None), (3.0, UNKNOWN_INTERACTION)])
async def test_first_answer_is_taken_for_three_seconds(
    server: DiscordServer, bot: Bot, seconds: float, code: int | None
) -> None:
    interaction = begun(server)
    interaction.created -= seconds
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    assert await code_of(bot, "POST", path, {"type": 5}) == code
    assert (interaction.callback is None) is (code is not None)


@pytest.mark.parametrize(("seconds", "code"), [(880.0, None), (900.0, INVALID_TOKEN)])
async def test_token_is_good_for_fifteen_minutes(
    server: DiscordServer, bot: Bot, seconds: float, code: int | None
) -> None:
    answer = await server.slash("topic", KV)
    answer.interaction.created -= seconds
    path = f"/webhooks/{bot.application_id}/{answer.interaction.token}"
    assert await code_of(bot, "POST", path, {"content": "more"}) == code
    edited = await code_of(bot, "PATCH", f"{path}/messages/@original", {"content": "other"})
    assert edited == code


async def test_nonce_counts_for_the_bot_in_whatever_channel(
    server: DiscordServer, bot: Bot
) -> None:
    other = server.add_channel(server.guild, "other")
    body = {"content": "x", "nonce": 7, "enforce_nonce": True}
    first = await bot.post(server.channel.id, **body)
    again = await bot.post(other.id, **body | {"nonce": "7"})
    assert first["id"] == again["id"]
    assert server.posted(other) == []


# Answers and what a token gives access to.


async def test_answer_tells_of_the_message_it_made(server: DiscordServer, bot: Bot) -> None:
    interaction = begun(server)
    path = f"/interactions/{interaction.id}/{interaction.token}/callback?with_response=1"
    told = await bot.call("POST", path, {"type": 4, "data": {"content": "x", "flags": 64}})
    about = told["interaction"]
    assert (about["id"], about["response_message_ephemeral"]) == (interaction.id, True)
    assert told["resource"]["type"] == 4
    assert told["resource"]["message"]["id"] == about["response_message_id"]


async def test_follow_ups_are_messages_of_their_own_that_can_be_edited_and_deleted(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await server.slash("topic", KV)
    path = f"/webhooks/{bot.application_id}/{answer.interaction.token}"
    made = [await bot.call("POST", path, {"content": word}) for word in ("one", "two")]
    await bot.call("PATCH", f"{path}/messages/{made[0]['id']}", {"content": "first"})
    await bot.call("DELETE", f"{path}/messages/@original")
    assert [texts(one) for one in server.posted()] == [["first"], ["two"]]
    gone = await code_of(bot, "GET", f"{path}/messages/@original")
    assert gone == UNKNOWN_MESSAGE


async def test_token_of_one_person_does_not_reach_the_answer_of_another(
    server: DiscordServer, bot: Bot
) -> None:
    mine, theirs = [await server.slash("topic", KV, user=server.user(name)) for name in "ab"]
    path = f"/webhooks/{bot.application_id}/{mine.interaction.token}/messages/{theirs.message.id}"
    assert await code_of(bot, "PATCH", path, {"content": "x"}) == UNKNOWN_MESSAGE
    assert theirs.message.edits == []


@pytest.mark.parametrize(("method", "rest"), [("POST", ""), ("PATCH", "/messages/@original")])
async def test_webhook_of_another_application_is_unknown(
    server: DiscordServer, bot: Bot, method: str, rest: str
) -> None:
    answer = await server.slash("topic", KV)
    path = f"/webhooks/{server.world.bot_id}/{answer.interaction.token}{rest}"
    assert await code_of(bot, method, path, {"content": "x"}) == UNKNOWN_WEBHOOK


# Messages in channels.


@pytest.mark.parametrize(
    ("permissions", "archived", "code"),
    [
        (VIEW | SEND, False, 50013),
        (VIEW | SEND_IN_THREADS, False, None),
        (VIEW | SEND_IN_THREADS, True, 50083),
        (ADMINISTRATOR, False, None),
    ],
)
async def test_post_in_a_thread_needs_its_own_permission_and_an_open_thread(
    server: DiscordServer, bot: Bot, permissions: int, archived: bool, code: int | None
) -> None:
    thread = server.add_channel(server.guild, "t", kind=PUBLIC_THREAD, permissions=permissions)
    thread.archived = archived
    path = f"/channels/{thread.id}/messages"
    assert await code_of(bot, "POST", path, {"content": "x"}) == code
    assert len(server.posted(thread)) == (code is None)
    assert server.violations == []


async def test_channel_message_is_changed_by_its_author_where_it_is(
    server: DiscordServer, bot: Bot
) -> None:
    other = server.add_channel(server.guild, "other")
    made = await bot.post(server.channel.id, content="before")
    foreign = server.stored.create(server.channel, {"content": "theirs"})
    foreign.author = server.user("somebody")
    here, there = (f"/channels/{one.id}/messages" for one in (server.channel, other))
    edit = {"content": "after"}
    assert await code_of(bot, "PATCH", f"{there}/{made['id']}", edit) == UNKNOWN_MESSAGE
    assert await code_of(bot, "PATCH", f"{here}/{foreign.id}", edit) == 50005
    assert await code_of(bot, "PATCH", f"{here}/{made['id']}", edit) is None
    assert [texts(one) for one in server.posted()] == [["after"], ["theirs"]]
    assert await code_of(bot, "DELETE", f"{here}/{made['id']}") is None
    assert await code_of(bot, "GET", f"{here}/{made['id']}") == UNKNOWN_MESSAGE


async def test_private_answer_is_out_of_reach_of_the_channel(
    server: DiscordServer, bot: Bot
) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("For you.", ephemeral=True)

    bot.act = act
    answer = await server.slash("topic", KV)
    path = f"/channels/{server.channel.id}/messages/{answer.message.id}"
    assert await code_of(bot, "PATCH", path, {"content": "x"}) == UNKNOWN_MESSAGE
    assert server.posted() == []


# Bodies.


def v2(*components: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(components)}


def row(*inside: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


def options(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"label": str(number), "value": str(number), **more} for number in range(count)]


def menu(**more: Any) -> dict[str, Any]:
    return v2(row({"type": 3, "custom_id": "pick", "options": options(3), **more}))


BODIES: dict[str, tuple[dict[str, Any], str]] = {
    "least above most": (menu(min_values=3, max_values=2), "min_values"),
    "least above the one of default": (menu(min_values=2), "min_values"),
    "more chosen than may be": (menu(options=options(2, default=True)), "options"),
    "chosen by a word": (menu(options=options(1, default="yes")), "default"),
    "text of a number": (v2({"type": 10, "content": 5}), "components.0.content"),
    "type of a list": (v2({"type": [10]}), "components.0.type"),
    "custom_id of a list": (
        v2(row({"type": 2, "style": 1, "label": "Go", "custom_id": ["go"]})),
        "custom_id",
    ),
    "style of a list": (
        v2(row({"type": 2, "style": [1], "label": "Go", "custom_id": "go"})),
        "style",
    ),
    "address without a host": (
        v2(row({"type": 2, "style": 5, "label": "Go", "url": "https://"})),
        "url",
    ),
    "spoiler of a word": (
        v2({"type": 17, "spoiler": "yes", "components": [{"type": 10, "content": "x"}]}),
        "spoiler",
    ),
    "six rows": (
        {
            "components": [
                row({"type": 2, "style": 1, "label": "Go", "custom_id": str(n)}) for n in range(6)
            ]
        },
        "components",
    ),
    "eleven embeds": ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    "6001 characters over all embeds": (
        {"embeds": [{"description": "x" * 4000}, {"footer": {"text": "x" * 2001}}]},
        "embeds",
    ),
    "26 lines in an embed": (
        {"embeds": [{"fields": [{"name": "x", "value": "y"}] * 26}]},
        "embeds.0.fields",
    ),
}


@pytest.mark.parametrize(("body", "place"), BODIES.values(), ids=BODIES.keys())
async def test_body_that_makes_no_sense_is_refused_at_its_place(
    server: DiscordServer, bot: Bot, body: dict[str, Any], place: str
) -> None:
    path = f"/channels/{server.channel.id}/messages"
    assert await code_of(bot, "POST", path, body) == 50035
    (violation,) = server.violations
    assert place in str(violation)
    assert server.messages == []


FIELDS: dict[str, dict[str, Any]] = {
    "least above most": {"type": 4, "style": 1, "min_length": 5, "max_length": 2},
    "text that is too long already": {"type": 4, "style": 1, "max_length": 2, "value": "abc"},
    "required by a word": {"type": 4, "style": 1, "required": "yes"},
    "disabled": {"type": 3, "options": options(2), "disabled": True},
    "two of a radio group": {"type": 21, "options": options(2, default=True)},
}


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS.keys())
async def test_field_that_makes_no_sense_is_refused(
    server: DiscordServer, bot: Bot, field: dict[str, Any]
) -> None:
    interaction = begun(server)
    label = {"type": 18, "label": "Words", "component": {"custom_id": "words", **field}}
    form = {"title": "Report", "custom_id": "report", "components": [label]}
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    assert await code_of(bot, "POST", path, {"type": 9, "data": form}) == 50035
    assert "data.components.0.component" in str(server.violations[0])
    assert interaction.callback is None


@pytest.mark.parametrize("body", [{"parse": ["all"]}, {"users": ["1"] * 101}])
async def test_mentions_that_discord_does_not_know_are_refused(
    server: DiscordServer, bot: Bot, body: dict[str, Any]
) -> None:
    path = f"/channels/{server.channel.id}/messages"
    message = {"content": "x", "allowed_mentions": body}
    assert await code_of(bot, "POST", path, message) == 50035


# Plain HTTP: what no SDK would send.


async def sent(server: DiscordServer, method: str, path: str, **how: Any) -> tuple[int, Any]:
    """Send a request as it stands; return the status and the JSON."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, server.api_url + path, **how) as answer,
    ):
        assert answer.headers["Content-Type"] == "application/json"
        return answer.status, await answer.json()


@pytest.mark.parametrize("header", [{}, {"Authorization": "t"}, {"Authorization": "Bearer t"}])
async def test_call_without_a_bot_token_is_refused(
    server: DiscordServer, header: dict[str, str]
) -> None:
    status, body = await sent(server, "GET", "/users/@me", headers=header)
    assert (status, body["message"]) == (401, "401: Unauthorized")
    assert server.violations == []


async def test_body_that_is_no_json_is_refused(server: DiscordServer) -> None:
    path = f"/channels/{server.channel.id}/messages"
    header = {"Authorization": "Bot t", "Content-Type": "application/json"}
    status, body = await sent(server, "POST", path, data=b"{", headers=header)
    assert (status, body["code"]) == (400, 50109)
    assert [one.code for one in server.violations] == [50109]


# Commands as they are given back.


async def test_commands_come_back_in_an_order_and_a_form_of_discords_own(
    server: DiscordServer, bot: Bot
) -> None:
    said = {"type": 4, "name": "count", "description": "How many", "required": False}
    words = TOPIC["options"][0] | {"min_length": 0}
    topic = TOPIC | {"options": [words, said | {"autocomplete": False}]}
    body: list[Any] = [topic, *COMMANDS[1:]]
    await bot.http.bulk_upsert_global_commands(bot.application_id, body)
    given: list[Any] = await bot.http.get_global_commands(bot.application_id)
    assert [one["name"] for one in given] == ["digest", "topic", "Summarize this moment"]
    # What is false is left out, what was not said is null, a menu's description is empty.
    nothing = {"name_localizations": None, "description_localizations": None}
    said.pop("required")
    assert given[1]["options"] == [words | nothing, said | nothing]
    assert given[2]["description"] == ""


def taking(**option: Any) -> list[dict[str, Any]]:
    """Return one command that takes one option."""
    words = {"name": "words", "description": "What", **option}
    return [{"name": "topic", "description": "x", "options": [words]}]


WRONG_COMMANDS: dict[str, Any] = {
    "no list": {"name": "topic", "description": "x"},
    "a word": ["topic"],
    "unknown type": [{"name": "topic", "description": "x", "type": 9}],
    "number chosen by a word": taking(type=4, choices=[{"name": "One", "value": "1"}]),
    "least above most": taking(type=4, min_value=2, max_value=1),
    "shortest above longest": taking(type=3, min_length=2, max_length=1),
    "too long a text": taking(type=3, max_length=6001),
}


@pytest.mark.parametrize("body", WRONG_COMMANDS.values(), ids=WRONG_COMMANDS.keys())
async def test_commands_that_make_no_sense_are_refused(
    server: DiscordServer, bot: Bot, body: Any
) -> None:
    path = f"/applications/{bot.application_id}/commands"
    assert await code_of(bot, "PUT", path, body) == 50035
    assert len(server.commands.all) == len(COMMANDS)


async def test_commands_of_another_application_are_unknown(server: DiscordServer, bot: Bot) -> None:
    assert await code_of(bot, "GET", f"/applications/{server.world.bot_id}/commands") == 10002
