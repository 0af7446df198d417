"""One process serves Discord and Slack; what is wrong with one leaves the other answering."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.contract import platform
from tests.e2e.slack.asking import by_slash, opened_seconds
from tests.fakes.discord_server import DiscordServer
from tests.fakes.ports import HOST, free_port
from tests.fakes.slack_server import SlackServer

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
async def discord():
    async with DiscordServer(token="d.good") as running:
        yield running


@pytest.fixture
async def slack():
    async with SlackServer() as running:
        yield running


@pytest.fixture
def environment(discord, slack, tmp_path):
    return {
        **os.environ,
        "SEGUE_STORAGE__URL": f"sqlite:///{tmp_path}/segue.db",
        "SEGUE_HTTP__HOST": HOST,
        "PORT": str(free_port()),
        "DISCORD_TOKEN": "d.good",
        "SEGUE_DISCORD__API_URL": discord.api_url,
        "SEGUE_DISCORD__GATEWAY_URL": discord.gateway_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SEGUE_SLACK__API_URL": slack.api_url,
    }


@asynccontextmanager
async def running(environment):
    """Run ``python -m bot run``; yield a function that stops it and returns its log."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )

    async def stop():
        process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0
        return log.decode()

    try:
        yield stop
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def doctor(environment):
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "doctor", cwd=ROOT, env=environment, stdout=subprocess.PIPE
    )
    said, _ = await ran.communicate()
    return ran.returncode, said.decode()


async def discord_answers(discord):
    await discord.wait_ready()
    message = await (await discord.slash("topic", {"words": "kv cache"})).settled()
    seen = platform("discord").visible_text({"components": message.components})
    return "2:00:32" in seen


async def slack_answers(slack):
    await slack.wait_connected()
    return opened_seconds(await by_slash(slack, "topic kv cache"))[0] == 7_232


async def test_both_platforms_are_answered_by_one_process(discord, slack, environment):
    async with running(environment) as stop:
        assert await discord_answers(discord)
        assert await slack_answers(slack)
        log = await stop()
    assert "discord: stopped" in log
    assert "slack: stopped" in log
    code, said = await doctor(environment)
    assert code == 0
    assert "discord: the bot is " in said
    assert "slack: the bot is @segue" in said


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-bad", "Slack refused the token in SLACK_BOT_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-bad", "Slack refused the token in SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "", "Slack in mode socket needs SLACK_APP_TOKEN"),
        ("SEGUE_SLACK__COMMAND", "topic", "a command of Slack's own"),
    ],
)
async def test_slack_that_cannot_be_served_leaves_discord_answering(
    discord, slack, environment, variable, value, sentence
):
    environment[variable] = value
    async with running(environment) as stop:
        assert await discord_answers(discord)
        log = await stop()
    assert f"slack: {sentence}" in log or ("slack: " in log and sentence in log)
    assert "bad" not in log
    code, said = await doctor(environment)
    assert code == 1
    (line,) = [line for line in said.splitlines() if line.startswith("slack: ")]
    assert sentence in line
    assert "discord: the bot is " in said


async def test_discord_that_refuses_its_token_leaves_slack_answering(discord, slack, environment):
    environment["DISCORD_TOKEN"] = "d.bad"
    async with running(environment) as stop:
        assert await slack_answers(slack)
        log = await stop()
    assert "discord: Discord refused the token" in log
    code, said = await doctor(environment)
    assert code == 1
    assert "discord: Discord refused the token" in said
    assert "slack: the bot is @segue" in said


async def test_outage_of_slack_leaves_discord_answering_and_is_named(discord, environment):
    environment["SEGUE_SLACK__API_URL"] = NOWHERE
    async with running(environment) as stop:
        assert await discord_answers(discord)
        log = await stop()
    assert "Slack is out of reach" in log
    code, said = await doctor(environment)
    assert code == 0
    assert "slack: Slack is out of reach" in said


async def test_outage_of_discord_leaves_slack_answering_and_is_named(slack, environment):
    environment["SEGUE_DISCORD__API_URL"] = NOWHERE
    async with running(environment) as stop:
        assert await slack_answers(slack)
        log = await stop()
    assert "Discord is out of reach" in log
    code, said = await doctor(environment)
    assert code == 0
    assert "discord: Discord is out of reach" in said


async def test_platform_that_comes_back_is_served(discord, slack, environment):
    fault = slack.faults.add("auth.test", "drop_before", times=None)
    async with running(environment) as stop:
        assert await discord_answers(discord)
        await fault.reached()
        slack.faults.clear()
        assert await slack_answers(slack)
        await stop()


async def test_all_refused_ends_with_the_first_reason(environment):
    environment |= {"DISCORD_TOKEN": "d.bad", "SLACK_BOT_TOKEN": "xoxb-bad"}
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    _, log = await asyncio.wait_for(ran.communicate(), 20)
    assert ran.returncode == 2
    assert b"Discord refused the token" in log
    assert b"Slack refused the token" in log
