"""Puts the parts together: settings in, a running core or a running bot out."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from adapters.contract import Host, Platform, platform, platform_names
from bot.core.errors import ConfigError, SegueError
from bot.core.ports import Store
from bot.core.settings import Settings
from bot.services.dispatch import Dispatcher
from bot.services.ingestion import load_sample
from bot.services.registry import Ports
from storage import open_store

log = logging.getLogger(__name__)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never step back."""
        return time.monotonic()


def new_id() -> str:
    """Return eight fresh characters: enough for a card or a reference, short in a button."""
    return secrets.token_hex(4)


@asynccontextmanager
async def opened_store(settings: Settings, *, sample: bool = False) -> AsyncIterator[Store]:
    """Open and migrate the database, with the sample if the catalog is empty and it is wanted."""
    store = open_store(settings.storage)
    try:
        await store.migrate()
        if sample and await load_sample(store):
            log.info("the catalog was empty: loaded the built-in sample episode")
        yield store
    finally:
        await store.close()


def make_dispatcher(store: Store, settings: Settings) -> Dispatcher:
    """Return the core over a store."""
    return Dispatcher(Ports(store, SystemClock(), new_id), settings.limits)


def make_host(store: Store, settings: Settings) -> Host:
    """Return what a platform is given to serve with."""
    return Host(make_dispatcher(store, settings), settings, SystemClock(), asyncio.Event())


CONSOLE = "console"
"""The platform that is a terminal, which nobody serves: it is opened with ``chat``."""


def served_platforms() -> list[Platform]:
    """Return the platforms that ``run`` may serve."""
    return [platform(name) for name in platform_names() if name != CONSOLE]


async def run(settings: Settings) -> None:
    """Serve every platform that the settings name until SIGTERM or SIGINT.

    Raise ConfigError where none is named, or where every one refused its credentials.
    """
    chosen = [platform for platform in served_platforms() if platform.configured(settings)]
    if not chosen:
        raise ConfigError(
            "No platform is configured: set DISCORD_TOKEN or SLACK_BOT_TOKEN, or try "
            "`python -m bot chat`."
        )
    async with opened_store(settings, sample=True) as store:
        host = make_host(store, settings)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, host.stopping.set)
        await _serve_all(chosen, host)


async def _serve_all(chosen: Sequence[Platform], host: Host) -> None:
    """Serve each platform by itself: one that fails leaves the others answering."""
    outcomes = await asyncio.gather(
        *(_serve(platform, host) for platform in chosen), return_exceptions=True
    )
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    if len(failures) == len(chosen):
        raise failures[0]


async def _serve(platform: Platform, host: Host) -> None:
    log.info("%s: starting", platform.name)
    try:
        await platform.serve(host)
    except SegueError as error:
        log.error("%s: %s", platform.name, error.sentence)
        raise
    except Exception:
        log.exception("%s: stopped by a fault", platform.name)
        raise
    log.info("%s: stopped", platform.name)
