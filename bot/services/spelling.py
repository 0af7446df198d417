"""Corrects what is surely a slip: a word the catalog does not have, close to one it has."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.core.catalog import Tenant
from bot.core.ports import Catalog
from bot.core.query import Clause, SearchQuery
from bot.core.stemming import stem
from bot.core.stopwords import STOP_WORDS

SHORTEST = 4
"""Words of three letters or fewer are never corrected: too many are one edit apart."""

TWO_EDITS_FROM = 8
"""Letters from which two edits are allowed."""

MOST_CORRECTED = 4
"""Words of a query that are corrected, the first ones: each is compared with a whole vocabulary."""

FREE_START_FROM = 6
"""Letters from which the first may be wrong too: *race* is a word of its own, not a *face*."""

_ENDINGS = frozenset(
    ["", "e", "s", "es", "ed", "d", "er", "ers", "r", "rs", "ing", "ings", "y", "ies", "ied", "ly"]
)


async def spelled(catalog: Catalog, tenant: Tenant, query: SearchQuery) -> SearchQuery:
    """Return the query with corrections added to the clauses that need one.

    The original word stays beside its correction, so nothing found before is lost.
    """
    candidates = [clause.word for clause in query.clauses]
    wanted = [word for word in candidates if word and len(word) >= SHORTEST]
    unknown = await catalog.unknown_words(tenant, wanted) if wanted else []
    corrected = set(unknown[:MOST_CORRECTED])
    clauses = await asyncio.gather(
        *(
            _corrected(catalog, tenant, clause) if clause.word in corrected else _same(clause)
            for clause in query.clauses
        )
    )
    return replace(query, clauses=tuple(clauses))


async def _same(clause: Clause) -> Clause:
    return clause


async def _corrected(catalog: Catalog, tenant: Tenant, clause: Clause) -> Clause:
    from rapidfuzz.distance import OSA  # only a slip needs it, and most searches have none

    word = clause.word or ""
    edits = 2 if len(word) >= TWO_EDITS_FROM else 1
    similar = await catalog.similar_words(tenant, word, edits)
    if any(is_inflection(word, known) for known, _ in similar):
        return clause
    ranked = sorted(
        (distance, -frequency, known)
        for known, frequency in similar
        if known not in STOP_WORDS
        and (len(word) >= FREE_START_FROM or known[:1] == word[:1])
        and (distance := OSA.distance(word, known, score_cutoff=edits)) <= edits
    )
    return clause.corrected(ranked[0][2]) if ranked else clause


def is_inflection(word: str, known: str) -> bool:
    """Return whether two words of one stem differ only by a regular ending (caches, cached).

    A lost last letter (``cach``) has the stem too, but is a slip and is to be disclosed.
    """
    if word == known or stem(word) != stem(known):
        return False
    shared = 0
    while shared < min(len(word), len(known)) and word[shared] == known[shared]:
        shared += 1
    endings = {word[shared:], known[shared:]}
    if endings == {"", "e"}:
        return False
    # A doubled consonant (chatting, chat) leaves its second letter in front of the ending.
    doubled = {
        ending[1:] if ending[:1] == word[shared - 1 : shared] else ending for ending in endings
    }
    return endings <= _ENDINGS or doubled <= _ENDINGS
