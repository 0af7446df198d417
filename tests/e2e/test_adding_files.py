"""A file that an admin gives on a platform is proposed, added once confirmed, and found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.contract import Host
from adapters.discord import app
from bot.services.import_worker import ImportWorker
from tests.e2e.discord import conftest as discord_bot
from tests.e2e.discord.test_full_stack import seen as seen_on_discord
from tests.e2e.slack import conftest as slack_bot
from tests.e2e.slack.asking import seen as seen_on_slack
from tests.fakes import discord_server, slack_server
from tests.fakes.documents import document

NOTES = document("A talk on zebras", "zzzzzzzzzz1", [(60, "Zebras", "They have stripes.")])
BAD = b"This is no document that anybody could read.\n"
CONFIRM = "Add, tell it in the next digest"


@asynccontextmanager
async def working(host: Host) -> AsyncIterator[None]:
    """Work on imports while the block runs."""
    stop = asyncio.Event()
    work = asyncio.create_task(ImportWorker(host.dispatch._ports).run(stop))  # type: ignore[attr-defined]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await work


@pytest.fixture
async def discord() -> AsyncIterator[discord_server.DiscordServer]:
    async with discord_server.DiscordServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def slack() -> AsyncIterator[slack_server.SlackServer]:
    async with slack_server.SlackServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(app, "SERVERS_WITHIN_S", 0.2)


async def able_to_post(host, platform):
    """Wait until a platform can post by itself, which it can a moment after it hears people."""
    async with asyncio.timeout(10):
        while platform not in host.outlets:  # noqa: ASYNC110 - a dict has no event
            await asyncio.sleep(0.01)


async def test_file_attached_on_discord_is_added_and_told_of_in_one_message(discord, tmp_path):
    settings = discord_bot.settings_for(discord, tmp_path)
    async with discord_bot.running_bot(discord, settings) as host, working(host):
        await able_to_post(host, "discord")
        ada = discord.user("ada", admin=True)
        file = discord_server.File("talk.md", NOTES)
        proposal = await (await discord.slash("add", {"file": file}, user=ada)).settled()
        assert "A talk on zebras" in seen_on_discord(proposal)
        assert "1 note." in seen_on_discord(proposal)
        assert discord.posted() == []
        confirmed = await (await discord.click(proposal, CONFIRM)).settled()
        assert "is being added" in seen_on_discord(confirmed)
        (message,) = await discord.wait_posted()
        await discord.changes.until(lambda: message.edits, 10, "the end")
        assert "A talk on zebras" in seen_on_discord(message)
        assert "is being added" not in seen_on_discord(message)
        assert message.pings == []
        found = await (await discord.slash("topic", {"words": "zebras"}, user=ada)).settled()
        assert "Zebras" in seen_on_discord(found)
        assert len(discord.posted()) == 1


async def test_file_uploaded_on_slack_is_added_and_told_of_in_one_message(slack, tmp_path):
    settings = slack_bot.settings_for(slack, tmp_path)
    async with slack_bot.running_bot(slack, settings) as host, working(host):
        ada = slack.user("ada", admin=True)
        form = await (await slack.slash("/segue", "add", user=ada)).next_view()
        act = await slack.submit(form, {"file": {"file": slack_server.File("talk.md", NOTES)}})
        proposal = await act.settled()
        assert "A talk on zebras" in seen_on_slack(proposal)
        assert slack.posted() == []
        confirmed = await (await slack.click(proposal, CONFIRM, user=ada)).next_view()
        assert "is being added" in seen_on_slack(confirmed)
        (message,) = await slack.wait_posted()
        await slack.until(lambda: message.edits, "the end")
        assert "A talk on zebras" in seen_on_slack(message)
        assert "is being added" not in seen_on_slack(message)
        assert message.pings == []
        found = await (await slack.slash("/segue", "topic zebras", user=ada)).next()
        assert "Zebras" in seen_on_slack(found)
        assert len(slack.posted()) == 1


async def test_chapters_pasted_into_the_forms_are_proposed(discord, slack, tmp_path):
    chapters = "0:00 Start\n4:08 Zebras\n9:30 End"
    link = "https://youtu.be/zzzzzzzzzz1"
    settings = discord_bot.settings_for(discord, tmp_path)
    async with discord_bot.running_bot(discord, settings):
        ada = discord.user("ada", admin=True)
        opened = await discord.slash("add", {}, user=ada)
        values = {"text": chapters, "link": link, "title": "A talk"}
        proposal = await (await discord.submit_modal(opened, values)).settled()
        assert "3 chapters." in seen_on_discord(proposal)
    (tmp_path / "slack").mkdir()
    settings = slack_bot.settings_for(slack, tmp_path / "slack")
    async with slack_bot.running_bot(slack, settings):
        ada = slack.user("ada", admin=True)
        form = await (await slack.slash("/segue", "add", user=ada)).next_view()
        act = await slack.submit(form, {name: {name: value} for name, value in values.items()})
        assert "3 chapters." in seen_on_slack(await act.settled())


async def test_file_that_nobody_can_read_is_a_sentence_and_the_form_is_still_there(slack, tmp_path):
    settings = slack_bot.settings_for(slack, tmp_path)
    async with slack_bot.running_bot(slack, settings):
        ada = slack.user("ada", admin=True)
        form = await (await slack.slash("/segue", "add", user=ada)).next_view()
        act = await slack.submit(form, {"file": {"file": slack_server.File("talk.txt", BAD)}})
        shown = await act.settled()
        assert "Reference" not in seen_on_slack(shown)
        await slack.close(shown)
        assert slack.views(ada) == [form]


async def test_nobody_but_an_admin_adds_a_file(discord, slack, tmp_path):
    async with discord_bot.running_bot(discord, discord_bot.settings_for(discord, tmp_path)):
        file = discord_server.File("talk.md", NOTES)
        answer = await (await discord.slash("add", {"file": file})).settled()
        assert "admin" in seen_on_discord(answer).lower()
        assert discord.attachments.downloads == []
    (tmp_path / "slack").mkdir()
    settings = slack_bot.settings_for(slack, tmp_path / "slack")
    async with slack_bot.running_bot(slack, settings):
        act = await slack.slash("/segue", "add")
        assert "admin" in seen_on_slack(await act.next()).lower()
        assert slack.views() == []


async def test_form_on_slack_leads_to_how_imports_stand_and_back(slack, tmp_path):
    settings = slack_bot.settings_for(slack, tmp_path)
    async with slack_bot.running_bot(slack, settings):
        ada = slack.user("ada", admin=True)
        form = await (await slack.slash("/segue", "add", user=ada)).next_view()
        shown = await (await slack.click(form, "How things stand", user=ada)).next_view()
        assert "Nothing was added here yet." in seen_on_slack(shown)
        await slack.close(shown)
        assert slack.views(ada) == [form]


async def test_form_on_discord_that_is_sent_empty_says_how_imports_stand(discord, tmp_path):
    settings = discord_bot.settings_for(discord, tmp_path)
    async with discord_bot.running_bot(discord, settings):
        ada = discord.user("ada", admin=True)
        opened = await discord.slash("add", {}, user=ada)
        shown = await (await discord.submit_modal(opened, {})).settled()
        assert "Nothing was added here yet." in seen_on_discord(shown)
