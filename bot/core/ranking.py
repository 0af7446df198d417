"""Which of the store's candidates answer a search, and in which order.

Relevance is the share of the query's clauses that a segment holds, each weighted by rarity:
on a catalog of fifteen notes a bm25 value alone says nothing about whether to answer at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.core.analysis import words
from bot.core.catalog import PUBLIC, Episode, Moment
from bot.core.query import Clause, SearchQuery
from bot.core.transcript import Sentence

FLOOR = 0.5
"""Least share of the query's weight that a segment must hold to be an answer."""

NEXT_TO_BEST = 0.75
"""Least share of the best segment's relevance that a further one must reach."""

_FULL = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A segment the store proposes. The stems are those it indexed, a space between.

    ``bm25`` is SQLite's sign: the smaller, the better. ``passage`` is what its vector is known by;
    0: it has none.
    """

    moment: Moment
    title_stems: str
    text_stems: str
    bm25: float
    passage: int = 0


@dataclass(frozen=True, slots=True)
class Spoken:
    """A passage of a transcript the store proposes, as a Candidate is of notes."""

    episode: Episode
    sentences: Sequence[Sentence]
    source_label: str
    stems: str
    passage: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many segments a tenant can see, and how many hold each stem.

    ``spoken`` is how many passages of transcripts it can see, counted with them or not.
    """

    segments: int
    frequency: Mapping[str, int]
    spoken: int = 0

    def weight(self, clause: Clause) -> float:
        """Return the clause's rarity among all that the tenant can see."""
        # A phrase is at most as frequent as its rarest word.
        count = min(
            max(
                min(self.frequency.get(term.stem, 0) for term in phrase)
                for phrase in clause.alternatives
            ),
            self.segments,
        )
        return rarity(count, self.segments)


def rarity(count: int, total: int) -> float:
    """Return the inverse document frequency of bm25, above zero, of what so many of all hold."""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer: ``relevance`` and ``in_title`` are shares from 0 to 1 of the query's weight."""

    moment: Moment
    relevance: float
    in_title: float
    bm25: float

    @property
    def covers_title(self) -> bool:
        """Return whether the title alone holds everything asked for."""
        return self.in_title >= _FULL


def rank(query: SearchQuery, candidates: Iterable[Candidate], statistics: Statistics) -> list[Hit]:
    """Return the candidates at or above the floor: whole-title hits first, then by relevance."""
    weights = [statistics.weight(clause) for clause in query.clauses]
    total = sum(weights)
    if not total:
        return []
    hits = (_hit(query, weights, total, candidate) for candidate in candidates)
    kept = [hit for hit in hits if hit and hit.relevance >= FLOOR - 1e-9]
    best = max((hit.relevance for hit in kept), default=0.0)
    kept = [hit for hit in kept if hit.relevance >= NEXT_TO_BEST * best]
    return sorted(kept, key=_order)


@dataclass(frozen=True, slots=True)
class SpokenHit:
    """A passage that answers; ``opening`` is which sentence of it to begin with.

    That is the first, where nobody looked for a more telling one.
    ``by_meaning`` is whether its words alone would not have made it an answer.
    """

    spoken: Spoken
    relevance: float
    by_meaning: bool = False
    opening: int = 0

    @property
    def sentence(self) -> Sentence:
        """Return the sentence to begin with."""
        return self.spoken.sentences[self.opening]


def holds_exactly(query: SearchQuery, spoken: Spoken) -> bool:
    """Return whether a passage holds all that a query asks for as it is written."""
    exact = [clause for clause in query.clauses if clause.exact]
    text = " ".join(sentence.text for sentence in spoken.sentences) if exact else ""
    return all(_holds(clause, f" {spoken.stems} ", text) for clause in exact)


def without_shadowed_talk(hits: Iterable[SpokenHit]) -> list[SpokenHit]:
    """Return the hits without public ones of a recording that the tenant has hits of its own in."""
    hits = list(hits)
    own = {hit.spoken.episode.media.key for hit in hits if hit.spoken.episode.tenant != PUBLIC}
    return [
        hit
        for hit in hits
        if hit.spoken.episode.tenant != PUBLIC or hit.spoken.episode.media.key not in own
    ]


class _OfMoment(Protocol):
    @property
    def moment(self) -> Moment: ...


AnyHit = TypeVar("AnyHit", bound=_OfMoment)


def without_shadowed(hits: Sequence[AnyHit]) -> list[AnyHit]:
    """Return the hits without public ones of a recording that the tenant has hits of its own in."""
    own = {hit.moment.episode.media.key for hit in hits if hit.moment.episode.tenant != PUBLIC}
    return [
        hit
        for hit in hits
        if hit.moment.episode.tenant != PUBLIC or hit.moment.episode.media.key not in own
    ]


def is_clear(hits: list[Hit]) -> bool:
    """Return whether the first hit stands so far ahead that it is the answer."""
    if len(hits) == 1:
        return True
    return bool(hits) and hits[0].covers_title and all(hit.relevance < _FULL for hit in hits[1:])


def _order(hit: Hit) -> tuple[bool, float, float, int, int]:
    return (
        not hit.covers_title,
        -(hit.relevance + hit.in_title / 2),
        hit.bm25,
        hit.moment.episode.id,
        hit.moment.segment.at.seconds,
    )


def _hit(
    query: SearchQuery, weights: list[float], total: float, candidate: Candidate
) -> Hit | None:
    """Return the candidate weighed; None where it lacks something asked for exactly."""
    segment = candidate.moment.segment
    title, body = f" {candidate.title_stems} ", f" {candidate.text_stems} "
    in_title = in_any = 0.0
    for clause, weight in zip(query.clauses, weights, strict=True):
        if _holds(clause, title, segment.title):
            in_title += weight
            in_any += weight
        elif _holds(clause, body, segment.text):
            in_any += weight
        elif clause.exact:
            return None
    return Hit(candidate.moment, in_any / total, in_title / total, candidate.bm25)


def holds(clause: Clause, candidate: Candidate) -> bool:
    """Return whether a candidate holds a clause, in its title or in its text."""
    segment = candidate.moment.segment
    return _holds(clause, f" {candidate.title_stems} ", segment.title) or _holds(
        clause, f" {candidate.text_stems} ", segment.text
    )


def _holds(clause: Clause, stems: str, text: str) -> bool:
    if not any(
        f" {' '.join(term.stem for term in phrase)} " in stems for phrase in clause.alternatives
    ):
        return False
    if not clause.exact:
        return True
    surfaces = f" {' '.join(words(text))} "
    return any(
        f" {' '.join(term.surface for term in phrase)} " in surfaces
        for phrase in clause.alternatives
    )
