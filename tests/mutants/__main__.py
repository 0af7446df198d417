"""``make mutants``: plants each fault in a copy of the tree and runs the tests that should fail.

A fault that no test notices, or whose place in the code is gone, fails the run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAULTS = Path(__file__).with_name("faults.toml")
COPIED = ("bot", "adapters", "storage", "tests", "pyproject.toml", "config.toml", "docs")
AT_ONCE = 2
TIMEOUT_S = 300


@dataclass(frozen=True)
class Fault:
    """A fault: ``old`` in ``file`` becomes ``new``; ``tests`` are run and must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: list[str]


def plant(fault: Fault, tree: Path) -> str | None:
    """Plant a fault in a copy; return why it cannot be, or None."""
    path = tree / fault.file
    source = path.read_text(encoding="utf-8")
    if source.count(fault.old) != 1:
        return f"its place occurs {source.count(fault.old)} times in {fault.file}"
    path.write_text(source.replace(fault.old, fault.new), encoding="utf-8")
    return None


def outcome(fault: Fault) -> tuple[bool, str]:
    """Return (killed, how) for one fault."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, tree / name, ignore=ignored)
            elif source.exists():
                shutil.copy(source, tree / name)
        problem = plant(fault, tree)
        if problem:
            return False, problem
        command = [sys.executable, "-m", "pytest", "-n0", "-x", "-q", "-p", "no:cacheprovider"]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            ran = subprocess.run(
                [*command, *fault.tests],
                cwd=tree,
                env=environment,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True, "the tests hang"
    # 1 is "tests ran and some failed"; anything else means that they did not run at all.
    if ran.returncode == 1:
        failed = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return True, failed[0].split(" - ")[0] if failed else "failed"
    return False, f"pytest ended with {ran.returncode}\n{ran.stdout[-800:]}"


def main() -> int:
    """Try every fault; return 1 if one survives."""
    faults = [Fault(**entry) for entry in tomllib.loads(FAULTS.read_text())["fault"]]
    wanted = sys.argv[1:]
    faults = [fault for fault in faults if not wanted or fault.name in wanted]
    survivors = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for fault, (killed, how) in zip(faults, pool.map(outcome, faults), strict=True):
            survivors += not killed
            print(f"{'killed  ' if killed else 'SURVIVED'}  {fault.name}: {how}", flush=True)
    print(f"{len(faults) - survivors} of {len(faults)} faults killed")
    return 1 if survivors or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
