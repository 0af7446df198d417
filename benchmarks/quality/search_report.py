"""Makes the figures of search of what the systems answered."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from benchmarks.quality.judging import Outcome
from benchmarks.quality.refusal import refusal
from benchmarks.quality.search_ratios import Comparing, slips_kept
from benchmarks.quality.search_run import OFF_CATALOG, QUERIES, Answers
from benchmarks.quality.statistics import (
    MEASURES,
    Draws,
    median_start_error,
    of_measure,
    percentile,
)
from benchmarks.quality.tables import Table, figure, interval, milliseconds, seconds

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"


def tables(answers: Sequence[Answers], comparing: Comparing) -> Iterator[Table]:
    """Yield the tables of every round: all, each show and each kind; then ratios and refusal."""
    for each in answers:
        if each.round.what != OFF_CATALOG:
            yield _whole(each, comparing.seed)
            yield from _parts(each)
            yield from comparing.ratios(each)
    yield from slips_kept(answers, comparing.seed)
    yield from _refusal(answers)


def _whole(answers: Answers, seed: int) -> Table:
    groups = [question.episode for question in answers.round.questions]
    draws = Draws(groups, seed)
    columns = ("system", *MEASURES, "start error", "errors", "median", "p95")
    rows = []
    for name, outcomes in answers.outcomes.items():
        means = [interval(draws.mean(of_measure(measure, outcomes))) for measure in MEASURES]
        latencies = [outcome.latency for outcome in outcomes]
        rows.append(
            (
                name,
                *means,
                seconds(median_start_error(outcomes)),
                str(sum(outcome.failed for outcome in outcomes)),
                milliseconds(statistics.median(latencies)),
                milliseconds(percentile(latencies, 0.95)),
            )
        )
    asked = f"{len(groups)} questions, {len(draws.groups)} episodes"
    return Table(f"Search: {answers.round.name} ({asked})", columns, tuple(rows))


def _parts(answers: Answers) -> Iterator[Table]:
    """Yield S@1 and MRR by show, and by kind where there are several."""
    for what, key in (("show", _show), ("kind", _kind)):
        parts = sorted({key(outcome) for each in answers.outcomes.values() for outcome in each})
        if len(parts) < 2:
            continue
        rows = [
            (name, *(_brief([o for o in outcomes if key(o) == part]) for part in parts))
            for name, outcomes in answers.outcomes.items()
        ]
        title = f"S@1 / MRR@10 by {what}: {answers.round.name}"
        yield Table(title, ("system", *parts), tuple(rows))


def _show(outcome: Outcome) -> str:
    return outcome.question.show


def _kind(outcome: Outcome) -> str:
    return outcome.question.kind


def _brief(outcomes: Sequence[Outcome]) -> str:
    means = (
        statistics.fmean(value for _, value in of_measure(name, outcomes))
        for name in ("S@1", "MRR@10")
    )
    return " / ".join(map(figure, means))


def _refusal(answers: Sequence[Answers]) -> Iterator[Table]:
    good = next((a for a in answers if a.round.what == QUERIES and a.round.everywhere), None)
    off = next((a for a in answers if a.round.what == OFF_CATALOG), None)
    if good is None or off is None:
        return
    rows = []
    for name, outcomes in good.outcomes.items():
        found = refusal(
            [outcome.confidence for outcome in outcomes],
            [outcome.confidence for outcome in off.outcomes[name]],
        )
        point, lowest = found.at_bound, found.curve[0]
        rows.append(
            (
                name,
                figure(point.off) if point else "–",
                figure(point.good) if point else "–",
                f"{figure(lowest.off)} / {figure(lowest.good)}",
                figure(found.auc),
            )
        )
    columns = ("system", "off refused", "good refused", "both, without a floor", "AUC")
    title = "Refusal: questions off the catalog, at 2 % of the good ones lost at most"
    yield Table(title, columns, tuple(rows))


def as_json(answers: Sequence[Answers]) -> list[Json]:
    """Return every question with what each system made of it."""
    return [
        {
            "what": each.round.what,
            "everywhere": each.round.everywhere,
            "systems": {name: _outcomes(found) for name, found in each.outcomes.items()},
        }
        for each in answers
    ]


def _outcomes(outcomes: Sequence[Outcome]) -> list[Json]:
    return [
        {
            "query": outcome.question.text,
            "kind": outcome.question.kind,
            "show": outcome.question.show,
            "episode": outcome.question.episode,
            "rank": outcome.rank,
            "ndcg": round(outcome.ndcg, 4),
            "start_error": _finite(outcome.start_error),
            "landed": outcome.landed,
            "inside": outcome.inside,
            "confidence": _finite(outcome.confidence),
            "failed": outcome.failed,
            "ms": round(outcome.latency * 1_000, 3),
        }
        for outcome in outcomes
    ]


def _finite(value: float) -> float | None:
    """Return a number as JSON has it: nothing for an infinite one."""
    return round(value, 4) if abs(value) != float("inf") else None
