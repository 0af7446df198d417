"""Finds what the catalog writes otherwise: a word with a slip, or one that it writes as two."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.analysis import Term, analyse
from bot.core.catalog import Tenant
from bot.core.ports import Store
from bot.core.query import MAX_PHRASE, Clause, SearchQuery
from bot.core.slips import LIKELY, cost, likelihood
from bot.core.stemming import stem
from bot.core.stopwords import LIKE_STOP_WORDS, STOP_WORDS

SHORTEST = 4
"""Words of three letters or fewer are never corrected, nor made: too many are one edit apart."""

RARE = 3
"""Segments that must hold a word before nothing else is looked for in its place."""

TWO_EDITS_FROM = 8
"""Letters from which two edits are allowed."""

MOST_CORRECTED = 4
"""Words of a query that are looked at, the first ones: each is compared with a whole vocabulary."""

MOST_APART = 3
"""Ways to write a word as two that are looked for, those of the commonest words first."""

FREE_START_FROM = 6
"""Letters from which the first may be the one that is wrong.

*race* is a word of its own, not a *face*, and *acquisition* no *inquisition*.
"""

_INNER_BEGIN = re.compile(
    "(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-zA-Z])(?=[0-9])|(?<=[0-9])(?=[a-zA-Z])"
)
"""Where a further word begins in DoNotPay, GraphQL, MLOps and GPT4."""

_ENDINGS = frozenset(
    ["", "e", "s", "es", "ed", "d", "er", "ers", "r", "rs", "ing", "ings", "y", "ies", "ied", "ly"]
)


async def spelled(store: Store, tenant: Tenant, query: SearchQuery) -> SearchQuery:
    """Return the query with alternatives added to the clauses that need one.

    What was typed stays beside what was probably meant. A stop-word with a slip is left out, as one
    without is, unless nothing else was asked for.
    """
    # The words of a long compound leave others their turn.
    clauses = sorted(
        (clause for clause in query.clauses if not clause.exact),
        key=lambda clause: clause.word is None,
    )
    asked = {one for clause in clauses for one in (*clause.words, clause.as_one_word)}
    counts = await store.word_counts(tenant, sorted(asked)) if asked else {}
    doubted = (word for clause in clauses for word in _doubted(clause, counts))
    rare = list(dict.fromkeys(doubted))[:MOST_CORRECTED]
    if not rare:
        return query
    alone = {clause.word for clause in clauses}.intersection(rare)
    halves = {half for word in alone if word for pair in _halves(word) for half in pair}
    counts |= await store.word_counts(tenant, sorted(halves)) if halves else {}
    found = await asyncio.gather(
        *(_spelled(store, tenant, clause, rare, counts) for clause in query.clauses)
    )
    told = tuple(clause for clause in found if clause.meant not in STOP_WORDS)
    if not told:
        return query
    misspelled = tuple(clause for clause in found if clause.meant in STOP_WORDS)
    return replace(query, clauses=told, misspelled=misspelled)


def _doubted(clause: Clause, counts: Mapping[str, int]) -> list[str]:
    """Return the words of a clause that may be meant otherwise."""
    word = clause.word
    if word is not None:
        long_enough = len(word) >= SHORTEST or len(_parts(clause.typed)) > 1
        return [word] if long_enough and counts.get(word, 0) < RARE else []
    if counts.get(clause.as_one_word):
        return []
    return [word for word in clause.words if len(word) >= SHORTEST and not counts.get(word)]


async def _spelled(
    store: Store, tenant: Tenant, clause: Clause, rare: Sequence[str], counts: Mapping[str, int]
) -> Clause:
    """Return a clause with the two words that are said for its one, or with its correction.

    Two words that were said once may stand side by side by chance: a correction is likelier
    then. A word that the catalog has needs none.
    """
    apart, times = await _apart(store, tenant, clause, rare, counts)
    held = counts.get(clause.as_one_word, 0)
    if times > max(held, 1):
        return clause.said_as(apart)
    if held:
        return clause
    unknown = [word for word in clause.words if word in rare and not counts.get(word)]
    meant = await asyncio.gather(*(_meant(store, tenant, word) for word in unknown))
    corrections = {word: one for word, one in zip(unknown, meant, strict=True) if one}
    if corrections:
        return clause.corrected(corrections)
    return clause.said_as(apart) if times else clause


def _halves(word: str) -> list[tuple[str, str]]:
    return [(word[:end], word[end:]) for end in range(2, len(word) - 1)] if word.isalpha() else []


def _parts(typed: str) -> tuple[Term, ...]:
    """Return what a word is made of to whoever typed it: DoNotPay, GPT4."""
    return tuple(analyse(_INNER_BEGIN.sub(" ", typed)))[:MAX_PHRASE]


async def _apart(
    store: Store, tenant: Tenant, clause: Clause, rare: Sequence[str], counts: Mapping[str, int]
) -> tuple[tuple[Term, ...], int]:
    """Return the words that are most often said for one, and how often, RARE times at most.

    Captions write names as they hear them: deep seek, graph ql. Neither is a very common word:
    these stand beside everything, and would take long to look for.
    """
    word = clause.word
    if word is None or word not in rare:
        return (), 0
    known = {
        pair: min(counts.get(half, 0) for half in pair)
        for pair in _halves(word)
        if STOP_WORDS.isdisjoint(pair)
    }
    common = sorted((pair for pair in known if known[pair]), key=lambda pair: -known[pair])
    phrases = [tuple(analyse(" ".join(pair))) for pair in common[:MOST_APART]]
    parts = _parts(clause.typed)
    if len(parts) > 1:
        phrases.append(parts)
    times = await asyncio.gather(*(_times(store, tenant, phrase) for phrase in phrases))
    return max(zip(phrases, times, strict=True), key=lambda found: found[1], default=((), 0))


async def _times(store: Store, tenant: Tenant, phrase: tuple[Term, ...]) -> int:
    query = SearchQuery("", (Clause("", (phrase,)),))
    noted, said = await asyncio.gather(
        store.search(tenant, query, limit=RARE), store.search_spoken(tenant, query, limit=RARE)
    )
    return min(RARE, len(noted) + len(said))


async def _meant(store: Store, tenant: Tenant, word: str) -> str | None:
    """Return the word that is probably meant by one that nothing holds, if there is any."""
    from rapidfuzz.distance import OSA  # only a slip needs it, and most searches have none

    edits = 2 if len(word) >= TWO_EDITS_FROM else 1
    similar = await store.similar_words(tenant, word, edits)
    if any(is_inflection(word, known) for known, *_ in similar):
        return None
    ranked = sorted(
        (distance, -likelihood(word, form, noted + said), known)
        for known, noted, said in similar
        for form in _forms(known)
        if len(form) >= SHORTEST
        and (distance := OSA.distance(word, form, score_cutoff=edits)) <= edits
        and (known[:1] == word[:1] or (distance == 1 and len(word) >= FREE_START_FROM))
        and _may_be_meant(word, known, noted > 0 or said > 1, distance)
    )
    return ranked[0][2] if ranked else None


def _forms(known: str) -> tuple[str, ...]:
    """Return a word, and it without its s: *contorl* is one slip where *controls* is said."""
    return (known, known[:-1]) if known.endswith("s") and known not in STOP_WORDS else (known,)


def _may_be_meant(word: str, known: str, is_sure: bool, distance: int) -> bool:
    """Return whether a word may be a slip of one that is so far from it.

    What is in a note, or was heard twice, is sure. What was heard once may be misheard; a long
    word is looked for even there, at one edit.
    """
    if known in STOP_WORDS:
        return distance == 1 and cost(word, known) == LIKELY and word not in LIKE_STOP_WORDS
    return is_sure or (distance == 1 and len(word) >= FREE_START_FROM)


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
