"""``make bench-quality DATA=<folder>``: measures search, chapters, titles and extracts."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality.episodes import BadData, Episode, read_folder
from benchmarks.quality.judged import find_queries, read_queries
from benchmarks.quality.measuring import MAKERS, PARTS, Measured, Plan
from bot.core.errors import BadDocument
from bot.sample import sample_document

SEED = 1
MOST = 300
"""Titles asked of the whole catalog, and chapters given titles: some baselines take long."""

TUNED_ON = "syntax,chaincode,lex"
"""The shows that Segue was made with in view."""


def main(argv: list[str] | None = None) -> int:
    """Measure, print, and write what was measured where that is wanted."""
    options = _options(argv)
    try:
        _run(options)
    except (BadData, BadDocument, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    say = parser.add_argument
    say("--data", type=Path, required=True, help="a folder of episodes (*.json)")
    say("--queries", type=Path, help="judged queries in JSON lines (default: beside the episodes)")
    say("--notes", type=Path, help="notes on one of the episodes (default: the built-in sample)")
    say("--out", type=Path, help="a folder for tables, details and a picture")
    say("--shows", type=_names, default=[], help="only these, a comma between")
    say("--only", choices=PARTS, help="one part alone")
    say("--tuned-on", type=_names, default=_names(TUNED_ON), help=f"shows seen before ({TUNED_ON})")
    say("--systems", type=_systems, default=[], help=f"only these for search: {', '.join(MAKERS)}")
    say("--most", type=_count, default=MOST, help="most titles asked everywhere, and given")
    say("--seed", type=int, default=SEED)
    return parser.parse_args(argv)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _systems(text: str) -> list[str]:
    unknown = [name for name in _names(text) if name not in MAKERS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no system is called {unknown[0]!r}")
    return _names(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a number from 1 on")
    return int(text)


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _run(options: argparse.Namespace) -> None:
    episodes = read_folder(options.data, options.shows)
    queries = options.queries or find_queries(options.data)
    plan = Plan(
        episodes,
        read_queries(queries, episodes) if queries else [],
        options.notes.read_bytes() if options.notes else sample_document().encode(),
        options.seed,
        options.most,
        options.systems,
        options.tuned_on,
        _say,
    )
    about = _about(episodes, options.tuned_on)
    print("\n".join(about))
    done: list[Measured] = []
    for name, measure in PARTS.items():
        if options.only in (None, name):
            done.append(measure(plan))
            for table in done[-1].tables:
                print(f"\n{table.text()}", flush=True)
    if options.out is not None:
        _write(options.out, about, options.seed, done)


def _about(episodes: Sequence[Episode], tuned_on: Sequence[str]) -> list[str]:
    """Return which shows there are, and which of them were never seen."""
    lines = []
    for show in sorted({episode.show for episode in episodes}):
        own = [episode for episode in episodes if episode.show == show]
        hours = sum(episode.duration for episode in own) / 3_600
        seen = "tuned on" if show in tuned_on else "never seen"
        line = f"{show}: {len(own)} episodes, {hours:.1f} h, {seen}"
        lines.append("".join(char if char.isprintable() else "?" for char in line))
    return lines


def _write(folder: Path, about: Sequence[str], seed: int, done: Sequence[Measured]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    details: dict[str, object] = {"about": about, "seed": seed}
    for measured in done:
        details |= measured.details
        for name, draw in measured.pictures.items():
            draw(folder / name)
    (folder / "quality.json").write_text(json.dumps(details, indent=1), encoding="utf-8")
    tables = [table.markdown() for measured in done for table in measured.tables]
    shows = "\n".join(f"- {line}" for line in about)
    (folder / "quality.md").write_text("\n\n".join([shows, *tables]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
