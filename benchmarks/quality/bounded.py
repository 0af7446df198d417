"""What bounding a search costs in quality: as over a million passages, against all of them scored.

``python -m benchmarks.quality.bounded --data <folder>`` asks the judged queries, and titles of
chapters, of all episodes together. A catalog of talk is never so large that a search of it is
bounded, so the bounds are made smaller by as much as the catalog is smaller than a million.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.quality.baselines import porter
from benchmarks.quality.episodes import read_folder
from benchmarks.quality.judged import find_queries, read_queries
from benchmarks.quality.judging import TOP, Outcome, ask
from benchmarks.quality.passages import Grid
from benchmarks.quality.questions import OFF, Question, title_questions
from benchmarks.quality.segue_search import by_words
from benchmarks.quality.systems import SearchSystem
from storage.sqlite import connection, search

AS_OF = 1_000_000
TITLES = 300
BOUNDS = ("MATCHES", "SCORED", "READ")


def main() -> int:
    """Print the quality of the full OR, of Segue's words, and of Segue's words when bounded."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.bounded")
    parser.add_argument("--data", type=Path, required=True, help="a folder of episodes (*.json)")
    parser.add_argument("--shows", default="", help="only these, a comma between")
    options = parser.parse_args()
    shows = [show for show in options.shows.split(",") if show]
    episodes = read_folder(options.data, shows)
    grid = Grid(episodes)
    passages = sum(len(cut) for cut in grid.passages.values())
    queries = find_queries(options.data)
    judged = read_queries(queries, episodes) if queries else []
    titles = title_questions(episodes, grid)
    asked = {
        "judged queries": [one for one in judged if one.kind != OFF],
        "titles": random.Random(1).sample(titles, min(TITLES, len(titles))),
    }
    print(f"{len(episodes)} episodes, {passages} passages; bounds of {AS_OF:,} to their measure")
    full, ours = porter(), by_words()
    for system in (full, ours):
        system.index(episodes)
    for what, questions in asked.items():
        if questions:
            _print(f"{what}, full OR", full, questions, grid)
            _print(f"{what}, by words", ours, questions, grid)
            with _bounded(passages):
                _print(f"{what}, by words, bounded", ours, questions, grid)
    full.close()
    ours.close()
    return 0


@contextmanager
def _bounded(passages: int) -> Iterator[None]:
    """Let every search be planned, with bounds to the measure of a catalog."""
    before = {name: getattr(search, name) for name in (*BOUNDS, "FIRST_S", "SECOND_S")}
    steps = connection.PROGRESS_STEPS
    for name in BOUNDS:
        setattr(search, name, before[name] * passages // AS_OF)
    # What makes no step is not looked at; the time left is for a busy machine.
    connection.PROGRESS_STEPS, search.FIRST_S, search.SECOND_S = 1, -1.0, 30.0
    try:
        yield
    finally:
        connection.PROGRESS_STEPS = steps
        for name, value in before.items():
            setattr(search, name, value)


def _print(what: str, system: SearchSystem, questions: Sequence[Question], grid: Grid) -> None:
    outcomes = ask(system, questions, grid, everywhere=True)
    print(f"{what:<36} {len(outcomes):4} {_quality(outcomes)}", flush=True)


def _quality(outcomes: Sequence[Outcome]) -> str:
    figures: dict[str, list[float]] = {
        "S@1": [outcome.rank == 1 for outcome in outcomes],
        f"S@{TOP}": [outcome.rank > 0 for outcome in outcomes],
        "MRR": [1 / outcome.rank if outcome.rank else 0.0 for outcome in outcomes],
        "nDCG": [outcome.ndcg for outcome in outcomes],
    }
    return "  ".join(f"{name} {statistics.fmean(values):.3f}" for name, values in figures.items())


if __name__ == "__main__":
    sys.exit(main())
