"""A community's view: what is typed and pressed on Discord, and what is seen there."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.contract import platform
from bot.core.catalog import PUBLIC
from bot.core.media import parse_link
from bot.services.ingestion import import_document
from tests.e2e.discord.conftest import running_bot
from tests.fakes.discord_server import buttons, links, texts
from tests.fakes.documents import document

ROOT = Path(__file__).resolve().parents[3]
DISCORD = platform("discord")
KV_CACHE = "https://youtu.be/_1f-o0nqpEI?t=7232"


def seen(message):
    return DISCORD.visible_text({"components": message.components})


def opened_seconds(message):
    """Return the labels of a message's links to seconds of the sample, in order, once each."""
    found = [parse_link(link) for link in links(message)]
    return list(dict.fromkeys(link.at.seconds for link in found if link and link.at))


def runs_of_eight(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


async def topic(server, words, **where):
    answer = await server.slash("topic", {"words": words}, **where)
    return await answer.settled()


async def summarize(server, time, **where):
    answer = await server.slash("summarize", {"time": time}, **where)
    return await answer.settled()


async def test_topic_answers_privately_with_the_moment_and_its_link(server, bot):
    answer = await server.slash("topic", {"words": "kv cache"})
    message = await answer.settled()
    assert answer.ack_seconds < 3
    assert message.ephemeral
    assert "2:00:32" in seen(message)
    assert "Notes · Gemini 2.0 Flash" in seen(message)
    assert KV_CACHE in links(message)
    assert message.pings == []


async def test_topic_in_several_moments_lists_the_title_hit_first(server, bot):
    message = await topic(server, "tsmc")
    assert opened_seconds(message) == [6_207, 3_418, 14_930]


@pytest.mark.parametrize(
    ("words", "second"),
    [("Jevons", 11_844), ("R&D", 6_207), ("o3-mini", 11_065), ("kv cach", 7_232)],
)
async def test_topic_lands_on_its_moment(server, bot, words, second):
    message = await topic(server, words)
    assert opened_seconds(message)[0] == second
    assert ("Showing “kv cache”" in seen(message)) == (words == "kv cach")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("zzzz qqqq", "Nothing about"),
        ("quantum error correction", "Nothing about"),
        ('"', "no word"),
        ("C++", "Nothing about"),
        ("AND OR NOT", "common"),
    ],
)
async def test_topic_that_is_not_there_is_an_honest_sentence(server, bot, words, sentence):
    message = await topic(server, words)
    assert sentence in seen(message)
    assert links(message) == []


@pytest.mark.parametrize("time", ["2:00:32", "2h0m32s", "7232", f"{KV_CACHE}s"])
async def test_every_form_of_a_time_is_the_same_card(server, bot, time):
    message = await summarize(server, time)
    assert "KV Cache" in seen(message)
    assert opened_seconds(message)[0] == 7_232


async def test_gap_names_the_neighbours_and_none_of_their_text(server, bot):
    message = await summarize(server, "2:50:00")
    text = seen(message)
    assert "49:28 earlier" in text
    assert "14:25 later" in text
    assert 10_200 in opened_seconds(message)
    for moment in await bot.dispatch._ports.store.outline(PUBLIC, 1, offset=0, limit=20):
        assert not runs_of_eight(moment.segment.text) & runs_of_eight(text)


@pytest.mark.parametrize(
    ("time", "sentences"),
    [
        ("2:03:00", ["KV Cache", "noted 2:28 earlier"]),
        ("4:17:54", ["Perplexity", "4:13:38"]),
        ("4:13:38", ["Perplexity", "4:17:54"]),
        ("4:08", ["Intel", "4 h 8 min", "starts 0:50 later"]),
        ("9:99:99", ["Minutes and seconds go to 59."]),
        ("6:00:00", ["Nothing is noted after 4:30:03"]),
        ("https://youtu.be/aaaaaaaaaaa?t=9", ["no notes on that video"]),
    ],
)
async def test_time_is_answered_as_far_as_the_notes_reach(server, bot, time, sentences):
    message = await summarize(server, time)
    for sentence in sentences:
        assert sentence in seen(message)
    if time in {"4:17:54", "4:13:38"}:
        assert "https://youtu.be/_1f-o0nqpEI?t=15474" in links(message)
        assert 15_218 not in opened_seconds(message)
    if time == "4:08":
        assert "4 min 8 s instead" in [b.label for b in buttons(message)]


async def test_completion_while_typing_is_accepted(server, bot):
    (choice,) = await server.autocomplete("topic", "words", "kv ca")
    assert choice["name"] == "KV Cache · 2:00:32 · Lex #459"
    message = await topic(server, choice["value"])
    assert opened_seconds(message)[0] == 7_232


async def test_share_posts_one_public_message_that_names_the_sharer(server, bot):
    alice = server.user("alice")
    message = await topic(server, "kv cache", user=alice)
    await (await server.click(message, "Share", user=alice)).settled()
    await (await server.click(message, "Share", user=alice)).settled()
    public = [m for m in server.messages if not m.ephemeral]
    assert len(public) == 1
    assert "Shared by Alice" in seen(public[0])
    assert KV_CACHE in links(public[0])
    bob = server.user("bob")
    answer = await server.click(public[0], "Related", user=bob)
    assert (await answer.settled()).ephemeral


async def test_report_opens_a_form_and_is_stored_once(server, bot):
    message = await topic(server, "kv cache")
    form = await server.click(message, "Report")
    assert form.callback["type"] == 9
    fields = {part["component"]["custom_id"]: part["component"] for part in
              form.callback["data"]["components"]}  # fmt: skip
    values = {
        ident: [part["options"][0]["value"]] if part["type"] == 3 else "KV is key and value"
        for ident, part in fields.items()
    }
    thanks = await (await server.submit_modal(form, values)).settled()
    assert "Thank you" in seen(thanks)
    (report,) = await bot.dispatch._ports.store.reports(None)
    assert report.comment == "KV is key and value"


async def test_message_menu_summarizes_a_link_in_a_message(server, bot):
    target = {"content": f"watch this {KV_CACHE} please"}
    answer = await server.message_command("Summarize this moment", target)
    assert "KV Cache" in seen(await answer.settled())
    answer = await server.message_command("Summarize this moment", {"content": "no link here"})
    assert "link" in seen(await answer.settled())


async def test_direct_message_answers_from_the_public_catalog(server, bot):
    store = bot.dispatch._ports.store
    secret = document("Secret", "ssssssssss1", [(60, "Zebra secret", "x")])
    await import_document(store, "discord:1", secret, name="x")
    message = await topic(server, "kv cache", guild=None)
    assert opened_seconds(message)[0] == 7_232
    assert "Share" not in [b.label for b in buttons(message)]
    assert "Nothing about" in seen(await topic(server, "zebra", guild=None))


async def test_every_button_of_every_reply_is_answered_after_a_restart(server, bot_settings):
    async with running_bot(server, bot_settings):
        shown = [await topic(server, words) for words in ("kv cach", "tsmc", "nvidia blackwell")]
        shown += [await summarize(server, time) for time in ("4:08", "2:50:00", "4:17:54")]
        for command in ("episodes", "help"):
            shown.append(await (await server.slash(command, {})).settled())
        shown.append(await topic(server, "bitter lesson"))
    async with running_bot(server, bot_settings):
        pressed = 0
        for message in shown:
            as_it_was = message.components
            for button in buttons(message):
                # A press changes a private card in place; each button is pressed on the first one.
                message.components = as_it_was
                answer = await server.click(message, button.custom_id)
                assert answer.ack_seconds < 3
                if answer.callback["type"] != 9:
                    assert "Reference" not in seen(await answer.settled())
                pressed += 1
        assert pressed > 20


async def test_body_on_the_wire_is_what_exec_prints(server, bot, bot_settings):
    for line, name, options in [
        ("/topic kv cache", "topic", {"words": "kv cache"}),
        ("/topic tsmc", "topic", {"words": "tsmc"}),
        ("/summarize 2:50:00", "summarize", {"time": "2:50:00"}),
        ("/help", "help", {}),
        ("/topic zzzz qqqq", "topic", {"words": "zzzz qqqq"}),
    ]:
        answer = await server.slash(name, options)
        sent = answer.callback["data"]
        ran = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "exec", line, "--as", "discord",
            cwd=ROOT, stdout=subprocess.PIPE,
            env={**os.environ, "SEGUE_STORAGE__URL": bot_settings.storage.url},
        )  # fmt: skip
        printed, _ = await ran.communicate()
        assert _without_ids(json.loads(printed)) == _without_ids(sent), line


def _without_ids(body):
    """Return a body without the one volatile part: the fresh id of a card's Share button."""
    return json.loads(re.sub(r'"1\|share\|[^|]*\|', '"1|share|id|', json.dumps(body)))


class Slow:
    """A store whose reads stall; the rest is the real one."""

    def __init__(self, store, seconds):
        self._store = store
        self._seconds = seconds

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def search(self, *args, **kwargs):
        await asyncio.sleep(self._seconds)
        return await self._store.search(*args, **kwargs)


@pytest.mark.parametrize("seconds", [3, 60])
async def test_stalled_reader_is_acknowledged_in_time_and_answered(server, bot_settings, seconds):
    async with running_bot(server, bot_settings, wrap=lambda store: Slow(store, seconds)):
        answer = await server.slash("topic", {"words": "kv cache"})
        assert answer.ack_seconds < 3
        message = await answer.settled(timeout=8)
        assert ("KV Cache" in seen(message)) == (seconds == 3)
        assert ("busy" in seen(message)) == (seconds == 60)


async def test_locked_writer_delays_a_report_and_loses_none(server, bot, bot_settings):
    message = await topic(server, "kv cache")
    path = bot_settings.storage.url.removeprefix("sqlite:///")
    locker = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    locker.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(5, locker.execute, "COMMIT")
    # Reading goes on meanwhile; what is shown first waits for nothing.
    assert "KV Cache" in seen(await topic(server, "kv cache"))
    form = await server.click(message, "Report")
    values = {
        part["component"]["custom_id"]: [part["component"]["options"][0]["value"]]
        for part in form.callback["data"]["components"]
        if part["component"]["type"] == 3
    }
    answer = await server.submit_modal(form, values)
    assert answer.ack_seconds < 3
    assert "Thank you" in seen(await answer.settled(timeout=8))
    locker.close()


@asynccontextmanager
async def bot_process(server, settings):
    """Run ``python -m bot run`` until the block ends it, or is left."""
    environment = {
        **os.environ,
        "SEGUE_STORAGE__URL": settings.storage.url,
        "DISCORD_TOKEN": settings.discord.token,
        "SEGUE_DISCORD__API_URL": server.api_url,
        "SEGUE_DISCORD__GATEWAY_URL": server.gateway_url,
        "SEGUE_HTTP__HOST": "127.0.0.1",
        "PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        await server.wait_ready()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_sigterm_ends_the_process_cleanly_and_the_log_holds_no_token(server, bot_settings):
    async with bot_process(server, bot_settings) as process:
        assert "KV Cache" in seen(await topic(server, "kv cache"))
        process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0
    assert b"discord: stopped" in log
    assert bot_settings.discord.token.encode() not in log


async def test_killed_process_loses_no_acknowledged_report(server, bot_settings):
    async with bot_process(server, bot_settings) as process:
        message = await topic(server, "kv cache")
        form = await server.click(message, "Report")
        select = form.callback["data"]["components"][0]["component"]
        answer = await server.submit_modal(
            form, {select["custom_id"]: [select["options"][1]["value"]]}
        )
        assert "Thank you" in seen(await answer.settled())
        process.kill()
        await process.wait()
    async with running_bot(server, bot_settings) as host:
        (report,) = await host.dispatch._ports.store.reports(None)
        assert report.reason == "time"
        answer = await server.click(message, "Related")
        assert texts(await answer.settled())
