"""The whole bot on Slack's loopback server: real core, real database, real SDK."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters.contract import platform
from bot.bootstrap import make_host, make_ports, opened_store
from bot.core.settings import (
    FetchSettings,
    HttpSettings,
    LimitSettings,
    Settings,
    SlackSettings,
    StorageSettings,
)
from tests.e2e.scripted import serving
from tests.fakes.databases import fresh_database
from tests.fakes.ports import HOST, free_port
from tests.fakes.slack_server import SlackServer


def slack_settings(server, **changes):
    """Return the settings of a bot that the server knows."""
    known = {
        "bot_token": server.bot_token,
        "app_token": server.app_token,
        "signing_secret": server.http.secret,
        "api_url": server.api_url,
        "mode": server.mode,
    }
    return SlackSettings(**(known | changes))


def settings_for(server, folder, **changes):
    """Return all settings; in mode http the server is told where the bot will listen."""
    port = free_port()
    server.deliver_to = f"http://{HOST}:{port}/slack/events"
    return Settings(
        storage=StorageSettings(url=f"sqlite:///{folder}/segue.db"),
        slack=slack_settings(server, **changes),
        http=HttpSettings(host=HOST, port=port),
        limits=LimitSettings(commands_per_minute=0),
        fetch=FetchSettings(allow_private="127.0.0.1/32"),
    )


async def listening(port):
    """Wait until something listens on a port."""
    while True:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            await writer.wait_closed()
            return


async def callable_by_slack(port):
    """Wait until Slack's path is there: the server may listen before Slack is served."""
    await listening(port)
    async with aiohttp.ClientSession() as session:
        while True:
            # A path that only POST may use, or one that is not there (yet).
            async with session.get(f"http://{HOST}:{port}/slack/events") as answer:
                if answer.status == 405:
                    return
            await asyncio.sleep(0.01)


async def reachable(server, settings):
    """Wait until the bot hears of what people do."""
    async with asyncio.timeout(20):
        if server.mode == "http":
            await callable_by_slack(settings.http.port)
        else:
            await server.wait_connected()


@asynccontextmanager
async def running_bot(server, settings, wrap=lambda store: store):
    """Serve the real core; ``wrap`` may stand between it and its store."""
    await fresh_database(settings.storage.url.removeprefix("sqlite:///"), sample=True)
    async with opened_store(settings, sample=True) as store:
        ports = make_ports(wrap(store), settings)
        host = make_host(ports, settings)
        async with serving(host, platform("slack").serve(host), reachable(server, settings)):
            yield host
        await ports.summarizer.close()


@pytest.fixture(params=["socket", "http"])
async def server(request):
    async with SlackServer(mode=request.param) as running:
        yield running
        assert running.violations == []


@pytest.fixture
def bot_settings(server, tmp_path):
    return settings_for(server, tmp_path)


@pytest.fixture
async def bot(server, bot_settings):
    async with running_bot(server, bot_settings) as host:
        yield host
