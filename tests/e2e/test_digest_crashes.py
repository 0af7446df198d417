"""A digest is posted at most once, wherever the worker dies and whatever the network does.

Over the real SDKs: the posts are counted at the loopback servers. Only the wall clock is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from adapters.discord import publish as discord_publish
from adapters.slack import publish as slack_publish
from bot.core.catalog import Tenant
from bot.core.digest import State
from bot.core.outlet import Outlet
from tests.e2e.digest_crashes import STEPS, Night, night
from tests.e2e.discord.scripted import adapter as discord_adapter
from tests.e2e.scripted import Bot
from tests.e2e.slack.scripted import adapter as slack_adapter
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_server import SlackServer

FAULTS: dict[str, dict[str, Any] | None] = {
    "none": None,
    "drop_before": {"kind": "drop_before"},
    "drop_after": {"kind": "drop_after"},
    "rate_limit": {"kind": "rate_limit", "retry_after": 1},
    "unavailable": {"kind": "status", "status": 503},
}
SOON, LATE = timedelta(seconds=5), timedelta(minutes=10)
AFTERWARDS = [timedelta(seconds=20)] * 6 + [timedelta(minutes=10)] * 3 + [timedelta(hours=7)]
JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(hours=-30)]

Channels = Callable[[], tuple[Tenant, str, Callable[[], int]]]
"""Makes a new channel: its tenant, its id, and how many posts are in it."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (discord_publish, slack_publish):
        monkeypatch.setattr(module, "PAUSE_S", 0.01)


async def outlet_of(bot: Bot, platform: str) -> Outlet:
    """Return a platform's outlet once it is there."""
    async with asyncio.timeout(10):
        while platform not in bot.host.outlets:  # noqa: ASYNC110 - a dict has no event
            await asyncio.sleep(0.01)
    return bot.host.outlets[platform]


@asynccontextmanager
async def on_discord(folder: Any, fault: dict[str, Any] | None) -> AsyncIterator[Any]:
    async with DiscordServer() as server, discord_adapter(server) as bot:
        outlet = await outlet_of(bot, "discord")

        def channel() -> tuple[Tenant, str, Callable[[], int]]:
            made = server.add_channel(server.guild, f"c{len(server.guild.channels)}")
            if fault:
                server.faults.clear()
                server.faults.add("POST", f"/channels/{made.id}/messages", **fault)
            tenant = Tenant(f"discord:{server.guild.id}")
            return tenant, made.id, lambda: len(server.posted(made))

        async with night(folder, "discord", outlet) as dark:
            yield dark, channel
        server.faults.clear()


@asynccontextmanager
async def on_slack(folder: Any, fault: dict[str, Any] | None, **changes: Any) -> AsyncIterator[Any]:
    async with SlackServer() as server, slack_adapter(server, **changes) as bot:
        outlet = await outlet_of(bot, "slack")
        numbers = iter(range(1_000))

        def channel() -> tuple[Tenant, str, Callable[[], int]]:
            made = server.add_channel(f"c{next(numbers)}")
            server.faults.clear()
            if fault:
                server.faults.add("chat.postMessage", **fault)
            tenant = Tenant(f"slack:{server.team.id}")
            return tenant, made.id, lambda: len(server.posted(made))

        async with night(folder, "slack", outlet) as dark:
            # Messages have the times of the night.
            server.world.ids.now_ns = lambda: int(dark.clock.now().timestamp()) * 10**9
            yield dark, channel
        server.faults.clear()


def looking_on_slack(folder: Any, fault: dict[str, Any] | None) -> Any:
    return on_slack(folder, fault, look_up_posts="on")


PLATFORMS = {"discord": on_discord, "slack": on_slack, "slack looking": looking_on_slack}
each_platform = pytest.mark.parametrize("place", PLATFORMS.values(), ids=PLATFORMS)


def is_accounted_for(state: State, posts: int, *, surely: bool) -> bool:
    """Return whether a turn ended as it may: posted once, or openly not known to be."""
    if state is State.POSTED:
        return posts == 1
    # In doubt a post may be there; never two. Nothing is forgotten where it was sure.
    return state is State.DOUBT and posts <= 1 and not surely


async def outcome(dark: Night, channel: Channels, *events: Any) -> tuple[State, int]:
    """Turn a digest on, let the events come, and return its first turn and the posts of it."""
    tenant, ident, posts = channel()
    schedule = await dark.turn_on(tenant, ident)
    for event in events:
        await event()
    newest = await dark.turns(schedule)
    first = newest[-1]
    later = sum(1 for turn in newest[:-1] if turn.state is State.POSTED)
    await dark.store.turn_off(tenant, ident)
    return first.state, posts() - later


@each_platform
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.timeout(120)
async def test_digest_is_posted_once_or_openly_in_doubt_wherever_the_worker_dies(
    tmp_path: Any, place: Any, fault: str
) -> None:
    wrong = []
    # A rate limit is waited for in real time; where nothing is posted yet there is none.
    steps = STEPS[STEPS.index("claim_turn") :] if fault == "rate_limit" else STEPS
    async with place(tmp_path, FAULTS[fault]) as (dark, channel):
        for step in steps:
            for after in (False, True):
                for pause in (SOON,) if fault == "rate_limit" else (SOON, LATE):
                    state, posts = await outcome(
                        dark,
                        channel,
                        lambda step=step, after=after: dark.die(step, after=after),
                        lambda pause=pause: dark.live(pause, *AFTERWARDS),
                    )
                    # Before the claim nothing was begun: then the turn must be posted.
                    before = STEPS.index(step) < STEPS.index("claim_turn") or (
                        step == "claim_turn" and not after
                    )
                    surely = before and fault in {"none", "rate_limit"}
                    if not is_accounted_for(state, posts, surely=surely):
                        wrong.append((step, after, pause, state, posts))
    assert wrong == []


@pytest.mark.parametrize(
    ("fault", "step", "state"),
    [
        (None, "post", State.POSTED),
        (None, "settle_turn", State.POSTED),
        ("drop_after", None, State.POSTED),
        ("drop_before", None, State.DOUBT),
        ("drop_before", "settle_turn", State.DOUBT),
    ],
)
async def test_digest_that_is_there_is_found_on_slack_where_it_is_looked_for(
    tmp_path: Any, fault: str | None, step: str | None, state: State
) -> None:
    async with looking_on_slack(tmp_path, FAULTS[fault or "none"]) as (dark, channel):
        tenant, ident, posts = channel()
        schedule = await dark.turn_on(tenant, ident)
        if step:
            await dark.die(step, after=step == "post")
        await dark.live(*AFTERWARDS[:6])
        (turn,) = await dark.turns(schedule)
        assert (turn.state, posts()) == (state, int(state is State.POSTED))
        assert bool(turn.message) is (state is State.POSTED)
        assert ("history does not show it" in turn.reason) is (state is State.DOUBT)


@each_platform
@pytest.mark.parametrize("jump", JUMPS, ids=str)
async def test_clock_that_jumps_while_a_worker_is_gone_posts_nothing_twice(
    tmp_path: Any, place: Any, jump: timedelta
) -> None:
    wrong = []
    async with place(tmp_path, None) as (dark, channel):
        for step in ("claim_turn", "post", "settle_turn"):
            state, posts = await outcome(
                dark,
                channel,
                lambda step=step: dark.die(step, after=True),
                # Until the clock is where it was, and a day beyond: then every lease is over.
                lambda: dark.live(jump, *AFTERWARDS, *[timedelta(hours=7)] * 8),
            )
            if posts > 1 or state not in {State.POSTED, State.DOUBT}:
                wrong.append((step, state, posts))
    assert wrong == []
