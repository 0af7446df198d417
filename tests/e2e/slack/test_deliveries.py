"""What Slack tells twice is done once; a stop finishes what was begun, or says that it cannot."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.slack.pace import Pace
from bot.core.commands import Invocation
from bot.core.reply import Audience, Reply
from tests.e2e.scripted import Bot, Script, card
from tests.e2e.slack.asking import seen
from tests.e2e.slack.scripted import (
    KV,
    adapter,
    private_card,
    public_card,
    result_view,
    search,
)
from tests.fakes.slack_server import Act, Delivery, SlackServer

OTHER = card("Another moment")
SHARED_CARD = card(audience=Audience.CHANNEL, shared_by="Alice", buttons=())

Ask = Callable[[], Awaitable[Act]]
"""Does something that asks the core."""


async def by_slash(server: SlackServer, bot: Bot) -> Ask:
    return lambda: server.slash("/segue", "topic kv cache")


async def by_mention(server: SlackServer, bot: Bot) -> Ask:
    return lambda: server.mention("topic kv cache")


async def by_click(server: SlackServer, bot: Bot) -> Ask:
    message = await private_card(server, bot)
    return lambda: server.click(message, "Related")


async def by_public_click(server: SlackServer, bot: Bot) -> Ask:
    message = await public_card(server, bot)
    return lambda: server.click(message, "Related")


async def by_shortcut(server: SlackServer, bot: Bot) -> Ask:
    message = server.say("https://youtu.be/_1f-o0nqpEI?t=7232")
    return lambda: server.shortcut("summarize_moment", message)


async def by_search(server: SlackServer, bot: Bot) -> Ask:
    view = await search(server)
    return lambda: server.submit(view, KV)


async def by_click_in_a_view(server: SlackServer, bot: Bot) -> Ask:
    view = await result_view(server, bot)
    return lambda: server.click(view, "Related")


EVERY = (
    by_slash,
    by_mention,
    by_click,
    by_public_click,
    by_shortcut,
    by_search,
    by_click_in_a_view,
)

every_way = pytest.mark.parametrize("way", EVERY, ids=lambda way: way.__name__.removeprefix("by_"))


@asynccontextmanager
async def adapter_that_leaves_nothing(
    server: SlackServer, script: Script | None = None, pace: Pace | None = None
) -> AsyncIterator[Bot]:
    """Serve until the block ends; then see that no task and no connection of the bot is left."""
    before = asyncio.all_tasks()
    async with adapter(server, script, pace) as bot:
        yield bot
    await server.wait_gone()
    left = asyncio.all_tasks() - before
    # The server's own: it keeps one for each connection, until that is closed.
    bots = [task for task in left if "RequestHandler" not in repr(task)]
    assert bots == []
    del bot, left, bots
    gc.collect()


async def begun(server: SlackServer, bot: Bot, way: Any) -> asyncio.Future[Act]:
    """Ask for something that the core does not answer before its gate opens."""
    ask = await way(server, bot)
    bot.script.asked.clear()
    bot.script.reached.clear()
    bot.script.reply, bot.script.gate = OTHER, asyncio.Event()
    act = asyncio.ensure_future(ask())
    async with asyncio.timeout(10):
        await bot.script.reached.wait()
    return act


# Told twice.


def is_the_same(server: SlackServer, act: Act, again: Delivery) -> bool:
    """Return whether a delivery was acknowledged as the first was, in case that this was lost.

    Over HTTP, one of the same second is the very request of before: it is told nothing.
    """
    allowed = [act.ack] if server.mode == "socket" else [act.ack, None]
    return not again.timed_out and again.status in (None, 200) and again.ack in allowed


@every_way
async def test_delivery_that_comes_again_is_acknowledged_and_done_once(
    server: SlackServer, way: Any
) -> None:
    async with adapter(server) as bot:
        ask = await way(server, bot)
        bot.script.asked.clear()
        bot.script.reply = OTHER
        act = await ask()
        await bot.script.outcome()
        seen_before = len(server.messages), len(act.shown)
        for again in await server.redeliver(act, times=2):
            assert is_the_same(server, act, again)
        # What comes after them is done, so they were done with.
        other = await server.slash("/segue", "help", user=server.user("bob"))
        assert [asked.user.name for asked in bot.script.asked] == ["Alice", "Bob"]
        assert (len(server.messages) - len(other.messages), len(act.shown)) == seen_before


@every_way
async def test_delivery_that_comes_again_while_it_is_worked_on_is_done_once(
    server: SlackServer, way: Any
) -> None:
    async with adapter(server) as bot:
        first = await begun(server, bot, way)
        act = server.acts.all[-1]
        again = [asyncio.ensure_future(server.redeliver(act)) for _ in range(2)]
        await server.until(lambda: len(act.deliveries) == 3, "three deliveries")
        assert bot.script.gate is not None
        bot.script.gate.set()
        await asyncio.gather(first, *again)
        await bot.script.outcome()
        assert len(bot.script.asked) == 1
        assert all(is_the_same(server, act, delivery) for delivery in act.deliveries)
        assert "Another moment" in seen(act.shown[-1])


@pytest.mark.parametrize("server", ["http"], indirect=True)
@every_way
async def test_request_that_is_replayed_tells_nothing_and_does_nothing(
    server: SlackServer, way: Any
) -> None:
    async with adapter(server) as bot:
        ask = await way(server, bot)
        bot.script.asked.clear()
        act = await ask()
        await bot.script.outcome()
        replayed = await server.replay(act)
        assert (replayed.status, replayed.ack) == (200, None)
        assert len(bot.script.asked) == 1


async def test_button_that_is_pressed_twice_is_answered_twice(server: SlackServer) -> None:
    async with adapter(server) as bot:
        message = await private_card(server, bot)
        for _ in range(2):
            await (await server.click(message, "Related")).next()
        assert len(bot.script.asked) == 3


# A stop in the middle.


@every_way
async def test_stop_in_the_middle_finishes_what_was_begun(server: SlackServer, way: Any) -> None:
    async with adapter_that_leaves_nothing(server) as bot:
        asked = await begun(server, bot, way)
        bot.host.stopping.set()
        assert bot.script.gate is not None
        bot.script.gate.set()
        act = await asked
        await bot.stop()
        assert act.timed_out is False
        assert "Another moment" in seen(act.shown[-1])
        assert [what for what, _ in bot.script.done][-1] == "sent"


@every_way
async def test_stop_that_cannot_wait_says_that_it_will_not_be_finished(
    server: SlackServer, way: Any
) -> None:
    pace = Pace(wait=0.05, drain=0.2)
    async with adapter_that_leaves_nothing(server, pace=pace) as bot:
        act = await (await begun(server, bot, way))
        await bot.stop()
        assert "I am being restarted" in seen(act.shown[-1])
        assert "Reference ref0000" in seen(act.shown[-1])


async def test_command_that_comes_while_the_bot_stops_is_acknowledged_at_once() -> None:
    async with SlackServer() as server:
        script = Script(card(), asyncio.Event())
        async with adapter_that_leaves_nothing(server, script, Pace(wait=2.5)) as bot:
            first = asyncio.create_task(server.slash("/segue", "topic kv cache"))
            await script.reached.wait()
            bot.host.stopping.set()
            act = await server.slash("/segue", "topic kv cache")
            assert "Still looking" in seen(await act.next())
            assert act.ack_seconds is not None
            assert act.ack_seconds < 1
            assert script.gate is not None
            script.gate.set()
            assert "KV Cache" in seen(await act.next(2))
            assert "KV Cache" in seen(await (await first).next())
        assert server.violations == []


async def test_stop_finishes_a_share_and_tells_of_it(server: SlackServer) -> None:
    async with adapter_that_leaves_nothing(server) as bot:
        message = await private_card(server, bot)
        bot.script.reply = SHARED_CARD
        posting = server.faults.add("chat.postMessage", "hang")
        act = await server.click(message, "Share")
        await posting.reached()
        bot.host.stopping.set()
        posting.release()
        await bot.stop()
        assert bot.script.done[-1] == ("sent", SHARED_CARD)
        assert len(server.posted()) == 1
        assert "Shared with the channel." in seen(act.shown[-1])


async def test_stop_while_a_mention_is_being_answered_does_not_answer_it_again(
    server: SlackServer,
) -> None:
    async with adapter_that_leaves_nothing(server, pace=Pace(drain=0.1)) as bot:
        sending = server.faults.add("chat.postMessage", "hang")
        await server.mention("topic kv cache")
        await sending.reached()
        await bot.stop()
        assert len(server.called("chat.postMessage")) == 1
        sending.release()
        (answer,) = await server.wait_posted()
        assert "KV Cache" in seen(answer)


@dataclass
class SlowToNote(Script):
    """A core whose bookkeeping waits for a gate."""

    noting: asyncio.Event = field(default_factory=asyncio.Event)

    async def sent(self, invocation: Invocation, reply: Reply) -> None:
        await self.noting.wait()
        await super().sent(invocation, reply)


async def test_stop_finishes_the_bookkeeping(server: SlackServer) -> None:
    script = SlowToNote()
    async with adapter_that_leaves_nothing(server, script) as bot:
        await (await server.slash("/segue", "topic kv cache")).next()
        stopping = asyncio.create_task(bot.stop())
        assert script.done == []
        script.noting.set()
        await stopping
        assert script.done == [("sent", card())]


async def test_stop_with_nothing_to_do_leaves_nothing(server: SlackServer) -> None:
    async with adapter_that_leaves_nothing(server):
        pass
