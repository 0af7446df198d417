"""Real processes with Gemini: run, doctor, exec and chat, their numbers and their logs."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.gemini import HONEST, KV_CACHE, LABEL, NOTES, SDKS, ask, seen
from tests.e2e.test_operations import command_line, running
from tests.fakes.discord_server import DiscordServer
from tests.fakes.gemini_server import GeminiServer
from tests.fakes.ports import HOST, free_port
from tests.fakes.slack_server import SlackServer

ROOT = Path(__file__).resolve().parents[2]
BAD_KEY = "k3y-that-nobody-may-read"
ANSWERED = ("segue_gemini_calls_total", "answered")


@pytest.fixture
async def gemini():
    async with GeminiServer() as server:
        server.answer = HONEST
        yield server
        assert server.problems == []


@pytest.fixture
async def discord():
    async with DiscordServer(token="d.good") as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def slack():
    async with SlackServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture(params=SDKS)
def sdk(request):
    return request.param


@pytest.fixture
def alone(gemini, tmp_path):
    """Return the variables of a bot with Gemini and without platforms."""
    return {
        **os.environ,
        "SEGUE_STORAGE__URL": f"sqlite:///{tmp_path}/segue.db",
        "SEGUE_HTTP__HOST": HOST,
        "PORT": str(free_port()),
        "GEMINI_API_KEY": gemini.key,
        "SEGUE_GEMINI__BASE_URL": gemini.url,
    }


def of_discord(discord):
    return {
        "DISCORD_TOKEN": "d.good",
        "SEGUE_DISCORD__API_URL": discord.api_url,
        "SEGUE_DISCORD__GATEWAY_URL": discord.gateway_url,
    }


def of_slack(slack):
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SEGUE_SLACK__API_URL": slack.api_url,
    }


async def block_on_discord(discord, message):
    await discord.changes.until(lambda: message.edits, 15, "the block")
    return seen(message)


async def test_process_with_both_platforms_pays_once_and_counts_it(
    alone, gemini, discord, slack, sdk
):
    environment = alone | of_discord(discord) | of_slack(slack) | {"SEGUE_GEMINI__SDK": sdk}
    async with running(environment) as bot:
        await bot.until("/readyz", 200)
        before = await bot.metrics()
        assert ANSWERED not in before
        message = await ask(discord, KV_CACHE)
        assert HONEST in await block_on_discord(discord, message)
        act = await slack.slash("/segue", f"summarize {KV_CACHE}")
        assert HONEST in json.dumps(act.ack)
        counted = await bot.metrics()
        assert counted[ANSWERED] == 1
        outcomes = [name for name in counted if name[0] == ANSWERED[0]]
        assert outcomes == [ANSWERED]
        taken = {way: int(counted["segue_gemini_tokens_total", way]) for way in ("in", "out")}
        assert min(taken.values()) > 0
        log = await bot.stop()
    assert len(gemini.calls) == 1
    assert gemini.key not in log
    assert " ERROR " not in log
    assert HONEST not in log
    code, said, complaint = await command_line(environment, "doctor")
    assert code == 0
    assert f"gemini: gemini-3.5-flash-lite, by {sdk}.\n" in said
    assert (
        "gemini today (UTC): 1 note given to it and paid for; 0 attempts came to nothing; "
        f"{taken['in']:,} tokens in and {taken['out']:,} out.\n"
    ) in said
    assert gemini.key not in said + complaint


async def test_bad_key_is_named_by_doctor_and_by_the_log_and_shown_by_neither(
    alone, gemini, slack, sdk
):
    environment = alone | of_slack(slack) | {"SEGUE_GEMINI__SDK": sdk, "GEMINI_API_KEY": BAD_KEY}
    code, said, complaint = await command_line(environment, "doctor")
    assert code == 1
    (line,) = [line for line in said.splitlines() if line.startswith("gemini: ")]
    assert "refuses GEMINI_API_KEY" in line
    assert "API key not valid" in line
    assert "slack: the bot is @segue" in said
    assert BAD_KEY not in said + complaint
    environment["SEGUE_LOG__LEVEL"] = "DEBUG"
    async with running(environment) as bot:
        await slack.wait_connected()
        card = await ask(slack, KV_CACHE)
        assert "always multiplying a query and key matrix" in seen(card)
        await bot.until("/metrics", 200, 'segue_gemini_calls_total{outcome="refused"} 1.0')
        again = await ask(slack, NOTES[0])
        assert "KEY" not in seen(card) + seen(again)
        await bot.until("/metrics", 200, 'segue_gemini_calls_total{outcome="not asked"} 1.0')
        log = await bot.stop()
    (error,) = [line for line in log.splitlines() if " ERROR " in line]
    assert "Gemini does not take what it is asked" in error
    assert "API key not valid" in error
    assert BAD_KEY not in log
    assert len([call for call in gemini.calls if call.method == "generateContent"]) == 1
    assert len(slack.messages) == 2


async def test_doctor_names_a_model_that_is_gone_and_passes_over_a_gemini_that_is_down(
    alone, gemini, sdk
):
    environment = alone | {"SEGUE_GEMINI__SDK": sdk}
    gone = environment | {"SEGUE_GEMINI__MODEL": "gemini-1.0-pro"}
    code, said, _ = await command_line(gone, "doctor")
    assert code == 1
    assert "gemini: Gemini refuses GEMINI_API_KEY or gemini.model: 404" in said
    assert "gemini-1.0-pro is not found" in said
    gemini.faults.set("unavailable", method="get", times=None)
    code, said, _ = await command_line(environment, "doctor")
    assert code == 0
    assert "gemini: Gemini did not answer: 503" in said
    assert "gemini today (UTC): nothing asked." in said


async def test_exec_waits_for_the_block_and_prints_it(alone, gemini, sdk):
    environment = alone | {"SEGUE_GEMINI__SDK": sdk}
    code, said, complaint = await command_line(environment, "exec", "/summarize 2:00:32", "--json")
    assert (code, complaint) == (0, "")
    text = json.loads(said)["text"]
    assert f"{LABEL}\n{HONEST}" in text
    assert "always multiplying a query and key matrix" in text
    assert len(gemini.calls) == 1
    for form in ("discord", "slack"):
        ran = await command_line(environment, "exec", "/summarize 2:00:32", "--as", form)
        assert HONEST in ran[1]
    assert len(gemini.calls) == 1
    assert gemini.key not in said


async def test_exec_prints_the_card_alone_where_gemini_fails(alone, gemini):
    gemini.faults.set("not_found", times=None)
    code, said, complaint = await command_line(alone, "exec", "/summarize 2:00:32", "--json")
    assert code == 0
    reply = json.loads(said)
    assert reply["kind"] == "moment_card"
    assert LABEL not in reply["text"]
    assert "is not found" in complaint
    assert gemini.key not in complaint


async def test_chat_shows_the_card_first_and_the_block_when_it_is_there(alone, gemini, sdk):
    held = gemini.faults.set("hang")
    chat = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "chat", cwd=ROOT, env=alone | {"SEGUE_GEMINI__SDK": sdk},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        chat.stdin.write(b"/summarize 2:00:32\n")
        async with asyncio.timeout(20):
            card = (await chat.stdout.readuntil(b"Report")).decode()
            await held.reached()
            assert "KV Cache" in card
            assert LABEL not in card
            # What is typed meanwhile is answered meanwhile.
            chat.stdin.write(b"/topic tsmc\n")
            await chat.stdout.readuntil(b"4:08:50")
            assert gemini.billed == 0
            held.release()
            await chat.stdout.readuntil(LABEL.encode())
            chat.stdin.write(b"/summarize 2:00:32\nquit\n")
            rest, complaint = await chat.communicate()
    finally:
        if chat.returncode is None:
            chat.kill()
            await chat.wait()
    # The rest of what came later to the first card, and the second card.
    late, again = (" ".join(part.split()) for part in rest.decode().split("Here, the podcast", 1))
    assert late.startswith(HONEST)
    assert f"{LABEL} {HONEST}" in again
    assert complaint == b""
    assert len(gemini.calls) == 1


@pytest.mark.parametrize("kind", ["hang", "body_hang"])
async def test_stop_does_not_wait_for_gemini_and_says_nothing_of_it(
    alone, gemini, discord, slack, sdk, kind
):
    held = gemini.faults.set(kind, times=None)
    environment = alone | of_discord(discord) | of_slack(slack) | {"SEGUE_GEMINI__SDK": sdk}
    async with running(environment) as bot:
        await bot.until("/readyz", 200)
        message = await ask(discord, KV_CACHE)
        card = await ask(slack, NOTES[0])
        await held.reached()
        async with asyncio.timeout(6):
            log = await bot.stop()
    held.release()
    assert message.edits == []
    assert [one for one in slack.messages if one.by_bot] == [card]
    assert "restarted" not in seen(message) + seen(card)
    assert not [line for line in log.splitlines() if " WARNING " in line or " ERROR " in line]
    assert "Traceback" not in log


@asynccontextmanager
async def two_processes(alone, discord, slack):
    """Run one process for each platform, on one database."""
    first = alone | of_discord(discord)
    second = alone | of_slack(slack) | {"PORT": str(free_port())}
    # One after the other: both would load the sample into the empty database.
    async with running(first) as on_discord:
        await on_discord.until("/readyz", 200)
        async with running(second) as on_slack:
            await on_slack.until("/readyz", 200)
            yield on_discord, on_slack
            for bot in (on_discord, on_slack):
                log = await bot.stop()
                assert " ERROR " not in log


async def test_two_processes_that_are_asked_at_once_pay_once_and_both_show_the_block(
    alone, gemini, discord, slack, sdk
):
    held = gemini.faults.set("hang")
    async with two_processes(alone | {"SEGUE_GEMINI__SDK": sdk}, discord, slack) as bots:
        message = await ask(discord, KV_CACHE)
        await held.reached()
        act = await slack.slash("/segue", f"summarize {KV_CACHE}")
        mention = await slack.mention(f"summarize {KV_CACHE}", user=slack.user("bob"))
        for card in (message, await act.next(), await mention.next()):
            assert LABEL not in seen(card)
        held.release()
        assert HONEST in await block_on_discord(discord, message)
        assert HONEST in seen(await act.next(2))
        assert HONEST in seen(await mention.next(2))
        asked = [(await bot.metrics()).get(ANSWERED, 0) for bot in bots]
        assert asked == [1, 0]
    assert len(gemini.calls) == 1
