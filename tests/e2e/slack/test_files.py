"""What is filled into a command's form reaches the core, its file downloaded with the token."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack import publish
from adapters.slack.pace import Pace
from bot.core.actions import Action
from bot.core.commands import Document
from bot.core.reply import Choice, Notice, Option, Tone
from tests.e2e.scripted import Bot, Script
from tests.e2e.slack.asking import seen
from tests.e2e.slack.scripted import adapter
from tests.fakes.slack_server import Act, File, Person, SlackServer, View
from tests.fakes.slack_server.rules import inputs
from tests.fakes.web_server import WebServer, pages

TALK = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n"
DOWNLOAD = "file download"
PROPOSAL = Choice(
    question="Add “A talk”, 12 moments?",
    options=(
        Option("Add", Action("moment", ("7",))),
        Option("Leave it", Action("full", ("7", "1"))),
    ),
)
IMPATIENT = Pace(wait=0.05)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server, Script(reply=PROPOSAL)) as running:
        yield running


@pytest.fixture
def ada(server: SlackServer) -> Person:
    return server.user("ada", admin=True)


async def form(server: SlackServer, ada: Person, **where: Any) -> View:
    """Return the form, as the command without words opens it."""
    return await (await server.slash("/segue", "add", user=ada, **where)).next_view()


async def sent(view: View, server: SlackServer, **values: Any) -> Act:
    return await server.submit(view, {name: {name: value} for name, value in values.items()})


async def test_command_without_words_opens_its_form(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    act = await server.slash("/segue", "add", user=ada)
    view = await act.next_view()
    assert act.ack is None
    assert [one.block_id for one in inputs(view.body)] == [
        "source", "file", "title", "link", "show", "text",
    ]  # fmt: skip
    (file,) = [one.element for one in inputs(view.body) if one.kind == "file_input"]
    assert file["filetypes"] == ["vtt", "srt", "json", "md", "txt", "xml"]
    assert file["max_files"] == 1
    assert bot.script.asked == []


async def test_form_is_no_use_to_who_is_no_admin_and_the_core_says_so(
    server: SlackServer, bot: Bot
) -> None:
    bot.script.reply = Notice(text="Only admins.")
    act = await server.slash("/segue", "add")
    assert "Only admins." in seen(await act.next())
    assert server.views() == []


async def test_form_does_not_open_in_direct_messages_where_nothing_is_added(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    bot.script.reply = Notice(text="Episodes are added in a workspace.")
    act = await server.slash("/segue", "add", user=ada, channel=server.dm(ada))
    assert "Episodes are added in a workspace." in seen(await act.next())
    assert server.views(ada) == []


async def test_mention_without_words_says_where_the_form_opens(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    act = await server.mention("add", user=ada)
    answer = await act.next()
    assert "/segue add" in seen(answer)
    assert "@segue add https://…" in seen(answer)
    assert bot.script.asked == []


async def test_uploaded_file_reaches_the_core_downloaded_with_the_token(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    view = await form(server, ada)
    chapters = "0:00 Start\n4:08 R&D <x>"
    act = await sent(view, server, file=File("talk.vtt", TALK), title="A talk", text=chapters)
    shown = await act.settled()
    assert isinstance(shown, View)
    assert "12 moments?" in seen(shown)
    (asked,) = bot.script.asked
    assert (asked.command, asked.args) == ("add", {"title": "A talk", "text": chapters})
    assert asked.document == Document("talk.vtt", TALK)
    assert (asked.user.is_admin, asked.channel) == (True, server.channel.id)
    (call,) = server.called(DOWNLOAD)
    assert call.token == server.bot_token


async def test_answer_lies_over_the_form_and_closes_with_it(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    view = await form(server, ada)
    shown = await (await sent(view, server, source="https://x.y/talk.vtt")).settled()
    assert isinstance(shown, View)
    assert shown.previous is view
    await server.close(shown)
    assert server.views(ada) == []


async def test_answer_to_a_click_in_the_answer_closes_with_the_form_too(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    shown = await (await sent(await form(server, ada), server, source="https://x.y/a")).settled()
    assert isinstance(shown, View)
    bot.script.reply = Notice(text="Adding it. I say here when it is done.")
    last = await (await server.click(shown, "Add", user=ada)).next_view()
    assert "Adding it." in seen(last)
    await server.close(last)
    assert server.views(ada) == []


async def test_sentence_about_what_is_wrong_leaves_the_form_to_be_mended(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    bot.script.reply = Notice(text="That is no feed.", tone=Tone.USAGE)
    view = await form(server, ada)
    shown = await (await sent(view, server, source="https://x.y")).settled()
    assert isinstance(shown, View)
    assert "That is no feed." in seen(shown)
    await server.close(shown)
    assert server.views(ada) == [view]
    assert view.state()["values"]["source"]["source"]["value"] == "https://x.y"


async def test_slow_file_is_waited_for_and_leaves_time_to_answer(
    server: SlackServer, ada: Person
) -> None:
    async with adapter(server, Script(reply=PROPOSAL), IMPATIENT) as bot:
        hanging = server.faults.add(DOWNLOAD, "hang")
        act = await sent(await form(server, ada), server, file=File("talk.vtt", TALK))
        assert "Reading…" in seen(await act.next_view())
        await hanging.reached()
        before = bot.host.clock.monotonic()
        hanging.release()
        assert "12 moments?" in seen(await act.settled())
        assert bot.script.asked[0].deadline >= before + 7


# What is wrong with what was filled in.


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({}, "source", "Fill in at least one: Source, File, Title"),
        ({"source": "   "}, "source", "Fill in at least one"),
        ({"file": File("a.vtt", size=20_000_001)}, "file", "larger than 20 MB"),
        ({"file": File("a.vtt", b"")}, "file", "That file is empty."),
    ],
    ids=["nothing", "blank", "too large", "empty"],
)
async def test_form_that_lacks_something_says_so_beside_the_field(
    server: SlackServer, bot: Bot, ada: Person, values: dict[str, Any], field: str, words: str
) -> None:
    view = await form(server, ada)
    act = await sent(view, server, **values)
    assert list(act.errors) == [field]
    assert words in act.errors[field]
    assert server.views(ada) == [view]
    assert (bot.script.asked, server.called(DOWNLOAD)) == ([], [])


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (File("a.vtt", url="https://evil.example/a.vtt"), "cannot tell where that file is"),
        (File("a.vtt", url="https://files.slack.com.evil.example/a"), "cannot tell where"),
        (File("a.vtt", missing=True), "not there any more"),
        (File("a.vtt", b"x" * 20_000_001, size=5), "not there any more"),
    ],
    ids=["elsewhere", "look-alike", "missing", "larger than it says"],
)
async def test_file_that_cannot_be_had_is_a_sentence_over_the_form(
    server: SlackServer, bot: Bot, ada: Person, file: File, words: str
) -> None:
    view = await form(server, ada)
    shown = await (await sent(view, server, file=file, title="A talk")).settled()
    assert words in seen(shown)
    assert "Nothing was changed" in seen(shown)
    assert bot.script.asked == []
    assert server.views(ada)[0] is view


@pytest.mark.parametrize("kind", ["status", "rate_limit", "drop_before"])
async def test_download_in_trouble_says_to_try_again_and_the_form_is_still_there(
    server: SlackServer, bot: Bot, ada: Person, kind: str
) -> None:
    view = await form(server, ada)
    server.faults.add(DOWNLOAD, kind, times=None, **({"status": 503} if kind == "status" else {}))
    shown = await (await sent(view, server, file=File("a.vtt", TALK))).settled()
    assert isinstance(shown, View)
    assert "Slack did not give me that file just now" in seen(shown)
    server.faults.clear()
    await server.close(shown)
    assert "12 moments?" in seen(await (await server.submit(view)).settled())


# The token.


async def test_token_without_the_scope_is_told_from_a_file(
    server: SlackServer, bot: Bot, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="adapters")
    view = await form(server, ada)
    server.scopes = frozenset({"chat:write", "commands", "users:read"})
    shown = await (await sent(view, server, file=File("a.vtt", TALK))).settled()
    assert "files:read" in seen(shown)
    assert bot.script.asked == []
    assert server.bot_token not in caplog.text


async def test_token_does_not_follow_a_file_that_leads_elsewhere(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    async with WebServer() as other:
        other.pages["/a"] = pages.answer(TALK)
        other.pages["/login"] = pages.answer(b"<html>Sign in", "Content-Type: text/html")
        for path, words in (("/a", "cannot tell where"), ("/login", "files:read")):
            file = File("a.vtt", TALK, leads_to=other.url(path))
            view = await form(server, ada)
            shown = await (await sent(view, server, file=file)).settled()
            assert words in seen(shown)
            assert isinstance(shown, View)
            await server.close(shown, everything=True)
        assert ["authorization" in asked.headers for asked in other.asked] == [False, False]
    assert bot.script.asked == []


async def test_form_opens_without_the_file_where_slack_lets_nobody_upload(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    server.scopes = frozenset({"chat:write", "commands", "users:read", "app_mentions:read"})
    view = await form(server, ada)
    assert "file" not in [one.block_id for one in inputs(view.body)]
    assert len(inputs(view.body)) == 5


async def test_form_that_cannot_be_opened_is_answered_with_how_to_do_without(
    server: SlackServer, bot: Bot, ada: Person
) -> None:
    server.faults.add("views.open", "error", times=None, error="expired_trigger_id")
    act = await server.slash("/segue", "add", user=ada)
    assert "/segue add https://…" in seen(await act.next())


async def test_stop_waits_for_a_file(server: SlackServer, ada: Person) -> None:
    async with adapter(server, Script(reply=PROPOSAL), IMPATIENT) as bot:
        hanging = server.faults.add(DOWNLOAD, "hang")
        act = await sent(await form(server, ada), server, file=File("talk.vtt", TALK))
        await hanging.reached()
        stopping = asyncio.create_task(bot.stop())
        await bot.host.stopping.wait()
        hanging.release()
        await stopping
        assert "12 moments?" in seen(act.views[-1])
