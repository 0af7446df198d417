"""What comes later to a card on Discord: edited into it, unless something else stands there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.discord import PLATFORM, publish
from adapters.discord.answering import Pace
from bot.core.reply import InShort, Notice
from tests.e2e.discord.scripted import adapter
from tests.e2e.scripted import Bot, Script, card
from tests.fakes.discord_server import Answer, DiscordServer, MessageRecord

LABEL = "In short (AI, from this note)"
CARD = card(unfinished=True)
FINISHED = replace(card(), in_short=InShort(LABEL, "It stores tokens."))
OTHER = card("Another moment")
EDIT = "/messages/@original"
STOPS_WITHIN_S = 4.0


def seen(message: MessageRecord) -> str:
    return PLATFORM.visible_text({"components": list(message.components)})


@pytest.fixture
def script() -> Script:
    return Script(CARD, finishing=asyncio.Event(), finished=FINISHED)


@pytest.fixture
async def bot(server: DiscordServer, script: Script) -> AsyncIterator[Bot]:
    async with adapter(server, script) as running:
        yield running


@pytest.fixture
async def slow_bot(server: DiscordServer, script: Script) -> AsyncIterator[Bot]:
    async with adapter(server, script, Pace(defer_after=0.05)) as running:
        yield running


async def shown(server: DiscordServer, script: Script) -> Answer:
    """Return the answer of a card whose block is awaited."""
    answer = await server.slash("summarize", {"time": "2:00:32"})
    await answer.settled()
    assert await script.outcome() == ("sent", CARD)
    assert LABEL not in seen(answer.message)
    return answer


def open_late(script: Script) -> None:
    assert script.finishing is not None
    script.finishing.set()


async def edited(server: DiscordServer, message: MessageRecord, times: int = 1) -> str:
    await server.changes.until(lambda: len(message.edits) >= times, 10, f"{times} edits")
    return seen(message)


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]


async def test_block_is_edited_into_the_card_as_it_is_rendered(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await shown(server, bot.script)
    open_late(bot.script)
    assert "It stores tokens." in await edited(server, answer.message)
    (call,) = server.called("PATCH", EDIT)
    assert call.body["components"] == PLATFORM.render(FINISHED)["components"]
    assert (answer.message.ephemeral, len(server.messages)) == (True, 1)


async def test_block_comes_after_an_answer_that_was_deferred(
    server: DiscordServer, slow_bot: Bot
) -> None:
    gate = slow_bot.script.gate = asyncio.Event()
    answer = await server.slash("summarize", {"time": "2:00:32"})
    assert answer.message.loading
    gate.set()
    message = await answer.settled()
    await slow_bot.script.outcome()
    assert LABEL not in seen(message)
    open_late(slow_bot.script)
    assert LABEL in await edited(server, message, 2)
    assert len(server.messages) == 1


async def test_card_to_which_nothing_comes_stays_as_it_is(
    server: DiscordServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.script.finished = None
    answer = await shown(server, bot.script)
    open_late(bot.script)
    await bot.stop()
    assert [one for one in caplog.records if one.levelno >= 30] == []
    assert server.called("PATCH", EDIT) == []
    assert answer.message.edits == []


async def test_block_does_not_take_the_place_of_what_a_button_put_there(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await shown(server, bot.script)
    bot.script.reply = OTHER
    await server.click(answer.message, "Related")
    await bot.script.outcome()
    open_late(bot.script)
    await bot.stop()
    assert "Another moment" in seen(answer.message)
    assert LABEL not in seen(answer.message)
    assert server.called("PATCH", EDIT) == []


@pytest.mark.parametrize("first_deferred", [False, True])
async def test_block_does_not_take_the_place_of_what_a_slow_button_put_there(
    server: DiscordServer, slow_bot: Bot, first_deferred: bool
) -> None:
    script = slow_bot.script
    script.gate = asyncio.Event()
    if not first_deferred:
        script.gate.set()
    answer = await server.slash("summarize", {"time": "2:00:32"})
    script.gate.set()
    await answer.settled()
    await script.outcome()
    script.gate, script.reply = asyncio.Event(), OTHER
    pressed = await server.click(answer.message, "Related")
    assert pressed.type == 6
    script.gate.set()
    await pressed.settled()
    await script.outcome()
    edits = len(answer.message.edits)
    open_late(script)
    await slow_bot.stop()
    assert "Another moment" in seen(answer.message)
    assert LABEL not in seen(answer.message)
    assert len(answer.message.edits) == edits


async def test_block_that_comes_while_a_slow_button_works_is_followed_by_its_answer(
    server: DiscordServer, slow_bot: Bot
) -> None:
    script = slow_bot.script
    answer = await shown(server, script)
    script.gate, script.reply = asyncio.Event(), OTHER
    pressed = await server.click(answer.message, "Related")
    open_late(script)
    assert LABEL in await edited(server, answer.message)
    script.gate.set()
    await pressed.settled()
    assert "Another moment" in await edited(server, answer.message, 2)
    assert LABEL not in seen(answer.message)


@pytest.mark.parametrize("trouble", [{"kind": "status", "status": 503}, {"kind": "drop_before"}])
async def test_block_on_its_way_again_gives_way_to_what_a_button_puts_there(
    server: DiscordServer,
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
    trouble: dict[str, object],
) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.5)
    answer = await shown(server, bot.script)
    fault = server.faults.add("PATCH", EDIT, **trouble)  # type: ignore[arg-type]
    open_late(bot.script)
    await fault.reached()
    bot.script.reply = OTHER
    await server.click(answer.message, "Related")
    await bot.stop()
    assert "Another moment" in seen(answer.message)
    assert LABEL not in seen(answer.message)


async def test_sentence_beside_the_card_does_not_keep_its_block_away(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await shown(server, bot.script)
    bot.script.reply = Notice(text="Nothing is like it.")
    beside = await (await server.click(answer.message, "Related")).settled()
    open_late(bot.script)
    assert LABEL in await edited(server, answer.message)
    assert seen(beside) == "Nothing is like it."


async def test_card_that_takes_the_place_of_another_gets_its_own_block(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await shown(server, bot.script)
    bot.script.reply = replace(OTHER, unfinished=True)
    bot.script.finished = lambda reply: replace(
        reply, in_short=InShort(LABEL, f"About {reply.moment.title}."), unfinished=False
    )
    await server.click(answer.message, "Related")
    await bot.script.outcome()
    open_late(bot.script)
    assert "About Another moment." in await edited(server, answer.message, 2)
    await bot.stop()
    assert "About Another moment." in seen(answer.message)
    assert len(server.called("PATCH", EDIT)) == 1


async def test_block_of_a_message_that_was_deleted_is_dropped_quietly(
    server: DiscordServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await shown(server, bot.script)
    answer.message.deleted = True
    open_late(bot.script)
    await server.wait_called("PATCH", EDIT)
    await bot.stop()
    assert [refusal.code for refusal in server.refusals] == [10008]
    server.violations.clear()
    assert errors(caplog) == []
    assert server.messages == []


async def test_block_after_the_token_expired_is_dropped_quietly(
    server: DiscordServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await shown(server, bot.script)
    server.interactions.token_valid = 0.0
    open_late(bot.script)
    await server.wait_called("PATCH", EDIT)
    await bot.stop()
    assert errors(caplog) == []
    assert answer.message.edits == []
    assert len(server.messages) == 1


@pytest.mark.parametrize("slow", [False, True])
async def test_stop_waits_for_no_block_and_does_not_call_the_card_unfinished(
    server: DiscordServer, script: Script, caplog: pytest.LogCaptureFixture, slow: bool
) -> None:
    pace = Pace(defer_after=0.0 if slow else 1.5)
    async with adapter(server, script, pace) as bot:
        answer = await shown(server, script)
        before = list(answer.message.components)
        began = time.monotonic()
        await bot.stop()
        assert time.monotonic() - began < STOPS_WITHIN_S
    assert answer.message.components == before
    assert len(server.messages) == 1
    assert [one for one in caplog.records if one.levelno >= 30] == []


async def test_stop_lets_an_edit_that_is_on_its_way_arrive(server: DiscordServer, bot: Bot) -> None:
    answer = await shown(server, bot.script)
    fault = server.faults.add("PATCH", EDIT, "hang")
    open_late(bot.script)
    await fault.reached()
    bot.host.stopping.set()
    fault.release()
    await bot.stop()
    assert LABEL in seen(answer.message)


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("status", {"status": 500}),
        ("drop_before", {}),
        ("rate_limit", {"via": False}),
        ("rate_limit", {"retry_after": 0.01}),
    ],
)
async def test_block_that_discord_does_not_take_twice_is_sent_again(
    server: DiscordServer, bot: Bot, kind: str, details: dict[str, object]
) -> None:
    answer = await shown(server, bot.script)
    server.faults.add("PATCH", EDIT, kind, times=2, **details)
    open_late(bot.script)
    assert LABEL in await edited(server, answer.message)
    assert len(server.called("PATCH", EDIT)) == 3


async def test_block_that_discord_refuses_leaves_the_card_and_adds_no_sentence(
    server: DiscordServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await shown(server, bot.script)
    refused = {"code": 50035, "message": "Invalid Form Body"}
    server.faults.add("PATCH", EDIT, "status", status=400, body=refused)
    open_late(bot.script)
    await server.wait_called("PATCH", EDIT)
    await bot.stop()
    assert (answer.message.edits, len(server.messages)) == ([], 1)
    assert len(errors(caplog)) == 1
