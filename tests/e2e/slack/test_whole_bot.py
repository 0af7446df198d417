"""The whole bot on Slack over time: restarts, slow disks, reports, tenants, completion."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.catalog import PUBLIC
from bot.services.ingestion import import_document
from tests.e2e.slack.asking import by_mention, by_slash, opened_seconds, seen
from tests.e2e.slack.conftest import reachable, running_bot
from tests.fakes.documents import document
from tests.fakes.slack_server import Message, View
from tests.fakes.slack_server.rules import buttons, links

ROOT = Path(__file__).resolve().parents[3]
KV_CACHE = "https://youtu.be/_1f-o0nqpEI?t=7232"


def pressable(shown):
    return [button for button in buttons(shown.body) if not button.url]


def state_of(shown):
    """Return what a press may change of a message or a view, to put it back."""
    return {
        name: getattr(shown, name) for name in ("blocks", "text", "body") if name in vars(shown)
    }


async def test_every_button_of_every_reply_is_answered_after_a_restart(server, bot_settings):
    async with running_bot(server, bot_settings):
        lines = ["topic kv cach", "topic tsmc", "topic nvidia blackwell", "topic bitter lesson"]
        lines += [f"summarize {time}" for time in ("4:08", "2:50:00", "4:17:54")]
        lines += ["episodes", "help"]
        shown = [await by_slash(server, line) for line in lines]
        shown.append(await by_mention(server, "topic kv cache"))
    async with running_bot(server, bot_settings):
        pressed = 0
        for message in shown:
            as_it_was = state_of(message)
            for button in pressable(message):
                # A press changes a private card in place; each is pressed on the first one.
                vars(message).update(as_it_was)
                act = await server.click(message, button.action_id)
                assert act.ack_seconds < 3
                assert "Reference" not in seen(await act.settled())
                pressed += 1
        assert pressed > 20


async def test_every_button_of_a_modal_is_answered(server, bot):
    opened = await (await server.slash("/segue", "topic")).settled()
    act = await server.submit(opened, {"words": {"words": "kv cache"}})
    result = await act.settled()
    as_it_was = dict(vars(result))
    for button in pressable(result):
        vars(result).update(as_it_was)
        act = await server.click(result, button.action_id)
        answer = await act.settled()
        assert "Reference" not in seen(answer)
        if answer is not result:
            await server.close(answer)


async def test_share_posts_one_public_message_that_names_the_sharer(server, bot):
    alice = server.user("alice", display_name="Alice A.")
    message = await by_slash(server, "topic kv cache", user=alice)
    act = await server.click(message, "Share", user=alice)
    assert "Shared with the channel." in seen(await act.next(2))  # after the post itself
    act = await server.click(message, "Share", user=alice)
    assert "shared already" in seen(await act.settled())
    (public,) = server.posted()
    assert "Shared by Alice A." in seen(public)
    assert KV_CACHE in links(public.body)
    assert public.pings == []
    bob = server.user("bob")
    answer = await (await server.click(public, "Related", user=bob)).settled()
    assert answer.ephemeral_for is bob


async def test_share_where_the_bot_is_not_tells_how_to_invite_it_and_can_be_pressed_again(
    server, bot
):
    elsewhere = server.add_channel("elsewhere", member=False)
    message = await by_slash(server, "topic kv cache", channel=elsewhere)
    told = await (await server.click(message, "Share")).settled()
    assert "/invite @segue" in seen(told)
    assert server.posted() == []
    elsewhere.bot_is_member = True
    await (await server.click(message, "Share")).settled()
    assert len(server.posted(elsewhere)) == 1


async def test_share_from_the_modal_posts_to_the_channel_picked(server, bot):
    elsewhere = server.add_channel("elsewhere")
    opened = await (await server.slash("/segue", "topic")).settled()
    result = await (await server.submit(opened, {"words": {"words": "kv cache"}})).settled()
    act = await server.submit(result, {"channel": {"channel": elsewhere.id}})
    assert "Shared with the channel." in seen(await act.settled())
    (public,) = server.posted(elsewhere)
    assert KV_CACHE in links(public.body)
    assert server.posted(server.channel) == []


async def test_completion_while_typing_is_accepted(server, bot):
    opened = await (await server.slash("/segue", "topic")).settled()
    (option,) = await server.suggest(opened, "moment", "kv ca")
    assert option["text"]["text"] == "KV Cache"
    assert option["description"]["text"] == "2:00:32 · Lex #459"
    act = await server.submit(opened, {"moment": {"moment": option["value"]}})
    assert opened_seconds(await act.settled())[0] == 7_232


async def test_report_opens_a_form_and_is_stored_once(server, bot):
    message = await by_slash(server, "topic kv cache")
    form = await (await server.click(message, "Report")).settled()
    assert isinstance(form, View)
    (answer,) = [b for b in form.blocks if b["block_id"] == "answer"]
    values = {
        "answer": {"answer": answer["element"]["options"][0]["value"]},
        "comment": {"comment": "KV is key & <value>"},
    }
    thanks = await (await server.submit(form, values)).settled()
    assert "Thank you" in seen(thanks)
    (report,) = await bot.dispatch._ports.store.reports(None)
    assert report.comment == "KV is key & <value>"
    assert report.tenant == f"slack:{server.team.id}"


async def test_message_shortcut_summarizes_a_link_in_a_message(server, bot):
    message = server.say(f"watch this {KV_CACHE} please")
    answer = await (await server.shortcut("summarize_moment", message)).settled()
    assert "KV Cache" in seen(answer)
    assert answer.ephemeral_for is not None
    message = server.say("no link here")
    answer = await (await server.shortcut("summarize_moment", message)).settled()
    assert "no link" in seen(answer)


async def test_workspaces_private_episode_shows_to_its_people_alone(server, bot):
    store = bot.dispatch._ports.store
    own = document("Own", "ooooooooooo", [(60, "Zebra plans", "x")])
    others = document("Others", "ppppppppppp", [(60, "Quagga plans", "x")])
    await import_document(store, f"slack:{server.team.id}", own, name="x")
    await import_document(store, "slack:T0OTHER", others, name="x")
    await import_document(store, "discord:1", others, name="x")
    assert "Zebra plans" in seen(await by_slash(server, "topic zebra"))
    assert "Zebra plans" in seen(await by_mention(server, "topic zebra"))
    assert "Nothing about" in seen(await by_slash(server, "topic quagga"))
    direct = server.dm(server.user("alice"))
    assert "Nothing about" in seen(await by_slash(server, "topic zebra", channel=direct))
    shared = server.add_channel("shared", ext_shared=True)
    assert "Nothing about" in seen(await by_mention(server, "topic zebra", channel=shared))


async def remembered(bot, tenant, thread):
    """Wait until the bookkeeping after an answer is done."""
    store, ever = bot.dispatch._ports.store, datetime(2020, 1, 1, tzinfo=UTC)
    async with asyncio.timeout(5):
        # The database has no event to wait for.
        while await store.last_episode(tenant, f"thread {thread}", "", ever) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_thread_remembers_its_episode(server, bot):
    store = bot.dispatch._ports.store
    rows = [(60, "Zebras", "Stripes."), (120, "Oxen", "Horns.")]
    await import_document(store, PUBLIC, document("Other talk", "aaaaaaaaaaa", rows), name="x")
    first = await by_mention(server, "topic zebras")
    tenant = f"slack:{server.team.id}"
    await remembered(bot, tenant, f"{first.channel.id}:{first.thread_ts}")
    bob = server.user("bob")
    answer = await by_mention(server, "summarize 1:00", thread=first, user=bob)
    assert "which this thread is about" in seen(answer)
    card = await by_slash(server, "topic oxen")
    shared = await (await server.click(card, "Share")).next(1)
    await remembered(bot, tenant, f"{shared.channel.id}:{shared.ts}")
    answer = await by_mention(server, "summarize 2:00", thread=shared, user=server.user("carol"))
    assert "Oxen" in seen(answer)


class Slow:
    """A store whose searches stall; the rest is the real one."""

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
        act = await server.slash("/segue", "topic kv cache")
        assert act.ack_seconds < 3
        message = await act.next(2)
        assert ("KV Cache" in seen(message)) == (seconds == 3)
        assert ("busy" in seen(message)) == (seconds == 60)
        assert message.ephemeral_for is act.person


async def test_locked_writer_delays_a_report_and_loses_none(server, bot, bot_settings):
    message = await by_slash(server, "topic kv cache")
    path = bot_settings.storage.url.removeprefix("sqlite:///")
    locker = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    locker.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(5, locker.execute, "COMMIT")
    # Reading goes on meanwhile; what is shown first waits for nothing.
    assert "KV Cache" in seen(await by_slash(server, "topic kv cache"))
    form = await (await server.click(message, "Report")).settled()
    (answer,) = [b for b in form.blocks if b["block_id"] == "answer"]
    value = answer["element"]["options"][0]["value"]
    act = await server.submit(form, {"answer": {"answer": value}})
    assert act.ack_seconds < 3
    assert "Thank you" in seen(await act.settled())
    locker.close()


async def test_body_on_the_wire_is_what_exec_prints(server, bot, bot_settings):
    for line in ("topic kv cache", "topic tsmc", "summarize 2:50:00", "help", "topic zzzz qqqq"):
        act = await server.slash("/segue", line)
        ran = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "exec", f"/{line}", "--as", "slack",
            cwd=ROOT, stdout=subprocess.PIPE,
            env={**os.environ, "SEGUE_STORAGE__URL": bot_settings.storage.url},
        )  # fmt: skip
        printed, _ = await ran.communicate()
        assert _without_ids(json.loads(printed)) == _without_ids(act.ack), line


def _without_ids(body):
    """Return a body without the one volatile part: the fresh id of a card's Share button."""
    return json.loads(re.sub(r'"1\|share\|[^|]*\|', '"1|share|id|', json.dumps(body)))


@asynccontextmanager
async def bot_process(server, settings):
    """Run ``python -m bot run`` until the block ends it, or is left."""
    environment = {
        **os.environ,
        "SEGUE_STORAGE__URL": settings.storage.url,
        "SLACK_BOT_TOKEN": settings.slack.bot_token,
        "SLACK_APP_TOKEN": settings.slack.app_token,
        "SLACK_SIGNING_SECRET": settings.slack.signing_secret,
        "SEGUE_SLACK__API_URL": settings.slack.api_url,
        "SEGUE_SLACK__MODE": settings.slack.mode,
        "SEGUE_HTTP__HOST": settings.http.host,
        "PORT": str(settings.http.port),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        await reachable(server, settings)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_sigterm_ends_the_process_cleanly_and_the_log_holds_no_secret(server, bot_settings):
    async with bot_process(server, bot_settings) as process:
        assert "KV Cache" in seen(await by_slash(server, "topic kv cache"))
        assert "KV Cache" in seen(await by_mention(server, "topic kv cache"))
        process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0
    assert b"slack: stopped" in log
    slack = bot_settings.slack
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret, "ticket=t"):
        assert secret.encode() not in log


async def test_killed_process_loses_no_acknowledged_report(server, bot_settings):
    async with bot_process(server, bot_settings) as process:
        message = await by_slash(server, "topic kv cache")
        form = await (await server.click(message, "Report")).settled()
        (answer,) = [b for b in form.blocks if b["block_id"] == "answer"]
        value = answer["element"]["options"][1]["value"]
        act = await server.submit(form, {"answer": {"answer": value}})
        assert "Thank you" in seen(await act.settled())
        process.kill()
        await process.wait()
    async with running_bot(server, bot_settings) as host:
        (report,) = await host.dispatch._ports.store.reports(None)
        assert report.reason == "time"
        answer = await (await server.click(message, "Related")).settled()
        assert isinstance(answer, Message)
        assert seen(answer)
