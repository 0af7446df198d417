"""Full-text search: a query becomes a MATCH expression of quoted stems, and a bounded one."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from string import ascii_lowercase

from bot.core.catalog import PUBLIC, Tenant
from bot.core.query import Clause, SearchQuery
from bot.core.ranking import FLOOR, Candidate, Statistics
from storage.sqlite import catalog, index
from storage.sqlite.connection import fetch_within, snapshot
from storage.sqlite.episodes import MOMENT_WIDTH, with_moments
from storage.sqlite.expressions import any_of, in_scopes
from storage.sqlite.rows import AFTER_ALL, ID, Row, row_id, row_limit, storable
from storage.sqlite.sql import SQL

MATCHES = 20_000
"""Matching passages that a query may score: about 1 µs each, so some 20 ms."""

SCORED = 200_000
"""Passages that hold a clause beyond which it is not scored: bm25 first counts all of them."""

READ = 300_000
"""Entries of the index that a query may read to find and to count its phrases: about 0.1 µs each.

SQLite looks at no deadline meanwhile. A smaller catalog has too few for it to matter.
"""

LEAP = 40
"""Entries that take as long to read as to look one row up in a list."""

FIRST_S = 0.03
"""Seconds that a query may take as it is asked."""

SECOND_S = 0.08
"""Seconds that it may take once it is planned."""

SIMILAR_WORDS = 2_000
"""Words proposed for one misspelled one, the frequent ones first."""

ALPHABET = 32
"""How far two letters of one alphabet lie apart in Unicode, at most."""

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Queries:
    """The names of one index's queries: as it is asked, as it is planned, and the ways out."""

    ranked: str
    planned: str
    newest: str
    unranked: str


NOTED = Queries(
    "candidates_hiding", "candidates_hiding", "candidates_newest", "candidates_unranked"
)
NOTED_PUBLIC = replace(NOTED, ranked="candidates")
SPOKEN = Queries("spoken_ranked", "spoken_ranked", "spoken_newest", "spoken_unranked")


@dataclass(frozen=True, slots=True)
class Plan:
    """Which clauses a passage must hold one of, which are scored, and whether that is bounded."""

    required: tuple[Clause, ...]
    scored: tuple[Clause, ...]
    bounded: bool


def plan(query: SearchQuery, statistics: Statistics) -> Plan:
    """Return how to run a query whose clauses may match very many segments.

    The rarest clauses are required as far as needed: a segment that holds none of them cannot
    reach the ranking's floor with the others. Where they match too many, the rarest of them are,
    which on judged queries keeps 98 of 100 first answers; scoring the newest matches keeps 86.
    Only where the rarest alone matches too many the plan is not bounded, and the newest matches
    are to be scored.
    """
    matches = {clause: _matches(clause, statistics) for clause in query.clauses}
    if sum(matches.values()) <= MATCHES:
        return Plan(query.clauses, query.clauses, bounded=True)
    rarest_first = sorted(query.clauses, key=matches.__getitem__)
    total = left = sum(statistics.weight(clause) for clause in rarest_first)
    required: list[Clause] = []
    for clause in rarest_first:
        if left < (FLOOR - _ROUNDING) * total:
            break
        required.append(clause)
        left -= statistics.weight(clause)
    required = _within(MATCHES, required, matches.__getitem__) or required
    scored = [one for one in rarest_first if one in required or matches[one] <= SCORED]
    scored = _within(READ, scored, lambda one: reading([one], statistics)) or scored
    required = [one for one in required if one in scored]
    return Plan(
        tuple(required),
        tuple(scored),
        bounded=sum(matches[one] for one in required) <= MATCHES,
    )


def _within(most: int, clauses: Sequence[Clause], cost: Callable[[Clause], int]) -> list[Clause]:
    """Return the first clauses that cost no more together, without those that alone do."""
    kept: list[Clause] = []
    for clause in clauses:
        if cost(clause) <= most:
            most -= cost(clause)
            kept.append(clause)
    return kept


def _matches(clause: Clause, statistics: Statistics) -> int:
    """Return how many segments hold the clause, at most: each phrase as often as its rarest."""
    return sum(
        max(0, min(statistics.frequency.get(term.stem, 0) for term in phrase))
        for phrase in clause.alternatives
    )


def reading(clauses: Iterable[Clause], statistics: Statistics) -> int:
    """Return how many entries of the index finding the clauses' phrases reads, at most."""
    total = 0
    for clause in clauses:
        for phrase in clause.alternatives:
            held = [statistics.frequency.get(term.stem, 0) for term in phrase]
            total += min(sum(held), LEAP * min(held)) if len(held) > 1 else held[0]
    return total


def affordable(clauses: Iterable[Clause], statistics: Statistics) -> list[Clause]:
    """Return the clauses whose newest matches are soon found, one at least.

    Rows that hold a word are found one by one as they are needed; a phrase may be in none.
    """
    kept: list[Clause] = []
    left = READ
    cost = {clause: _looking_for(clause, statistics) for clause in clauses}
    for clause in sorted(cost, key=cost.__getitem__):
        left -= cost[clause]
        if left >= 0 or not kept:
            kept.append(clause)
    return kept


def _looking_for(clause: Clause, statistics: Statistics) -> int:
    is_word = all(len(phrase) == 1 for phrase in clause.alternatives)
    return 0 if is_word else reading([clause], statistics)


def _marks(scopes: Sequence[int], query: SearchQuery) -> list[str]:
    """Return what the terms begin with that a query may find: sponsors only if it asks for them."""
    marks = [index.scope_mark(scope, sponsor=False) for scope in scopes]
    if query.asks_for_sponsors:
        marks += [index.scope_mark(scope, sponsor=True) for scope in scopes]
    return marks


def search(
    connection: sqlite3.Connection,
    tenant: Tenant,
    query: SearchQuery,
    episode_id: int | None,
    limit: int,
) -> list[Candidate]:
    """Return the best candidates; each segment once, by its best passage.

    Nearly every query is answered by one statement. One that takes too long is planned by how
    rare its words are; if that takes too long too, the newest matches come, unscored.
    """
    noted = NOTED_PUBLIC if tenant == PUBLIC else NOTED
    return _candidates(connection, found(connection, tenant, query, episode_id, limit, noted))


def found(
    connection: sqlite3.Connection,
    tenant: Tenant,
    query: SearchQuery,
    episode_id: int | None,
    limit: int,
    queries: Queries,
) -> list[Row]:
    """Return the rows of passages that hold any clause, in a bounded time."""
    if not query.clauses:
        return []
    scopes = _marks(catalog.scopes(connection, tenant), query)
    known = _known_of_many(connection, tenant, query, queries)
    parameters = {"tenant": tenant, "limit": row_limit(limit)}

    def matching(clauses: Iterable[Clause]) -> dict[str, object]:
        match = in_scopes(any_of(clauses), scopes)
        if episode_id is not None:
            match = f'({match}) AND episode : "{row_id(episode_id)}"'
        return {**parameters, "match": match}

    rows: list[Row] | None = None
    if known is None or reading(query.clauses, known) <= READ:
        rows = fetch_within(connection, FIRST_S, SQL[queries.ranked], matching(query.clauses))
    if rows is None:
        known = known or _known(connection, tenant, query, queries)
        if episode_id is None:
            rows = _planned(connection, plan(query, known), known, scopes, parameters, queries)
    if rows is None and known is not None:
        # These come in the order of the index: as many steps as rows, however many match.
        soon = matching(affordable(query.clauses, known))
        rows = connection.execute(SQL[queries.unranked], soon).fetchall()
    return rows or []


def _known_of_many(
    connection: sqlite3.Connection, tenant: Tenant, query: SearchQuery, queries: Queries
) -> Statistics | None:
    """Return the frequencies of a query's stems where the catalog is so large that they matter."""
    noted, said = connection.execute(SQL["count_segments"], {"tenant": tenant}).fetchone()
    if (said if queries is SPOKEN else noted) <= SCORED:
        return None
    return _known(connection, tenant, query, queries)


def _known(
    connection: sqlite3.Connection, tenant: Tenant, query: SearchQuery, queries: Queries
) -> Statistics:
    return statistics(connection, tenant, query.stems, spoken=queries is SPOKEN)


def _planned(
    connection: sqlite3.Connection,
    chosen: Plan,
    known: Statistics,
    scopes: Sequence[str],
    parameters: Mapping[str, object],
    queries: Queries,
) -> list[Row] | None:
    if reading(chosen.scored, known) > READ:
        return None
    match = in_scopes(any_of(chosen.required), scopes)
    if chosen.scored != chosen.required:
        match = f"({match}) AND ({in_scopes(any_of(chosen.scored), scopes)})"
    name = queries.planned if chosen.bounded else queries.newest
    # Scoring a passage takes as long as there are phrases to look for in it.
    scored = MATCHES // len(chosen.scored)
    bounds = {"match": match, "title_match": f"title : ({match})", "scored": scored}
    return fetch_within(connection, SECOND_S, SQL[name], {**parameters, **bounds})


def noted_passages(
    connection: sqlite3.Connection, tenant: Tenant, passages: Sequence[int]
) -> list[Candidate]:
    """Return segments by their passages, those that the tenant finds, with no score."""
    parameters = {"tenant": tenant, "passages": json.dumps([row_id(one) for one in passages])}
    rows = connection.execute(SQL["candidates_by_id"], parameters).fetchall()
    return _candidates(connection, rows)


def _candidates(connection: sqlite3.Connection, rows: list[Row]) -> list[Candidate]:
    # The rows come in no promised order: SQLite would carry all their text through its sorter.
    rows.sort(key=itemgetter(-1))
    candidates: dict[int, Candidate] = {}
    for row, moment in with_moments(connection, rows):
        title_stems, text_stems, passage, score = row[MOMENT_WIDTH:]
        candidate = Candidate(moment, title_stems, text_stems, score, passage)
        candidates.setdefault(row[ID], candidate)
    return list(candidates.values())


def statistics(
    connection: sqlite3.Connection, tenant: Tenant, stems: frozenset[str], *, spoken: bool = False
) -> Statistics:
    """Return how much the tenant sees, and how much of it holds each stem; see ``Catalog``."""
    parameters = {"tenant": tenant, "stems": json.dumps(sorted(stems))}
    with snapshot(connection):
        noted, said = connection.execute(SQL["count_segments"], parameters).fetchone()
        rows = connection.execute(SQL["stem_frequencies"], parameters).fetchall()
        if spoken and said:
            rows += connection.execute(SQL["spoken_frequencies"], parameters).fetchall()
    frequency: Counter[str] = Counter()
    for stem, df in rows:
        frequency[stem] += df
    counted = {stem: df for stem, df in frequency.items() if df > 0}
    return Statistics(noted + said if spoken else noted, counted, said)


def word_counts(
    connection: sqlite3.Connection, tenant: Tenant, words: Sequence[str]
) -> dict[str, int]:
    """Return how many segments the tenant sees hold each word; none: it is left out."""
    parameters = {"tenant": tenant, "words": json.dumps([storable(word) for word in words])}
    return dict(connection.execute(SQL["word_counts"], parameters).fetchall())


def similar_words(
    connection: sqlite3.Connection, tenant: Tenant, word: str, max_distance: int
) -> list[tuple[str, int, int]]:
    """Return the words of letters that may be meant by a word; see ``Catalog``."""
    word = storable(word)
    parameters = {
        "tenant": tenant,
        "letters": index.letters(word),
        "lengths": json.dumps([len(word) + by for by in range(-max_distance, max_distance + 1)]),
        "begins": word[:1],
        "begins_after": word[:1] + AFTER_ALL,
        "begun_otherwise": json.dumps(begun_otherwise(word)),
        "max_distance": max_distance,
        "limit": SIMILAR_WORDS,
    }
    return connection.execute(SQL["similar_words"], parameters).fetchall()


def begun_otherwise(word: str) -> list[str]:
    """Return what one edit of its beginning makes of a word, all with another first letter."""
    if not word:
        return []
    first, rest = word[0], word[1:]
    around = map(chr, range(max(ord(first) - ALPHABET, 0), ord(first) + ALPHABET + 1))
    letters = {*ascii_lowercase, *(char for char in around if char.isalpha())}
    made = {letter + end for letter in letters for end in (rest, word)}
    made |= {rest, rest[:1] + first + rest[1:]}
    return sorted(one for one in made if one[:1] != first)
