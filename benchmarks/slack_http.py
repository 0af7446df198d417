"""Signed ``/topic`` over HTTP: the bot against bare bolt, as processes asked by one client.

Rounds of requests, one after the other, go to each process in turn; the CPU of a process is all it
spent, threads included. What the query itself costs is measured where it is spent: in
a process of bare bolt whose listener asks the core and throws its answer away.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.timing import REPEATS, Ratio
from tests.e2e.slack.conftest import callable_by_slack, listening
from tests.fakes.ports import free_port
from tests.fakes.slack_server import SlackServer

REQUESTS = 150
"""Requests of one round; a round's CPU is read in hundredths of a second."""

CPU_GOAL, LATENCY_GOAL = 1.6, 0.2
SECRET = "s3cr3t"  # noqa: S105 - the loopback server's
WORDS = "kv cache"

BOLT = """
import asyncio, os, time
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from bot.bootstrap import make_host, make_ports, opened_store
from bot.config import load_settings
from bot.core.catalog import Tenant
from bot.core.commands import Invocation, User

async def main():
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["API_URL"])
    app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"],
                   process_before_response={before})
    settings = load_settings(os.environ)
    async with opened_store(settings, sample=True) as store:
        dispatch = make_host(make_ports(store, settings), settings).dispatch

        @app.command("/segue")
        async def segue(ack, body):
            if {query}:
                await dispatch(Invocation(
                    "topic", dict(words="kv cache"), Tenant("slack:" + body["team_id"]),
                    body["channel_id"], User(body["user_id"], body["user_name"]),
                    time.monotonic() + 7, body["trigger_id"], can_share=True))
            await ack("kv cache")

        runner = web.AppRunner(app.web_app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
        await asyncio.Event().wait()

asyncio.run(main())
"""


@dataclass
class Served:
    """A process that is asked; ``cpu`` and ``latency`` hold seconds per request."""

    command: list[str]
    port: int = field(default_factory=free_port)
    pid: int = 0
    cpu: list[float] = field(default_factory=list)
    latency: list[float] = field(default_factory=list)


def _bolt(*, before: bool, query: bool) -> Served:
    return Served([sys.executable, "-c", BOLT.format(before=before, query=query)])


async def ratios(folder: Path) -> list[Ratio]:
    """Return the CPU of a request and its latency, medians over rounds."""
    ours = Served([sys.executable, "-m", "bot", "run"])
    floor = _bolt(before=True, query=True)
    default = _bolt(before=False, query=False)
    async with SlackServer(mode="http", signing_secret=SECRET) as server:
        user = server.user().id
        with contextlib.ExitStack() as stack:
            for number, one in enumerate((ours, floor, default)):
                stack.enter_context(_running(one, _environment(server, folder, number)))
                await (callable_by_slack if one is ours else listening)(one.port)
            for round_ in range(REPEATS + 1):
                for one in (ours, floor, default):
                    # In a thread: the server on loopback answers from this one.
                    await asyncio.to_thread(_ask, one, round_, server.team.id, user)
    return [
        Ratio(
            "CPU of a signed /topic",
            statistics.median(ours.cpu[1:]),
            statistics.median(floor.cpu[1:]),
            CPU_GOAL,
        ),
        Ratio(
            "p50 of a signed /topic, one client",
            statistics.median(ours.latency),
            statistics.median(default.latency),
            LATENCY_GOAL,
        ),
    ]


def _environment(server: SlackServer, folder: Path, number: int) -> dict[str, str]:
    return {
        **os.environ,
        "API_URL": server.api_url,
        "SEGUE_SLACK__API_URL": server.api_url,
        "SEGUE_SLACK__MODE": "http",
        "SEGUE_STORAGE__URL": f"sqlite:///{folder}/slack{number}.db",
        "SEGUE_LIMITS__COMMANDS_PER_MINUTE": "0",
        "SEGUE_HTTP__HOST": "127.0.0.1",
        "SEGUE_LOG__LEVEL": "ERROR",
        "SLACK_BOT_TOKEN": server.bot_token,
        "SLACK_SIGNING_SECRET": SECRET,
    }


@contextmanager
def _running(one: Served, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        one.command,
        env={**environment, "PORT": str(one.port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    one.pid = process.pid
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _ask(one: Served, round_: int, team: str, user: str) -> None:
    """Send one round of requests, each different, as Slack's are."""
    before = _cpu_seconds(one.pid)
    with closing(http.client.HTTPConnection("127.0.0.1", one.port)) as connection:
        for number in range(REQUESTS):
            body, headers = _signed(f"{round_}.{number}", team, user)
            start = time.perf_counter()
            connection.request("POST", "/slack/events", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if round_:  # the first round only warms caches
                one.latency.append(time.perf_counter() - start)
            assert answer.status == 200, answer.status
            assert WORDS.encode() in text.lower()
    one.cpu.append((_cpu_seconds(one.pid) - before) / REQUESTS)


def _signed(trigger: str, team: str, user: str) -> tuple[bytes, dict[str, str]]:
    body = urlencode(
        {
            "team_id": team,
            "channel_id": "C1",
            "user_id": user,
            "user_name": "alice",
            "command": "/segue",
            "text": f"topic {WORDS}",
            "response_url": "http://127.0.0.1:1/",
            "trigger_id": trigger,
        }
    )
    at = str(int(time.time()))
    made = hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return body.encode(), {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={made}",
    }


def _cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process, all threads (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
