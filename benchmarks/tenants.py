"""Search in one community of 97, against a filter by a join, and while the others grow."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.catalogs import PER_EPISODE, Catalog, made
from benchmarks.made_rows import COMMON
from benchmarks.questions import worst
from benchmarks.storage import any_word
from benchmarks.timing import REPEATS, Ratio, compare, leave_out_what_is_held, seconds
from bot.core.catalog import Tenant
from bot.core.ports import Store
from bot.core.query import parse_query

TENANTS = 97
QUERIES = 20
WORDS = 3
COMMON_TO = 400
"""Words are drawn from so many of the most frequent ones, those that many rows hold."""

JOIN_GOAL, GROWTH_GOAL = 0.1, 1.25
LARGE = 1_000_000
"""Segments from which the goal holds: before, what every search costs anyway decides."""

ASKED = Tenant("slack:t0")

FILTERED = """
SELECT segment.id, segment.title, segment.text, bm25(words, 8, 1) AS score
FROM words JOIN segment ON segment.id = words.rowid
JOIN episode ON episode.id = segment.episode AND episode.tenant = ?
WHERE words MATCH ? ORDER BY score LIMIT 10
"""


async def ratios(folder: Path, segments: int, words: int) -> list[Ratio]:
    """Return the ratios to a join, to a catalog whose other tenants are a tenth, and the worst.

    The larger catalog has about so many segments of so many words.
    """
    own = segments // TENANTS // PER_EPISODE
    small = await _made(folder, f"few-{segments}", own, own // 10, words)
    large = await _made(folder, f"many-{segments}", own, own, words)
    queries = _queries(large)
    few, many = small.opened(), large.opened()
    leave_out_what_is_held()
    each = f"one of {TENANTS} tenants, {segments:,}"
    with closing(large.plain()) as plain:
        try:
            joined = await compare(
                f"search in {each} / a join",
                JOIN_GOAL if segments >= LARGE else None,
                queries,
                lambda words: many.search(ASKED, parse_query(words), limit=10),
                lambda words: plain.execute(FILTERED, (ASKED, any_word(words))).fetchall(),
            )
            grown = await _grown(few, many, queries)
            return [joined, grown, *await worst(many, large, ASKED, each)]
        finally:
            await few.close()
            await many.close()


async def _made(folder: Path, name: str, own: int, others: int, words: int) -> Catalog:
    """Return a catalog of the episodes of the tenant that asks, and of each of the others."""
    tenants = [Tenant(f"slack:t{number}") for number in range(TENANTS)]
    owners = [
        tenant
        for turn in range(own)
        for number, tenant in enumerate(tenants)
        if number == 0 or turn < others
    ]
    return await made(folder, name, len(owners) * PER_EPISODE, words, owners)


def _queries(catalog: Catalog) -> list[str]:
    chance = random.Random(5)
    words = catalog.rows.words
    return [
        " ".join(words[number] for number in chance.sample(range(COMMON, COMMON_TO), WORDS))
        for _ in range(QUERIES)
    ]


async def _grown(few: Store, many: Store, queries: Sequence[str]) -> Ratio:
    """Return what a search takes beside neighbours of ten times the size, turn by turn."""
    times: dict[Store, list[float]] = {few: [], many: []}
    for round_ in range(REPEATS + 1):
        for words in queries:
            for store, taken in times.items():
                took = await seconds(store.search(ASKED, parse_query(words), limit=10))
                if round_:
                    taken.append(took)
    medians = [statistics.median(taken) for taken in times.values()]
    return Ratio("the same, others ten times as large", medians[1], medians[0], GROWTH_GOAL)
