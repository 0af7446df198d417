"""Parts the work among processes, and counts what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, islice
from time import process_time

from tests.fuzz.growth import found_shapes, large_shapes, shapes, superlinear, too_long
from tests.fuzz.inputs import made
from tests.fuzz.targets import TARGETS_BY_NAME, Target
from tests.fuzz.trial import Fault, outcome, smallest

SHARE = 5_000
"""Inputs of one job."""

INPUTS_FOR_A_SHAPE = 1_000
"""Of so many inputs, one more stretch of a document is grown."""

MOST_FINDINGS = 5
"""Different faults of one job that are made small: who has so many mends the first ones first."""


@dataclass(frozen=True)
class Job:
    """Inputs ``start`` to ``stop`` of a parser; ``growing`` ones are shapes."""

    parser: str
    seed: int
    start: int
    stop: int
    growing: bool = False


@dataclass(frozen=True)
class Finding:
    """A fault with its input made small, where it has one, and the number of the first."""

    kind: str
    detail: str
    data: bytes | None = None
    number: int | None = None


@dataclass
class Tally:
    """What came of the inputs of a parser; findings by their kind, each once."""

    inputs: int = 0
    read: int = 0
    shapes: int = 0
    seconds: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Count what another job did."""
        self.inputs += other.inputs
        self.read += other.read
        self.shapes += other.shapes
        self.seconds += other.seconds
        self.findings = other.findings | self.findings

    def line(self, name: str) -> str:
        """Return what is printed of a parser."""
        speed = self.inputs / self.seconds if self.seconds else 0
        return (
            f"{name:22}{self.inputs:>9,} inputs, {self.read / max(self.inputs, 1):>4.0%} read,"
            f"{self.shapes:>6,} grown,{len(self.findings):>2} faults,{self.seconds:>5.0f} s,"
            f"{speed:>7,.0f}/s"
        )


def jobs(parsers: Iterable[str], seed: int, inputs: int) -> list[Job]:
    """Return the jobs of parsers: first what is grown, which takes the longest."""
    names = list(parsers)
    growing = [Job(name, seed, 0, inputs // INPUTS_FOR_A_SHAPE, growing=True) for name in names]
    trying = [
        Job(name, seed, start, min(start + SHARE, inputs))
        for name in names
        for start in range(0, inputs, SHARE)
    ]
    return [*growing, *trying]


def tried(job: Job) -> Tally:
    """Give a parser the inputs of a job."""
    return tried_on(TARGETS_BY_NAME[job.parser], job)


def tried_on(target: Target, job: Job) -> Tally:
    """Give a parser the inputs of a job; what fails is made small, one of each kind."""
    tally = Tally()
    began = process_time()
    for number in range(job.start, job.stop):
        data = made(job.seed, target.name, number, target.seeds, target.grammar)
        found = outcome(target, data)
        tally.inputs += 1
        if not isinstance(found, Fault):
            tally.read += found
        elif found.kind not in tally.findings and len(tally.findings) < MOST_FINDINGS:
            tally.findings[found.kind] = _finding(target, found, data, number)
    tally.seconds = process_time() - began
    return tally


def _finding(target: Target, found: Fault, data: bytes, number: int) -> Finding:
    small = smallest(target, data, found.kind)
    again = outcome(target, small)
    detail = again.detail if isinstance(again, Fault) else found.detail
    return Finding(found.kind, detail, small, number)


def grown(job: Job) -> Tally:
    """Grow the shapes of a job's parser."""
    return grown_on(TARGETS_BY_NAME[job.parser], job)


def grown_on(target: Target, job: Job) -> Tally:
    """Grow every shape of a parser, and as many stretches of its documents as the job has."""
    tally = Tally()
    began = process_time()
    found = islice(found_shapes(target, job.seed), job.stop)
    for shape, wrong in chain(
        ((shape, superlinear) for shape in chain(shapes(target), found)),
        ((shape, too_long) for shape in large_shapes(target)),
    ):
        tally.shapes += 1
        try:
            complaint = wrong(target, shape)
        except Exception as error:
            # What it is, the inputs tell better; that it is there must not be missed.
            complaint = f"{type(error).__name__}: {str(error)[:200]}: {shape}"
        if complaint and len(tally.findings) < MOST_FINDINGS:
            tally.findings[complaint] = Finding("the time it takes", complaint)
    tally.seconds = process_time() - began
    return tally
