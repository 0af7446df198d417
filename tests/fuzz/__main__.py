"""``make fuzz``: every parser, a hundred thousand inputs each, and what grows; 1 if one fails.

``python -m tests.fuzz --inputs 5000 --seed 7 --parser read_feed``
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from os import cpu_count

from tests.fuzz.running import Finding, Job, Tally, grown, jobs, tried
from tests.fuzz.targets import TARGETS_BY_NAME

INPUTS = 100_000
"""Inputs for each parser."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz what the arguments name, print what came of it, and return the exit code."""
    asked = _parser().parse_args(arguments)
    names = asked.parser or list(TARGETS_BY_NAME)
    started = time.monotonic()
    tallies = {name: Tally() for name in names}
    with ProcessPoolExecutor(asked.at_once) as pool:
        planned = jobs(names, asked.seed, asked.inputs)
        left = {name: sum(job.parser == name for job in planned) for name in names}
        running = {pool.submit(grown if job.growing else tried, job): job for job in planned}
        for job, tally in _as_they_end(running):
            tallies[job.parser].add(tally)
            left[job.parser] -= 1
            if not left[job.parser]:
                print(tallies[job.parser].line(job.parser), flush=True)
    total = sum(tally.inputs for tally in tallies.values())
    print(f"{total:,} inputs for {len(names)} parsers in {time.monotonic() - started:.0f} s")
    return report(tallies, asked.seed)


def report(tallies: Mapping[str, Tally], seed: int) -> int:
    """Print every finding, with what it takes to see it again; return 1 if there is one."""
    found = [(name, each) for name, tally in tallies.items() for each in tally.findings.values()]
    for name, finding in found:
        _print(name, finding, seed)
    print(f"{len(found)} faults")
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS, help="for each parser")
    parser.add_argument("--seed", type=int, default=1, help="another one makes other inputs")
    parser.add_argument("--parser", action="append", choices=list(TARGETS_BY_NAME))
    parser.add_argument("--at-once", type=int, default=cpu_count() or 1, help="processes")
    return parser


def _as_they_end(running: dict[Future[Tally], Job]) -> Iterable[tuple[Job, Tally]]:
    waiting = set(running)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield running[future], future.result()


def _print(name: str, finding: Finding, seed: int) -> None:
    where = f"seed {seed}, input {finding.number}" if finding.number is not None else "growing"
    print(f"\n{name}: {finding.kind} ({where})\n{finding.detail}")
    if finding.data is None:
        return
    with tempfile.NamedTemporaryFile("w", prefix="fuzz-", suffix=".py", delete=False) as file:
        file.write(
            "from tests.fuzz.targets import TARGETS_BY_NAME\n\n"
            f"target = TARGETS_BY_NAME[{name!r}]\n"
            f"target.check(target.read({finding.data!r}))\n"
        )
    print(f"{finding.data[:300]!r}\nto see it again: PYTHONPATH=. python {file.name}")


if __name__ == "__main__":
    sys.exit(main())
