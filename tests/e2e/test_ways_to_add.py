"""A file becomes a proposal, a confirm, and one message of the bot's that tells how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.core.actions import Action
from bot.core.commands import Document, Invocation
from bot.core.outlet import Outlet
from bot.core.reply import Button, Notice, Reply
from tests.e2e.discord import scripted as on_discord
from tests.e2e.discord.test_answers import seen as seen_on_discord
from tests.e2e.discord.test_outlet import outlet_of
from tests.e2e.scripted import Script
from tests.e2e.slack import scripted as on_slack
from tests.e2e.slack.asking import seen as seen_on_slack
from tests.fakes import discord_server, slack_server

TALK = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n"
CONFIRM = Button("Add it", Action("moment", ("7",)))
STEPS = ("Reading “A talk”…", "Storing 12 moments…", "Added “A talk”: 12 moments.")


@dataclass
class Way:
    """A platform, and a person of its who adds a talk and reads what comes of it."""

    add: Callable[[], Awaitable[str]]
    confirm: Callable[[], Awaitable[str]]
    posted: Callable[[], list[str]]
    outlet: Outlet
    script: Script


@pytest.fixture
async def discord() -> AsyncIterator[Way]:
    async with discord_server.DiscordServer() as server, on_discord.adapter(server) as bot:
        ada = server.user("ada", admin=True)
        shown: list[discord_server.MessageRecord] = []

        async def add() -> str:
            options = {"file": discord_server.File("talk.vtt", TALK)}
            shown.append(await (await server.slash("add", options, user=ada)).settled())
            return seen_on_discord(shown[-1])

        async def confirm() -> str:
            return seen_on_discord(await (await server.click(shown[-1], CONFIRM.label)).settled())

        yield Way(
            add,
            confirm,
            lambda: [seen_on_discord(one) for one in server.posted()],
            await outlet_of(bot.host),
            bot.script,
        )
        assert server.violations == []


@pytest.fixture
async def slack() -> AsyncIterator[Way]:
    async with slack_server.SlackServer() as server, on_slack.adapter(server) as bot:
        ada = server.user("ada", admin=True)
        shown: list[slack_server.View] = []

        async def add() -> str:
            form = await (await server.slash("/segue", "add", user=ada)).next_view()
            file = slack_server.File("talk.vtt", TALK)
            act = await server.submit(form, {"file": {"file": file}})
            await act.settled()
            shown.append(act.views[-1])
            return seen_on_slack(shown[-1])

        async def confirm() -> str:
            act = await server.click(shown[-1], CONFIRM.label, user=ada)
            return seen_on_slack(await act.next_view())

        yield Way(
            add,
            confirm,
            lambda: [seen_on_slack(one) for one in server.posted()],
            bot.host.outlets["slack"],
            bot.script,
        )
        assert server.violations == []


@pytest.fixture(params=["discord", "slack"])
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.getfixturevalue(request.param)
    return found


async def test_file_is_proposed_confirmed_and_told_of_in_one_message(way: Way) -> None:
    begun: list[asyncio.Task[bool]] = []
    told: list[list[str]] = []

    async def work(channel: str) -> bool:
        """Do as the core does: post once, then edit what was posted."""
        first, *rest = (Notice(text=step) for step in STEPS)
        posted = await way.outlet.post(channel, first, key="job-1", within_s=10)
        told.append(way.posted())
        for step in rest:
            assert await way.outlet.edit(channel, posted.message, step, within_s=10)
            told.append(way.posted())
        return True

    def answer(asked: Invocation) -> Reply:
        if asked.command == "add":
            assert asked.document == Document("talk.vtt", TALK)
            return Notice(text="“A talk”, 12 moments. Add it?", buttons=(CONFIRM,))
        begun.append(asyncio.create_task(work(asked.channel)))
        return Notice(text="Adding it. I say in the channel how far it is.")

    way.script.reply = answer
    assert "12 moments. Add it?" in await way.add()
    assert way.posted() == []
    assert "Adding it." in await way.confirm()
    assert await asyncio.gather(*begun) == [True]
    assert told == [[step] for step in STEPS]


async def test_proposal_that_is_not_confirmed_posts_nothing(way: Way) -> None:
    way.script.reply = Notice(text="“A talk”, 12 moments. Add it?", buttons=(CONFIRM,))
    await way.add()
    await way.script.outcome()
    assert way.posted() == []
