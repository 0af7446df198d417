"""What the tests of fetching share: a server, its names, and a fetcher that may go there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.providers.fetch import WebFetcher
from tests.fakes.web_server import WebServer
from tests.integration.fetching import LOOPBACK, Names


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with WebServer() as running:
        yield running


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def fetcher(names: Names) -> WebFetcher:
    return WebFetcher(LOOPBACK, lookup=names)
