"""Which passages answer a search, and in which order, by their words and by what they mean.

The score of a passage is

    words + NEIGHBOUR * (words before + words after) + MEANING * cosine

``words`` is its bm25 as a share of the query's weight: near 1 for a passage that holds all that
was asked for, near 0 for one that says the same in other words. It is a share of what was asked,
not of the best passage found, so that words decide where they are all there (a name, a keyword)
and meaning where they are not (a paraphrase, a question). A word weighs as much as it is rare,
and AMONG of that by how rare it is among the passages that were proposed: in a talk about caches
*cache* tells little. ``cosine`` is that of the query and the passage in its context
(``embedding.CONTEXT``). The support of a passage is

    cosine + coverage / 3 - doubt

where ``coverage`` is the share of the query's weight that it holds. ``doubt`` is the share that
nothing the tenant sees holds, halved in a query of FEW words, and a seventh of it in a longer one:
a name that was never said asks for something else, however close the rest may be, but who
describes a thing at length may well use other words for it. A catalog of less than VOCABULARY
segments has too few words to doubt by. Below SUPPORT, or more in a catalog of MANY segments, a
passage is no answer, unless it holds all that was asked for. The same holds for notes, embedded as
title and text.

The constants were fitted on chapter titles and typed questions of three shows (on programming, on
Bitcoin, an interview of five hours), each left out in turn; decision 20 has the figures.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Sequence
from itertools import compress
from typing import Generic, NamedTuple, TypeVar

from bot.core import ranking
from bot.core.query import Clause, SearchQuery
from bot.core.ranking import Statistics, rarity

Key = TypeVar("Key", bound=Hashable)

MEANING = 2.0
"""How much a cosine counts beside a share of words; 1.6 to 2.4 do as well."""

NEIGHBOUR = 0.2
"""How much the words of each neighbour count; 0.15 to 0.25 do as well."""

SUPPORT, SUPPORT_IN_EPISODE = 0.35, 0.24
"""Least support of an answer: of all that a tenant sees, and of one episode.

The more there is, the closer comes something that is about something else.
"""

COVERAGE, COVERAGE_IN_EPISODE = ranking.FLOOR, 0.3
"""Least coverage of an answer where nothing is embedded: of all, and of one episode.

In an episode .3 finds a quarter more titles of long talks than .5, and refuses a fifth less of
what is asked in vain.
"""

MANY, RISE, MOST_SUPPORT = 2_500, 0.04, 0.45
"""Segments from which more is asked, by how much for every e times as many, and the most."""

COVERED = 1 / 3
"""How much coverage supports, beside a cosine."""

FEW = 3
"""Clauses of a query in which each matters."""

UNKNOWN_OF_FEW, UNKNOWN = 0.5, 0.15
"""How much unknown words speak against an answer, among few words and among more."""

VOCABULARY = 200
"""Segments from which a catalog's words are many enough that a missing one says something."""

NEXT_TO_BEST = 0.5
"""Least share of the best passage's score that a further answer must reach; ``ranking`` has that
by words alone."""

AMONG = 0.75
"""How much of a word's weight is its rarity among what was proposed; 0.65 to 1 do as well."""

TYPICAL_STEMS = 90
"""Words of a typical passage, which are cut at eighty or soon after."""

_K1, _B = 1.2, 0.75
"""The constants of bm25, as SQLite has them."""

_OPENING = 0.6
"""Least share of the best sentence's weight that an earlier one must hold to be the start."""


class Found(NamedTuple, Generic[Key]):
    """A passage that either index proposes.

    ``stems`` are those of its text, a space between. ``cosine`` is how close it is to the query
    in its context, None where nothing is embedded. ``before`` and ``after`` name its neighbours.
    """

    key: Key
    stems: str
    cosine: float | None = None
    before: Key | None = None
    after: Key | None = None


class Fused(NamedTuple, Generic[Key]):
    """An answer. ``coverage`` is the share of the query's weight that it holds.

    ``by_meaning`` is whether its words alone would not have made it an answer.
    """

    key: Key
    score: float
    support: float
    coverage: float
    by_meaning: bool


class Measure:
    """A query's clauses with their rarity: how much of it a text holds."""

    def __init__(self, query: SearchQuery, statistics: Statistics) -> None:
        self._phrases = [_phrases(clause) for clause in query.clauses]
        self._weights = [statistics.weight(clause) for clause in query.clauses]
        self._total = sum(self._weights)
        unknown = sum(
            statistics.weight(clause) for clause in query.clauses if not _known(clause, statistics)
        )
        unknown_share = unknown / self._total if self._total else 0.0
        against = UNKNOWN_OF_FEW if len(query.clauses) <= FEW else UNKNOWN
        self.doubt = unknown_share * against * min(1.0, statistics.segments / VOCABULARY)
        """How much the words that nothing holds, corrected or not, speak against an answer."""
        rise = RISE * math.log(max(1.0, statistics.segments / MANY))
        self.least_support = min(SUPPORT + rise, MOST_SUPPORT)

    def times(self, stems: str) -> list[int]:
        """Return how often a text holds each clause."""
        count = _padded(stems).count
        return [sum(map(count, phrases)) for phrases in self._phrases]

    def covered(self, times: Sequence[int]) -> float:
        """Return the share of the query's weight that a text holds, given how often each clause."""
        return sum(compress(self._weights, times)) / self._total if self._total else 0.0

    def coverage(self, stems: str) -> float:
        """Return the share of the query's weight that a text holds."""
        return self.covered(self.times(stems))

    def weights_among(self, texts: Collection[Sequence[int]]) -> list[float]:
        """Return what each clause weighs among texts, given how often each holds each."""
        return [
            (1 - AMONG) * weight + AMONG * rarity(sum(map(bool, column)), len(texts))
            for weight, column in zip(self._weights, zip(*texts, strict=True), strict=True)
        ]


def fuse(
    measure: Measure, found: Iterable[Found[Key]], *, in_episode: bool = False
) -> list[Fused[Key]]:
    """Return the passages that answer, the best first; of equals the one that came first.

    ``in_episode`` is whether one episode alone was searched.

    A neighbour that neither index proposes counts as one without the words. Where nothing is
    embedded, a passage is an answer by its COVERAGE.
    """
    passages = list({passage.key: passage for passage in found}.values())
    if not passages:
        return []
    times = {passage.key: measure.times(passage.stems) for passage in passages}
    weights = measure.weights_among(times.values())
    total = sum(weights) or 1.0
    words: dict[Key | None, float] = {
        passage.key: _words(weights, times[passage.key], passage.stems) / total
        for passage in passages
    }
    least = SUPPORT_IN_EPISODE if in_episode else measure.least_support
    covered = COVERAGE_IN_EPISODE if in_episode else COVERAGE
    answers = []
    for passage in passages:
        coverage = measure.covered(times[passage.key])
        beside = words.get(passage.before, 0.0) + words.get(passage.after, 0.0)
        score = words[passage.key] + NEIGHBOUR * beside
        if passage.cosine is None:
            support = least + coverage - covered
        else:
            score += MEANING * passage.cosine
            support = passage.cosine + COVERED * coverage - measure.doubt
        if coverage >= 1 - 1e-9:
            support = max(support, least)
        if support >= least - 1e-9:
            by_meaning = passage.cosine is not None and coverage < COVERAGE - 1e-9
            answers.append(Fused(passage.key, score, support, coverage, by_meaning))
    best = max((answer.score for answer in answers), default=0.0)
    by_words = all(passage.cosine is None for passage in passages)
    enough = (ranking.NEXT_TO_BEST if by_words else NEXT_TO_BEST) * best
    kept = [answer for answer in answers if answer.score >= enough]
    return sorted(kept, key=lambda answer: -answer.score)


def _words(weights: Sequence[float], times: Sequence[int], stems: str) -> float:
    """Return a text's bm25, given what each clause weighs and how often the text holds it."""
    length = _K1 * (1 - _B + _B * (stems.count(" ") + 1) / TYPICAL_STEMS)
    return sum([w * n * (_K1 + 1) / (n + length) for w, n in zip(weights, times, strict=True) if n])


def opening(measure: Measure, sentences: Sequence[str]) -> int:
    """Return which sentence of a passage to begin at, given the stems of each.

    The first that holds nearly as much of the query as the best one: a topic is named before it
    is dwelt on. A passage without the query's words begins at its beginning.
    """
    shares = [measure.coverage(stems) for stems in sentences]
    least = _OPENING * max(shares, default=0.0)
    return next((place for place, share in enumerate(shares) if share >= least), 0)


def _known(clause: Clause, statistics: Statistics) -> bool:
    """Return whether the tenant sees every word of any of the clause's alternatives."""
    return any(
        all(statistics.frequency.get(term.stem, 0) > 0 for term in phrase)
        for phrase in clause.alternatives
    )


def _phrases(clause: Clause) -> list[str]:
    """Return the clause's alternatives as they stand in padded stems, each once."""
    return list(
        dict.fromkeys(_padded(" ".join(term.stem for term in ph)) for ph in clause.alternatives)
    )


def _padded(stems: str) -> str:
    # Two spaces between words, so that one occurrence does not take the next one's space.
    return f" {stems.replace(' ', '  ')} "
