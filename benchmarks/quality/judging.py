"""Asks a system questions and judges each answer."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.quality.passages import Grid, Passage
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
    answers = [_heard(question, answer, grid) for answer in found[:TOP]]
    hits = [heard is not None and answered_by(question, heard) for heard in answers]
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
        _ndcg(question, answers, grid),
        error,
        landed,
        inside,
        confidence,
        failed,
        latency,
    )


def _heard(question: Question, answer: Found, grid: Grid) -> Passage | None:
    """Return what is heard of the question's episode from where an answer opens."""
    return grid.heard(answer.episode, answer.start) if answer.episode == question.episode else None


def _ndcg(question: Question, answers: Sequence[Passage | None], grid: Grid) -> float:
    """Return nDCG at TOP: each relevant passage gains once, by an answer whose middle it holds."""
    wanted = set(relevant(question, grid))
    best = sum(1 / math.log2(number + 2) for number in range(min(len(wanted), TOP)))
    gained = 0.0
    for number, heard in enumerate(answers):
        place = None if heard is None else grid.place(question.episode, heard.middle)
        if place in wanted:
            wanted.remove(place)
            gained += 1 / math.log2(number + 2)
    return gained / best if best else 0.0
