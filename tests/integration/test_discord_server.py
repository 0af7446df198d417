"""The loopback Discord: interactions are answered in time, once, and only as Discord allows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest

from tests.fakes.discord_server import (
    DiscordServer,
    NotAnswered,
    NotPossible,
    buttons,
    links,
    texts,
)
from tests.integration.discord_client import Bot, connected

KV = {"words": "kv cache"}
UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED, INVALID_FORM = 10062, 40060, 50035


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with connected(server) as running:
        yield running


def details(server: DiscordServer) -> str:
    return " ".join(str(one) for one in server.violations)


# The first answer.


async def test_command_is_answered_and_the_person_sees_the_message(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await server.slash("topic", KV)
    assert answer.callback["type"] == 4
    assert texts(answer.message) == ["Hello."]
    assert 0 < answer.ack_seconds < 3
    assert server.messages == [answer.message]
    assert server.violations == []


async def test_answer_after_the_time_limit_is_refused_as_unknown_interaction(
    server: DiscordServer, bot: Bot
) -> None:
    server.interactions.answer_within = 0.05
    gate = asyncio.Event()

    async def act(interaction: discord.Interaction[Any]) -> None:
        await gate.wait()
        await interaction.response.send_message("Too late.")

    bot.act = act
    with pytest.raises(NotAnswered, match="topic"):
        await server.slash("topic", KV)
    gate.set()
    await bot.settled.wait()
    assert [(one.status, one.code) for one in bot.refused] == [(404, UNKNOWN_INTERACTION)]
    assert [one.code for one in server.violations] == [UNKNOWN_INTERACTION]


async def test_second_answer_is_refused_as_already_acknowledged(
    server: DiscordServer, bot: Bot
) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        await bot.answer(interaction, 4, {"content": "first"})
        await bot.answer(interaction, 4, {"content": "second"})

    bot.act = act
    answer = await server.slash("topic", KV)
    await bot.settled.wait()
    assert [(one.status, one.code) for one in bot.refused] == [(400, ALREADY_ACKNOWLEDGED)]
    assert texts(answer.message) == ["first"]
    assert [one.code for one in server.violations] == [ALREADY_ACKNOWLEDGED]


async def test_unknown_interaction_token_is_refused(server: DiscordServer, bot: Bot) -> None:
    with pytest.raises(discord.NotFound) as caught:
        await bot.call("POST", "/interactions/1/none/callback", {"type": 5})
    assert caught.value.code == UNKNOWN_INTERACTION


@pytest.mark.parametrize("kind", [1, 6, 7, 8, 99])
async def test_callback_type_that_does_not_answer_a_command_is_refused(
    server: DiscordServer, bot: Bot, kind: int
) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        with pytest.raises(discord.HTTPException) as caught:
            await bot.answer(interaction, kind, {"content": "x", "choices": []})
        assert caught.value.code == INVALID_FORM
        await interaction.response.send_message("Hello.")

    bot.act = act
    await server.slash("topic", KV)
    await bot.settled.wait()
    assert bot.failed == []
    assert "INTERACTION_CALLBACK_TYPE_INVALID" in details(server)


async def test_form_in_answer_to_a_form_is_refused(server: DiscordServer, bot: Bot) -> None:
    form = discord.ui.Modal(title="Report", custom_id="report")
    form.add_item(discord.ui.Label(text="Words", component=discord.ui.TextInput(custom_id="words")))

    async def act(interaction: discord.Interaction[Any]) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            with pytest.raises(discord.HTTPException):
                await bot.answer(interaction, 9, form.to_dict())
            await interaction.response.send_message("Thank you.")
        else:
            await interaction.response.send_modal(form)

    bot.act = act
    opened = await server.slash("topic", KV)
    assert opened.modal is not None
    answer = await server.submit_modal(opened, {"words": "Key and value"})
    assert texts(answer.message) == ["Thank you."]
    assert bot.failed == []
    assert "INTERACTION_CALLBACK_TYPE_INVALID" in details(server)


# Deferral and what comes after.


async def test_deferred_answer_settles_when_its_message_is_edited_in(
    server: DiscordServer, bot: Bot
) -> None:
    gate = asyncio.Event()

    async def act(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True)
        await gate.wait()
        await interaction.edit_original_response(content="Found it.")

    bot.act = act
    answer = await server.slash("topic", KV)
    assert answer.message.loading
    gate.set()
    message = await answer.settled()
    assert not message.loading
    assert (message.content, message.ephemeral, len(message.edits)) == ("Found it.", True, 1)


@pytest.mark.parametrize("private", [True, False])
async def test_deferral_fixes_who_sees_the_message_that_follows(
    server: DiscordServer, bot: Bot, private: bool
) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=private)
        await interaction.followup.send("Found it.", ephemeral=not private)

    bot.act = act
    answer = await server.slash("topic", KV)
    message = await answer.settled()
    assert message.ephemeral is bool(message.flags & 1 << 6) is private
    assert (message.for_user is server.user("alice")) is private
    assert server.messages == [message]


async def test_edit_before_any_answer_finds_nothing(server: DiscordServer, bot: Bot) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        with pytest.raises(discord.NotFound) as caught:
            await interaction.edit_original_response(content="x")
        assert caught.value.code == 10015
        await interaction.response.send_message("Hello.")

    bot.act = act
    await server.slash("topic", KV)
    await bot.settled.wait()
    assert bot.failed == []


async def test_follow_up_on_an_expired_token_is_refused(server: DiscordServer, bot: Bot) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("Hello.")
        server.interactions.token_valid = 0.0
        await interaction.followup.send("Late.")

    bot.act = act
    await server.slash("topic", KV)
    await bot.settled.wait()
    assert [(one.status, one.code) for one in bot.refused] == [(401, 50027)]


# Completion.


async def test_completion_offers_the_choices_of_the_bot(server: DiscordServer, bot: Bot) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        typed = interaction.data["options"][-1]["value"]
        await interaction.response.autocomplete(
            [discord.app_commands.Choice(name=f"{typed} · 2:00:32", value="7")]
        )

    bot.act = act
    choices = await server.autocomplete("topic", "words", "kv", {"count": 2})
    assert choices == [{"name": "kv · 2:00:32", "value": "7"}]
    assert server.violations == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (8, {"choices": [{"name": "a", "value": "a"}] * 26}),
        (8, {"choices": [{"name": "a" * 101, "value": "a"}]}),
        (8, {"choices": [{"name": "", "value": "a"}]}),
        (8, {"choices": [{"name": "a", "value": "a" * 101}]}),
        (8, {}),
        (4, {"content": "Hello."}),
        (5, None),
    ],
    ids=["26 choices", "long name", "no name", "long value", "no choices", "message", "deferral"],
)
async def test_completion_that_discord_does_not_take_is_refused(
    server: DiscordServer, bot: Bot, kind: int, data: Any
) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        with pytest.raises(discord.HTTPException) as caught:
            await bot.answer(interaction, kind, data)
        assert caught.value.code == INVALID_FORM
        await bot.answer(interaction, 8, {"choices": []})

    bot.act = act
    assert await server.autocomplete("topic", "words", "kv") == []
    await bot.settled.wait()
    assert bot.failed == []
    assert len(server.violations) == 1


# What a person can and cannot do.


async def test_option_values_arrive_typed_as_declared(server: DiscordServer, bot: Bot) -> None:
    await server.slash("topic", {"words": "kv", "count": 3, "exact": True})
    options = bot.seen[0].data["options"]
    assert [(one["type"], one["value"]) for one in options] == [(3, "kv"), (4, 3), (5, True)]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("unknown", {}),
        ("topic", {}),
        ("topic", {"words": "kv", "other": 1}),
        ("topic", {"words": 7}),
        ("topic", {"words": "kv", "count": True}),
        ("topic", {"words": "kv", "count": 6}),
        ("topic", {"words": "k" * 51}),
        ("topic", {"words": "kv", "order": "other"}),
        ("digest", {}),
    ],
)
async def test_call_that_discord_would_not_let_through_fails_in_the_test(
    server: DiscordServer, bot: Bot, name: str, options: dict[str, Any]
) -> None:
    with pytest.raises(NotPossible):
        await server.slash(name, options)
    assert bot.seen == []


async def test_admin_may_call_what_others_may_not(server: DiscordServer, bot: Bot) -> None:
    await server.slash("digest", user=server.user("root", admin=True))
    assert bot.seen[0].permissions.manage_guild


async def test_command_in_a_direct_message_has_a_user_and_no_server(
    server: DiscordServer, bot: Bot
) -> None:
    await server.slash("topic", KV, guild=None, user=server.user("bob"))
    assert (bot.seen[0].guild_id, bot.seen[0].user.name) == (None, "bob")
    assert bot.seen[0].context.dm_channel
    with pytest.raises(NotPossible, match="not offered here"):
        await server.slash("digest", guild=None, user=server.user("root", admin=True))


async def test_interaction_names_what_the_bot_may_do_in_the_channel(
    server: DiscordServer, bot: Bot
) -> None:
    quiet = server.add_channel(server.guild, "quiet", permissions=1 << 10)
    await server.slash("topic", KV, channel=quiet)
    assert bot.seen[0].app_permissions == discord.Permissions(view_channel=True)
    assert bot.seen[0].channel_id == int(quiet.id)


async def test_message_command_brings_the_message_it_is_used_on(
    server: DiscordServer, bot: Bot
) -> None:
    message = {"content": "see https://youtu.be/x?t=5", "embeds": [{"title": "A talk"}]}
    await server.message_command("Summarize this moment", message)
    data = bot.seen[0].data
    shown = data["resolved"]["messages"][data["target_id"]]
    assert shown["content"] == message["content"]
    assert shown["embeds"][0]["title"] == "A talk"


class Card(discord.ui.LayoutView):
    """A message with everything that can be pressed, and something that cannot."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        button, row = discord.ui.Button, discord.ui.ActionRow
        self.add_item(discord.ui.TextDisplay("**KV Cache** [here](https://youtu.be/x?t=1)"))
        self.add_item(
            row(
                button(label="Watch", url="https://youtu.be/x"),
                button(label="Share", custom_id="share"),
                button(label="Gone", custom_id="gone", disabled=True),
            )
        )
        options = [discord.SelectOption(label="One", value="1"), discord.SelectOption(label="Two")]
        self.add_item(row(discord.ui.Select(custom_id="pick", options=options)))


@pytest.fixture
async def card(server: DiscordServer, bot: Bot) -> Any:
    async def act(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(view=Card(), ephemeral=True)

    bot.act = act
    answer = await server.slash("topic", KV)
    bot.seen.clear()
    return answer.message


async def test_layout_is_read_as_the_person_sees_it(card: Any) -> None:
    assert texts(card) == ["**KV Cache** [here](https://youtu.be/x?t=1)"]
    assert [one.label for one in buttons(card)] == ["Share", "Gone"]
    assert links(card) == ["https://youtu.be/x?t=1", "https://youtu.be/x"]


@pytest.mark.parametrize("named", ["share", "Share"])
async def test_press_reaches_the_bot_by_custom_id_or_label(
    server: DiscordServer, bot: Bot, card: Any, named: str
) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(view=discord.ui.LayoutView().add_item(done))

    done = discord.ui.TextDisplay("Shared.")
    bot.act = act
    answer = await server.click(card, named)
    assert (bot.seen[0].custom_id, answer.message) == ("share", card)
    assert texts(card) == ["Shared."]
    assert len(card.edits) == 1


@pytest.mark.parametrize("named", ["Watch", "Gone", "Missing"])
async def test_press_that_is_not_possible_fails_in_the_test(
    server: DiscordServer, bot: Bot, card: Any, named: str
) -> None:
    with pytest.raises(NotPossible):
        await server.click(card, named)
    assert bot.seen == []


async def test_private_message_cannot_be_pressed_by_somebody_else(
    server: DiscordServer, bot: Bot, card: Any
) -> None:
    with pytest.raises(NotPossible, match="does not see"):
        await server.click(card, "share", user=server.user("bob"))


async def test_choice_reaches_the_bot_and_an_unknown_one_fails_in_the_test(
    server: DiscordServer, bot: Bot, card: Any
) -> None:
    await server.select(card, "pick", ["One"])
    assert bot.seen[0].data["values"] == ["1"]
    with pytest.raises(NotPossible, match="does not offer"):
        await server.select(card, "pick", ["Three"])


async def test_form_field_that_must_be_filled_fails_in_the_test_when_left_empty(
    server: DiscordServer, bot: Bot
) -> None:
    field = discord.ui.TextInput(custom_id="words", max_length=10)

    async def act(interaction: discord.Interaction[Any]) -> None:
        form = discord.ui.Modal(title="Report", custom_id="report")
        await interaction.response.send_modal(
            form.add_item(discord.ui.Label(text="Words", component=field))
        )

    bot.act = act
    opened = await server.slash("topic", KV)
    for values in ({}, {"words": "k" * 11}, {"other": "x"}):
        with pytest.raises(NotPossible):
            await server.submit_modal(opened, values)
