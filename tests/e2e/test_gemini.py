"""/summarize with Gemini: the card at once, the block when it is there, paid for once by all."""

import re
import time
from dataclasses import dataclass
from typing import Any

import pytest

from bot.core.catalog import PUBLIC
from bot.services.in_short import SPENT
from bot.services.ingestion import import_document
from tests.e2e.gemini import (
    HONEST,
    KV_CACHE,
    LABEL,
    NOTES,
    SDKS,
    ask,
    running_bot,
    seen,
    sent,
    settings_of,
)
from tests.fakes.discord_server import DiscordServer
from tests.fakes.documents import document
from tests.fakes.gemini_server import GeminiServer
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_server.rules import buttons as slack_buttons

LINK = "https://youtu.be/_1f-o0nqpEI?t=7232"


@pytest.fixture
async def gemini():
    async with GeminiServer() as running:
        running.answer = HONEST
        yield running
        assert running.problems == []


@pytest.fixture
async def discord():
    async with DiscordServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def slack():
    async with SlackServer() as running:
        yield running
        assert running.violations == []


@dataclass
class Shown:
    """A card, and whatever waits until more of it is there and returns that."""

    card: Any
    more: Any


# Discord: the block is edited into the very message.


def _edited(server, message):
    before = len(message.edits)

    async def more():
        await server.changes.until(lambda: len(message.edits) > before, 10, "the block")
        return message

    return Shown(message, more)


async def discord_slash(server):
    return _edited(server, await ask(server, KV_CACHE))


async def discord_menu(server):
    answer = await server.message_command("Summarize this moment", {"content": LINK})
    return _edited(server, await answer.settled())


async def discord_select(server):
    which = await ask(server, KV_CACHE)
    answer = await server.select(which, "Choose one", [f"1|pick|1|={KV_CACHE}"])
    return _edited(server, await answer.settled())


async def discord_private_messages(server):
    return _edited(server, await ask(server, KV_CACHE, guild=None))


# Slack: edited into a mention's answer, else a second private message.


def _second(act, message, count):
    async def more():
        return await act.next(count)

    return Shown(message, more)


async def slack_slash(server):
    act = await server.slash("/segue", f"summarize {KV_CACHE}")
    return _second(act, await act.settled(), 2)


async def slack_own_command(server):
    act = await server.slash("/summarize", KV_CACHE)
    return _second(act, await act.settled(), 2)


async def slack_shortcut(server):
    act = await server.shortcut("summarize_moment", server.say(f"watch this {LINK} please"))
    return _second(act, await act.next(), 2)


async def slack_select(server):
    which = await ask(server, KV_CACHE)
    act = await server.select(which, "Choose one", f"1|pick|1|={KV_CACHE}")
    return _second(act, await act.next(), 2)


async def slack_mention(server):
    act = await server.mention(f"summarize {KV_CACHE}")
    return _second(act, await act.next(), 2)


async def slack_thread(server):
    root = server.say("What do they say about it?")
    act = await server.mention(f"summarize {KV_CACHE}", thread=root)
    answer = await act.next()
    assert answer.thread_ts == root.ts
    return _second(act, answer, 2)


DISCORD = [discord_slash, discord_menu, discord_select, discord_private_messages]
BESIDE = [slack_slash, slack_own_command, slack_shortcut, slack_select]
PUBLIC_ANSWERS = [slack_mention, slack_thread]
OF_OLD = {discord_slash, slack_slash, slack_mention}
"""The ways that are tried with both SDKs."""


def by_each(ways):
    cases = [(way, sdk) for way in ways for sdk in SDKS if way in OF_OLD or sdk == SDKS[0]]
    ids = [f"{way.__name__} {sdk}" for way, sdk in cases]
    return pytest.mark.parametrize(("way", "sdk"), cases, ids=ids)


async def with_another_talk(bot, way):
    """Let a second talk be known where a question has to be answered by a button."""
    if way in (discord_select, slack_select):
        row = [(7_232, "Zebras", "Stripes.")]
        await import_document(
            bot.store, PUBLIC, document("Other talk", "aaaaaaaaaaa", row), name="x"
        )


def assert_is_the_card(card):
    assert "KV Cache" in seen(card)
    assert "always multiplying a query and key matrix" in seen(card)
    assert LABEL not in seen(card)


async def shown_before_gemini_answers(bot, gemini, server, way):
    """Return what was shown while Gemini had yet to write a word."""
    await with_another_talk(bot, way)
    held = gemini.faults.set("hang")
    shown = await way(server)
    assert_is_the_card(shown.card)
    await held.reached()
    assert gemini.billed == 0
    assert not bot.core.ended
    assert HONEST not in sent(server)
    held.release()
    return shown


@by_each(DISCORD)
async def test_card_on_discord_is_there_first_and_the_block_is_edited_into_it(
    tmp_path, gemini, discord, way, sdk
):
    settings = settings_of(tmp_path, gemini, discord, sdk=sdk)
    async with running_bot(settings, discord) as bot:
        shown = await shown_before_gemini_answers(bot, gemini, discord, way)
        message = await shown.more()
        assert message is shown.card
        whole = seen(message)
        assert_has_the_block(whole)
        assert "always multiplying a query and key matrix" in whole
    assert len(discord.messages) == 1
    assert message.pings == []
    assert gemini.billed == 1


@by_each(BESIDE)
async def test_card_on_slack_is_there_first_and_the_block_is_a_second_private_message(
    tmp_path, gemini, slack, way, sdk
):
    async with running_bot(settings_of(tmp_path, gemini, slack=slack, sdk=sdk), slack) as bot:
        shown = await shown_before_gemini_answers(bot, gemini, slack, way)
        late = await shown.more()
        assert late is not shown.card
        assert late.ephemeral_for is slack.user("alice")
        assert_has_the_block(seen(late))
        assert "2:00:32 · KV Cache" in seen(late)
        assert_is_the_card(shown.card)
    assert [one for one in slack.messages if one.by_bot] == [shown.card, late]
    assert gemini.billed == 1


@by_each(PUBLIC_ANSWERS)
async def test_mentions_answer_is_there_first_and_the_block_is_edited_into_it(
    tmp_path, gemini, slack, way, sdk
):
    async with running_bot(settings_of(tmp_path, gemini, slack=slack, sdk=sdk), slack) as bot:
        shown = await shown_before_gemini_answers(bot, gemini, slack, way)
        labels = [button.label for button in slack_buttons(shown.card.body)]
        assert await shown.more() is shown.card
        assert_has_the_block(seen(shown.card))
        assert_has_the_block(shown.card.text)
        assert "always multiplying a query and key matrix" in seen(shown.card)
        assert [button.label for button in slack_buttons(shown.card.body)] == labels
    assert slack.posted() == [shown.card]
    assert shown.card.pings == []
    assert gemini.billed == 1


def assert_has_the_block(text):
    assert LABEL in text
    assert HONEST in text
    assert text.index(LABEL) < text.index(HONEST)


@pytest.mark.parametrize("sdk", SDKS)
async def test_note_that_was_shortened_is_whole_at_once_for_everybody_and_paid_for_once(
    tmp_path, gemini, discord, slack, sdk
):
    settings = settings_of(tmp_path, gemini, discord, slack, sdk=sdk)
    async with running_bot(settings, discord, slack):
        await (await discord_slash(discord)).more()
        elsewhere = discord.add_guild("Elsewhere")
        discord.add_channel(elsewhere, "general")
        for where in (
            {"user": discord.user("bob")},
            {"user": discord.user("carol"), "guild": elsewhere},
            {"guild": None},
        ):
            answer = await discord.slash("summarize", {"time": "2h0m32s"}, **where)
            assert HONEST in str(answer.callback["data"])
            assert (await answer.settled()).edits == []
        act = await slack.slash("/segue", f"summarize {KV_CACHE}", user=slack.user("dave"))
        assert HONEST in str(act.ack)
        mentioned = await (await slack.mention(f"summarize {KV_CACHE}")).next()
        assert_has_the_block(seen(mentioned))
    # The bot is stopped: nothing was added to any of these.
    assert len(act.messages) == 1
    assert mentioned.edits == []
    assert (len(gemini.calls), gemini.billed) == (1, 1)


async def test_block_that_was_kept_is_there_after_a_restart_without_gemini_being_asked(
    tmp_path, gemini, discord
):
    settings = settings_of(tmp_path, gemini, discord)
    async with running_bot(settings, discord):
        await (await discord_slash(discord)).more()
    await discord.wait_gone()
    async with running_bot(settings, discord):
        assert_has_the_block(seen(await ask(discord, KV_CACHE)))
    assert len(gemini.calls) == 1


@pytest.mark.parametrize("on", ["discord", "slack"])
async def test_budget_that_is_used_up_is_said_on_the_card_and_gemini_is_not_asked(
    tmp_path, gemini, discord, slack, on
):
    server = discord if on == "discord" else slack
    gemini.answer = lambda call: call.user.partition("\n\n")[2].strip().partition(". ")[0] + "."
    settings = settings_of(tmp_path, gemini, discord, slack, summaries_per_day=1)
    async with running_bot(settings, server) as bot:
        first, second, *_ = NOTES
        assert SPENT not in seen(await ask(server, first))
        assert (await bot.core.wait_ended()).finished is not None
        card = await ask(server, second)
        assert SPENT in seen(card)
        assert LABEL not in seen(card)
        assert "Lex is looking at different outputs" in seen(card)
        # What was bought stays.
        again = await ask(server, first)
        assert LABEL in seen(again)
        assert SPENT not in seen(again)
    assert len(gemini.calls) == 1


async def test_budget_of_one_community_is_not_anothers(tmp_path, gemini, discord, slack):
    settings = settings_of(tmp_path, gemini, discord, slack, summaries_per_day=1)
    async with running_bot(settings, discord, slack) as bot:
        await ask(discord, NOTES[0])
        await bot.core.wait_ended()
        assert SPENT in seen(await ask(discord, NOTES[1]))
        assert SPENT not in seen(await ask(slack, NOTES[1]))
        await bot.core.wait_ended(2)
    assert len(gemini.calls) == 2


async def test_share_of_a_card_with_the_block_posts_the_notes_own_words_alone(
    tmp_path, gemini, discord, slack
):
    async with running_bot(settings_of(tmp_path, gemini, discord, slack), discord, slack):
        shown = await discord_slash(discord)
        await (await discord.click(await shown.more(), "Share")).settled()
        (post,) = await discord.wait_posted()
        card = await ask(slack, KV_CACHE)
        assert_has_the_block(seen(card))
        await (await slack.click(card, "Share")).next()
        (public,) = await slack.wait_posted()
    for one in (post, public):
        assert "KV Cache" in seen(one)
        assert LABEL not in seen(one)
        assert HONEST not in seen(one)


TWICE = [(123, "Early keys", "Keys are early."), (7_380, "Late keys", "Keys are late.")]
"""Notes at both readings of 2:03."""


async def one_reading(bot, server):
    """Return the card of one reading of 2:03, and the label that shows the other."""
    await import_document(bot.store, PUBLIC, document("Keys", "bbbbbbbbbbb", TWICE), name="x")
    which = await ask(server, "2:03")
    picked = ["1|pick|2|=2:03"] if isinstance(server, DiscordServer) else "1|pick|2|=2:03"
    card = await (await server.select(which, "Choose one", picked)).settled()
    other = re.search(r"2 (h 3 min|min 3 s) instead", seen(card))[0]
    return card, other, "Late" if other.startswith("2 h") else "Early"


def first_sentence(call):
    return call.user.partition("\n\n")[2].strip()


@pytest.mark.parametrize("older_first", [True, False])
async def test_press_on_discord_keeps_the_block_of_the_card_it_replaced_away_and_gets_its_own(
    tmp_path, gemini, discord, older_first
):
    gemini.answer = first_sentence
    async with running_bot(settings_of(tmp_path, gemini, discord), discord) as bot:
        first, second = gemini.faults.set("hang"), gemini.faults.set("hang")
        card, other, wanted = await one_reading(bot, discord)
        await first.reached()
        await discord.click(card, other)
        await second.reached()
        before = len(card.edits)
        assert f"{wanted} keys" in seen(card)
        order = (first, second) if older_first else (second, first)
        for number, held in enumerate(order, start=1):
            held.release()
            await bot.core.wait_ended(number)
    assert f"Keys are {wanted.lower()}." in seen(card).partition(LABEL)[2]
    assert len(card.edits) == before + 1
    assert len(discord.messages) == 1


async def test_press_on_slack_that_replaces_a_private_card_gets_its_block_beside_it(
    tmp_path, gemini, slack
):
    gemini.answer = first_sentence
    async with running_bot(settings_of(tmp_path, gemini, slack=slack), slack) as bot:
        card, other, wanted = await one_reading(bot, slack)
        await bot.core.wait_ended()
        act = await slack.click(card, other)
        assert await act.next() is card
        assert f"{wanted} keys" in seen(card)
        late = await act.next(2)
        assert f"Keys are {wanted.lower()}." in seen(late)
        assert late.ephemeral_for is act.person


async def test_slow_gemini_slows_no_other_answer(tmp_path, gemini, discord):
    async with running_bot(settings_of(tmp_path, gemini, discord), discord):
        held = gemini.faults.set("hang", times=None)
        await ask(discord, KV_CACHE)
        await held.reached()
        began = time.monotonic()
        answer = await discord.slash("topic", {"words": "kv cache"})
        assert "KV Cache" in seen(await answer.settled())
        assert time.monotonic() - began < 1
        gemini.faults.clear()
