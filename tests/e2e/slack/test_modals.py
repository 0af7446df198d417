"""Modals: clicks in them, what lies above them, the Share picker, and forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import PLATFORM, publish
from bot.core.reply import Audience, Notice, Reply
from tests.e2e.scripted import FORM, Bot, card
from tests.e2e.slack.asking import seen
from tests.e2e.slack.scripted import (
    IMPATIENT,
    KV,
    adapter,
    private_card,
    public_card,
    result_view,
    search,
)
from tests.fakes.slack_server import Act, Channel, Message, SlackServer, View
from tests.fakes.slack_server.rules import inputs

OTHER = card("Another moment")
NOTHING = Notice(text="Nothing is like it.")
SHARED_CARD = card(audience=Audience.CHANNEL, shared_by="Alice", buttons=())
HOSTILE = "R&D <b> “quotes” a|b"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server) as running:
        yield running


@pytest.fixture
async def slow_bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server, pace=IMPATIENT) as running:
        yield running


def names(views: list[View]) -> list[str]:
    return [view.callback_id for view in views]


async def test_click_in_a_view_shows_the_answer_in_its_place(server: SlackServer, bot: Bot) -> None:
    view = await result_view(server, bot)
    bot.script.reply = OTHER
    act = await server.click(view, "Related")
    assert act.ack is None
    assert await act.next_view() is view
    assert "Another moment" in seen(view)
    assert await bot.script.outcome() == ("sent", OTHER)
    assert bot.script.asked[-1].args == {"moment": "7"}
    assert bot.script.asked[-1].channel == server.channel.id
    assert server.messages == []


async def test_slow_click_in_a_view_is_answered_in_its_place(server: SlackServer, bot: Bot) -> None:
    view = await result_view(server, bot)
    gate = bot.script.gate = asyncio.Event()
    bot.script.reply = OTHER
    act = await server.click(view, "Related")
    assert (act.ack, act.shown) == (None, [])
    gate.set()
    assert await act.next_view() is view
    assert "Another moment" in seen(view)


@pytest.mark.parametrize(("reply", "name"), [(NOTHING, "notice"), (FORM, "form")])
async def test_sentence_or_form_lies_above_the_view_it_came_from(
    server: SlackServer, bot: Bot, reply: Reply, name: str
) -> None:
    view = await result_view(server, bot)
    bot.script.reply = reply
    above = await (await server.click(view, "Related")).next_view()
    assert names(server.views()) == ["search", "share", name]
    assert above.previous is view
    assert "KV Cache" in seen(view)


async def test_sentence_takes_the_place_of_a_sentence(server: SlackServer, bot: Bot) -> None:
    bot.script.reply = replace(NOTHING, buttons=card().buttons[1:2])
    notice = await (await server.submit(await search(server), KV)).next_view()
    bot.script.reply = Notice(text="Nothing at all.")
    assert await (await server.click(notice, "Related")).next_view() is notice
    assert "Nothing at all." in seen(notice)
    assert names(server.views()) == ["search", "notice"]


@pytest.mark.parametrize("reply", [NOTHING, FORM])
async def test_sentence_or_form_takes_the_place_of_a_view_that_none_can_lie_upon(
    server: SlackServer, bot: Bot, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    view = await result_view(server, bot)
    bot.script.reply = replace(NOTHING, buttons=card().buttons)
    third = await (await server.click(view, "Related")).next_view()
    bot.script.reply = OTHER
    assert await (await server.click(third, "Related")).next_view() is third
    bot.script.reply = reply
    assert await (await server.click(third, "Related")).next_view(1) is third
    assert PLATFORM.visible_text(PLATFORM.render(reply)).splitlines()[0] in seen(third)
    assert len(server.views()) == 3
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_slow_sentence_for_a_view_takes_its_place_once_the_trigger_is_old(
    server: SlackServer, bot: Bot
) -> None:
    view = await result_view(server, bot)
    gate = bot.script.gate = asyncio.Event()
    bot.script.reply = NOTHING
    act = await server.click(view, "Related")
    server.triggers.valid = 0.0
    gate.set()
    assert await act.next_view() is view
    assert "Nothing is like it." in seen(view)


# Share.


async def pick(server: SlackServer, bot: Bot, channel: Channel | None = None) -> Act:
    """Choose a channel in the picker of a card, and press Share."""
    view = await result_view(server, bot)
    bot.script.reply = SHARED_CARD
    return await server.submit(view, {"channel": {"channel": channel or server.channel}})


async def test_share_posts_to_the_channel_that_was_picked_and_says_so(
    server: SlackServer, bot: Bot
) -> None:
    place = server.add_channel("elsewhere")
    act = await pick(server, bot, place)
    assert seen(await act.settled()).startswith("Segue\n")
    assert "Shared with the channel." in seen(act.views[-1])
    assert await bot.script.outcome() == ("sent", SHARED_CARD)
    (post,) = server.posted()
    assert (post.channel, post.thread_ts) == (place, None)
    asked = bot.script.asked[-1]
    assert (asked.command, asked.args) == ("share", {"card": "c4rd", "moment": "7"})
    assert (asked.channel, asked.thread) == (place.id, "")


async def test_share_offers_the_channel_in_which_it_was_searched(
    server: SlackServer, bot: Bot
) -> None:
    place = server.add_channel("elsewhere")
    view = await result_view(server, bot, channel=place)
    bot.script.reply = SHARED_CARD
    await server.submit(view)
    await bot.script.outcome()
    assert [post.channel for post in server.posted()] == [place]


async def test_share_to_a_channel_without_the_bot_is_a_sentence_beside_the_picker(
    server: SlackServer, bot: Bot
) -> None:
    foreign = server.add_channel("foreign", member=False)
    act = await pick(server, bot, foreign)
    assert "/invite @segue" in act.errors["channel"]
    assert await bot.script.outcome() == ("unsent", SHARED_CARD)
    (view,) = server.views()[1:]
    foreign.bot_is_member = True
    again = await server.submit(view)
    assert "Shared with the channel." in seen(await again.settled())
    assert len(server.posted()) == 1


async def test_slow_share_waits_in_its_view_and_is_then_told(
    server: SlackServer, slow_bot: Bot
) -> None:
    posting = server.faults.add("chat.postMessage", "hang")
    act = await pick(server, slow_bot)
    assert names(server.views()) == ["search", "waiting"]
    posting.release()
    assert "Shared with the channel." in seen(await act.next_view(2))
    assert await slow_bot.script.outcome() == ("sent", SHARED_CARD)
    assert len(server.posted()) == 1


async def test_slow_share_that_is_refused_is_told(server: SlackServer, slow_bot: Bot) -> None:
    posting = server.faults.add("chat.postMessage", "hang")
    act = await pick(server, slow_bot, server.add_channel("foreign", member=False))
    posting.release()
    told = await act.settled()
    assert "/invite @segue" in seen(told)
    assert await slow_bot.script.outcome() == ("unsent", SHARED_CARD)
    slow_bot.script.reply = card()
    back = await (await server.click(told, "Back to the card")).next_view()
    assert slow_bot.script.asked[-1].args == {"moment": "7"}
    assert [one.block_id for one in inputs(back.body)] == ["channel"]


# Forms.


async def card_in_a_view(server: SlackServer, bot: Bot) -> View:
    return await result_view(server, bot)


@pytest.mark.parametrize("shown", [private_card, public_card, card_in_a_view])
async def test_report_opens_a_form_whose_answer_comes_back_with_the_comment(
    server: SlackServer, bot: Bot, shown: Any
) -> None:
    where = await shown(server, bot)
    bot.script.reply = FORM
    form = await (await server.click(where, "Report")).next_view()
    assert form.callback_id == "form"
    assert {field.block_id: field.optional for field in inputs(form.body)} == {
        "answer": False, "comment": True,
    }  # fmt: skip
    await bot.script.outcome()
    bot.script.reply = Notice(text="Thank you.")
    act = await server.submit(
        form, {"answer": {"answer": "Time"}, "comment": {"comment": f"{HOSTILE}\nindeed"}}
    )
    assert "Thank you." in seen(await act.settled())
    assert await bot.script.outcome() == ("sent", bot.script.reply)
    asked = bot.script.asked[-1]
    assert asked.command == "report"
    assert asked.args == {"moment": "7", "reason": "time", "comment": f"{HOSTILE}\nindeed"}
    assert asked.channel == server.channel.id
    thread = where.thread_ts if isinstance(where, Message) else None
    assert asked.thread == (f"{server.channel.id}:{thread}" if thread else "")
    assert "KV Cache" in seen(where)


async def test_form_without_a_comment_is_the_bare_answer(server: SlackServer, bot: Bot) -> None:
    message = await private_card(server, bot)
    bot.script.reply = FORM
    form = await (await server.click(message, "Report")).next_view()
    bot.script.reply = Notice(text="Thank you.")
    await server.submit(form, {"answer": {"answer": "Words"}})
    assert bot.script.asked[-1].args == {"moment": "7", "reason": "text", "comment": ""}
