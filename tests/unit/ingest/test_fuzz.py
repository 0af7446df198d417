"""A slice of ``make fuzz`` that runs every time, and faults that it must notice."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.errors import BadDocument
from tests.fuzz import trial
from tests.fuzz.__main__ import report
from tests.fuzz.growth import Shape, superlinear
from tests.fuzz.inputs import made
from tests.fuzz.running import Job, Tally, jobs, tried_on
from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.trial import Fault, outcome

_SEEDS = (b"one, two", b"three\nfour")


def _planted(read, check=lambda found: None) -> Target:
    return Target("planted", read, check, _SEEDS, TARGETS[0].grammar)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_parser_given_a_few_hundred_inputs_fails_in_none(target: Target):
    tally = tried_on(target, Job(target.name, seed=0, start=0, stop=200))
    assert not tally.findings
    assert tally.inputs == 200
    # Were all refused at the door, nothing would have been tried.
    assert tally.read > 10


def test_inputs_of_one_seed_are_the_same_and_of_another_are_not():
    target = next(one for one in TARGETS if one.name == "read_takeaways")
    first, again, other = (
        [made(seed, target.name, number, target.seeds, target.grammar) for number in range(60)]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first[: len(target.seeds)] == list(target.seeds)
    assert len(set(first) & set(other)) < 20


def test_every_parser_has_all_its_inputs_once():
    planned = [job for job in jobs(["read_feed", "parse_link"], 1, 12_345) if not job.growing]
    for name in ("read_feed", "parse_link"):
        shares = [(job.start, job.stop) for job in planned if job.parser == name]
        assert sorted(number for share in shares for number in range(*share)) == [*range(12_345)]


def test_error_that_is_not_ours_is_found_and_made_small(capsys: pytest.CaptureFixture[str]):
    def read(data: bytes) -> int:
        if b"," in data:
            raise ValueError("a comma")
        return len(data)

    tally = tried_on(_planted(read), Job("planted", seed=1, start=0, stop=50))
    (finding,) = tally.findings.values()
    assert finding.data == b","
    assert "ValueError: a comma" in finding.detail
    assert report({"planted": tally}, 1) == 1
    told = capsys.readouterr().out
    assert "planted: ValueError" in told
    assert "(seed 1, input 0)" in told
    kept = Path(told.split("python ")[1].split()[0])
    assert "target.read(b',')" in kept.read_text(encoding="utf-8")
    kept.unlink()


def test_no_finding_is_no_failure(capsys: pytest.CaptureFixture[str]):
    assert report({"planted": Tally(inputs=5)}, 1) == 0
    assert "0 faults" in capsys.readouterr().out


def test_refusal_is_no_fault_unless_it_says_nothing():
    def refuse(data: bytes) -> int:
        raise BadDocument("It is broken." if data else " ")

    assert outcome(_planted(refuse), b"x") is False
    assert isinstance(outcome(_planted(refuse), b""), Fault)


def test_result_that_breaks_its_promise_is_found():
    def check(found: object) -> None:
        assert b"o" not in found

    found = outcome(_planted(lambda data: data, check), b"one")
    assert isinstance(found, Fault)
    assert found.kind.startswith("AssertionError")


def test_input_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trial, "MAX_SECONDS", 0.1)
    found = outcome(_planted(re.compile(rb"(a+)+$").match), b"a" * 60 + b"b")
    assert isinstance(found, Fault)
    assert found.kind == "TooSlow"


def test_time_that_grows_with_the_square_is_noticed_and_what_is_linear_is_not():
    # For each letter, all that follow are looked at.
    squared, linear = re.compile(rb"(?:a|x)+b"), re.compile(rb"(?<!a)(?:a|x)+b")
    shape = Shape(b"(", b"a", b")")
    told = superlinear(_planted(squared.findall), shape)
    assert told is not None
    assert "b'a' × n" in told
    assert superlinear(_planted(linear.findall), shape) is None


def test_the_command_runs_a_parser_and_says_how_it_went():
    asked = ["--inputs", "60", "--parser", "action_command", "--at-once", "1"]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *asked], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "60 inputs for 1 parsers" in ran.stdout
