"""Ports for servers that the tests start, and for addresses where nobody listens."""

from __future__ import annotations

import random
import socket
from contextlib import closing, suppress

HOST = "127.0.0.1"

_CHANCE = random.SystemRandom()  # another one in each of the processes that run tests


def free_port() -> int:
    """Return a port that is free, and that no system gives to whoever asks for any port.

    Such a port may be gone before it is used: four processes start servers at the same time.
    """
    while True:
        port = _CHANCE.randrange(10_000, 30_000)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port
