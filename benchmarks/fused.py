"""``/topic`` by words and meaning: the real model, over talk that has vectors.

``python -m benchmarks.fused`` prints these ratios alone.
"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.catalogs import FAST
from benchmarks.made_rows import Rows, made_rows
from benchmarks.questions import questions
from benchmarks.timing import REPEATS, Ratio, compare, percentile, seconds
from bot.bootstrap import make_ports
from bot.core.catalog import PUBLIC
from bot.core.commands import Invocation, User
from bot.core.embedding import SCALE, Embedder
from bot.core.settings import Settings, StorageSettings
from bot.core.vectors import Meant
from bot.services.registry import Ports
from bot.services.topics import topic
from storage import open_store
from storage.sqlite import index

WORDS = 80
SENTENCES = 5
PER_EPISODE = 700
SUBJECTS = 300
"""What passages are about besides what is asked for."""

SIZE, SMALLER = 100_000, 10_000
P95_S, TOKEN_SET_GOAL, MEMORY_MB = 0.05, 0.1, 400
PATIENCE_S = 120

ASK = """
import asyncio, sys
from pathlib import Path
from benchmarks.fused import ask_all
from tests.fakes.memory import megabytes
asyncio.run(ask_all(Path(sys.argv[1])))
print(megabytes())
"""


async def ratios(folder: Path) -> list[Ratio]:
    """Return the p95 and the memory of many passages, and fewer beside rapidfuzz."""
    large, _ = await filled(folder, SIZE)
    small, texts = await filled(folder, SMALLER)
    latency = await _p95(large)
    ran = await asyncio.to_thread(_peak_mb, large)
    return [
        latency,
        # Megabytes, printed as millionths like the times: read "us" as MB.
        Ratio(f"memory with the model, {SIZE:,} passages", ran / 1e6, MEMORY_MB / 1e6, 1.0),
        await _against_token_set(small, texts),
    ]


def _opened(path: Path) -> Ports:
    settings = Settings(storage=StorageSettings(url=f"sqlite:///{path}"))
    return make_ports(open_store(settings.storage), settings)


def _embedder(ports: Ports) -> Embedder:
    if ports.embedder is None:
        raise RuntimeError("the settings name no model")
    return ports.embedder


async def _ask(ports: Ports, words: str) -> object:
    return await topic(
        ports,
        Invocation(
            "topic", {"words": words}, PUBLIC, "c", User("u", "A"), time.monotonic() + 9, "r"
        ),
    )


async def _ready(path: Path) -> Ports:
    """Return the ports of a database whose vectors and whose model are in memory."""
    ports = _opened(path)
    (vector,) = await asyncio.to_thread(_embedder(ports).embed, [questions()[0]])
    asked = Meant(_embedder(ports).model, vector)
    await ports.store.nearest(PUBLIC, asked, patience_s=PATIENCE_S)
    return ports


async def ask_all(path: Path) -> None:
    """Ask every question of a database."""
    ports = await _ready(path)
    for words in questions():
        await _ask(ports, words)
    await ports.store.close()


def _peak_mb(path: Path) -> float:
    """Return what a process takes that has asked."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK, str(path)], capture_output=True, check=True, text=True
    )
    return float(ran.stdout)


async def _p95(path: Path) -> Ratio:
    ports = await _ready(path)
    times: list[float] = []
    for round_ in range(REPEATS + 1):
        measured = [await seconds(_ask(ports, words)) for words in questions()]
        times += measured if round_ else []
    await ports.store.close()
    return Ratio(f"p95 of /topic by meaning / 50 ms, {SIZE:,}", percentile(times, 95), P95_S, 1.0)


async def _against_token_set(path: Path, texts: Sequence[str]) -> Ratio:
    ports = await _ready(path)
    try:
        return await compare(
            f"/topic by meaning / rapidfuzz token set, {SMALLER:,}",
            TOKEN_SET_GOAL,
            questions(),
            lambda words: _ask(ports, words),
            lambda words: process.extract(words, texts, scorer=fuzz.token_set_ratio, limit=10),
            repeats=3,
        )
    finally:
        await ports.store.close()


async def filled(folder: Path, size: int) -> tuple[Path, Sequence[str]]:
    """Return a database of talk in so many passages that have vectors, and their texts."""
    path = folder / f"fused-{size}.db"
    ports = _opened(path)
    await ports.store.migrate()
    embedder = _embedder(ports)
    await ports.store.use_model(embedder.model)
    asked = await asyncio.to_thread(embedder.embed, questions())
    await ports.store.close()
    rows = await asyncio.to_thread(made_rows, 7, size, WORDS)
    await asyncio.to_thread(_fill, path, rows, _vectors(asked, size))
    return path, rows.texts


def _vectors(asked: Sequence[bytes], count: int) -> np.ndarray:
    """Return vectors of subjects, among which is all that is asked for."""
    chance = np.random.default_rng(0)
    wanted = np.array([np.frombuffer(one, np.int8) for one in asked], np.float32)
    others = chance.standard_normal((SUBJECTS, wanted.shape[1]), dtype=np.float32)
    subjects = np.concatenate([wanted, others])
    subjects /= np.linalg.norm(subjects, axis=1, keepdims=True)
    parts = subjects[chance.integers(0, len(subjects), count)]
    noise = chance.standard_normal(parts.shape, dtype=np.float32)
    parts = parts + noise / np.linalg.norm(noise, axis=1, keepdims=True)
    parts /= np.linalg.norm(parts, axis=1, keepdims=True)
    return np.clip(np.round(parts * SCALE), -127, 127).astype(np.int8)


def _fill(path: Path, rows: Rows, bodies: np.ndarray) -> None:
    size = len(rows.texts)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FAST)
        for number, start in enumerate(range(0, size, PER_EPISODE), 1):
            _add_talk(connection, number, start, min(PER_EPISODE, size - start), rows, bodies)
        ((_, counts),) = rows.frequencies([0] * size)
        connection.executemany(
            "INSERT INTO spoken_word (scope, length, word, letters, df) VALUES (1, ?, ?, ?, ?)",
            [(len(word), word, index.letters(word), count) for word, count in counts],
        )
        connection.executemany("INSERT INTO spoken_stem VALUES (1, ?, ?)", counts)
        connection.execute("INSERT INTO spoken_index (spoken_index) VALUES ('optimize')")
        connection.execute("UPDATE scope SET spoken_count = ?", (size,))
        connection.commit()


def _add_talk(
    connection: sqlite3.Connection,
    number: int,
    start: int,
    count: int,
    rows: Rows,
    bodies: np.ndarray,
) -> None:
    connection.execute(
        "INSERT INTO episode (id, tenant, digest, title, media_key, media_url, source_label, words,"
        " transcript_label, intro, reference_list, layout)"
        " VALUES (?, 'public', '', ?, ?, '', '', '', 'Captions', '', '[]', '')",
        (number, f"Talk {number}", f"youtube:{number}"),
    )
    connection.execute(
        "INSERT INTO transcript (episode_id, digest, language, source_label, sentence_count,"
        " end_ms, passage_count) VALUES (?, '', 'en', 'Captions', ?, ?, ?)",
        (number, count * SENTENCES, count * SENTENCES * 5_000, count),
    )
    said = [rows.texts[start + place] for place in range(count)]
    sentences = [part for text in said for part in _parts(text.split())]
    connection.executemany(
        "INSERT INTO sentence VALUES (?, ?, ?, ?, '', ?)",
        [
            (number, ordinal, ordinal * 5_000, ordinal * 5_000 + 5_000, text)
            for ordinal, text in enumerate(sentences)
        ],
    )
    places = range(start + 1, start + count + 1)
    connection.executemany(
        "INSERT INTO vector (id, digest, model, body) VALUES (?, ?, 1, ?)",
        [(ident, f"{ident:016}".encode(), bodies[ident - 1].tobytes()) for ident in places],
    )
    connection.executemany(
        "INSERT INTO spoken_passage (id, episode_id, scope, first_sentence, last_sentence, stems,"
        " vector_id) VALUES (?, ?, 1, ?, ?, ?, ?)",
        [
            (ident, number, place * SENTENCES, place * SENTENCES + SENTENCES - 1, text, ident)
            for place, (ident, text) in enumerate(zip(places, said, strict=True))
        ],
    )
    connection.executemany(
        "INSERT INTO spoken_index (rowid, episode, text) VALUES (?, ?, ?)",
        [
            (ident, str(number), index.scoped(text, "1"))
            for ident, text in zip(places, said, strict=True)
        ],
    )
    connection.execute("INSERT INTO vector_change VALUES (1, ?, ?)", (number, number))


def _parts(words: Sequence[str]) -> list[str]:
    """Return the sentences of a passage."""
    length = len(words) // SENTENCES
    return [" ".join(words[place * length : (place + 1) * length]) for place in range(SENTENCES)]


async def _print() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for ratio in await ratios(Path(folder)):
            print(ratio.row())


if __name__ == "__main__":
    asyncio.run(_print())
