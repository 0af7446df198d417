"""People ask ``/topic`` on both platforms while the bot brings in the longest talk it may.

The bot is a process of its own, and imports as it does when an admin has said yes.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.fanout import running_bot
from benchmarks.importing import MOST_HOURS, talk
from benchmarks.timing import Ratio
from bot.bootstrap import opened_store
from bot.config import load_settings
from bot.core.catalog import Tenant
from bot.core.jobs import JobState, Part, Request, digest_of
from bot.core.ports import Store
from tests.fakes.discord_server import DiscordServer
from tests.fakes.ports import free_port
from tests.fakes.slack_server import SlackServer

ASKED_PER_S = 20
FIRST_ANSWER_S, GOAL = 0.5, 1.0
IMPORTED_WITHIN_S = 120.0
TALKS = 3
"""Talks in a row, so that there is enough to ask beside."""


async def ratios(folder: Path) -> list[Ratio]:
    """Return the p99 to the first answer on each platform, idle and while talks come in."""
    # Made beforehand: what takes long here would hold up those who ask.
    document = talk(MOST_HOURS)
    documents = [document + f"\nNOTE {number}\n".encode() for number in range(TALKS)]
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordServer())
        slack = await stack.enter_async_context(SlackServer())
        environment = _environment(discord, slack, folder)
        settings = load_settings(environment)
        store = await stack.enter_async_context(opened_store(settings, sample=True))
        with running_bot(environment):
            await discord.wait_ready(timeout=60.0)
            await slack.wait_connected(timeout=60.0)
            idle = await _asked(discord, slack, asyncio.create_task(asyncio.sleep(5)))
            busy = await _asked(
                discord, slack, asyncio.create_task(_imported(store, discord, documents))
            )
    return [
        Ratio(f"{name} p99 to a first answer {when}", _p99(answers), FIRST_ANSWER_S, GOAL)
        for when, both in (("idle", idle), (f"while {MOST_HOURS} h come in", busy))
        for name, answers in zip(("Discord", "Slack"), both, strict=True)
    ]


async def _imported(store: Store, discord: DiscordServer, documents: list[bytes]) -> None:
    """Say yes to talks, and wait until the bot has stored them."""
    tenant = Tenant(f"discord:{discord.world.guilds[0].id}")
    said = []
    for number, document in enumerate(documents):
        request = Request((Part(digest_of(document), "talk.vtt"),), title=f"Talk {number}")
        now = datetime.now(UTC)
        job = await store.propose_job(
            tenant, request, [document], title=request.title, asked_by="1", now=now
        )
        assert job is not None
        await store.confirm_job(tenant, job.id, tell=False, channel="", asked_by="1", now=now)
        said.append(job.id)
    until = time.monotonic() + IMPORTED_WITHIN_S
    while time.monotonic() < until:
        jobs = [await store.job(tenant, ident) for ident in said]
        if all(job and job.state is JobState.DONE for job in jobs):
            return
        await asyncio.sleep(0.2)
    raise AssertionError("the talks do not come in")


async def _asked(
    discord: DiscordServer, slack: SlackServer, meanwhile: asyncio.Task[None]
) -> tuple[list[float], list[float]]:
    """Ask at an even pace, on both platforms in turn; return seconds to their first answers."""
    asked: list[asyncio.Task[float]] = []
    start = time.monotonic()
    while not meanwhile.done():
        ask = _ask_slack(slack) if len(asked) % 2 else _ask_discord(discord)
        asked.append(asyncio.create_task(ask))
        await asyncio.sleep(max(start + len(asked) / ASKED_PER_S - time.monotonic(), 0))
    await meanwhile
    answers = await asyncio.gather(*asked)
    return answers[::2], answers[1::2]


async def _ask_discord(server: DiscordServer) -> float:
    answer = await server.slash("topic", {"words": "kv cache"})
    return answer.ack_seconds


async def _ask_slack(server: SlackServer) -> float:
    asked = await server.slash("/segue", "topic kv cache")
    await asked.settled()
    assert asked.ack_seconds is not None
    return asked.ack_seconds


def _p99(answers: list[float]) -> float:
    return statistics.quantiles(answers, n=100)[98]


def _environment(discord: DiscordServer, slack: SlackServer, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DISCORD_TOKEN": "t.o.k",
        "PORT": str(free_port()),
        "SEGUE_DISCORD__API_URL": discord.api_url,
        "SEGUE_DISCORD__GATEWAY_URL": discord.gateway_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SEGUE_SLACK__API_URL": slack.api_url,
        "SEGUE_STORAGE__URL": f"sqlite:///{folder}/load.db",
        "SEGUE_LIMITS__COMMANDS_PER_MINUTE": "0",
        "SEGUE_HTTP__HOST": "127.0.0.1",
    }


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for ratio in await ratios(Path(folder)):
            print(ratio.row())


if __name__ == "__main__":
    asyncio.run(_main())
