"""A real process tells its host how it is, counts what it did, is copied, and stops in order."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.slack.asking import by_slash, opened_seconds
from tests.e2e.slack.conftest import callable_by_slack
from tests.fakes.discord_server import DiscordServer
from tests.fakes.ports import HOST, free_port
from tests.fakes.slack_server import SlackServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def slack():
    async with SlackServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture
def environment(slack, tmp_path):
    return {
        **os.environ,
        "SEGUE_STORAGE__URL": f"sqlite:///{tmp_path}/segue.db",
        "SEGUE_HTTP__HOST": HOST,
        "PORT": str(free_port()),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SEGUE_SLACK__API_URL": slack.api_url,
    }


class Running:
    """A process that runs ``python -m bot run``."""

    def __init__(self, process, session):
        self.process = process
        self._session = session

    async def get(self, path):
        """Return (status, text) of a page; None while nobody listens."""
        try:
            async with self._session.get(path) as answer:
                return answer.status, await answer.text()
        except aiohttp.ClientConnectionError:
            return None

    async def until(self, path, wanted, holding=""):
        """Return the text of a page as soon as its status is ``wanted`` and it holds a text."""
        async with asyncio.timeout(20):
            while True:
                answer = await self.get(path)
                if answer is not None and answer[0] == wanted and holding in answer[1]:
                    return answer[1]
                await asyncio.sleep(0.02)

    async def metrics(self):
        """Return every sample by its name and its labels' values, in order of their names."""
        _, text = await self.get("/metrics")
        return {
            (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
            for family in text_string_to_metric_families(text)
            for one in family.samples
        }

    async def ended(self):
        """Return the log of a process that ended well."""
        _, log = await asyncio.wait_for(self.process.communicate(), 20)
        assert self.process.returncode == 0
        return log.decode()

    async def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()


@asynccontextmanager
async def running(environment):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        async with aiohttp.ClientSession(f"http://{HOST}:{environment['PORT']}") as session:
            yield Running(process, session)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def command_line(environment, *arguments):
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    said, complaint = await ran.communicate()
    return ran.returncode, said.decode(), complaint.decode()


@asynccontextmanager
async def taken(port):
    """Let another program listen on a port."""
    async with await asyncio.start_server(lambda _, writer: writer.close(), HOST, int(port)):
        yield


async def answers(slack):
    await slack.wait_connected()
    return opened_seconds(await by_slash(slack, "topic kv cache"))[0] == 7_232


async def test_process_lives_from_the_start_and_is_ready_once_every_platform_is_connected(
    slack, environment
):
    async with DiscordServer(token="d.good") as discord:
        environment |= {
            "DISCORD_TOKEN": "d.good",
            "SEGUE_DISCORD__API_URL": discord.api_url,
            "SEGUE_DISCORD__GATEWAY_URL": discord.gateway_url,
        }
        of_slack = slack.faults.add("auth.test", "hang")
        of_discord = discord.faults.add("GET", "/gateway/bot", "hang")
        async with running(environment) as bot:
            assert await bot.until("/healthz", 200) == "alive\n"
            await of_discord.reached()
            waiting = "discord: not connected\nslack: not connected\n"
            assert await bot.until("/readyz", 503) == waiting
            of_discord.release()
            await discord.wait_ready()
            await of_slack.reached()
            of_slack.release()
            assert await bot.until("/readyz", 200) == "ready\n"
            # What is cut is said, and what comes back is ready again.
            slack.faults.add("apps.connections.open", "status", times=None, status=503)
            slack.sockets.kill()
            assert await bot.until("/readyz", 503) == "slack: not connected\n"
            slack.faults.clear()
            assert await bot.until("/readyz", 200) == "ready\n"
            await bot.stop()


async def test_platform_that_refuses_its_token_is_never_ready(slack, environment):
    environment |= {"DISCORD_TOKEN": "d.bad"}
    async with DiscordServer(token="d.good") as discord:
        environment |= {"SEGUE_DISCORD__API_URL": discord.api_url}
        async with running(environment) as bot:
            assert await answers(slack)
            assert await bot.get("/readyz") == (503, "discord: not connected\n")
            assert (await bot.metrics())["segue_platform_connected", "discord"] == 0
            await bot.stop()


async def test_what_was_asked_is_counted_without_a_word_of_it(slack, environment):
    async with running(environment) as bot:
        assert await answers(slack)
        await by_slash(slack, "topic canary")
        await by_slash(slack, "canary")
        assert await bot.get("/canary") == (404, "404: Not Found")
        seen = await bot.metrics()
        assert seen["segue_command_seconds_count", "topic", "slack"] == 3
        assert seen["segue_command_seconds_bucket", "topic", "+Inf", "slack"] == 3
        assert seen["segue_replies_total", "moment_card", ""] == 1
        assert seen["segue_replies_total", "notice", "empty"] == 2
        assert seen["segue_platform_connected", "slack"] == 1
        assert seen["segue_http_refused_total", "404"] == 1
        assert seen["segue_start_time_seconds",] > 1_700_000_000
        assert seen["process_resident_memory_bytes",] > 10_000_000
        _, text = await bot.get("/metrics")
        families = {one.name for one in text_string_to_metric_families(text)}
        documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
        assert not [one for one in families if "process_" not in one and one not in documented]
        secrets = ("canary", slack.team.id, slack.channel.id, slack.user("alice").id)
        assert not [secret for secret in secrets if secret in text]
        await bot.stop()


async def test_port_that_is_taken_keeps_nobody_waiting_for_an_answer(slack, environment):
    async with taken(environment["PORT"]), running(environment) as bot:
        assert await answers(slack)
        log = await bot.stop()
    assert f"port {environment['PORT']}" in log
    assert "no health checks" in log


async def test_port_that_is_taken_is_an_error_where_slack_calls_it(tmp_path, environment):
    async with SlackServer(mode="http") as slack:
        environment |= {
            "SEGUE_SLACK__API_URL": slack.api_url,
            "SEGUE_SLACK__MODE": "http",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.http.secret,
        }
        async with taken(environment["PORT"]):
            code, _, complaint = await command_line(environment, "run")
    assert code == 2
    assert f"segue: Cannot listen on {HOST}, port {environment['PORT']}" in complaint


async def test_stop_finishes_answers_first_and_the_server_last(slack, environment):
    async with running(environment) as bot:
        await bot.until("/readyz", 200)
        posting = slack.faults.add("chat.postMessage", "hang")
        asked = await slack.mention("topic kv cache")
        await posting.reached()
        bot.process.send_signal(signal.SIGTERM)
        assert "process: stopping\n" in await bot.until("/readyz", 503)
        assert await bot.get("/healthz") == (200, "alive\n")
        posting.release()
        assert opened_seconds(await asked.settled())[0] == 7_232
        log = await bot.ended()
        assert await bot.get("/healthz") is None
    assert "slack: stopped" in log


async def test_stop_in_http_mode_finishes_answers_and_takes_no_more(environment):
    async with SlackServer(mode="http") as slack:
        port = int(environment["PORT"])
        slack.deliver_to = f"http://{HOST}:{port}/slack/events"
        environment |= {
            "SEGUE_SLACK__API_URL": slack.api_url,
            "SEGUE_SLACK__MODE": "http",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.http.secret,
        }
        async with running(environment) as bot:
            await bot.until("/healthz", 200)
            await callable_by_slack(port)
            assert await bot.get("/readyz") == (200, "ready\n")
            posting = slack.faults.add("chat.postMessage", "hang")
            asked = await slack.mention("topic kv cache")
            await posting.reached()
            bot.process.send_signal(signal.SIGTERM)
            assert "process: stopping\n" in await bot.until("/readyz", 503, "slack: not connected")
            assert (await slack.raw_post(b"command=%2Fsegue&text=help"))[0] == 503
            assert (await slack.raw_post(b"x", secret="another"))[0] == 401
            posting.release()
            assert opened_seconds(await asked.settled())[0] == 7_232
            await bot.ended()


async def test_backup_is_made_while_the_bot_answers_and_serves_another(
    slack, environment, tmp_path
):
    copy = tmp_path / "copy.db"
    async with running(environment) as bot:
        assert await answers(slack)
        code, said, _ = await command_line(environment, "backup", str(copy))
        assert (code, said.count("\n")) == (0, 1)
        assert f"Wrote {copy}, " in said
        assert " MB; " in said
        code, said, complaint = await command_line(environment, "backup", str(copy))
        assert (code, said) == (2, "")
        assert "exists already" in complaint
        assert (await command_line(environment, "backup", str(copy), "--force"))[0] == 0
        assert await answers(slack)
        await bot.stop()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    restored = environment | {"SEGUE_STORAGE__URL": f"sqlite:///{copy}"}
    assert "2:00:32" in (await command_line(restored, "exec", "/topic kv cache"))[1]
