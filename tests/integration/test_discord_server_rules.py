"""The loopback Discord: bodies that Discord would refuse are refused, and recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest

from tests.fakes.discord_server import DiscordServer
from tests.integration.discord_client import COMMANDS, TOPIC, Bot, connected

ROW, BUTTON, SELECT, SECTION, TEXT, SEPARATOR, CONTAINER = 1, 2, 3, 9, 10, 14, 17
V2 = 1 << 15
OPTION = {"label": "One", "value": "1"}


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with connected(server) as running:
        yield running


def text(content: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": TEXT, "content": content, **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": BUTTON, "style": 2, "label": "Go", "custom_id": "go"} | more


def link(url: str = "https://x.y", **more: Any) -> dict[str, Any]:
    return {"type": BUTTON, "style": 5, "label": "Go", "url": url, **more}


def row(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": ROW, "components": list(inside)}


def menu(**more: Any) -> dict[str, Any]:
    return row({"type": SELECT, "custom_id": "pick", "options": [OPTION]} | more)


def section(*inside: dict[str, Any], accessory: Any = None) -> dict[str, Any]:
    beside = {} if accessory is None else {"accessory": accessory}
    return {"type": SECTION, "components": list(inside), **beside}


def container(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": CONTAINER, "components": list(inside)}


def v2(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(components), **more}


def buttons(count: int) -> list[dict[str, Any]]:
    return [button(custom_id=f"go{number}") for number in range(count)]


def options(count: int) -> list[dict[str, Any]]:
    return [{"label": str(number), "value": str(number)} for number in range(count)]


GOOD = {
    "content": {"content": "é" * 2000},
    "buttons below content": {"content": "x", "components": [row(*buttons(5))]},
    "one text of 4000 code points": v2(text("🎧" * 4000)),
    "forty components": v2(container(*[text() for _ in range(39)])),
    "section with a link": v2(section(text(), text(), text(), accessory=link())),
    "select at its limits": v2(
        menu(options=options(25), placeholder="p" * 150, min_values=0, max_values=25)
    ),
    "button at its limits": v2(row(button(label="l" * 80, custom_id="c" * 100))),
    "longest address": v2(row(link("https://x.y/" + "a" * 500))),
    "separator": v2(text(), {"type": SEPARATOR, "divider": False, "spacing": 2}),
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
async def test_body_within_the_limits_is_taken(
    server: DiscordServer, bot: Bot, body: dict[str, Any]
) -> None:
    made = await bot.post(server.channel.id, **body)
    assert [one.id for one in server.posted()] == [made["id"]]
    assert server.violations == []


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "long content": ({"content": "x" * 2001}, "content"),
    "content beside v2": (v2(text(), content="x"), "content"),
    "embeds beside v2": (v2(text(), embeds=[{"title": "x"}]), "embeds"),
    "v2 part without the flag": ({"components": [text()]}, "components.0.type"),
    "41 components": (v2(container(*[text() for _ in range(40)])), "41 components"),
    "4001 characters over all texts": (
        v2(text("x" * 2000), container(text("x" * 2001))),
        "4001 characters",
    ),
    "empty text": (v2(text("")), "components.0.content"),
    "blank text": (v2(text(" \n ")), "components.0.content"),
    "long text": (v2(text("x" * 4001)), "components.0.content"),
    "unknown type": (v2({"type": 99}), "components.0.type"),
    "unknown field": (v2(text(colour=1)), "components.0.colour"),
    "empty container": (v2(container()), "components.0.components"),
    "container in a container": (v2(container(container(text()))), "components.0.components.0"),
    "section without an accessory": (v2(section(text())), "accessory"),
    "section without text": (v2(section(accessory=link())), "components.0.components"),
    "section with four texts": (v2(section(*[text()] * 4, accessory=link())), "components.0"),
    "section with a button inside": (v2(section(button(), accessory=link())), "components.0"),
    "empty row": (v2(row()), "components.0.components"),
    "six buttons": (v2(row(*buttons(6))), "components.0.components"),
    "select beside a button": (v2(row(button(), *menu()["components"])), "components.0"),
    "text in a row": (v2(row(text())), "components.0.components.0.type"),
    "button outside a row": (v2(button()), "components.0.type"),
    "long label": (v2(row(button(label="x" * 81))), "label"),
    "no label": (v2(row(button(label=""))), "label"),
    "long custom_id": (v2(row(button(custom_id="x" * 101))), "custom_id"),
    "no custom_id": (v2(row(button(custom_id=None))), "custom_id"),
    "custom_id and address": (v2(row(button(url="https://x.y"))), "url"),
    "link with custom_id": (v2(row(link(custom_id="go"))), "custom_id"),
    "link to a script": (v2(row(link("javascript:alert(1)"))), "url"),
    "long address": (v2(row(link("https://x.y/" + "a" * 501))), "url"),
    "one custom_id twice": (v2(row(button()), row(button())), "'go' is used 2 times"),
    "unknown style": (v2(row(button(style=9))), "style"),
    "26 options": (v2(menu(options=options(26))), "options"),
    "no options": (v2(menu(options=[])), "options"),
    "one value twice": (v2(menu(options=[OPTION, OPTION])), "options.0.value"),
    "long option label": (v2(menu(options=[OPTION | {"label": "x" * 101}])), "label"),
    "long option value": (v2(menu(options=[OPTION | {"value": "x" * 101}])), "value"),
    "long description": (v2(menu(options=[OPTION | {"description": "x" * 101}])), "description"),
    "long placeholder": (v2(menu(placeholder="x" * 151)), "placeholder"),
    "more values than options": (v2(menu(max_values=2)), "max_values"),
    "long nonce": ({"content": "x", "nonce": "n" * 26}, "nonce"),
    "long embed": ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
    "mentions said twice": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions.users",
    ),
}


@pytest.mark.parametrize(("body", "place"), BAD.values(), ids=BAD.keys())
async def test_body_beyond_the_limits_is_refused_and_recorded(
    server: DiscordServer, bot: Bot, body: dict[str, Any], place: str
) -> None:
    with pytest.raises(discord.HTTPException) as caught:
        await bot.post(server.channel.id, **body)
    assert (caught.value.status, caught.value.code) == (400, 50035)
    assert [one.code for one in server.violations] == [50035]
    assert place in str(server.violations[0])
    assert server.messages == []


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": " \n"}, v2()])
async def test_empty_message_is_refused(
    server: DiscordServer, bot: Bot, body: dict[str, Any]
) -> None:
    with pytest.raises(discord.HTTPException) as caught:
        await bot.post(server.channel.id, **body)
    assert caught.value.code == 50006


async def test_edit_that_takes_the_v2_flag_away_is_refused(server: DiscordServer, bot: Bot) -> None:
    made = await bot.post(server.channel.id, **v2(text("before")))
    path = f"/channels/{server.channel.id}/messages/{made['id']}"
    for body in (
        {"flags": 0, "content": "after", "components": []},
        {"flags": 0, "components": [row(button())]},
        {"content": "after"},
    ):
        with pytest.raises(discord.HTTPException):
            await bot.call("PATCH", path, body)
    await bot.call("PATCH", path, {"components": [text("after")]})
    assert [part["content"] for part in server.posted()[0].components] == ["after"]
    assert server.posted()[0].flags == V2


# Forms.


def form(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "Report", "custom_id": "report", "components": list(components), **more}


def label(component: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Words", "component": component, **more}


def field(**more: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "words", "style": 1, **more}


def radio(**more: Any) -> dict[str, Any]:
    return {"type": 21, "custom_id": "how", "options": options(3)} | more


FORMS = {
    "long title": form(label(field()), title="x" * 46),
    "no title": form(label(field()), title=""),
    "long custom_id": form(label(field()), custom_id="x" * 101),
    "nothing in it": form(),
    "six fields": form(*[label(field(custom_id=str(n))) for n in range(6)]),
    "button": form(row(button())),
    "long label": form(label(field(), label="x" * 46)),
    "label of nothing": form({"type": 18, "label": "Words"}),
    "label of a button": form(label(button())),
    "long field": form(label(field(max_length=4001))),
    "radio group of one": form(label(radio(options=options(1)))),
    "radio group of eleven": form(label(radio(options=options(11)))),
    "two fields of one name": form(label(field()), label(field())),
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS.keys())
async def test_form_that_discord_does_not_take_is_refused(
    server: DiscordServer, bot: Bot, data: dict[str, Any]
) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        with pytest.raises(discord.HTTPException) as caught:
            await bot.answer(interaction, 9, data)
        assert caught.value.code == 50035
        await bot.answer(interaction, 9, form(label(field())))

    bot.act = act
    assert (await server.slash("topic", {"words": "kv"})).modal == form(label(field()))
    await bot.settled.wait()
    assert bot.failed == []


async def test_form_comes_back_as_it_was_filled_in(server: DiscordServer, bot: Bot) -> None:
    pick = {"type": SELECT, "custom_id": "pick", "options": [OPTION], "required": False}
    fields = [label(field(value="kept")), label(radio()), label(pick)]

    async def act(interaction: discord.Interaction[Any]) -> None:
        opens = interaction.type is discord.InteractionType.application_command
        await bot.answer(interaction, *((9, form(*fields)) if opens else (4, {"content": "ok"})))

    bot.act = act
    opened = await server.slash("topic", {"words": "kv"})
    await server.submit_modal(opened, {"how": "2", "pick": ["One"]})
    sent = [part["component"] for part in bot.seen[1].data["components"]]
    assert [part.get("value", part.get("values")) for part in sent] == ["kept", "2", ["1"]]


# Commands.


def command(**more: Any) -> dict[str, Any]:
    return {"name": "topic", "description": "Find a moment"} | more


def option(**more: Any) -> dict[str, Any]:
    return {"type": 3, "name": "words", "description": "What"} | more


def many(count: int, **more: Any) -> list[dict[str, Any]]:
    return [command(name=f"c{number}", **more) for number in range(count)]


CHOICES = [{"name": "x" * 100, "value": str(n) + "x" * 90} for n in range(25)]
COMMAND_SETS: dict[str, list[dict[str, Any]]] = {
    "upper case": [command(name="Topic")],
    "space in the name": [command(name="a topic")],
    "line break in the name": [command(name="topic\n")],
    "long name": [command(name="x" * 33)],
    "no description": [command(description="")],
    "long description": [command(description="x" * 101)],
    "26 options": [command(options=[option(name=f"o{n}") for n in range(26)])],
    "required after optional": [command(options=[option(), option(name="b", required=True)])],
    "two options of one name": [command(options=[option(), option()])],
    "bad option name": [command(options=[option(name="Words")])],
    "26 choices": [command(options=[option(choices=options(26))])],
    "long choice": [command(options=[option(choices=[{"name": "x" * 101, "value": "x"}])])],
    "completion beside choices": [
        command(options=[option(autocomplete=True, choices=[{"name": "x", "value": "x"}])])
    ],
    "unknown channel type": [command(options=[option(type=7, channel_types=[99])])],
    "channel types of a text": [command(options=[option(channel_types=[0])])],
    "choices of a channel": [command(options=[option(type=7, choices=options(1))])],
    "too much text": [command(options=[option(name=f"o{n}", choices=CHOICES) for n in range(2)])],
    "101 commands": many(101),
    "16 message menus": [{"name": f"Menu {n}", "type": 3} for n in range(16)],
    "menu with a description": [{"name": "Menu", "type": 3, "description": "x"}],
    "long menu name": [{"name": "x" * 33, "type": 3}],
    "two of one name": [command(), command()],
    "unknown context": [command(contexts=[3])],
    "unknown install": [command(integration_types=[2])],
}


@pytest.mark.parametrize("commands", COMMAND_SETS.values(), ids=COMMAND_SETS.keys())
async def test_commands_that_discord_does_not_take_are_refused_and_change_nothing(
    server: DiscordServer, bot: Bot, commands: list[Any]
) -> None:
    before = list(server.commands.all)
    with pytest.raises(discord.HTTPException) as caught:
        await bot.http.bulk_upsert_global_commands(bot.application_id, commands)
    assert caught.value.code == 50035
    assert server.commands.all == before
    assert len(server.violations) == 1


async def test_commands_come_back_with_the_fields_discord_adds_and_keep_their_ids(
    server: DiscordServer, bot: Bot
) -> None:
    http, ident = bot.http, bot.application_id
    before = {one["name"]: one["id"] for one in await http.get_global_commands(ident)}
    await http.bulk_upsert_global_commands(ident, [*COMMANDS, command(name="new")])
    after: list[Any] = await http.get_global_commands(ident)
    topic = next(one for one in after if one["name"] == "topic")
    assert before.items() <= {one["name"]: one["id"] for one in after}.items()
    assert (
        topic.items()
        >= {
            "application_id": str(ident),
            "default_member_permissions": None,
            "name_localizations": None,
            "nsfw": False,
            "type": 1,
            "contexts": TOPIC["contexts"],
        }.items()
    )
    assert {"id", "version", "integration_types"} <= topic.keys()


async def test_smallest_value_zero_comes_back_as_it_was_sent(
    server: DiscordServer, bot: Bot
) -> None:
    lowest = option(type=4, name="count", min_value=0)
    await bot.http.bulk_upsert_global_commands(bot.application_id, [command(options=[lowest])])
    assert server.commands.all[0]["options"][0]["min_value"] == 0


async def test_commands_are_replaced_as_a_whole(server: DiscordServer, bot: Bot) -> None:
    await bot.http.bulk_upsert_global_commands(bot.application_id, [command(name="only")])
    assert [one["name"] for one in server.commands.all] == ["only"]


# Whom a message notifies.

EVERYBODY = "@everyone @here <@1> <@!2> <@&3>"


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (None, ["everyone", "here", "user:1", "user:2", "role:3"]),
        ({"parse": []}, []),
        ({"parse": ["users"]}, ["user:1", "user:2"]),
        ({"parse": [], "users": ["2"], "roles": ["3"]}, ["user:2", "role:3"]),
    ],
)
async def test_message_notifies_whom_its_text_and_allowed_mentions_name(
    server: DiscordServer, bot: Bot, allowed: dict[str, Any] | None, pinged: list[str]
) -> None:
    more = {} if allowed is None else {"allowed_mentions": allowed}
    await bot.post(server.channel.id, **v2(container(text(EVERYBODY))), **more)
    await bot.post(server.channel.id, content=EVERYBODY, **more)
    assert [one.pings for one in server.posted()] == [pinged, pinged]


async def test_client_that_allows_no_mentions_says_so_with_every_answer(
    server: DiscordServer,
) -> None:
    async with connected(server, allowed_mentions=discord.AllowedMentions.none()) as bot:

        async def act(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message("@everyone")

        bot.act = act
        answer = await server.slash("topic", {"words": "kv"})
        assert (answer.message.allowed_mentions, answer.message.pings) == ({"parse": []}, [])
