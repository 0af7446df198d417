"""A file that comes with a command or in a form reaches the core, or a sentence says why not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.discord.answering import Pace
from adapters.discord.limits import violations
from bot.core.commands import Document
from bot.core.reply import Notice
from tests.e2e.discord.scripted import adapter
from tests.e2e.discord.test_answers import seen
from tests.e2e.scripted import Bot, Script
from tests.fakes.discord_server import Answer, DiscordServer, File, Person
from tests.fakes.web_server import WebServer, pages

TALK = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n"
DEFERRED, FORM_OPENED = 5, 9
CDN = ("GET", "/ephemeral-attachments/")
ADDED = Notice(text="Added: 1 moment.")


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with adapter(server, Script(reply=ADDED)) as running:
        yield running


@pytest.fixture
def ada(server: DiscordServer) -> Person:
    return server.user("ada", admin=True)


async def add(server: DiscordServer, ada: Person, **options: Any) -> Answer:
    return await server.slash("add", options, user=ada)


async def test_attached_file_reaches_the_core_after_the_acknowledgement(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    answer = await add(server, ada, title="A talk", file=File("talk.vtt", TALK))
    assert answer.type == DEFERRED
    message = await answer.settled()
    assert (message.ephemeral, seen(message)) == (True, "Added: 1 moment.")
    (asked,) = bot.script.asked
    assert (asked.command, asked.args) == ("add", {"title": "A talk"})
    assert asked.document == Document("talk.vtt", TALK)
    assert len(server.attachments.downloads) == 1


async def test_name_is_the_one_the_person_knows(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    await (await add(server, ada, file=File("b_r.vtt", TALK, title="bär.vtt"))).settled()
    assert bot.script.asked[0].document == Document("bär.vtt", TALK)


async def test_slow_download_is_acknowledged_in_time_and_leaves_time_to_answer(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    hanging = server.faults.add(*CDN, "hang")
    answer = await add(server, ada, file=File("talk.vtt", TALK))
    await hanging.reached()
    before = bot.host.clock.monotonic()
    hanging.release()
    await answer.settled()
    assert answer.ack_seconds < 3
    assert bot.script.asked[0].deadline >= before + 7


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (File("a.vtt", size=20_000_001), "larger than 20 MB"),
        (File("a.vtt", b""), "That file is empty."),
        (File("a.vtt", url="https://evil.example/a.vtt"), "cannot tell where that file is"),
        (File("a.vtt", url="http://127.0.0.1:1/a.vtt"), "cannot tell where that file is"),
        (File("a.vtt", missing=True), "not there any more"),
        (File("a.vtt", b"x" * 20_000_001, size=5), "not there any more"),
    ],
    ids=["too large", "empty", "elsewhere", "another port", "missing", "larger than it says"],
)
async def test_file_that_cannot_be_had_is_one_plain_sentence(
    server: DiscordServer, bot: Bot, ada: Person, file: File, words: str
) -> None:
    message = await (await add(server, ada, file=file)).settled()
    assert words in seen(message)
    assert "Nothing was changed" in seen(message)
    assert "ref00001" in seen(message)
    assert bot.script.asked == []


async def test_file_that_leads_elsewhere_is_not_read(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    async with WebServer() as other:
        other.pages["/a"] = pages.answer(TALK)
        file = File("a.vtt", TALK, leads_to=other.url("/a"))
        message = await (await add(server, ada, file=file)).settled()
    assert "cannot tell where that file is" in seen(message)
    assert bot.script.asked == []


@pytest.mark.parametrize("kind", ["status", "rate_limit", "drop_before"])
async def test_cdn_in_trouble_is_a_sentence_that_says_to_try_again(
    server: DiscordServer, bot: Bot, ada: Person, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # A broken connection is tried once more by aiohttp itself.
    server.faults.add(*CDN, kind, times=None, status=503)
    message = await (await add(server, ada, file=File("a.vtt", TALK))).settled()
    assert "Discord did not give me that file just now" in seen(message)
    assert "t.o.k" not in caplog.text
    server.faults.clear()
    message = await (await add(server, ada, file=File("a.vtt", TALK))).settled()
    assert "Added" in seen(message)


async def test_file_of_somebody_who_is_no_admin_is_not_downloaded(
    server: DiscordServer, bot: Bot
) -> None:
    await (await server.slash("add", {"file": File("a.vtt", TALK)})).settled()
    assert bot.script.asked[0].document is None
    assert server.attachments.downloads == []


async def test_stop_during_a_download_says_that_it_will_not_be_finished(
    server: DiscordServer, ada: Person
) -> None:
    pace = Pace(drain=0.2, apology=2.0)
    async with adapter(server, pace=pace) as bot:
        hanging = server.faults.add(*CDN, "hang")
        answer = await add(server, ada, file=File("talk.vtt", TALK))
        await hanging.reached()
        await bot.stop()
        assert "being restarted" in seen(await answer.settled())
        assert bot.script.asked == []


# The form.


async def test_command_without_anything_opens_its_form(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    answer = await add(server, ada)
    assert answer.type == FORM_OPENED
    form: Any = answer.modal
    assert form["title"] == "Add an episode"
    names = [part["component"]["custom_id"] for part in form["components"]]
    assert names == ["source", "file", "title", "link", "text"]
    assert [part["component"]["type"] for part in form["components"]] == [4, 19, 4, 4, 4]
    assert violations(form) == []
    assert bot.script.asked == []


async def test_form_that_is_filled_in_reaches_the_core(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    opened = await add(server, ada)
    chapters = "0:00 Start\n4:08 End"
    answer = await server.submit_modal(
        opened, {"file": File("talk.vtt", TALK), "text": chapters, "title": "A talk"}
    )
    assert answer.type == DEFERRED
    assert (await answer.settled()).ephemeral
    (asked,) = bot.script.asked
    assert (asked.command, asked.args) == ("add", {"title": "A talk", "text": chapters})
    assert asked.document == Document("talk.vtt", TALK)


async def test_form_that_is_sent_empty_asks_for_the_command_alone(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    await (await server.submit_modal(await add(server, ada), {})).settled()
    (asked,) = bot.script.asked
    assert (asked.command, asked.args, asked.document) == ("add", {}, None)


async def test_form_outlives_a_restart(server: DiscordServer, ada: Person) -> None:
    async with adapter(server):
        opened = await add(server, ada)
    await server.wait_gone()
    async with adapter(server, Script(reply=ADDED)) as bot:
        await (await server.submit_modal(opened, {"file": File("talk.vtt", TALK)})).settled()
        assert bot.script.asked[0].document == Document("talk.vtt", TALK)


async def test_command_without_anything_is_answered_by_the_core_for_who_is_no_admin(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await server.slash("add", {})
    assert "Added" in seen(await answer.settled())
    assert bot.script.asked[0].args == {}


async def test_form_that_discord_does_not_take_is_a_sentence(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    server.faults.add("POST", "/callback", "status", status=400, body={"code": 50035})
    message = await (await add(server, ada)).settled()
    assert "ref00001" in seen(message)


async def test_form_is_opened_again_where_the_connection_broke(
    server: DiscordServer, bot: Bot, ada: Person
) -> None:
    server.faults.add("POST", "/callback", "drop_before")
    async with asyncio.timeout(5):
        assert (await add(server, ada)).type == FORM_OPENED
