"""Runs ``python -m bot`` as an operator or a script does: real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def runs_on(folder):
    """Return a function that runs one command on a database in a folder."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SEGUE_", "DISCORD_", "SLACK_", "DATABASE_"))
    }
    environment["SEGUE_STORAGE__URL"] = f"sqlite:///{folder}/segue.db"

    def run(*arguments, stdin=b"", **variables):
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            cwd=ROOT,
            env={**environment, **variables},
            input=stdin,
            capture_output=True,
            timeout=50,
            check=False,
        )

    return run


def answered(ran):
    assert ran.returncode == 0, ran.stderr.decode()
    return json.loads(ran.stdout)
