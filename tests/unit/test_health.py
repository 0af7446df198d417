"""Ready is who has a database that answers; what is wrong with it stays in the log."""

import asyncio
import logging
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters.contract import Host
from bot import health
from bot.core.errors import Busy, StorageError
from bot.core.settings import HttpSettings, Settings
from bot.health import pages
from bot.metrics import Metrics
from tests.fakes.clock import FakeClock
from tests.fakes.core import Core, opened_core
from tests.fakes.ports import HOST, free_port
from tests.unit.services.test_dispatch import Broken


@asynccontextmanager
async def served(store):
    """Serve the pages of a host without platforms; yield a function that gets one."""
    at = HttpSettings(host=HOST, port=free_port())
    host = Host(Core(store).dispatch, Settings(http=at), FakeClock(), asyncio.Event())
    address = f"http://{HOST}:{at.port}"
    with pages(host, store, Metrics(0.0), (), host.stopping):
        async with host.http.listening(at), aiohttp.ClientSession(address) as session:

            async def get(path):
                async with session.get(path) as answer:
                    return answer.status, await answer.text()

            yield get


async def test_database_that_answers_is_ready(tmp_path):
    async with opened_core(tmp_path) as core, served(core.store) as get:
        assert await get("/readyz") == (200, "ready\n")


@pytest.mark.parametrize("outcome", [StorageError("No /srv/secret.db."), Busy(), None])
async def test_database_that_does_not_answer_is_said_without_its_path(outcome, caplog, monkeypatch):
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(health, "READ_WITHIN_S", 0.05)
    async with served(Broken(outcome)) as get:
        status, text = await get("/readyz")
        assert status == 503
        assert text.startswith("database: ")
        assert "secret" not in text
        # The process itself is well: to start it again would not help.
        assert await get("/healthz") == (200, "alive\n")
    assert "the database does not answer" in caplog.text
    assert not isinstance(outcome, StorageError) or "secret" in caplog.text
