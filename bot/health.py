"""What the process says of itself over HTTP: that it lives, that it can answer, what it did."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from adapters.contract import Host
from adapters.http_server import Page
from bot.core.errors import SegueError
from bot.core.ports import Store
from bot.metrics import Metrics

log = logging.getLogger(__name__)

READ_WITHIN_S = 2.0
"""Seconds a read of the database may take before it counts as no answer."""


@contextmanager
def pages(
    host: Host, store: Store, metrics: Metrics, platforms: Sequence[str], stopping: asyncio.Event
) -> Iterator[None]:
    """Have the host's server answer /healthz, /readyz and /metrics while the block runs.

    ``platforms`` are the names of those that are configured.
    """

    async def alive() -> Page:
        return Page("alive\n")

    async def ready() -> Page:
        missing = [f"{name}: not connected" for name in platforms if name not in host.connected]
        if stopping.is_set():
            missing.append("process: stopping")
        if not await _reads(store):
            missing.append("database: a read failed; the log says why")
        text = "".join(f"{line}\n" for line in missing)
        return Page(text, status=503) if missing else Page("ready\n")

    async def counted() -> Page:
        text, content_type = await metrics.exposition()
        return Page(text, content_type=content_type)

    _watch(host, metrics, platforms)
    with ExitStack() as stack:
        for path, page in (("/healthz", alive), ("/readyz", ready), ("/metrics", counted)):
            stack.enter_context(host.http.page(path, page))
        yield


def _watch(host: Host, metrics: Metrics, platforms: Sequence[str]) -> None:
    metrics.watch(
        "platform_connected",
        "1 while a configured platform is connected, else 0.",
        label="platform",
        read=lambda: {name: name in host.connected for name in platforms},
    )
    metrics.watch(
        "http_refused",
        "HTTP requests that were refused, by status.",
        label="status",
        read=lambda: {str(status): count for status, count in host.http.refused.items()},
        counts_up=True,
    )


async def _reads(store: Store) -> bool:
    """Return whether the database answers; what it says otherwise may name files of the host."""
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            await store.is_new()
    except (TimeoutError, SegueError) as error:
        log.warning("the database does not answer: %r", error)
        return False
    return True
