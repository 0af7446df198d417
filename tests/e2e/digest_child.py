"""``python -m bot run`` with short times, killed at a step of a digest if it is told so.

``DIES_AT`` is a step and its side, such as ``claim_turn after``. ``LEASE_S`` and ``REPEATABLE_S``
are seconds that stand for LEASE and REPEATABLE_FOR.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.core import digest

LEASE_S = float(os.environ["LEASE_S"])

# Whoever imports the names below gets these values.
digest.LEASE = timedelta(seconds=LEASE_S)
digest.REPEATABLE_FOR = timedelta(seconds=float(os.environ["REPEATABLE_S"]))

from bot.cli import main  # noqa: E402
from bot.services import digest_posting, digest_worker  # noqa: E402

digest_posting.POST_WITHIN_S = LEASE_S * 0.8
digest_posting.FIND_WITHIN_S = LEASE_S * 0.25
digest_posting.A_MOMENT = timedelta(seconds=LEASE_S * 0.9)
digest_worker.LOOK_EVERY_S = 0.2

STEP, _, SIDE = os.environ.get("DIES_AT", "").partition(" ")


@dataclass
class Dying:
    """Passes calls on, until the step at which the process is killed. ``inner`` is a port."""

    inner: Any

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.inner, name)
        if name != STEP:
            return call

        async def dying(*args: Any, **kwargs: Any) -> None:
            if SIDE == "after":
                await call(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)

        return dying


async def post_turn(ports: Any, *args: Any, **kwargs: Any) -> Any:
    outlets = {name: Dying(outlet) for name, outlet in ports.outlets.items()}
    mortal = replace(ports, store=Dying(ports.store), outlets=outlets)
    return await digest_posting.post_turn(mortal, *args, **kwargs)


if __name__ == "__main__":
    digest_worker.post_turn = post_turn
    if os.environ.get("DISCORD_TOKEN"):
        from adapters.discord import app

        app.SERVERS_WITHIN_S = 0.1
    sys.exit(main(["run"]))
