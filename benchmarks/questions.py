"""A question as people ask it aloud, and queries of shapes that would run away, on many rows."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from itertools import pairwise

from benchmarks.catalogs import Catalog
from benchmarks.made_rows import COMMON, vocabulary
from benchmarks.storage import any_word
from benchmarks.timing import Ratio, compare, slowest
from bot.core.catalog import PUBLIC, Tenant
from bot.core.ports import Store
from bot.core.query import parse_query
from bot.services.spelling import spelled

QUESTIONS = 8
STOP_WORDS, OTHER_WORDS = 8, 3
"""Words of a question: half of what is said are words that every text has."""

REPEATS = 3
QUESTION_GOAL, QUESTION_SIZE = 1 / 8, 1_000_000
"""The goal is one of so many segments: what a full OR takes grows with them."""

LONGEST_S = 0.15

FULL = """
SELECT segment.id, segment.title, segment.text, found.score
FROM (SELECT rowid, bm25(words, 8, 1) AS score FROM words WHERE words MATCH ?
      ORDER BY score LIMIT 60) AS found
JOIN segment ON segment.id = found.rowid ORDER BY found.score
"""


def questions() -> list[str]:
    """Return questions whose words are as common as those of talk."""
    chance = random.Random(3)
    words = vocabulary()
    others = range(COMMON, len(words))
    weights = [1 / (number + 1) for number in others]
    found: list[str] = []
    for _ in range(QUESTIONS):
        asked = [words[number] for number in chance.sample(range(COMMON // 2), STOP_WORDS)]
        asked += [words[number] for number in chance.choices(others, weights, k=OTHER_WORDS)]
        chance.shuffle(asked)
        found.append(" ".join(asked))
    return found


def hostile(catalog: Catalog) -> dict[str, str]:
    """Return queries by their shape, each as bad as its shape allows."""
    chance = random.Random(4)
    words = vocabulary()
    stops, common = words[:COMMON], words[COMMON : COMMON + 16]
    text = catalog.rows.texts[0]
    return {
        "stop-words, each quoted": " ".join(f'"{word}"' for word in stops[:16]),
        "stop-words, one phrase": f'"{" ".join(stops[:24])}"',
        "two stop-words, one phrase": '"the a"',
        "stop-words in phrases": " ".join(f'"{a} {b}"' for a, b in pairwise(stops[:17])),
        "the commonest words": " ".join(common),
        "the commonest words as a phrase": f'"{" ".join(common)}"',
        "the commonest words as compounds": " ".join(
            f"{a}-{b}" for a, b in zip(stops, common, strict=False)
        ),
        "a long phrase that is there": f'"{text}"',
        "200 words": " ".join(chance.choices(words[COMMON:], k=200)),
        "one-letter words": " ".join("abcdefghijklmnopqrstuvwxyz"),
        "unknown words": " ".join("".join(chance.choices("qxzj", k=9)) for _ in range(16)),
        "stop-words and what sponsors say": 'ads "the" "a" "to" "and" "of"',
        "one stop-word, quoted": '"the"',
        "no word": '?!… "" \' * NEAR( ^',
    }


async def ratios(catalog: Catalog) -> list[Ratio]:
    """Return what questions take of their full OR, and the slowest shape of a search."""
    size = len(catalog.rows.titles)
    store = catalog.opened()
    with closing(catalog.plain()) as plain:
        try:
            return [
                await _question(store, plain, size),
                *await worst(store, catalog, PUBLIC, f"{size:,}"),
            ]
        finally:
            await store.close()


async def _question(store: Store, plain: sqlite3.Connection, size: int) -> Ratio:
    return await compare(
        f"a spoken question / its full OR, {size:,}",
        QUESTION_GOAL if size >= QUESTION_SIZE else None,
        questions(),
        lambda asked: store.search(PUBLIC, parse_query(asked)),
        lambda asked: plain.execute(FULL, (any_word(asked),)).fetchall(),
        repeats=REPEATS,
    )


async def worst(store: Store, catalog: Catalog, tenant: Tenant, where: str) -> list[Ratio]:
    """Return the slowest shape of a search, and of all that ``/topic`` asks the store by words."""
    shapes = hostile(catalog)
    found: list[Ratio] = []

    async def search(shape: str) -> object:
        return await store.search(tenant, parse_query(shapes[shape]))

    async def topic(shape: str) -> None:
        query = await spelled(store, tenant, parse_query(shapes[shape]))
        await store.search(tenant, query)
        await store.statistics(tenant, query.stems, spoken=True)

    for what, ask in (("search", search), ("search with spelling", topic)):
        longest, shape = await slowest(list(shapes), ask, repeats=REPEATS)
        found.append(
            Ratio(f"{what}, worst shape / 150 ms, {where}: {shape}", longest, LONGEST_S, 1.0)
        )
    return found
