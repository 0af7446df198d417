"""How much memory this process takes, and took at its peak."""

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Return the peak of this process alone, in megabytes.

    Linux lets ``ru_maxrss`` begin with the peak of whoever started the process.
    """
    if STATUS.exists():
        return _status("VmHWM")
    unit = 1_048_576 if sys.platform == "darwin" else 1_024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def megabytes() -> float:
    """Return what this process takes now, in megabytes; its peak where that is not told."""
    return _status("VmRSS") if STATUS.exists() else peak_megabytes()


def _status(name: str) -> float:
    lines = STATUS.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1_024
