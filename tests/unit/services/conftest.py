import pytest

from bot.services.digest_worker import DigestWorker
from tests.fakes.core import opened_core
from tests.fakes.outlet import FakeOutlet


@pytest.fixture
async def core(tmp_path):
    async with opened_core(tmp_path) as opened:
        yield opened


@pytest.fixture
async def empty_core(tmp_path):
    async with opened_core(tmp_path, sample=False) as opened:
        yield opened


@pytest.fixture
def outlet(core):
    """A platform that the core can post to."""
    core.ports.outlets["discord"] = connected = FakeOutlet()
    return connected


@pytest.fixture
def web(core):
    """What the core finds at the addresses it fetches."""
    return core.ports.fetcher


@pytest.fixture
def worker(core, outlet):
    """A worker that posts what is due, with the core's own clock."""
    return DigestWorker(core.ports, {"discord"})
