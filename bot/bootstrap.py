"""Puts the parts together: settings in, a running core or a running bot out."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.contract import Host, Platform, platform, platform_names
from bot.core.errors import ConfigError, SegueError
from bot.core.outlet import Outlet
from bot.core.ports import Store
from bot.core.settings import Settings
from bot.core.summarizing import Summarizer
from bot.health import pages
from bot.metrics import Metrics
from bot.providers import LateVideos, open_embedder, open_fetcher, open_summarizer
from bot.services.digest_worker import DigestWorker
from bot.services.dispatch import Dispatcher
from bot.services.embedding_worker import EmbeddingWorker
from bot.services.import_worker import ImportWorker
from bot.services.ingestion import load_sample
from bot.services.outline_worker import OutlineWorker
from bot.services.registry import Ports
from storage import open_store

log = logging.getLogger(__name__)

Worker = DigestWorker | ImportWorker | EmbeddingWorker | OutlineWorker


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


@asynccontextmanager
async def opened_ports(settings: Settings, *, sample: bool = False) -> AsyncIterator[Ports]:
    """Open what services work with, as ``opened_store`` does, and close it."""
    async with opened_store(settings, sample=sample) as store:
        ports = make_ports(store, settings)
        try:
            yield ports
        finally:
            await ports.summarizer.close()
            await ports.fetcher.close()
            if ports.videos is not None:
                await ports.videos.close()


def make_ports(store: Store, settings: Settings) -> Ports:
    """Return what services work with, over an open store; whoever asks closes its providers."""
    outlets: dict[str, Outlet] = {}  # filled by the platforms that connect
    summarizer, budget = open_summarizer(settings.gemini), settings.gemini.summaries_per_day
    fetcher = open_fetcher(settings.fetch)
    return Ports(
        store,
        SystemClock(),
        new_id,
        summarizer,
        budget,
        outlets=outlets,
        fetcher=fetcher,
        videos=LateVideos(settings.youtube),
        look_every=max(timedelta(minutes=settings.feeds.poll_minutes), SELDOM_ENOUGH),
        embedder=open_embedder(settings.meaning),
    )


def make_host(ports: Ports, settings: Settings, core: Dispatcher | None = None) -> Host:
    """Return what a platform is given to serve with."""
    core = core or Dispatcher(ports, settings.limits)
    return Host(core, settings, ports.clock, asyncio.Event(), ports.outlets, fetcher=ports.fetcher)


def make_workers(ports: Ports) -> list[Worker]:
    """Return what works beside the answers: digests, imports and, with a model, vectors."""
    workers: list[Worker] = [DigestWorker(ports, REPEATABLE), ImportWorker(ports)]
    if ports.embedder is not None:
        workers.append(EmbeddingWorker(ports.store, ports.embedder))
    workers.append(OutlineWorker(ports.store, ports.embedder))
    return workers


SELDOM_ENOUGH = timedelta(minutes=10)
"""A feed is not looked at more often than that, whatever the settings say."""

REPEATABLE = frozenset({"discord"})
"""The platforms that show a post made twice under one key once (PLATFORM 3.6, 4.4)."""

WORKER_STOPS_WITHIN_S = 6.0
"""Seconds the posts under way have to end; hosts give 30 from SIGTERM on (PLATFORM 6)."""

NOTES_END_WITHIN_S = 3.0

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
    async with opened_ports(settings, sample=True) as ports, AsyncExitStack() as stack:
        metrics = Metrics(time.time())
        core = Dispatcher(ports, settings.limits, metrics)
        host = make_host(ports, settings, core)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        names = [platform.name for platform in chosen]
        stack.enter_context(pages(host, ports.store, metrics, names, stop))
        await stack.enter_async_context(_listening(host))
        workers = make_workers(ports)
        _watch(metrics, ports.summarizer, workers)
        working = asyncio.create_task(_work(workers, stop, host.stopping))
        try:
            await _serve_all(
                [(one, replace(host, dispatch=core.asked_on(one.name))) for one in chosen]
            )
        finally:
            stop.set()
            await working
            if ports.begun:
                # What is posted by now is also noted, while the database is open.
                await asyncio.wait(set(ports.begun), timeout=NOTES_END_WITHIN_S)


def _watch(metrics: Metrics, summarizer: Summarizer, workers: Sequence[Worker]) -> None:
    _watch_summaries(metrics, summarizer)
    for worker in workers:
        match worker:
            case DigestWorker():
                _watch_digests(metrics, worker)
            case ImportWorker():
                _watch_imports(metrics, worker)
            case EmbeddingWorker():
                _watch_embedding(metrics, worker)
            case OutlineWorker():
                _watch_outlines(metrics, worker)


def _watch_digests(metrics: Metrics, worker: DigestWorker) -> None:
    metrics.watch(
        "digest_turns",
        "Turns of digests by what they came to.",
        label="state",
        read=lambda: worker.turns,
        counts_up=True,
    )
    metrics.watch(
        "digest_lag_seconds",
        "Seconds by which the last digest of a platform came after its minute.",
        label="platform",
        read=lambda: worker.lag_s,
    )


def _watch_summaries(metrics: Metrics, summarizer: Summarizer) -> None:
    if not summarizer.at_once:
        metrics.watch(
            "gemini_calls",
            "Notes given to Gemini, by what came of them.",
            label="outcome",
            read=lambda: summarizer.outcomes,
            counts_up=True,
        )
        metrics.watch(
            "gemini_tokens",
            "Tokens that Gemini counted, in and out.",
            label="direction",
            read=lambda: summarizer.tokens,
            counts_up=True,
        )


def _watch_imports(metrics: Metrics, worker: ImportWorker) -> None:
    watched = {
        "imports": ("Imports by what they came to.", "state", worker.jobs),
        "feed_items": ("Items of feeds by what their import came to.", "state", worker.items),
        "feed_looks": ("Looks at feeds by what came of them.", "outcome", worker.looks),
    }
    for name, (meaning, label, counted) in watched.items():
        metrics.watch(name, meaning, label=label, read=counted.copy, counts_up=True)


def _watch_embedding(metrics: Metrics, worker: EmbeddingWorker) -> None:
    metrics.watch(
        "texts_embedded",
        "Texts by what came of embedding them.",
        label="outcome",
        read=worker.done.copy,
        counts_up=True,
    )
    metrics.watch(
        "texts",
        "Texts that can be searched: all, and those that have a vector.",
        label="state",
        read=lambda: worker.progress,
    )


def _watch_outlines(metrics: Metrics, worker: OutlineWorker) -> None:
    metrics.watch(
        "talks_outlined",
        "Talks without chapters by what came of making some.",
        label="outcome",
        read=worker.done.copy,
        counts_up=True,
    )


async def _work(workers: Sequence[Worker], stop: asyncio.Event, stopping: asyncio.Event) -> None:
    """Let the workers end their posts first, while the platforms are still there to take them."""
    working = [asyncio.create_task(worker.run(stop)) for worker in workers]
    await stop.wait()
    await asyncio.wait(working, timeout=WORKER_STOPS_WITHIN_S)
    for task in working:
        task.cancel()
    for outcome in await asyncio.gather(*working, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("a worker failed", exc_info=outcome)
    stopping.set()


@asynccontextmanager
async def _listening(host: Host) -> AsyncIterator[None]:
    """Listen while the block runs, or say why not: to answer people comes first."""
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(host.http.listening(host.settings.http))
        except ConfigError as error:
            log.warning("%s Until then there are no health checks and no metrics.", error.sentence)
        yield


async def _serve_all(chosen: Sequence[tuple[Platform, Host]]) -> None:
    """Serve each platform by itself: one that fails leaves the others answering."""
    outcomes = await asyncio.gather(
        *(_serve(platform, host) for platform, host in chosen), return_exceptions=True
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
