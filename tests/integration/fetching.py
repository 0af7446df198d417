"""What tests of fetching share: names that answer as told, and short ways to ask."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from bot.core.errors import NotFetched
from bot.core.fetching import Fetched
from bot.providers.addresses import Allowed
from bot.providers.fetch import WebFetcher

LOOPBACK = Allowed.read("127.0.0.1/32 ::1/128")
HASTE_S = 0.3  # the patience of a fetch that is to lose it
NAME = "feeds.test"
SOME = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n" * 40
A_LOT = "Content-Length: 1000"
CHUNKED = "Transfer-Encoding: chunked"


class Names:
    """A name service whose answers may change from one look-up to the next."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Sequence[str]]] = {NAME: [["127.0.0.1"]]}
        self.asked: Counter[str] = Counter()
        self.hang = False

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked[host] += 1
        if self.hang:
            await asyncio.get_running_loop().create_future()
        answers = self.answers.get(host, [])
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]


async def fetch(fetcher: WebFetcher, url: str, **options: Any) -> Fetched:
    return await fetcher.fetch(url, **{"max_bytes": 100_000, "within_s": 10.0, **options})


async def refusal(fetcher: WebFetcher, url: str, **options: Any) -> NotFetched:
    with pytest.raises(NotFetched) as told:
        await fetch(fetcher, url, **options)
    return told.value
