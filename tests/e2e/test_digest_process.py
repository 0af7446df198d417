"""A process that is killed while it posts a digest posts it at most once, and loses none.

Real processes, SQLite files and SDKs, in real time; the posts are counted by the loopback servers.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.core.catalog import PUBLIC, Tenant
from bot.core.digest import Delivery, Schedule, State, WhenEmpty
from bot.core.ports import Store
from bot.core.settings import StorageSettings
from bot.sample import SAMPLE_MEDIA
from bot.services.ingestion import load_sample
from storage import open_store
from tests.fakes.discord_server import DiscordServer
from tests.fakes.faults import Fault
from tests.fakes.ports import HOST, free_port
from tests.fakes.slack_server import SlackServer

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN_S = 20.0

SHORT_LEASE = {"LEASE_S": "2", "REPEATABLE_S": "30"}
TOO_LATE = {"LEASE_S": "2", "REPEATABLE_S": "1"}
"""A lease that is over after the time in which a key is known: whoever comes, comes too late."""

ORDINARY = {"LEASE_S": "45", "REPEATABLE_S": "100"}

NOTHING_BEGUN = ("fresh before", "fresh after", "claim_turn before")
NOT_POSTED = ("claim_turn after", "post before")
NOT_NOTED = ("post after", "settle_turn before")
DONE = ("settle_turn after",)


@dataclass
class Place:
    """A platform's loopback server, and a database that the bot's processes share."""

    server: Any
    store: Store
    tenant: Tenant
    variables: dict[str, str]
    new_channel: Callable[[], Any]
    hang: Callable[[], Fault]
    port: int = field(default_factory=free_port)

    async def turn_on(self) -> tuple[Any, Schedule]:
        """Return a new channel and its digest, due a minute ago."""
        channel = self.new_channel()
        due_at = (datetime.now(UTC) - timedelta(minutes=1)).replace(second=0, microsecond=0)
        # Due tomorrow until there is something to tell: a worker may be looking.
        schedule = await self._put(channel, due_at, due_at + timedelta(days=1))
        sample = await self.store.episode_of_media(PUBLIC, SAMPLE_MEDIA)
        assert sample is not None
        await self.store.watch_episode(self.tenant, schedule.id, sample.id)
        return channel, await self._put(channel, due_at, due_at)

    async def _put(self, channel: Any, at: datetime, due_at: datetime) -> Schedule:
        return await self.store.put_schedule(
            self.tenant,
            channel.id,
            at=at.time(),
            zone="UTC",
            when_empty=WhenEmpty.QUIET,
            set_by="nobody",
            first_day=at.date(),
            due_at=due_at,
        )

    async def turn(self, schedule: Schedule) -> Delivery | None:
        """Return what became of a schedule's only turn; None while it has no row."""
        turns = await self.store.deliveries(self.tenant, schedule.id, 2)
        assert len(turns) <= 1
        return turns[0] if turns else None

    async def ended(self, schedule: Schedule) -> Delivery:
        """Return a schedule's turn once a process has come to an end with it."""
        async with asyncio.timeout(ENDS_WITHIN_S):
            while True:
                turn = await self.turn(schedule)
                if turn is not None and turn.state is not State.SENDING:
                    return turn
                await asyncio.sleep(0.02)

    async def start(self, times: dict[str, str], dies_at: str = "") -> asyncio.subprocess.Process:
        """Start a process of the bot."""
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.e2e.digest_child", cwd=ROOT, stderr=subprocess.PIPE,
            env={**os.environ, **self.variables, **times, "DIES_AT": dies_at,
                 "PORT": str(self.port)},
        )  # fmt: skip

    @asynccontextmanager
    async def healthy(self, times: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run a process of the bot that stops in order."""
        process = await self.start(times)
        try:
            yield process
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            assert await code(process) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


async def code(process: asyncio.subprocess.Process) -> int | None:
    """Return how a process ended, once it has."""
    _, log = await asyncio.wait_for(process.communicate(), ENDS_WITHIN_S)
    assert b"Traceback" not in log, log.decode()
    return process.returncode


@asynccontextmanager
async def database(folder: Path) -> AsyncIterator[tuple[Store, dict[str, str]]]:
    """Open a database with the sample in it; yield also how a process is told of it."""
    url = f"sqlite:///{folder}/segue.db"
    store = open_store(StorageSettings(url=url))
    try:
        await store.migrate()
        await load_sample(store)
        yield store, {"SEGUE_STORAGE__URL": url, "SEGUE_HTTP__HOST": HOST}
    finally:
        await store.close()


@asynccontextmanager
async def discord(tmp_path: Path) -> AsyncIterator[Place]:
    async with DiscordServer() as server, database(tmp_path) as (store, variables):
        yield Place(
            server,
            store,
            Tenant(f"discord:{server.guild.id}"),
            {
                **variables,
                "DISCORD_TOKEN": "t.o.k",
                "SEGUE_DISCORD__API_URL": server.api_url,
                "SEGUE_DISCORD__GATEWAY_URL": server.gateway_url,
            },
            lambda: server.add_channel(server.guild, "digest"),
            lambda: server.faults.add("POST", r"/channels/\d+/messages$", "hang"),
        )
        assert server.violations == []


@asynccontextmanager
async def slack(tmp_path: Path) -> AsyncIterator[Place]:
    async with SlackServer() as server, database(tmp_path) as (store, variables):
        yield Place(
            server,
            store,
            Tenant(f"slack:{server.team.id}"),
            {
                **variables,
                "SLACK_BOT_TOKEN": server.bot_token,
                "SLACK_APP_TOKEN": server.app_token,
                "SEGUE_SLACK__API_URL": server.api_url,
            },
            lambda: server.add_channel("digest"),
            lambda: server.faults.add("chat.postMessage", "hang"),
        )
        assert server.violations == []


@pytest.fixture
async def on_discord(tmp_path: Path) -> AsyncIterator[Place]:
    async with discord(tmp_path) as place:
        yield place


@pytest.fixture
async def on_slack(tmp_path: Path) -> AsyncIterator[Place]:
    async with slack(tmp_path) as place:
        yield place


async def killed(place: Place, times: dict[str, str], dies_at: str) -> tuple[Any, Schedule]:
    """Turn a digest on and let a process die at it; return its channel and schedule."""
    channel, schedule = await place.turn_on()
    assert await code(await place.start(times, dies_at)) == -signal.SIGKILL
    return channel, schedule


async def outcome(
    place: Place, times: dict[str, str], channel: Any, schedule: Schedule
) -> tuple[State, int]:
    """Start the bot again; return what becomes of a turn, and the posts in its channel."""
    async with place.healthy(times):
        await place.ended(schedule)
        # One that is due later is posted only after the worker has looked at the first again.
        later, witness = await place.turn_on()
        assert (await place.ended(witness)).state is State.POSTED
        assert len(place.server.posted(later)) == 1
    turn = await place.turn(schedule)
    assert turn is not None
    posts = place.server.posted(channel)
    if turn.state is State.POSTED:
        assert turn.message in {getattr(post, "ts", None) or post.id for post in posts}
    return turn.state, len(posts)


@pytest.mark.parametrize("dies_at", NOTHING_BEGUN + NOT_POSTED + NOT_NOTED + DONE)
async def test_digest_on_discord_is_posted_once_where_its_process_is_killed_and_started_again(
    on_discord: Place, dies_at: str
) -> None:
    channel, schedule = await killed(on_discord, SHORT_LEASE, dies_at)
    assert await outcome(on_discord, SHORT_LEASE, channel, schedule) == (State.POSTED, 1)


@pytest.mark.parametrize(("steps", "state", "posts"), [
    (NOTHING_BEGUN, State.POSTED, 1),
    (NOT_POSTED, State.DOUBT, 0),
    (NOT_NOTED, State.DOUBT, 1),
    (DONE, State.POSTED, 1),
])  # fmt: skip
async def test_digest_on_slack_whose_process_is_killed_is_posted_once_or_in_doubt(
    on_slack: Place, steps: tuple[str, ...], state: State, posts: int
) -> None:
    came_of = {}
    for dies_at in steps:
        channel, schedule = await killed(on_slack, SHORT_LEASE, dies_at)
        came_of[dies_at] = await outcome(on_slack, SHORT_LEASE, channel, schedule)
    assert came_of == dict.fromkeys(steps, (state, posts))


@pytest.mark.parametrize(("dies_at", "found"), [
    (NOT_POSTED[0], (State.DOUBT, 0)),
    (NOT_NOTED[0], (State.POSTED, 1)),
    (NOT_NOTED[1], (State.POSTED, 1)),
])  # fmt: skip
async def test_digest_on_slack_that_a_killed_process_left_is_found_where_it_is_looked_for(
    on_slack: Place, dies_at: str, found: tuple[State, int]
) -> None:
    on_slack.variables["SEGUE_SLACK__LOOK_UP_POSTS"] = "on"
    channel, schedule = await killed(on_slack, SHORT_LEASE, dies_at)
    assert await outcome(on_slack, SHORT_LEASE, channel, schedule) == found
    turn = await on_slack.turn(schedule)
    assert turn is not None
    assert ("does not show it" in turn.reason) is (turn.state is State.DOUBT)
    assert len(on_slack.server.called("conversations.history")) == 1


@pytest.mark.parametrize(("dies_at", "posts"), [(NOT_POSTED[0], 0), (NOT_NOTED[0], 1)])
async def test_digest_on_discord_is_in_doubt_where_its_process_comes_back_too_late(
    on_discord: Place, dies_at: str, posts: int
) -> None:
    channel, schedule = await killed(on_discord, TOO_LATE, dies_at)
    assert await outcome(on_discord, TOO_LATE, channel, schedule) == (State.DOUBT, posts)


async def killed_while_posting(place: Place) -> tuple[Any, Schedule, Fault]:
    """Turn a digest on and kill a process whose post has left and is not carried out yet."""
    channel, schedule = await place.turn_on()
    under_way = place.hang()
    process = await place.start(SHORT_LEASE)
    await under_way.reached()
    process.kill()
    assert await code(process) == -signal.SIGKILL
    return channel, schedule, under_way


async def test_post_on_discord_that_outlives_its_process_is_not_made_twice(
    on_discord: Place,
) -> None:
    channel, schedule, under_way = await killed_while_posting(on_discord)
    assert await outcome(on_discord, SHORT_LEASE, channel, schedule) == (State.POSTED, 1)
    calls = len(on_discord.server.called("POST", rf"^/channels/{channel.id}/messages$"))
    assert calls == 2
    under_way.release()
    await on_discord.server.changes.until(
        lambda: all(one.status for one in on_discord.server.calls), 10.0, "the late post"
    )
    assert len(on_discord.server.posted(channel)) == 1


async def test_post_on_slack_that_outlives_its_process_is_in_doubt_and_not_made_twice(
    on_slack: Place,
) -> None:
    channel, schedule, under_way = await killed_while_posting(on_slack)
    assert await outcome(on_slack, SHORT_LEASE, channel, schedule) == (State.DOUBT, 0)
    under_way.release()
    await on_slack.server.until(
        lambda: all(one.status for one in on_slack.server.calls), "the late post"
    )
    assert len(on_slack.server.posted(channel)) == 1


async def stopping(port: int) -> None:
    """Wait until a process says that it has begun to stop."""
    async with (
        asyncio.timeout(ENDS_WITHIN_S),
        aiohttp.ClientSession(f"http://{HOST}:{port}") as session,
    ):
        while True:
            async with session.get("/readyz") as answer:
                if "process: stopping" in await answer.text():
                    return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("platform", [discord, slack])
async def test_stop_while_a_digest_is_posted_finishes_it_first(
    tmp_path: Path, platform: Callable[[Path], AbstractAsyncContextManager[Place]]
) -> None:
    async with platform(tmp_path) as place:
        channel, schedule = await place.turn_on()
        under_way = place.hang()
        async with place.healthy(ORDINARY) as process:
            await under_way.reached()
            process.send_signal(signal.SIGTERM)
            await stopping(place.port)
            under_way.release()
            assert await code(process) == 0
        turn = await place.turn(schedule)
        assert turn is not None
        assert turn.state is State.POSTED
        assert len(place.server.posted(channel)) == 1
