import pytest

from tests.fakes.core import opened_core


@pytest.fixture
async def core(tmp_path):
    async with opened_core(tmp_path) as opened:
        yield opened


@pytest.fixture
async def empty_core(tmp_path):
    async with opened_core(tmp_path, sample=False) as opened:
        yield opened
