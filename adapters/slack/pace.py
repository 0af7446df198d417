"""How long things may take on Slack."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds. Slack gives 3 s for the acknowledgement (PLATFORM)."""

    wait: float = 1.5
    wait_when_stopping: float = 0.1
    opening: float = 2.5
    completions: float = 2.0
    later_answer: float = 60.0
    shared_post: float = 30.0
    drain: float = 8.0
    apology: float = 1.5


def until(seconds: float) -> float:
    """Return the time so many seconds from now, on the event loop's clock."""
    return asyncio.get_running_loop().time() + seconds
