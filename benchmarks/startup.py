"""Cold start and idle memory of the bot, against importing its SDKs alone."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.timing import REPEATS, Ratio

START_GOAL, MEMORY_GOAL = 1.3, 1.25

LATE = ("numpy", "onnxruntime", "tokenizers", "google.genai", "google.generativeai", "yt_dlp")
"""Packages that are imported when they are first used: for a text to embed, a note to shorten."""

REPORT = """
import time
ready = time.clock_gettime(time.CLOCK_MONOTONIC)
import sys
from tests.fakes.memory import peak_megabytes
late = [name for name in os.environ["LATE"].split() if name in sys.modules]
print(ready, peak_megabytes(), ",".join(late) or "none")
"""

SDKS = (
    """
import os, discord, discord.app_commands, aiosqlite
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
    environment["LATE"] = " ".join(LATE)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # the SDKs were installed with theirs
    runs: dict[str, list[tuple[float, float, str]]] = {SDKS: [], BOT: []}
    for round_ in range(REPEATS + 1):
        for script, measured in runs.items():
            result = _run(script, environment)
            if round_:  # the first round writes bytecode and the database
                measured.append(result)
    seconds = {script: statistics.median(r[0] for r in all_) for script, all_ in runs.items()}
    memory = {script: statistics.median(r[1] for r in all_) for script, all_ in runs.items()}
    loaded = runs[BOT][-1][2]
    return [
        Ratio("cold start to ready to connect", seconds[BOT], seconds[SDKS], START_GOAL),
        # Megabytes, printed as millionths like the times: read "us" as MB.
        Ratio("idle memory (MB)", memory[BOT] / 1e6, memory[SDKS] / 1e6, MEMORY_GOAL),
        Ratio(f"packages loaded before their use: {loaded}", len(_names(loaded)) / 1e6, 1e-6, 0.0),
    ]


def _names(loaded: str) -> list[str]:
    return [] if loaded == "none" else loaded.split(",")


def _run(script: str, environment: dict[str, str]) -> tuple[float, float, str]:
    """Return (seconds from start to report, peak MB, late packages that are loaded) of one run."""
    import time

    start = time.clock_gettime(time.CLOCK_MONOTONIC)
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    ready, peak, loaded = ran.stdout.split()[-3:]
    return float(ready) - start, float(peak), loaded
