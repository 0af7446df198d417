"""The whole bot with Gemini, on any platforms at once: real core, database and SDKs, loopback."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from adapters.contract import Host, platform
from bot.bootstrap import make_host, opened_ports
from bot.core.commands import Invocation
from bot.core.reply import MomentCard, Reply
from bot.core.settings import (
    DiscordSettings,
    GeminiSettings,
    LimitSettings,
    Settings,
    SlackSettings,
    StorageSettings,
)
from bot.services.dispatch import Dispatcher
from tests.e2e.scripted import serving
from tests.fakes.changes import Changes
from tests.fakes.discord_server import DiscordServer
from tests.fakes.gemini_server import GeminiServer
from tests.fakes.slack_server import SlackServer

Server = DiscordServer | SlackServer

SDKS = ["google-genai"]
if find_spec("google.generativeai"):  # it has no releases for Python 3.14
    SDKS.append("google-generativeai")

LABEL = "In short (AI, from this note)"
KV_CACHE = "2:00:32"
NOTES = ("1:43:27", "3:04:25", "4:28:53", KV_CACHE)
HONEST = "The KV cache stores compressed representations of previous tokens in the model."


def settings_of(
    folder: Path,
    gemini: GeminiServer | None,
    discord: DiscordServer | None = None,
    slack: SlackServer | None = None,
    **of_gemini: Any,
) -> Settings:
    """Return the settings of a bot that the servers know; ``of_gemini`` are further ones."""
    if gemini is not None:
        of_gemini = {"api_key": gemini.key, "base_url": gemini.url} | of_gemini
    return Settings(
        storage=StorageSettings(url=f"sqlite:///{folder}/segue.db"),
        discord=DiscordSettings(
            token="t.o.k", api_url=discord.api_url, gateway_url=discord.gateway_url
        )
        if discord
        else DiscordSettings(),
        slack=SlackSettings(
            bot_token=slack.bot_token, app_token=slack.app_token, api_url=slack.api_url
        )
        if slack
        else SlackSettings(),
        gemini=GeminiSettings(**of_gemini),
        limits=LimitSettings(commands_per_minute=0),
    )


@dataclass
class Ended:
    """What came later to a card; ``at`` is on the clock of time.monotonic()."""

    finished: Reply | None
    at: float


class Core(Dispatcher):
    """The real one, which also tells a test when nothing more will come to a card."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.changes = Changes()
        self.begun = 0
        self.ended: list[Ended] = []

    async def finish(self, invocation: Invocation, reply: Reply) -> Reply | None:
        unfinished = isinstance(reply, MomentCard) and reply.unfinished
        self.begun += unfinished
        finished = await super().finish(invocation, reply)
        if unfinished:
            self.ended.append(Ended(finished, time.monotonic()))
            self.changes.notify()
        return finished

    async def wait_ended(self, times: int = 1, timeout: float = 10.0) -> Ended:  # noqa: ASYNC109
        """Return how it ended with that many cards that were shown unfinished."""
        await self.changes.until(lambda: len(self.ended) >= times, timeout, f"{times} ended")
        return self.ended[times - 1]


@dataclass
class Bot:
    """A bot that runs."""

    core: Core
    host: Host
    store: Any


@asynccontextmanager
async def running_bot(settings: Settings, *servers: Server) -> AsyncIterator[Bot]:
    """Serve the platforms of some servers until the block ends."""
    async with opened_ports(settings, sample=True) as ports, AsyncExitStack() as stack:
        core = Core(ports, settings.limits)
        host = make_host(ports, settings, core)
        for server in servers:
            on_discord = isinstance(server, DiscordServer)
            ready = server.wait_ready() if on_discord else server.wait_connected()
            serve = platform("discord" if on_discord else "slack").serve(host)
            await stack.enter_async_context(serving(host, serve, ready))
        yield Bot(core, host, ports.store)


def seen(shown: Any) -> str:
    """Return what a person reads of a message of either platform."""
    if hasattr(shown, "ephemeral_for"):
        return platform("slack").visible_text({"text": shown.text, "blocks": shown.blocks})
    return platform("discord").visible_text({"components": shown.components})


async def ask(server: Server, note: str, **where: Any) -> Any:
    """Return the card that a slash command on either platform is answered with."""
    if isinstance(server, DiscordServer):
        answer = await server.slash("summarize", {"time": note}, **where)
    else:
        answer = await server.slash("/segue", f"summarize {note}", **where)
    return await answer.settled()


def sent(server: Server) -> str:
    """Return everything that a platform was ever sent, as JSON."""
    if isinstance(server, DiscordServer):
        return json.dumps([call.body for call in server.calls])
    acks = [delivery.ack for act in server.acts.all for delivery in act.deliveries]
    return json.dumps([acks, [call.args for call in server.calls]])
