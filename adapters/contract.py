"""What every platform folder offers, and what it is given.

A platform is a folder here whose package has a ``PLATFORM``. The contract tests, ``exec --as``
and ``run`` find it by that.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import adapters
from adapters.http_server import HttpServer
from bot.core.commands import Invocation
from bot.core.fetching import Fetcher, NoFetcher
from bot.core.outlet import Outlet
from bot.core.ports import Clock
from bot.core.reply import Reply, Suggestion
from bot.core.settings import Settings

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]


class Unreachable(Exception):
    """A platform that did not answer; the text says what happened."""


class Dispatch(Protocol):
    """The core as an adapter sees it."""

    async def __call__(self, invocation: Invocation) -> Reply:
        """Return the reply; never raises, except CancelledError."""

    async def complete(self, invocation: Invocation, option: str) -> list[Suggestion]:
        """Return completions for the option being typed; [] rather than an error."""

    async def finish(self, invocation: Invocation, reply: Reply) -> Reply | None:
        """Return an unfinished reply, shown already, with what was missing.

        Takes up to 20 s from the question on. None where nothing is to be added; never raises,
        except CancelledError.
        """

    async def sent(self, invocation: Invocation, reply: Reply) -> None:
        """Do the bookkeeping that may wait until the person has the reply; never raises."""

    async def unsent(self, invocation: Invocation, reply: Reply) -> None:
        """Take back what was claimed for a reply that could not be delivered; never raises."""


@dataclass(frozen=True, slots=True)
class Host:
    """What a platform is given to serve with. ``stopping`` is set when it should wind down.

    ``outlets`` is for a platform to fill: its name is there while it can post by itself.
    So is ``connected``: its name is there while it hears of what people ask. A platform that is
    called over HTTP adds a route to ``http``, and listens by it. ``fetcher`` is the only way to
    the files that people upload.
    """

    dispatch: Dispatch
    settings: Settings
    clock: Clock
    stopping: asyncio.Event
    outlets: dict[str, Outlet] = field(default_factory=dict)
    connected: set[str] = field(default_factory=set)
    http: HttpServer = field(default_factory=HttpServer)
    fetcher: Fetcher = field(default_factory=NoFetcher)


class Platform(Protocol):
    """A platform: rendering is pure, so that what is sent can be shown and tested alone."""

    name: str

    def render(self, reply: Reply) -> JsonObject:
        """Return the message body that the platform is sent, within all its limits."""

    def violations(self, body: JsonObject) -> list[str]:
        """Return what the platform would refuse in a body; [] when it would take it."""

    def visible_text(self, body: JsonObject) -> str:
        """Return the text a person sees, as the platform shows it: unescaped, without markup."""

    def links(self, body: JsonObject) -> set[str]:
        """Return every address that can be opened from a body."""

    def actions(self, body: JsonObject) -> set[str]:
        """Return every encoded action that can be pressed in a body."""

    def command_names(self, settings: Settings) -> Mapping[str, str]:
        """Return how commands are typed there, where that is not ``/name``."""

    def configured(self, settings: Settings) -> bool:
        """Return whether the settings ask for this platform to be served."""

    async def diagnose(self, settings: Settings) -> str:
        """Return what the platform says of its settings, one sentence.

        Raise ConfigError for what is missing or refused, Unreachable where it does not answer.
        """

    async def serve(self, host: Host) -> None:
        """Serve until ``host.stopping``; raise ConfigError for credentials that are refused."""


@runtime_checkable
class Declared(Protocol):
    """A platform that is told of the app once, by hand."""

    def manifest(self, settings: Settings, address: str) -> JsonObject:
        """Return what it is told; ``address`` is where it reaches the bot, if it must."""


def platform_names() -> list[str]:
    """Return the name of every platform, which is its folder's, without importing any."""
    return sorted(module.name for module in pkgutil.iter_modules(adapters.__path__) if module.ispkg)


def platform(name: str) -> Platform:
    """Return the platform of that name. Importing it does not import its SDK."""
    found: Platform = importlib.import_module(f"adapters.{name}").PLATFORM
    return found


def platforms() -> Mapping[str, Platform]:
    """Return every platform by name."""
    return {name: platform(name) for name in platform_names()}
