"""What is closest in meaning, through the storage port, against numpy over all vectors.

``python -m benchmarks.meaning 1000000`` prints the same for any number of passages.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.timing import Ratio, compare
from bot.core.catalog import PUBLIC
from bot.core.embedding import SCALE
from bot.core.ports import Store
from bot.core.settings import StorageSettings
from bot.core.vectors import Meant
from storage import open_store

DIMENSIONS = 384
MODEL = "made up"
SUBJECTS = 500
"""Passages are about one of so many, as those of a talk are: random ones would all be as far."""

PER_EPISODE = 700
QUERIES = 20
LIMIT = 60
SIZES = {10_000: 10.0, 100_000: 1.0}
"""Passages, and how many times numpy's own time the search may take.

Of what has few signs in common nothing is measured. What is more than numpy's own time is the hop,
the signs, and the tables read under the fence.
"""

MEMORY_MB = 240
"""Of the 400 that a process with the model may take; the model takes 160."""

ASK = """
import asyncio, sys
from benchmarks.meaning import asked, opened
from bot.core.catalog import PUBLIC
from tests.fakes.memory import peak_megabytes
async def main():
    store = opened(sys.argv[1])
    for meant in asked():
        found = await store.nearest(PUBLIC, meant, patience_s=60)
    await store.close()
    assert found.complete and len(found.near) == 60
asyncio.run(main())
print(peak_megabytes())
"""


async def ratios(folder: Path) -> list[Ratio]:
    """Return the time of a search at each size, and the memory of the largest."""
    found: list[Ratio] = []
    for size, goal in SIZES.items():
        path = await filled(folder, size)
        found.append(await _against_numpy(path, size, goal))
    megabytes = _peak_mb(path)
    # Printed as millionths like the times: read "us" as MB.
    what = f"memory of meaning, {size:,} passages"
    return [*found, Ratio(what, megabytes / 1e6, MEMORY_MB / 1e6, 1.0)]


def _peak_mb(path: Path) -> float:
    """Return the peak of a process that does nothing but ask."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK, str(path)], capture_output=True, check=True, text=True
    )
    return float(ran.stdout)


async def filled(folder: Path, size: int) -> Path:
    """Return a database of so many passages that have vectors, and nothing to say."""
    path = folder / f"meaning-{size}.db"
    store = opened(path)
    await store.migrate()
    await store.use_model(MODEL)
    await store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for number, start in enumerate(range(0, size, PER_EPISODE), 1):
            _add(connection, number, start, min(PER_EPISODE, size - start))
        counted = "UPDATE scope SET spoken_count = (SELECT count(*) FROM spoken_passage)"
        connection.execute(counted)
        connection.commit()
    return path


def _add(connection: sqlite3.Connection, number: int, start: int, count: int) -> None:
    connection.execute(
        "INSERT INTO episode (id, tenant, digest, title, media_key, media_url, source_label, words,"
        " intro, reference_list, layout) VALUES (?, 'public', '', ?, ?, '', '', '', '', '[]', '')",
        (number, f"Talk {number}", f"youtube:{number}"),
    )
    bodies = made(number, count)
    connection.executemany(
        "INSERT INTO vector (id, digest, model, body) VALUES (?, ?, 1, ?)",
        [(start + n + 1, f"{start + n:016}".encode(), bodies[n].tobytes()) for n in range(count)],
    )
    connection.executemany(
        "INSERT INTO spoken_passage (episode_id, scope, first_sentence, last_sentence, stems,"
        " vector_id) VALUES (?, 1, ?, ?, ?, ?)",
        [(number, n, n, "stem " * 60, start + n + 1) for n in range(count)],
    )
    connection.execute("INSERT INTO vector_change VALUES (1, ?, ?)", (number, number))


def made(seed: int, count: int) -> np.ndarray:
    """Return so many vectors of some subjects."""
    subjects = np.random.default_rng(0).standard_normal((SUBJECTS, DIMENSIONS), dtype=np.float32)
    chance = np.random.default_rng(seed)
    parts = subjects[chance.integers(0, SUBJECTS, count)]
    parts = parts + chance.standard_normal((count, DIMENSIONS), dtype=np.float32)
    parts /= np.linalg.norm(parts, axis=1, keepdims=True)
    return np.clip(np.round(parts * SCALE), -127, 127).astype(np.int8)


def opened(path: Path | str) -> Store:
    """Return the store of a file."""
    return open_store(StorageSettings(url=f"sqlite:///{path}"))


def asked() -> list[Meant]:
    """Return what is asked for."""
    return [Meant(MODEL, one.tobytes()) for one in made(10**6, QUERIES)]


async def _against_numpy(path: Path, size: int, goal: float) -> Ratio:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT body FROM vector ORDER BY id").fetchall()
    every = np.frombuffer(b"".join(body for (body,) in rows), np.int8).reshape(-1, DIMENSIONS)
    floats = every.astype(np.float32)

    def floor(meant: Meant) -> object:
        close = floats @ np.frombuffer(meant.vector, np.int8).astype(np.float32)
        best = np.argpartition(-close, LIMIT)[:LIMIT]
        return best[np.argsort(-close[best])]

    store = opened(path)
    try:
        await store.nearest(PUBLIC, asked()[0], patience_s=60)
        return await compare(
            f"closest in meaning, {size:,} passages",
            goal,
            asked(),
            lambda meant: store.nearest(PUBLIC, meant, limit=LIMIT),
            floor,
        )
    finally:
        await store.close()


async def _print(size: int) -> None:
    """Print what takes how long at one size, without what numpy takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = await filled(Path(folder), size)
        store = opened(path)
        first, *others = asked()
        start = time.perf_counter()
        found = await store.nearest(PUBLIC, first)
        print(f"first answer {time.perf_counter() - start:.2f} s, complete: {found.complete}")
        await store.nearest(PUBLIC, first, patience_s=600)
        print(f"all in memory {time.perf_counter() - start:.2f} s")
        times: list[float] = []
        for meant in others:
            start = time.perf_counter()
            await store.nearest(PUBLIC, meant)
            times.append(time.perf_counter() - start)
        await store.close()
        print(f"median {statistics.median(times) * 1e3:.1f} ms, most {max(times) * 1e3:.1f} ms")
        print(f"peak memory of a process that asks: {_peak_mb(path):.0f} MB")


if __name__ == "__main__":
    asyncio.run(_print(int(sys.argv[1])))
