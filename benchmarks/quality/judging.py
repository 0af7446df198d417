"""Asks a system questions and judges each answer."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.quality.passages import Grid
from benchmarks.quality.questions import Question, answered_by, relevant
from benchmarks.quality.systems import Found, QueryError, SearchSystem

TOP = 10
"""Answers that are looked at."""

LANDED_S = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question was answered.

    ``rank`` is the place of the first relevant answer from 1, 0 for none among the first TOP.
    ``start_error`` is how far from where it should the first answer opens, in seconds; infinite
    for no answer or one of another episode. ``inside`` is whether it opens within the chapter or
    stretch itself. ``latency`` is in seconds.
    """

    question: Question
    rank: int
    ndcg: float
    start_error: float
    landed: bool
    inside: bool
    confidence: float
    failed: bool
    latency: float


def ask(
    system: SearchSystem, questions: Sequence[Question], grid: Grid, *, everywhere: bool
) -> list[Outcome]:
    """Return the outcome of each question, asked in its episode or everywhere."""
    return [_ask(system, question, grid, everywhere) for question in questions]


def _ask(system: SearchSystem, question: Question, grid: Grid, everywhere: bool) -> Outcome:
    scope = None if everywhere else question.episode
    failed = False
    begun = time.perf_counter()
    try:
        found = system.search(question.text, scope, TOP)
    except QueryError as error:
        failed, found = True, error.fallback
    latency = time.perf_counter() - begun
    return judge(question, found, grid, system.confidence(found), failed, latency)


def judge(
    question: Question,
    found: Sequence[Found],
    grid: Grid,
    confidence: float = 0.0,
    failed: bool = False,
    latency: float = 0.0,
) -> Outcome:
    """Return how good answers are. Each is as good as what is heard from where it opens."""
    if not question.episode:
        return Outcome(question, 0, 0.0, math.inf, False, False, confidence, failed, latency)
    places = [_right_place(question, answer, grid) for answer in found[:TOP]]
    hits = [place is not None for place in places]
    first = found[0] if found else None
    error = math.inf
    landed = inside = False
    if first is not None and first.episode == question.episode:
        error = min(abs(first.start - start) for start, _ in question.stretches)
        inside = any(start <= first.start < end for start, end in question.stretches)
        landed = error <= LANDED_S or (inside and not question.of_title)
    return Outcome(
        question,
        hits.index(True) + 1 if True in hits else 0,
        _ndcg(places, len(relevant(question, grid))),
        error,
        landed,
        inside,
        confidence,
        failed,
        latency,
    )


def _right_place(question: Question, answer: Found, grid: Grid) -> int | None:
    """Return which passage a right answer stands for: the one that its middle lies in."""
    if answer.episode != question.episode:
        return None
    heard = grid.heard(answer.episode, answer.start)
    return grid.place(answer.episode, heard.middle) if answered_by(question, heard) else None


def _ndcg(places: Sequence[int | None], wanted: int) -> float:
    """Return nDCG at TOP; a passage that is found again counts once."""
    seen: set[int] = set()
    gained = 0.0
    for number, place in enumerate(places):
        if place is not None and place not in seen:
            seen.add(place)
            gained += 1 / math.log2(number + 2)
    best = sum(1 / math.log2(number + 2) for number in range(min(wanted, TOP)))
    return min(gained / best, 1.0) if best else 0.0
