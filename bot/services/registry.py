"""Which service answers which command or action: a service says so itself.

Every module of this package is imported by ``handlers()``, so a new command is its spec and
its service, and no third place.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import bot.services
from bot.core.catalog import Tenant
from bot.core.commands import Invocation
from bot.core.embedding import Embedder
from bot.core.fetching import Fetcher, NoFetcher
from bot.core.outlet import Outlet
from bot.core.ports import Clock, Store
from bot.core.reply import Reply
from bot.core.summarizing import Summarizer
from bot.core.videos import Videos


@dataclass(frozen=True, slots=True)
class Ports:
    """What services work with. ``new_id`` returns a fresh short id, letters and digits.

    ``summarizer`` shortens notes, and a tenant may have ``summaries_per_day`` of them shortened
    at a cost; 0 is no limit. ``outlets`` are the platforms that are connected now, by name.
    ``begun`` holds work that goes on after its reply. ``fetcher`` is the only way to addresses
    that people name, ``videos`` what looks videos up. A feed is left alone for ``look_every``
    between two looks. ``embedder`` tells what texts mean; without it words alone are compared.
    ``work`` is set where there is an import to begin. ``talk_seen`` are the tenants whose
    last search saw talk: the next one does not wait to be sure.
    """

    store: Store
    clock: Clock
    new_id: Callable[[], str]
    summarizer: Summarizer
    summaries_per_day: int = 0
    outlets: dict[str, Outlet] = field(default_factory=dict)
    begun: set[asyncio.Task[Any]] = field(default_factory=set)
    fetcher: Fetcher = field(default_factory=NoFetcher)
    videos: Videos | None = None
    look_every: timedelta = timedelta(hours=1)
    embedder: Embedder | None = None
    work: asyncio.Event = field(default_factory=asyncio.Event)
    talk_seen: set[Tenant] = field(default_factory=set)


Handler = Callable[[Ports, Invocation], Awaitable[Reply]]

_handlers: dict[str, Handler] = {}


def answers(name: str) -> Callable[[Handler], Handler]:
    """Declare the decorated function as the service of a command or an action."""

    def register(handler: Handler) -> Handler:
        if name in _handlers:
            raise ValueError(f"{name} is answered twice")
        _handlers[name] = handler
        return handler

    return register


def handlers() -> Mapping[str, Handler]:
    """Return every service by the name it answers."""
    for module in pkgutil.iter_modules(bot.services.__path__):
        importlib.import_module(f"bot.services.{module.name}")
    return _handlers
