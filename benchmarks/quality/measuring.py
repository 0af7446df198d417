"""The three parts of what is measured, each as tables and as details for a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.quality import (
    extracts,
    search_report,
    search_run,
    segmentation,
    segue_chapters,
    titles,
)
from benchmarks.quality.baselines import BASELINES, CAPTIONS, PORTER, TokenSet
from benchmarks.quality.episodes import Episode
from benchmarks.quality.questions import Question
from benchmarks.quality.search_ratios import Comparing
from benchmarks.quality.segmenters import SEGMENTERS, UNIFORM
from benchmarks.quality.segue_chapters import Outlined
from benchmarks.quality.segue_search import BY_WORDS, SEGUE, by_words, segue
from benchmarks.quality.systems import SearchSystem
from benchmarks.quality.tables import Table
from benchmarks.quality.texttiling import TextTiling

MAKERS = {**BASELINES, BY_WORDS: by_words, SEGUE: segue}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured, on what; ``say`` tells how far it is."""

    episodes: Sequence[Episode]
    queries: Sequence[Question]
    notes: bytes
    seed: int
    most: int
    systems: Sequence[str]
    tuned_on: Sequence[str]
    say: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Tables, everything they are made of by a name, and what draws a picture into a file."""

    tables: Sequence[Table]
    details: dict[str, object]
    pictures: dict[str, Callable[[Path], None]] = field(default_factory=dict)


def search(plan: Plan) -> Measured:
    """Ask every search system every question."""
    with ExitStack() as held:
        systems: list[SearchSystem] = [
            held.enter_context(closing(make()))
            for name, make in MAKERS.items()
            if not plan.systems or name in plan.systems
        ]
        answers = [
            each
            for stage in search_run.stages(plan.episodes, plan.queries, plan.seed, plan.most)
            for each in search_run.run(systems, stage, plan.say)
        ]
    against = (CAPTIONS, TokenSet.name, PORTER, BY_WORDS)
    comparing = Comparing((SEGUE,), against, plan.tuned_on, plan.seed)
    made = search_report.tables(answers, comparing)
    return Measured(list(made), {"search": search_report.as_json(answers)})


def chapters(plan: Plan) -> Measured:
    """Cut every episode by every segmenter."""
    judged = segmentation.judged(plan.episodes)
    if not judged:
        return Measured([], {})
    segmenters = {name: make() for name, make in SEGMENTERS.items()}
    segmenters[segue_chapters.NAME] = Outlined()
    cuts = segmentation.run(segmenters, judged, plan.say)
    against = (UNIFORM, TextTiling.name)

    def draw(file: Path) -> None:
        from benchmarks.quality import picture

        picture.draw(cuts, picture.typical(cuts), file)

    return Measured(
        list(segmentation.tables(cuts, segue_chapters.NAME, against, plan.seed)),
        {"chapters": segmentation.as_json(cuts)},
        {"chapters.png": draw},
    )


def words(plan: Plan) -> Measured:
    """Give chapters titles, and take sentences out of what notes are about."""
    own = Outlined()
    titlers: dict[str, titles.Titler] = {titles.YAKE: titles.Yake(), segue_chapters.NAME: own}
    titled = titles.run(titlers, titles.chosen(plan.episodes, plan.seed, plan.most), plan.say)
    made = list(titles.tables(titled, segue_chapters.NAME, plan.seed))
    details: dict[str, object] = {"titles": titles.as_json(titled)}
    judge = segue_chapters.embedder()
    notes = extracts.noted(plan.notes, plan.episodes) if judge else []
    if judge is not None and notes:
        found = extracts.scores(notes, {segue_chapters.NAME: own}, judge)
        made += extracts.tables(found, segue_chapters.NAME, plan.seed)
        details["extracts"] = found
    return Measured(made, details)


PARTS: dict[str, Callable[[Plan], Measured]] = {
    "search": search,
    "segmentation": chapters,
    "titles": words,
}
"""What is measured, by the names that ``--only`` takes."""
