"""One interaction, one answer: at once or deferred, in place or beside, and never none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.discord import PLATFORM, publish
from adapters.discord.answering import Pace
from adapters.discord.form import form
from bot.core.actions import Action
from bot.core.commands import UNKNOWN_ACTION, Invocation
from bot.core.reply import Button, Choice, Notice, Option, Reply, Suggestion
from tests.e2e.discord.scripted import adapter
from tests.e2e.scripted import FORM, Bot, Script, card
from tests.fakes.discord_server import DiscordServer, MessageRecord, NotAnswered, buttons, selects

IMPATIENT = Pace(defer_after=0.05, completions=0.05)
"""Defers at once, so that a test of slowness need not be slow."""

COMMAND_ANSWER, DEFERRED, DEFERRED_IN_PLACE, IN_PLACE, FORM_OPENED = 4, 5, 6, 7, 9


def seen(message: MessageRecord) -> str:
    return PLATFORM.visible_text({"components": list(message.components)})


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with adapter(server, pace=Pace(defer_after=1.4, completions=0.05)) as running:
        yield running


@pytest.fixture
async def slow_bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with adapter(server, pace=IMPATIENT) as running:
        yield running


async def shown_card(server: DiscordServer, bot: Bot) -> MessageRecord:
    """Return a private card that somebody has before them."""
    bot.script.reply, bot.script.gate = card(), None
    answer = await server.slash("topic", {"words": "kv cache"})
    await bot.script.outcome()
    return await answer.settled()


async def public_card(server: DiscordServer) -> MessageRecord:
    """Return a card that was shared before."""
    body = PLATFORM.render(card())
    return server.stored.create(server.channel, body | {"flags": 1 << 15})


async def test_command_is_answered_with_the_very_body_rendered(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await server.slash("topic", {"words": "kv cache"})
    assert answer.callback == {"type": COMMAND_ANSWER, "data": PLATFORM.render(card())}
    assert (await answer.settled()).ephemeral
    assert await bot.script.outcome() == ("sent", card())


async def test_command_carries_who_asks_and_where(server: DiscordServer, bot: Bot) -> None:
    ada = server.user("ada", admin=True)
    await server.slash("topic", {"words": "kv cache"}, user=ada)
    (asked,) = bot.script.asked
    assert (asked.command, asked.args) == ("topic", {"words": "kv cache"})
    assert (asked.tenant, asked.channel) == (f"discord:{server.guild.id}", server.channel.id)
    assert (asked.user.id, asked.user.name, asked.user.is_admin) == (ada.id, "Ada", True)
    assert (asked.can_share, asked.locale, asked.reference) == (True, "en-US", "ref00001")


async def test_command_in_a_direct_message_is_public_and_unshared(
    server: DiscordServer, bot: Bot
) -> None:
    await server.slash("topic", {"words": "x"}, guild=None)
    (asked,) = bot.script.asked
    assert (asked.tenant, asked.can_share, asked.user.is_admin) == ("public", False, False)


async def test_slow_command_is_deferred_privately_and_then_answered(
    server: DiscordServer, slow_bot: Bot
) -> None:
    gate = slow_bot.script.gate = asyncio.Event()
    answer = await server.slash("topic", {"words": "kv cache"})
    assert answer.callback == {"type": DEFERRED, "data": {"flags": 64}}
    assert answer.message.loading
    gate.set()
    message = await answer.settled()
    assert message.ephemeral
    assert "KV Cache" in seen(message)
    assert await slow_bot.script.outcome() == ("sent", card())


async def test_button_on_a_private_card_replaces_it(server: DiscordServer, bot: Bot) -> None:
    message = await shown_card(server, bot)
    bot.script.reply = card("Another moment")
    answer = await server.click(message, "Related")
    assert answer.callback["type"] == IN_PLACE
    assert "Another moment" in seen(message)
    assert len(server.messages) == 1


async def test_sentence_for_a_private_card_does_not_cost_the_card(
    server: DiscordServer, bot: Bot
) -> None:
    message = await shown_card(server, bot)
    bot.script.reply = Notice(text="Nothing is like it.")
    answer = await server.click(message, "Related")
    assert answer.callback["type"] == COMMAND_ANSWER
    assert seen(await answer.settled()) == "Nothing is like it."
    assert "KV Cache" in seen(message)


async def test_slow_button_on_a_private_card_replaces_it_later(
    server: DiscordServer, slow_bot: Bot
) -> None:
    message = await shown_card(server, slow_bot)
    gate = slow_bot.script.gate = asyncio.Event()
    slow_bot.script.reply = card("Another moment")
    answer = await server.click(message, "Related")
    assert answer.callback["type"] == DEFERRED_IN_PLACE
    assert "KV Cache" in seen(message)
    gate.set()
    await answer.settled()
    assert "Another moment" in seen(message)


@pytest.mark.parametrize("reply", [Notice(text="Nothing is like it."), FORM])
async def test_slow_sentence_or_form_for_a_private_card_stands_beside_it(
    server: DiscordServer, slow_bot: Bot, reply: Reply
) -> None:
    message = await shown_card(server, slow_bot)
    gate = slow_bot.script.gate = asyncio.Event()
    slow_bot.script.reply = reply
    answer = await server.click(message, "Related")
    gate.set()
    beside = await answer.settled()
    assert beside is not message
    assert beside.ephemeral
    assert "KV Cache" in seen(message)
    assert PLATFORM.violations({**PLATFORM.render(reply), "components": beside.components}) == []


@pytest.mark.parametrize("slow", [False, True])
async def test_button_on_a_public_card_answers_its_presser_alone(
    server: DiscordServer, slow: bool
) -> None:
    script = Script(card("Another moment"), asyncio.Event() if slow else None)
    async with adapter(server, script, IMPATIENT if slow else None):
        message = await public_card(server)
        bob = server.user("bob")
        answer = await server.click(message, "Related", user=bob)
        assert answer.callback["type"] == (DEFERRED if slow else COMMAND_ANSWER)
        if script.gate is not None:
            script.gate.set()
        mine = await answer.settled()
        assert (mine.ephemeral, mine.for_user) == (True, bob)
        assert "Another moment" in seen(mine)
        assert "KV Cache" in seen(message)


async def test_select_on_a_message_is_the_action_chosen(server: DiscordServer, bot: Bot) -> None:
    options = tuple(Option(f"Episode {n}", Action("outline", (str(n), "0"))) for n in range(1, 9))
    bot.script.reply = Choice(question="Which?", options=options)
    message = await (await server.slash("episodes", {})).settled()
    (select,) = selects(message)
    bot.script.reply = card()
    await server.select(message, select["custom_id"], ["1|outline|3|0"])
    assert bot.script.asked[-1].args == {"episode": "3", "offset": "0"}


async def test_question_for_words_opens_a_form_whose_answer_comes_back(
    server: DiscordServer, bot: Bot
) -> None:
    message = await shown_card(server, bot)
    bot.script.reply = FORM
    opened = await server.click(message, "Report")
    assert opened.callback == {"type": FORM_OPENED, "data": form(FORM)}
    bot.script.reply = Notice(text="Thank you.")
    values = {"answer": ["1|report|7|time|"], "comment": "It is at 2:01 | really"}
    answer = await server.submit_modal(opened, values)
    assert bot.script.asked[-1].args == {
        "moment": "7", "reason": "time", "comment": "It is at 2:01 | really",
    }  # fmt: skip
    assert seen(await answer.settled()) == "Thank you."
    assert "KV Cache" in seen(message)


async def test_question_for_words_that_comes_too_late_for_a_form_is_a_card(
    server: DiscordServer, slow_bot: Bot
) -> None:
    slow_bot.script.reply = FORM
    gate = slow_bot.script.gate = asyncio.Event()
    answer = await server.slash("topic", {"words": "x"})
    gate.set()
    message = await answer.settled()
    assert "What is wrong?" in seen(message)
    assert [option["label"] for option in selects(message)[0]["options"]] == ["Words", "Time"]


@pytest.mark.parametrize("custom_id", ["foreign", "0|moment|1", "1|from-the-future|1"])
async def test_button_of_another_version_is_answered(
    server: DiscordServer, bot: Bot, custom_id: str
) -> None:
    old = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}
    body: dict[str, Any] = {"content": "old", "components": [{"type": 1, "components": [old]}]}
    message = server.stored.create(server.channel, body)
    bot.script.reply = Notice(text="That button is from another version of me.")
    answer = await server.click(message, "Old")
    assert bot.script.asked[-1].command == UNKNOWN_ACTION
    assert "another version" in seen(await answer.settled())


async def test_completions_are_offered(server: DiscordServer, bot: Bot) -> None:
    bot.script.suggestions = [Suggestion("KV Cache · 2:00:32", "moment:7")]
    found = await server.autocomplete("topic", "words", "kv")
    assert found == [{"name": "KV Cache · 2:00:32", "value": "moment:7"}]
    assert bot.script.asked[-1].args == {"words": "kv"}


async def test_completions_that_take_too_long_are_none(server: DiscordServer, bot: Bot) -> None:
    bot.script.gate = asyncio.Event()
    assert await server.autocomplete("topic", "words", "kv") == []


async def test_message_menu_without_a_link_is_answered_without_the_core(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await server.message_command("Summarize this moment", {"content": "hello"})
    assert seen(await answer.settled()) == "That message has no link to a video."
    assert bot.script.asked == []


async def test_core_that_fails_is_a_sentence_with_its_reference(
    server: DiscordServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.script.reply = RuntimeError("secret detail")
    answer = await server.slash("help", {})
    text = seen(await answer.settled())
    assert "Reference ref00001" in text
    assert "secret" not in text
    assert any("ref00001" in record.message for record in caplog.records)


async def test_reply_that_cannot_be_rendered_is_a_sentence_and_is_taken_back(
    server: DiscordServer, bot: Bot
) -> None:
    broken = Notice(text="x", buttons=(Button("x", Action("exact", ("1", "x" * 200))),))
    bot.script.reply = broken
    answer = await server.slash("help", {})
    assert "Reference ref00001" in seen(await answer.settled())
    assert await bot.script.outcome() == ("unsent", broken)


async def test_reply_that_discord_refuses_is_a_sentence(server: DiscordServer, bot: Bot) -> None:
    refused = {"code": 50035, "message": "Invalid Form Body"}
    server.faults.add("POST", "/callback", "status", status=400, body=refused)
    answer = await server.slash("help", {})
    assert "Reference ref00001" in seen(await answer.settled())


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "rate_limit", "via": False},
        {"kind": "rate_limit", "retry_after": 0.01},
        {"kind": "status", "status": 503},
        {"kind": "drop_before"},
    ],
)
async def test_answer_survives_passing_trouble(
    server: DiscordServer, bot: Bot, trouble: dict[str, Any]
) -> None:
    server.faults.add("POST", "/callback", **trouble)
    answer = await server.slash("topic", {"words": "kv"})
    assert "KV Cache" in seen(await answer.settled())
    assert answer.ack_seconds < 3
    assert await bot.script.outcome() == ("sent", card())


async def test_answer_whose_receipt_is_lost_counts_as_given(
    server: DiscordServer, bot: Bot
) -> None:
    server.faults.add("POST", "/callback", "drop_after")
    await server.slash("topic", {"words": "kv"})
    assert await bot.script.outcome() == ("sent", card())
    # Trying again is how it learns that the first try had arrived.
    assert [violation.code for violation in server.violations] == [publish.ALREADY_ACKNOWLEDGED]
    server.violations.clear()


@pytest.mark.parametrize("trouble", [{"kind": "rate_limit", "via": False}, {"kind": "drop_before"}])
async def test_later_answer_survives_passing_trouble(
    server: DiscordServer, slow_bot: Bot, trouble: dict[str, Any]
) -> None:
    server.faults.add("PATCH", "/messages/@original", **trouble)
    gate = slow_bot.script.gate = asyncio.Event()
    answer = await server.slash("topic", {"words": "kv"})
    gate.set()
    assert "KV Cache" in seen(await answer.settled())


async def test_answer_that_is_too_late_is_taken_back_quietly(
    server: DiscordServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    server.interactions.answer_within = 0.0
    with pytest.raises(NotAnswered):
        await server.slash("topic", {"words": "kv"})
    assert await bot.script.outcome() == ("unsent", card())
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert {violation.code for violation in server.violations} == {10062}
    server.violations.clear()
    server.interactions.answer_within = 3.0
    assert "KV Cache" in seen(await shown_card(server, bot))


async def test_later_answer_after_the_token_expired_is_taken_back_quietly(
    server: DiscordServer, slow_bot: Bot
) -> None:
    gate = slow_bot.script.gate = asyncio.Event()
    await server.slash("topic", {"words": "kv"})
    server.interactions.token_valid = 0.0
    gate.set()
    assert await slow_bot.script.outcome() == ("unsent", card())
    assert {refusal.code for refusal in server.refusals} == {50027}


async def test_many_people_at_once_are_each_answered_their_own(
    server: DiscordServer, bot: Bot
) -> None:
    def named(invocation: Invocation) -> Reply:
        return Notice(text=f"For {invocation.user.id}.")

    bot.script.reply = named
    people = [server.user(f"person{n}") for n in range(20)]
    answers = await asyncio.gather(*(server.slash("help", {}, user=one) for one in people))
    for person, answer in zip(people, answers, strict=True):
        message = await answer.settled()
        assert (message.for_user, seen(message)) == (person, f"For {person.id}.")


async def test_every_button_of_a_card_comes_back_as_its_action(
    server: DiscordServer, bot: Bot
) -> None:
    message = await shown_card(server, bot)
    bot.script.reply = Notice(text="Yes.")
    for button in buttons(message):
        await server.click(message, button.custom_id)
    assert [asked.command for asked in bot.script.asked[1:]] == ["related", "share", "report"]
