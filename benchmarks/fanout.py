"""A digest to many Discord servers at once, against Discord's limit of 50 requests a second.

The bot is a process of its own; the loopback server enforces the limit, and lets people ask for
``/topic`` meanwhile. ``python -m benchmarks.fanout 10000`` takes another number of servers than
``make bench``.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.timing import Ratio
from bot.bootstrap import opened_store
from bot.config import load_settings
from bot.core.catalog import PUBLIC, Tenant
from bot.core.digest import State, WhenEmpty
from bot.core.ports import Store
from bot.sample import SAMPLE_MEDIA
from tests.fakes.discord_server import DiscordServer, MessageRecord
from tests.fakes.discord_server.rest import Call
from tests.fakes.ports import free_port

CHANNELS = 1_000
RATE = 50
"""Requests Discord takes each second from one bot (PLATFORM 3.6)."""

FANOUT_GOAL = 1.05
BANNED = 10_000 / 600 / RATE
"""Of the posts, as many refused with 429 as have Discord shut out an address (PLATFORM 3.6)."""

REFUSED_GOAL = 0.5
ASKED_PER_S = 20
FIRST_ANSWER_S, FIRST_ANSWER_GOAL = 0.5, 1.0

POST = re.compile(r"^/channels/\d+/messages$")


async def ratios(folder: Path, channels: int = CHANNELS) -> list[Ratio]:
    """Return the ratios of the time to post them all, and of what happens meanwhile."""
    async with DiscordServer() as server:
        server.limits.everywhere(RATE, 1.0)
        for number in range(channels - 1):
            server.add_channel(server.add_guild(f"Server {number}"), "digest")
        environment = _environment(server, folder)
        settings = load_settings(environment)
        async with opened_store(settings, sample=True) as store:
            due = await _schedules(server, store)
            with running_bot(environment):
                await server.wait_ready(timeout=60.0)
                answers = await _ask_until_posted(server, channels)
            for tenant, schedule_id in due:
                (turn,) = await store.deliveries(tenant, schedule_id, 2)
                assert turn.state is State.POSTED, turn
        assert server.violations == []
    return _measured(server, channels, answers)


async def _schedules(server: DiscordServer, store: Store) -> list[tuple[Tenant, int]]:
    """Turn a digest on in every server, all due at the last full minute."""
    due_at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
    sample = await store.episode_of_media(PUBLIC, SAMPLE_MEDIA)
    assert sample is not None
    made = []
    for guild in server.world.guilds:
        tenant = Tenant(f"discord:{guild.id}")
        schedule = await store.put_schedule(
            tenant,
            guild.channels[0].id,
            at=due_at.time(),
            zone="UTC",
            when_empty=WhenEmpty.QUIET,
            set_by="nobody",
            first_day=due_at.date(),
            due_at=due_at,
        )
        await store.watch_episode(tenant, schedule.id, sample.id)
        made.append((tenant, schedule.id))
    return made


def _posts(server: DiscordServer) -> list[Call]:
    return [one for one in server.calls if one.method == "POST" and POST.match(one.path)]


def _digests(server: DiscordServer) -> list[MessageRecord]:
    """Return the messages that were posted under a nonce."""
    return [one for one in server.messages if one.nonce is not None]


async def _ask_until_posted(server: DiscordServer, channels: int) -> list[float]:
    """Ask at an even pace from the first post to the last; return seconds to the first answers."""
    await server.wait_called("POST", POST.pattern, timeout=60.0)
    asked: list[asyncio.Task[float]] = []
    start = time.monotonic()
    while len(_digests(server)) < channels:
        asked.append(asyncio.create_task(_ask(server, len(asked))))
        await asyncio.sleep(start + len(asked) / ASKED_PER_S - time.monotonic())
        assert time.monotonic() - start < 2 * channels / RATE + 60, "the digests do not come"
    return await asyncio.gather(*asked)


async def _ask(server: DiscordServer, number: int) -> float:
    guild = server.world.guilds[number % len(server.world.guilds)]
    user = server.user(f"user{number % 100}")
    answer = await server.slash("topic", {"words": "kv cache"}, guild=guild, user=user)
    return answer.ack_seconds


def _measured(server: DiscordServer, channels: int, answers: list[float]) -> list[Ratio]:
    calls = _posts(server)
    taken = [one.at for one in calls if one.status == 200]
    posted = _digests(server)
    assert len(posted) == len({one.channel.id for one in posted}) == channels
    seconds, refused = max(taken) - min(taken), len(calls) - len(taken)
    p99 = statistics.quantiles(answers, n=100)[98]
    return [
        Ratio(f"digest to {channels:,} Discord servers", seconds, channels / RATE, FANOUT_GOAL),
        # Counts, printed as millionths like the times: read "us" as posts.
        Ratio("posts refused with 429", refused / 1e6, BANNED * channels / 1e6, REFUSED_GOAL),
        Ratio("p99 to a first answer meanwhile", p99, FIRST_ANSWER_S, FIRST_ANSWER_GOAL),
    ]


def _environment(server: DiscordServer, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DISCORD_TOKEN": "t.o.k",
        "PORT": str(free_port()),
        "SEGUE_DISCORD__API_URL": server.api_url,
        "SEGUE_DISCORD__GATEWAY_URL": server.gateway_url,
        "SEGUE_STORAGE__URL": f"sqlite:///{folder}/fanout.db",
        "SEGUE_LIMITS__COMMANDS_PER_MINUTE": "0",
        "SEGUE_HTTP__HOST": "127.0.0.1",
    }


@contextmanager
def running_bot(environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for ratio in await ratios(Path(folder), int(sys.argv[1])):
            print(ratio.row())


if __name__ == "__main__":
    asyncio.run(_main())
