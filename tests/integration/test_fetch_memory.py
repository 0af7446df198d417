"""What a bomb costs: a billion zeros in a megabyte are refused before they are anywhere."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from bot.core.errors import NotFetched
from bot.core.fetching import Trouble
from bot.providers.addresses import Allowed
from bot.providers.fetch import WebFetcher
from tests.fakes.web_server import WebServer, pages

MEGABYTE = 1_000_000
CAP = 5 * MEGABYTE


async def test_bomb_of_a_gigabyte_takes_no_memory_beyond_the_bound() -> None:
    bomb = pages.gzip_bomb(1_000)
    assert len(bomb) < CAP
    fetcher = WebFetcher(Allowed.read("127.0.0.1/32"))
    async with WebServer() as web:
        web.pages["/"] = pages.packed(bomb, "gzip")
        tracemalloc.start()
        began = time.perf_counter()
        try:
            with pytest.raises(NotFetched) as told:
                await fetcher.fetch(web.url(), max_bytes=CAP, within_s=60)
            took_s = time.perf_counter() - began
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        await web.wait_alone()
    assert told.value.sentence == Trouble.LARGE
    assert peak < 5 * CAP
    assert took_s < 10
