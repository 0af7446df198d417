"""A shared card is posted once, by a bot that may, and whoever pressed knows what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.discord import PLATFORM, publish
from adapters.discord.answering import Pace
from bot.core.reply import Audience
from tests.e2e.discord.scripted import adapter
from tests.e2e.discord.test_answers import public_card, seen
from tests.e2e.scripted import Bot, Script, card
from tests.fakes.discord_server import Answer, Channel, DiscordServer, MessageRecord

SHARED_CARD = replace(card(), audience=Audience.CHANNEL, shared_by="Alice", buttons=())
VIEW, SEND, SEND_IN_THREADS = 1 << 10, 1 << 11, 1 << 38
PUBLIC_THREAD = 11


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with adapter(server, Script(SHARED_CARD)) as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.0)


async def press_share(server: DiscordServer, channel: Channel | None = None) -> Answer:
    """Press Share somewhere; the script answers whatever is pressed with a shared card."""
    return await server.slash("topic", {"words": "x"}, channel=channel or server.channel)


def posts(server: DiscordServer, channel: Channel | None = None) -> list[MessageRecord]:
    return server.posted(channel)


async def test_share_posts_what_was_rendered_and_tells_the_presser(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await press_share(server)
    assert seen(await answer.settled()) == "Shared with the channel."
    assert await bot.script.outcome() == ("sent", SHARED_CARD)
    (post,) = posts(server)
    assert "Shared by Alice" in seen(post)
    (call,) = server.called("POST", "/messages$")
    added = {"nonce": call.body["nonce"], "enforce_nonce": True, "content": None}
    assert call.body == PLATFORM.render(SHARED_CARD) | added
    assert post.pings == []


async def test_share_pressed_on_a_public_card_leaves_it_as_it_is(
    server: DiscordServer, bot: Bot
) -> None:
    before = await public_card(server)
    answer = await server.click(before, "Share")
    assert seen(await answer.settled()) == "Shared with the channel."
    assert before.edits == []


@pytest.mark.parametrize(
    ("kind", "permissions", "missing"),
    [
        (0, SEND, "View Channel"),
        (0, VIEW, "Send Messages"),
        (PUBLIC_THREAD, VIEW | SEND, "Send Messages in Threads"),
    ],
)
async def test_share_without_the_permission_names_it_and_posts_nothing(
    server: DiscordServer, bot: Bot, kind: int, permissions: int, missing: str
) -> None:
    channel = server.add_channel(server.guild, "elsewhere", kind=kind, permissions=permissions)
    answer = await press_share(server, channel)
    assert f"permission {missing}." in seen(await answer.settled())
    assert await bot.script.outcome() == ("unsent", SHARED_CARD)
    assert server.called("POST", "/messages$") == []


async def test_share_in_a_thread_needs_the_threads_permission_alone(
    server: DiscordServer, bot: Bot
) -> None:
    thread = server.add_channel(
        server.guild, "thread", kind=PUBLIC_THREAD, permissions=VIEW | SEND_IN_THREADS
    )
    await press_share(server, thread)
    assert await bot.script.outcome() == ("sent", SHARED_CARD)
    assert len(posts(server, thread)) == 1
    assert posts(server) == []


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, 50013, "Send Messages"),
        (403, 50001, "View Channel"),
        (404, 10003, "gone"),
        (400, 50083, "archived"),
        (400, 50035, "Reference ref00001"),
    ],
)
async def test_share_that_discord_refuses_is_explained_and_taken_back(
    server: DiscordServer, bot: Bot, status: int, code: int, words: str
) -> None:
    refused = {"code": code, "message": "secret detail"}
    server.faults.add("POST", "/channels/", "status", status=status, body=refused)
    text = seen(await (await press_share(server)).settled())
    assert words in text
    assert "secret" not in text
    assert await bot.script.outcome() == ("unsent", SHARED_CARD)
    assert posts(server) == []


async def test_share_while_discord_is_down_says_so_and_may_be_pressed_again(
    server: DiscordServer, bot: Bot
) -> None:
    server.faults.add("POST", "/channels/", "status", times=None, status=503)
    answer = await press_share(server)
    assert "press Share again" in seen(await answer.settled())
    assert await bot.script.outcome() == ("unsent", SHARED_CARD)
    server.faults.clear()
    await press_share(server)
    assert await bot.script.outcome() == ("sent", SHARED_CARD)
    assert len(posts(server)) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "drop_after"},
        {"kind": "drop_before"},
        {"kind": "status", "status": 503},
        {"kind": "rate_limit", "via": False},
    ],
)
async def test_share_through_passing_trouble_is_posted_once(
    server: DiscordServer, bot: Bot, trouble: dict[str, Any]
) -> None:
    server.faults.add("POST", "/channels/", **trouble)
    await press_share(server)
    assert await bot.script.outcome() == ("sent", SHARED_CARD)
    assert len(posts(server)) == 1


async def test_share_pressed_twice_with_one_card_is_one_message(
    server: DiscordServer, bot: Bot
) -> None:
    for _ in range(2):
        await press_share(server)
        assert await bot.script.outcome() == ("sent", SHARED_CARD)
    assert len(posts(server)) == 1


async def test_slow_share_is_acknowledged_first(server: DiscordServer) -> None:
    async with adapter(server, Script(SHARED_CARD), Pace(defer_after=0.05)) as bot:
        hanging = server.faults.add("POST", "/channels/", "hang")
        answer = await press_share(server)
        assert answer.callback["type"] == 5
        hanging.release()
        assert seen(await answer.settled()) == "Shared with the channel."
        assert await bot.script.outcome() == ("sent", SHARED_CARD)


async def test_share_that_hangs_is_given_up_and_taken_back(server: DiscordServer) -> None:
    async with adapter(server, Script(SHARED_CARD), Pace(defer_after=0.05, shared_post=0.1)) as bot:
        hanging = server.faults.add("POST", "/channels/", "hang", times=None)
        answer = await press_share(server)
        assert "press Share again" in seen(await answer.settled())
        assert await bot.script.outcome() == ("unsent", SHARED_CARD)
        hanging.release()


async def test_share_interrupted_by_a_stop_is_taken_back(server: DiscordServer) -> None:
    pace = Pace(defer_after=0.05, drain=0.05)
    async with adapter(server, Script(SHARED_CARD), pace) as bot:
        hanging = server.faults.add("POST", "/channels/", "hang", times=None)
        answer = await press_share(server)
        await hanging.reached()
        stopping = asyncio.create_task(bot.stop())
        assert "restarted" in seen(await answer.settled())
        await stopping
        assert bot.script.done == [("unsent", SHARED_CARD)]
