"""Runs every search system over every set of questions."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.quality.episodes import Episode
from benchmarks.quality.judging import Outcome, ask
from benchmarks.quality.passages import Grid
from benchmarks.quality.questions import OFF, Question, title_questions, with_slips
from benchmarks.quality.systems import SearchSystem

TITLES, TYPOS, QUERIES = "titles", "titles with one slip", "user queries"
OFF_CATALOG = "off the catalog"


@dataclass(frozen=True, slots=True)
class Round:
    """A set of questions about some episodes, each asked in its episode or everywhere."""

    what: str
    everywhere: bool
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        """Return what is asked, and where."""
        return f"{self.what}, {'whole catalog' if self.everywhere else 'in the episode'}"


@dataclass(frozen=True, slots=True)
class Stage:
    """Episodes that are indexed together, and the rounds over them."""

    episodes: tuple[Episode, ...]
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What each system answered in a round, by its name."""

    round: Round
    outcomes: dict[str, list[Outcome]]


def stages(
    episodes: Sequence[Episode], queries: Sequence[Question], seed: int, most: int
) -> list[Stage]:
    """Return what is to be asked: titles over all episodes, queries over those judged.

    ``most`` bounds the questions that are asked of the whole catalog; the same are always chosen.
    """
    grid = Grid(episodes)
    titles = title_questions(episodes, grid)
    slips = tuple(with_slips(titles, seed))
    some = titles if len(titles) <= most else random.Random(seed).sample(titles, most)
    found = [
        Stage(
            tuple(episodes),
            (
                Round(TITLES, False, tuple(titles)),
                Round(TYPOS, False, slips),
                Round(TITLES, True, tuple(some)),
            ),
        )
    ]
    good = tuple(query for query in queries if query.kind != OFF)
    judged = {query.episode for query in good}
    if judged:
        off = tuple(query for query in queries if query.kind == OFF)
        rounds = [Round(QUERIES, False, good), Round(QUERIES, True, good)]
        if off:
            rounds.append(Round(OFF_CATALOG, True, off))
        found.append(Stage(tuple(e for e in episodes if e.id in judged), tuple(rounds)))
    return [stage for stage in found if any(each.questions for each in stage.rounds)]


def run(systems: Sequence[SearchSystem], stage: Stage, say: Callable[[str], None]) -> list[Answers]:
    """Return what every system answered in every round of a stage."""
    grid = Grid(stage.episodes)
    found = [Answers(each, {}) for each in stage.rounds if each.questions]
    for system in systems:
        say(f"{system.name}: taking in {len(stage.episodes)} episodes")
        system.index(stage.episodes)
        for answers in found:
            each = answers.round
            say(f"{system.name}: {len(each.questions)} {each.name}")
            answers.outcomes[system.name] = ask(
                system, each.questions, grid, everywhere=each.everywhere
            )
    return found
