"""Full-text search: a query becomes a MATCH expression of quoted stems, and a bounded one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.catalog import Tenant
from bot.core.query import Clause, SearchQuery
from bot.core.ranking import FLOOR, Candidate, Statistics
from storage.sqlite.connection import deadline, snapshot, was_interrupted
from storage.sqlite.index import letters, scoped
from storage.sqlite.rows import MOMENT_WIDTH, Row, moments_of, row_id, row_limit, storable
from storage.sqlite.sql import SQL

MATCHES = 20_000
"""Matching passages that a query may score: about 1 µs each, so some 20 ms."""

SCORED = 200_000
"""Passages that hold a clause beyond which it is not scored: bm25 first counts all of them."""

DEADLINE_S = 0.1
"""Seconds after which a search is given up for the newest matches, unscored."""

SIMILAR_WORDS = 2_000
"""Words proposed for one misspelled one, the frequent ones first."""


_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Plan:
    """Which clauses a passage must hold one of, which are scored, and whether that is bounded."""

    required: tuple[Clause, ...]
    scored: tuple[Clause, ...]
    bounded: bool


def plan(query: SearchQuery, statistics: Statistics) -> Plan:
    """Return how to run a query whose clauses may match very many segments.

    The rarest clauses are required as far as needed: a segment that holds none of them cannot
    reach the ranking's floor with the others. Where even they match too many, the plan is not
    bounded and only the newest matches are to be scored.
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
    return Plan(
        tuple(required),
        tuple(clause for clause in rarest_first if clause in required or matches[clause] <= SCORED),
        bounded=sum(matches[clause] for clause in required) <= MATCHES,
    )


def _matches(clause: Clause, statistics: Statistics) -> int:
    """Return how many segments hold the clause, at most: each phrase as often as its rarest."""
    return sum(
        max(0, min(statistics.frequency.get(term.stem, 0) for term in phrase))
        for phrase in clause.alternatives
    )


def any_of(clauses: Iterable[Clause], scopes: Sequence[int]) -> str:
    """Return the MATCH expression for passages of the scopes that hold any of the clauses."""
    return " OR ".join(
        _quoted(scoped(" ".join(term.stem for term in phrase), scope))
        for clause in clauses
        for phrase in clause.alternatives
        for scope in scopes
    )


def _quoted(terms: str) -> str:
    return '"' + terms.replace('"', '""') + '"'


def search(
    connection: sqlite3.Connection,
    tenant: Tenant,
    query: SearchQuery,
    episode_id: int | None,
    limit: int,
) -> list[Candidate]:
    """Return the best candidates; each segment once, by its best passage."""
    if not query.clauses:
        return []
    with snapshot(connection):
        found = connection.execute(SQL["scopes"], {"tenant": tenant}).fetchall()
        scopes = [scope for scope, _ in found]
        segments = sum(count for _, count in found)
        chosen = Plan(query.clauses, query.clauses, bounded=True)
        if segments > MATCHES and episode_id is None:
            chosen = plan(query, _statistics(connection, tenant, query.stems, segments))
        match = any_of(chosen.required, scopes)
        if chosen.scored != chosen.required:
            match = f"({match}) AND ({any_of(chosen.scored, scopes)})"
        if episode_id is not None:
            match = f'({match}) AND episode : "{row_id(episode_id)}"'
        name = "candidates" if len(scopes) == 1 else "candidates_hiding"
        parameters = {
            "tenant": tenant,
            "match": match,
            "title_match": f"title : ({match})",
            "scored": MATCHES,
            "limit": row_limit(limit),
        }
        name = name if chosen.bounded else "candidates_newest"
        return _candidates(_bounded(connection, name, parameters))


def _bounded(
    connection: sqlite3.Connection, name: str, parameters: Mapping[str, object]
) -> list[Row]:
    try:
        with deadline(connection, DEADLINE_S):
            return connection.execute(SQL[name], parameters).fetchall()
    except sqlite3.OperationalError as error:
        if not was_interrupted(error):
            raise
    # These come in the order of the index: as many steps as rows, however many there are.
    return connection.execute(SQL["candidates_unranked"], parameters).fetchall()


def _candidates(rows: list[Row]) -> list[Candidate]:
    # The rows come in no promised order: SQLite would carry all their text through its sorter.
    rows.sort(key=_by_score)
    candidates: dict[int, Candidate] = {}
    for row, moment in zip(rows, moments_of(rows), strict=True):
        title_stems, text_stems, score = row[MOMENT_WIDTH:]
        candidates.setdefault(row[0], Candidate(moment, title_stems, text_stems, score))
    return list(candidates.values())


def _by_score(row: Row) -> tuple[float, int]:
    return row[-1], row[0]


def statistics(connection: sqlite3.Connection, tenant: Tenant, stems: frozenset[str]) -> Statistics:
    """Return the number of segments the tenant sees, and how many hold each stem."""
    with snapshot(connection):
        found = connection.execute(SQL["scopes"], {"tenant": tenant}).fetchall()
        return _statistics(connection, tenant, stems, sum(count for _, count in found))


def _statistics(
    connection: sqlite3.Connection, tenant: Tenant, stems: frozenset[str], segments: int
) -> Statistics:
    parameters = {"tenant": tenant, "stems": json.dumps(sorted(stems))}
    rows = connection.execute(SQL["stem_frequencies"], parameters).fetchall()
    return Statistics(segments, {stem: df for stem, df in rows if df > 0})


def unknown_words(
    connection: sqlite3.Connection, tenant: Tenant, words: Sequence[str]
) -> list[str]:
    """Return those words that no segment the tenant sees holds."""
    parameters = {"tenant": tenant, "words": json.dumps([storable(word) for word in words])}
    known = {word for (word,) in connection.execute(SQL["known_words"], parameters).fetchall()}
    return [word for word in words if word not in known]


def similar_words(
    connection: sqlite3.Connection, tenant: Tenant, word: str, max_distance: int
) -> list[tuple[str, int]]:
    """Return the words of letters that may lie within ``max_distance`` edits of a word."""
    parameters = {
        "tenant": tenant,
        "letters": letters(word),
        "shortest": len(word) - max_distance,
        "longest": len(word) + max_distance,
        "max_distance": max_distance,
        "limit": SIMILAR_WORDS,
    }
    return connection.execute(SQL["similar_words"], parameters).fetchall()
