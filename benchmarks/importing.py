"""A long talk brought into the catalog: how long it takes, how that grows, and how much memory.

The talk is made up, fifteen thousand cues to five hours, as captions of a video are.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.timing import Ratio
from bot.core.catalog import PUBLIC
from bot.core.settings import StorageSettings
from bot.services.ingestion import Recording, import_document
from storage import open_store

HOURS, MOST_HOURS = 5, 20
CUES_PER_HOUR = 3_000
WORDS_OF_CUE = 4
CUES_TO_A_STOP = 5
VOCABULARY = 5_000
"""Different words of a talk; a real one of five hours has 4,600 among its 61,000."""
REPEATS = 5

WITHIN_S, TIME_GOAL = 1.0, 1.0
GROWTH_GOAL = 4.6
MEMORY_MB, MEMORY_GOAL = 300, 1.0

PEAK = """
import sys
from bot.cli import main
from tests.fakes.memory import peak_megabytes
status = main(sys.argv[1:])
print(peak_megabytes(), file=sys.stderr)
sys.exit(status)
"""


async def ratios(folder: Path) -> list[Ratio]:
    """Return the time of five hours against a second, of twenty against five, and the memory."""
    short, long = talk(HOURS), talk(MOST_HOURS)
    times: dict[int, list[float]] = {HOURS: [], MOST_HOURS: []}
    for number in range(REPEATS):
        for hours, document in ((HOURS, short), (MOST_HOURS, long)):
            times[hours].append(await _seconds(folder / f"{hours}-{number}.db", document))
    five, twenty = (statistics.median(times[hours]) for hours in (HOURS, MOST_HOURS))
    return [
        Ratio(f"import of a talk of {HOURS} h", five, WITHIN_S, TIME_GOAL),
        Ratio(f"{MOST_HOURS} h of talk against {HOURS} h", twenty, five, GROWTH_GOAL),
        # Megabytes, printed as millionths like the times: read "us" as MB.
        Ratio(
            f"peak memory, {MOST_HOURS} h of talk",
            _peak_mb(folder, long) / 1e6,
            MEMORY_MB / 1e6,
            MEMORY_GOAL,
        ),
    ]


def talk(hours: int) -> bytes:
    """Return so many hours of talk as WebVTT."""
    corpus = Corpus(hours, VOCABULARY)
    step_ms = 3_600_000 // CUES_PER_HOUR
    cues = ["WEBVTT\n"]
    for number in range(hours * CUES_PER_HOUR):
        stop = "." if number % CUES_TO_A_STOP == CUES_TO_A_STOP - 1 else ""
        start, end = _clock(number * step_ms), _clock((number + 1) * step_ms)
        cues.append(f"{start} --> {end}\n{corpus.text(WORDS_OF_CUE)}{stop}\n")
    return "\n".join(cues).encode()


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1_000)
    return f"{seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


async def _seconds(path: Path, document: bytes) -> float:
    store = open_store(StorageSettings(url=f"sqlite:///{path}"))
    try:
        await store.migrate()
        start = time.perf_counter()
        await import_document(store, PUBLIC, document, Recording(title="A talk"), name="talk.vtt")
        return time.perf_counter() - start
    finally:
        await store.close()


def _peak_mb(folder: Path, document: bytes) -> float:
    """Return the peak of a process that does nothing but import, in megabytes."""
    file = folder / "talk.vtt"
    file.write_bytes(document)
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, "import", str(file), "--title", "A talk"],
        env={"SEGUE_STORAGE__URL": f"sqlite:///{folder}/peak.db"},
        capture_output=True,
        check=True,
        text=True,
    )
    return float(ran.stderr.split()[-1])
