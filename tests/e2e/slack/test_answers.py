"""One payload, one answer: with its acknowledgement or after, in place or beside, never none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.slack import PLATFORM
from adapters.slack.answering import STILL_LOOKING
from adapters.slack.pace import Pace
from bot.core.actions import Action
from bot.core.commands import UNKNOWN_ACTION, Invocation
from bot.core.reply import Audience, Button, Choice, Notice, Option, Reply
from tests.e2e.scripted import FORM, Bot, Script, card
from tests.e2e.slack.asking import by_slash, seen
from tests.e2e.slack.scripted import IMPATIENT, adapter, private_card, public_card
from tests.fakes.slack_server import Message, SlackServer
from tests.fakes.slack_server.rules import buttons, selects

AT_ONCE = 3.0
"""Seconds that Slack gives a bot to acknowledge."""


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server) as running:
        yield running


@pytest.fixture
async def slow_bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server, pace=IMPATIENT) as running:
        yield running


def payload(message: Message) -> dict[str, object]:
    return {"text": message.text, "blocks": message.blocks}


async def test_slash_is_acknowledged_with_the_very_body_rendered(
    server: SlackServer, bot: Bot
) -> None:
    act = await server.slash("/segue", "topic kv cache")
    assert act.ack == PLATFORM.render(card())
    assert (await act.next()).ephemeral_for is act.person
    assert server.called("response_url") == []
    assert await bot.script.outcome() == ("sent", card())


async def test_slow_slash_is_told_to_wait_and_then_answered_in_a_second_message(
    server: SlackServer, slow_bot: Bot
) -> None:
    gate = slow_bot.script.gate = asyncio.Event()
    act = await server.slash("/segue", "topic kv cache")
    assert act.ack == PLATFORM.render(STILL_LOOKING)
    assert (await act.next()).ephemeral_for is act.person
    gate.set()
    answer = await act.next(2)
    assert answer.ephemeral_for is act.person
    assert "KV Cache" in seen(answer)
    assert await slow_bot.script.outcome() == ("sent", card())
    assert act.messages[0].edits == []
    (call,) = server.called("response_url")
    assert call.args == PLATFORM.render(card()) | {"replace_original": False}


async def test_whatever_hangs_everything_is_acknowledged_within_three_seconds(
    server: SlackServer,
) -> None:
    async with adapter(server) as bot:
        private, public = await private_card(server, bot), await public_card(server, bot)
        opened = await (await server.slash("/segue", "topic")).next_view()
        bot.script.gate = asyncio.Event()
        server.faults.add("users.info", "hang", times=None)
        server.faults.add("views.open", "hang", times=None)
        bob = server.user("bob")
        acts = await asyncio.gather(
            server.slash("/segue", "topic kv cache", user=bob),
            server.slash("/segue", "topic", user=bob),
            server.mention("topic kv cache", user=bob),
            server.click(private, "Related"),
            server.click(public, "Related", user=bob),
            server.shortcut("summarize_moment", public, user=bob),
            server.submit(opened, {"words": {"words": "kv cache"}}),
        )
        assert [act.kind for act in acts if not act.ack_seconds or act.ack_seconds > AT_ONCE] == []
        slash, failed_opening, *_ = acts
        # The core says nothing for longer than Slack would have waited.
        with pytest.raises(TimeoutError):
            await slash.next(2, timeout=AT_ONCE - 1.0)
        assert "Still looking" in seen(slash.messages[0])
        assert "/segue-topic kv cache" in seen(failed_opening.messages[0])
        bot.script.gate.set()
        assert "KV Cache" in seen(await slash.next(2))


async def test_button_on_a_private_message_replaces_it(server: SlackServer, bot: Bot) -> None:
    message = await private_card(server, bot)
    bot.script.reply = card("Another moment")
    act = await server.click(message, "Related")
    assert act.ack is None
    assert await act.next() is message
    assert "Another moment" in seen(message)
    assert len(server.messages) == 1
    (call,) = server.called("response_url")
    assert call.args == PLATFORM.render(bot.script.reply) | {"replace_original": True}
    assert await bot.script.outcome() == ("sent", bot.script.reply)


async def test_sentence_for_a_private_message_does_not_cost_the_card(
    server: SlackServer, bot: Bot
) -> None:
    message = await private_card(server, bot)
    bot.script.reply = Notice(text="Nothing is like it.")
    beside = await (await server.click(message, "Related")).next()
    assert beside is not message
    assert beside.ephemeral_for is message.ephemeral_for
    assert seen(beside) == "Nothing is like it."
    assert message.edits == []


@pytest.mark.parametrize("reply", [card("Another moment"), Notice(text="Nothing is like it.")])
async def test_slow_click_is_acknowledged_at_once_and_answered_later(
    server: SlackServer, bot: Bot, reply: Reply
) -> None:
    message = await private_card(server, bot)
    gate = bot.script.gate = asyncio.Event()
    bot.script.reply = reply
    act = await server.click(message, "Related")
    assert (act.ack, act.shown) == (None, [])
    gate.set()
    answer = await act.next()
    assert (answer is message) == (not isinstance(reply, Notice))
    assert PLATFORM.visible_text(PLATFORM.render(reply)) == seen(answer)


async def test_button_on_a_public_message_answers_its_presser_alone_in_its_thread(
    server: SlackServer, bot: Bot
) -> None:
    message = await public_card(server, bot)
    bot.script.reply = card("Another moment")
    bob = server.user("bob")
    mine = await (await server.click(message, "Related", user=bob)).next()
    assert (mine.ephemeral_for, mine.thread_ts) == (bob, message.thread_ts)
    assert "Another moment" in seen(mine)
    assert message.edits == []
    assert bot.script.asked[-1].thread == f"{server.channel.id}:{message.thread_ts}"
    bot.script.reply = card("A third")
    assert await (await server.click(mine, "Related", user=bob)).next() is mine
    assert "A third" in seen(mine)


@pytest.mark.parametrize("has_replies", [False, True])
async def test_button_on_a_public_message_outside_threads_is_answered_outside_them(
    server: SlackServer, bot: Bot, has_replies: bool
) -> None:
    message = server.stored.post(server.channel, PLATFORM.render(card()))
    # The first message of a thread has the thread's ts, and stands in the channel all the same.
    message.thread_ts = message.ts if has_replies else None
    mine = await (await server.click(message, "Related")).next()
    assert (mine.ephemeral_for, mine.thread_ts) == (server.user(), None)
    assert bot.script.asked[-1].thread == ""


async def test_select_on_a_message_is_the_action_chosen(server: SlackServer, bot: Bot) -> None:
    options = tuple(Option(f"Episode {n}", Action("outline", (str(n), "0"))) for n in range(1, 9))
    bot.script.reply = Choice(question="Which?", options=options)
    message = await by_slash(server, "episodes")
    (select,) = selects(payload(message))
    bot.script.reply = card()
    act = await server.select(message, select.action_id, "Episode 3")
    assert await act.next() is message
    assert bot.script.asked[-1].args == {"episode": "3", "offset": "0"}


async def test_link_button_is_acknowledged_and_asks_nothing(server: SlackServer, bot: Bot) -> None:
    message = await private_card(server, bot)
    act = await server.click(message, "Watch")
    assert act.opened_url == "https://youtu.be/_1f-o0nqpEI?t=7232"
    assert (act.ack, act.timed_out, act.shown) == (None, False, [])
    assert len(bot.script.asked) == 1


@pytest.mark.parametrize("value", ["foreign", "0|moment|1", "1|from-the-future|1", None])
async def test_button_of_another_version_is_answered(
    server: SlackServer, bot: Bot, value: str | None
) -> None:
    label = {"type": "plain_text", "text": "Old"}
    old = {"type": "button", "action_id": "old", "text": label} | (
        {"value": value} if value else {}
    )
    message = server.stored.post(
        server.channel, {"blocks": [{"type": "actions", "elements": [old]}]}
    )
    bot.script.reply = Notice(text="That button is from another version of me.")
    act = await server.click(message, "Old")
    assert "another version" in seen(await act.next())
    assert bot.script.asked[-1].command == UNKNOWN_ACTION


async def test_every_button_of_a_card_comes_back_as_its_action(
    server: SlackServer, bot: Bot
) -> None:
    message = await private_card(server, bot)
    bot.script.reply = Notice(text="Yes.")
    for button in buttons(payload(message)):
        if not button.url:
            await (await server.click(message, button.value)).next()
    assert [asked.command for asked in bot.script.asked[1:]] == ["related", "share", "report"]


async def test_question_for_words_that_cannot_open_a_form_is_a_message_with_the_answers(
    server: SlackServer, bot: Bot
) -> None:
    message = await private_card(server, bot)
    bot.script.reply = FORM
    server.triggers.valid = 0.0
    beside = await (await server.click(message, "Report")).next()
    assert beside is not message
    assert "What is wrong?" in seen(beside)
    bot.script.reply = Notice(text="Thank you.")
    (select,) = selects(payload(beside))
    assert seen(await (await server.select(beside, select.action_id, "Time")).next())
    assert bot.script.asked[-1].args == {"moment": "7", "reason": "time", "comment": ""}
    assert message.edits == []


async def test_mention_is_answered_publicly_in_its_thread(server: SlackServer, bot: Bot) -> None:
    act = await server.mention("topic kv cache")
    answer = await act.next()
    shared = card(audience=Audience.CHANNEL)
    assert (answer.ephemeral_for, answer.thread_ts) == (None, act.payload["event"]["ts"])
    (call,) = server.called("chat.postMessage")
    rendered = PLATFORM.render(shared)
    del rendered["response_type"]
    assert call.args == rendered | {"channel": server.channel.id, "thread_ts": answer.thread_ts}
    assert await bot.script.outcome() == ("sent", shared)


async def test_core_that_fails_is_a_sentence_with_its_reference(
    server: SlackServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.script.reply = RuntimeError("secret detail")
    text = seen(await by_slash(server, "help"))
    assert "Reference ref00001" in text
    assert "secret" not in text
    assert any("ref00001" in record.message for record in caplog.records)


BROKEN = Notice(text="x", buttons=(Button("x", Action("exact", ("1", "x" * 200))),))


async def test_reply_that_cannot_be_rendered_is_a_sentence_and_is_taken_back(
    server: SlackServer, bot: Bot
) -> None:
    message = await private_card(server, bot)
    bot.script.reply = BROKEN
    for act in (await server.slash("/segue", "help"), await server.click(message, "Related")):
        assert "Reference ref0000" in seen(await act.next())
        assert await bot.script.outcome() == ("unsent", BROKEN)


async def test_many_people_at_once_are_each_answered_their_own(
    server: SlackServer, bot: Bot
) -> None:
    def named(invocation: Invocation) -> Reply:
        return Notice(text=f"For {invocation.user.id}.")

    bot.script.reply = named
    people = [server.user(f"person{n}") for n in range(20)]
    acts = await asyncio.gather(*(server.slash("/segue", "help", user=one) for one in people))
    for person, act in zip(people, acts, strict=True):
        message = await act.next()
        assert (message.ephemeral_for, seen(message)) == (person, f"For {person.id}.")


async def test_many_slow_answers_at_once_each_reach_their_own_person(server: SlackServer) -> None:
    def named(invocation: Invocation) -> Reply:
        return Notice(text=f"For {invocation.user.id}.")

    async with adapter(server, Script(named, asyncio.Event()), Pace(wait=0.05)) as bot:
        people = [server.user(f"person{n}") for n in range(20)]
        acts = await asyncio.gather(*(server.slash("/segue", "help", user=one) for one in people))
        assert bot.script.gate is not None
        bot.script.gate.set()
        for person, act in zip(people, acts, strict=True):
            message = await act.next(2)
            assert (message.ephemeral_for, seen(message)) == (person, f"For {person.id}.")
