"""``make bench-quality DATA=<folder>``: measures search and chapters on episodes of any show."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.quality import search_report, search_run
from benchmarks.quality.baselines import BASELINES, CAPTIONS, PORTER
from benchmarks.quality.episodes import BadData, Episode, read_folder
from benchmarks.quality.judged import find_queries, read_queries
from benchmarks.quality.segue_search import Segue
from benchmarks.quality.systems import SearchSystem
from benchmarks.quality.tables import Table

SEED = 1
MOST_EVERYWHERE = 300
"""Titles asked of the whole catalog: comparing a text with every passage takes its time."""

PARTS = ("search", "segmentation", "titles")
TUNED_ON = ("syntax", "chaincode", "lex")


def main(argv: list[str] | None = None) -> int:
    """Measure, print, and write what was measured where that is wanted."""
    options = _options(argv)
    try:
        return _run(options)
    except BadData as wrong:
        print(wrong, file=sys.stderr)
        return 2


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of episodes (*.json)")
    parser.add_argument("--queries", type=Path, help="judged queries, in JSON lines")
    parser.add_argument("--out", type=Path, help="a folder for what was measured")
    parser.add_argument("--shows", type=_names, default=[], help="only these, a comma between")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    parser.add_argument("--tuned-on", type=_names, default=list(TUNED_ON), help="shows seen before")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--most", type=int, default=MOST_EVERYWHERE, help="titles asked everywhere")
    parser.add_argument(
        "--systems", type=_names, default=[], help="only these of the search systems"
    )
    return parser.parse_args(argv)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _run(options: argparse.Namespace) -> int:
    episodes = read_folder(options.data, options.shows)
    print(_about(episodes, options.tuned_on))
    found: list[Table] = []
    details: dict[str, search_report.Json] = {"seed": options.seed}
    if options.only in (None, "search"):
        answers = _search(options, episodes)
        found += search_report.tables(answers, (CAPTIONS, PORTER), (Segue.name,), options.seed)
        details["search"] = search_report.as_json(answers)
    for table in found:
        print(f"\n{table.text()}")
    if options.out is not None:
        _write(options.out, found, details, _about(episodes, options.tuned_on))
    return 0


def _about(episodes: list[Episode], tuned_on: list[str]) -> str:
    """Return which shows there are, and which of them were never seen."""
    lines = []
    for show in sorted({episode.show for episode in episodes}):
        own = [episode for episode in episodes if episode.show == show]
        hours = sum(episode.duration for episode in own) / 3_600
        seen = "tuned on" if show in tuned_on else "never seen"
        lines.append(f"{show}: {len(own)} episodes, {hours:.1f} h, {seen}")
    return "\n".join(lines)


def _search(options: argparse.Namespace, episodes: list[Episode]) -> list[search_run.Answers]:
    file = options.queries or find_queries(options.data)
    queries = read_queries(file, episodes) if file else []
    makers = {**BASELINES, Segue.name: Segue}
    with ExitStack() as held:
        systems: list[SearchSystem] = [
            held.enter_context(closing(make()))
            for name, make in makers.items()
            if not options.systems or name in options.systems
        ]
        return [
            answers
            for stage in search_run.stages(episodes, queries, options.seed, options.most)
            for answers in search_run.run(systems, stage, _say)
        ]


def _write(
    folder: Path, found: list[Table], details: dict[str, search_report.Json], about: str
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "quality.json").write_text(json.dumps(details, indent=1), encoding="utf-8")
    parts = [about.replace("\n", "  \n"), *(table.markdown() for table in found)]
    (folder / "quality.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
