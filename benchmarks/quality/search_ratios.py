"""How many times better one search is than another, over all, each show and those never seen."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.quality.judging import Outcome
from benchmarks.quality.search_run import TITLES, TYPOS, Answers
from benchmarks.quality.statistics import MEASURES, Draws, of_measure
from benchmarks.quality.tables import Table, interval, ratio

KEPT = "MRR@10"


@dataclass(frozen=True, slots=True)
class Comparing:
    """Who is compared with whom; ``tuned_on`` are the shows that say least."""

    ours: Sequence[str]
    against: Sequence[str]
    tuned_on: Sequence[str]
    seed: int

    def ratios(self, answers: Answers) -> Iterator[Table]:
        """Yield the table of one round, if both of any pair were asked."""
        rows = [
            (f"{name} / {other}, {what}", *self._row(answers, name, other, shows))
            for name in self.ours
            for other in self.against
            if name in answers.outcomes and other in answers.outcomes
            for what, shows in groups(answers, self.tuned_on).items()
        ]
        if rows:
            title = f"Ratios: {answers.round.name}"
            yield Table(title, ("pair", *MEASURES, "latency"), tuple(rows))

    def _row(self, answers: Answers, name: str, other: str, shows: frozenset[str]) -> Iterator[str]:
        mine, theirs = (
            [one for one in answers.outcomes[system] if one.question.show in shows]
            for system in (name, other)
        )
        draws = Draws([one.question.episode for one in mine], self.seed)
        for measure in MEASURES:
            yield ratio(draws.ratio(of_measure(measure, mine), of_measure(measure, theirs)))
        yield f"{_latency(mine) / _latency(theirs):.2f}×"


def groups(answers: Answers, tuned_on: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Return the shows that are looked at together, by what they are called together."""
    shows = sorted({question.show for question in answers.round.questions})
    found = {"all": frozenset(shows)}
    unseen = frozenset(shows) - frozenset(tuned_on)
    if 1 < len(unseen) < len(shows):
        found["never seen"] = unseen
    if len(shows) > 1:
        found |= {show: frozenset([show]) for show in shows}
    return found


def _latency(outcomes: Sequence[Outcome]) -> float:
    return statistics.median(outcome.latency for outcome in outcomes)


def slips_kept(answers: Sequence[Answers], seed: int) -> Iterator[Table]:
    """Yield how much of its MRR each system keeps when one letter is wrong."""
    clean = next((a for a in answers if a.round.what == TITLES and not a.round.everywhere), None)
    slipped = next((a for a in answers if a.round.what == TYPOS), None)
    if clean is None or slipped is None:
        return
    with_slip = {_where(one) for one in next(iter(slipped.outcomes.values()), [])}
    rows = []
    for name, outcomes in slipped.outcomes.items():
        same = [one for one in clean.outcomes[name] if _where(one) in with_slip]
        draws = Draws([one.question.episode for one in same], seed)
        before, after = of_measure(KEPT, same), of_measure(KEPT, outcomes)
        rows.append(
            (
                name,
                interval(draws.mean(before)),
                interval(draws.mean(after)),
                ratio(draws.ratio(after, before)),
            )
        )
    columns = ("system", "as it is", "with a slip", "kept")
    yield Table(f"{KEPT} of titles, and what a slip leaves of it", columns, tuple(rows))


def _where(outcome: Outcome) -> tuple[str, tuple[tuple[float, float], ...]]:
    return outcome.question.episode, outcome.question.stretches
