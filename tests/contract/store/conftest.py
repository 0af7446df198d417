"""The stores that the contract is held against: a further one joins by a line in OPENERS."""

from contextlib import asynccontextmanager

import pytest

from bot.core.settings import StorageSettings
from storage import open_store
from tests.fakes.databases import fresh_database


@asynccontextmanager
async def opened_sqlite(folder):
    path = f"{folder}/catalog.db"
    await fresh_database(path, sample=False)
    store = open_store(StorageSettings(url=f"sqlite:///{path}"))
    try:
        yield store
    finally:
        await store.close()


OPENERS = {"sqlite": opened_sqlite}


@pytest.fixture(params=sorted(OPENERS))
def opened(request):
    """Open a migrated, empty store in a folder: ``async with opened(folder) as store``."""
    return OPENERS[request.param]


@pytest.fixture
async def store(opened, tmp_path):
    async with opened(tmp_path) as fresh:
        yield fresh
