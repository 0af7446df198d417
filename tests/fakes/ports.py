"""Ports for servers that the tests start, and for addresses where nobody listens."""

from __future__ import annotations

import random
import socket
from contextlib import closing, suppress

HOST = "127.0.0.1"

_CHANCE = random.SystemRandom()  # another one in each of the processes that run tests


def free_port() -> int:
    """Return a port that is free, below those that a system gives to who asks for any.

    One of these could be another process's by the time it is used: tests run in four, and their
    servers ask for any port.
    """
    while True:
        port = _CHANCE.randrange(10_000, 30_000)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port
