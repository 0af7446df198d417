"""The whole bot on Discord's loopback server: real core, real database, real SDK."""

from contextlib import asynccontextmanager

import pytest

from adapters.contract import platform
from bot.bootstrap import make_host, make_ports, opened_store
from bot.core.settings import (
    DiscordSettings,
    FetchSettings,
    LimitSettings,
    Settings,
    StorageSettings,
)
from tests.e2e.scripted import serving
from tests.fakes.databases import fresh_database
from tests.fakes.discord_server import DiscordServer


@pytest.fixture
async def server():
    async with DiscordServer() as running:
        yield running
        assert running.violations == []


def settings_for(server, folder):
    """Return the settings of a bot that the server knows."""
    return Settings(
        storage=StorageSettings(url=f"sqlite:///{folder}/segue.db"),
        discord=DiscordSettings(
            token="t.o.k", api_url=server.api_url, gateway_url=server.gateway_url
        ),
        limits=LimitSettings(commands_per_minute=0),
        fetch=FetchSettings(allow_private="127.0.0.1/32"),
    )


@pytest.fixture
def bot_settings(server, tmp_path):
    return settings_for(server, tmp_path)


@asynccontextmanager
async def running_bot(server, settings, wrap=lambda store: store):
    """Serve until the block ends; ``wrap`` may stand between the core and its store."""
    await fresh_database(settings.storage.url.removeprefix("sqlite:///"), sample=True)
    async with opened_store(settings, sample=True) as store:
        ports = make_ports(wrap(store), settings)
        host = make_host(ports, settings)
        async with serving(host, platform("discord").serve(host), server.wait_ready()):
            yield host
        await ports.summarizer.close()


@pytest.fixture
async def bot(server, bot_settings):
    async with running_bot(server, bot_settings) as host:
        yield host
