"""Cold start and idle memory of the bot, against importing its SDKs alone."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.timing import REPEATS, Ratio

START_GOAL, MEMORY_GOAL = 1.3, 1.25

REPORT = """
import time
ready = time.clock_gettime(time.CLOCK_MONOTONIC)
from tests.fakes.memory import peak_megabytes
print(ready, peak_megabytes())
"""

SDKS = (
    """
import discord, discord.app_commands, aiosqlite
import slack_bolt.async_app, slack_bolt.adapter.socket_mode.aiohttp
"""
    + REPORT
)

# The bot ready to connect to both: arguments and settings read, database open, client built.
BOT = (
    """
import asyncio, os
import bot.__main__
from bot.cli import build_parser
from bot.config import load_settings

async def main():
    build_parser().parse_args(["run"])
    settings = load_settings(os.environ)
    from bot.bootstrap import make_host, make_ports, new_id, opened_store
    async with opened_store(settings, sample=True) as store:
        from adapters.discord.answering import Pace
        from adapters.discord.app import SegueClient
        SegueClient(make_host(make_ports(store, settings), settings), Pace(), new_id)
        import adapters.slack.app
"""
    + "".join(f"        {line}\n" for line in REPORT.strip().splitlines())
    + "\nasyncio.run(main())\n"
)


def ratios(folder: Path) -> list[Ratio]:
    """Return the ratios of time to readiness and of memory, each a median of rounds."""
    environment = {**os.environ, "SEGUE_STORAGE__URL": f"sqlite:///{folder}/start.db"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # the SDKs were installed with theirs
    runs: dict[str, list[tuple[float, float]]] = {SDKS: [], BOT: []}
    for round_ in range(REPEATS + 1):
        for script, measured in runs.items():
            result = _run(script, environment)
            if round_:  # the first round writes bytecode and the database
                measured.append(result)
    seconds = {script: statistics.median(r[0] for r in all_) for script, all_ in runs.items()}
    memory = {script: statistics.median(r[1] for r in all_) for script, all_ in runs.items()}
    return [
        Ratio("cold start to ready to connect", seconds[BOT], seconds[SDKS], START_GOAL),
        # Megabytes, printed as millionths like the times: read "us" as MB.
        Ratio("idle memory (MB)", memory[BOT] / 1e6, memory[SDKS] / 1e6, MEMORY_GOAL),
    ]


def _run(script: str, environment: dict[str, str]) -> tuple[float, float]:
    """Return (seconds from the process's start to its report, peak MB) of one run."""
    import time

    start = time.clock_gettime(time.CLOCK_MONOTONIC)
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    ready, peak = map(float, ran.stdout.split()[-2:])
    return ready - start, peak
