"""The Discord client: connects, tells Discord the commands, and hands interactions on."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.contract import Host
from adapters.discord.answering import Answering, Pace
from adapters.discord.attempts import trace
from adapters.discord.menu import definitions, differ
from adapters.discord.outlet import DiscordOutlet
from adapters.running import Running, stopped_within
from bot.core.errors import ConfigError
from bot.core.settings import DiscordSettings

log = logging.getLogger(__name__)

# The SDK warns at every start of libraries for voice, which this bot never uses.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""Between attempts to connect, doubled each time."""

NAME = "discord"
"""The platform's own, under which its host knows it."""

SERVERS_WITHIN_S = 2.0
"""So long without news of another server, all that there are count as known, at the start."""

REFUSED = (
    "Discord refused the token in DISCORD_TOKEN. Copy it again from the Bot page of your "
    "application in the Discord developer portal."
)


class SegueClient(discord.AutoShardedClient):
    """Hears of servers and interactions and of nothing else; caches no members or messages."""

    def __init__(self, host: Host, pace: Pace, new_reference: Callable[[], str]) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=SERVERS_WITHIN_S,
            http_trace=trace(),
        )
        self._outlets, self._connected = host.outlets, host.connected
        self._shards_up: set[int] = set()
        self._gateway_url = host.settings.discord.gateway_url
        self._answering = Answering(self, host, pace, new_reference)
        self.running = Running()
        self.was_ready = False
        self._outlet = DiscordOutlet(self, self.running)

    async def setup_hook(self) -> None:
        """Tell Discord the commands, if it knows others; go on with those if it will not listen."""
        try:
            await self._sync()
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            log.exception("commands not brought up to date; the old ones stay")

    async def _sync(self) -> None:
        application = self.application_id
        if application is None:
            return
        current: Any = await self.http.get_global_commands(application)
        wanted: Any = definitions()
        if differ(current, wanted):
            await self.http.bulk_upsert_global_commands(application, wanted)
            log.info("commands brought up to date")

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect a shard, to the gateway of the settings if they name one."""
        chosen = yarl.URL(self._gateway_url) if self._gateway_url else gateway
        await super().launch_shard(chosen, shard_id, initial=initial)

    async def on_ready(self) -> None:
        """Note that the connection stands, and that posts can be made."""
        self.was_ready = True
        if not self.is_closed():
            self._outlets[NAME] = self._outlet
        log.info("Discord is ready: %s, %d servers", self.user, len(self.guilds))

    async def on_shard_connect(self, shard: int) -> None:
        """Note that a shard hears of what people ask; connected is who hears with every one."""
        self._shards_up.add(shard)
        if not self.is_closed() and len(self._shards_up) == self.shard_count:
            self._connected.add(NAME)

    on_shard_resumed = on_shard_connect

    async def on_shard_disconnect(self, shard: int) -> None:
        """Note that a shard hears nothing for a while."""
        self._shards_up.discard(shard)
        self._connected.discard(NAME)

    def withdraw(self) -> None:
        """Let no more posts begin."""
        self._outlets.pop(NAME, None)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer an interaction; the SDK runs this in a task of its own."""
        task = asyncio.current_task()
        if task is not None:
            self.running.hold(task)
        await self._answering.answer(interaction)


async def serve(
    host: Host, pace: Pace | None = None, new_reference: Callable[[], str] | None = None
) -> None:
    """Serve until the host stops, connecting again whenever Discord is out of reach.

    Raise ConfigError when Discord refuses the token.
    """
    point_at(host.settings.discord)
    pause = FIRST_PAUSE_S
    while not host.stopping.is_set():
        client = SegueClient(host, pace or Pace(), new_reference or _reference)
        try:
            await _run(client, host, pace or Pace())
        except discord.LoginFailure as error:
            raise ConfigError(REFUSED) from error
        except discord.ConnectionClosed as error:
            # A token that was reset (4004) is refused by name at the next login.
            log.warning("the gateway closed the connection: %s", error.code)
        except (
            discord.HTTPException,
            discord.GatewayNotFound,
            aiohttp.ClientError,
            OSError,
        ) as error:
            if not host.stopping.is_set():
                log.warning("Discord is out of reach: %r", error)
        except Exception:
            log.exception("the Discord client failed; it is started again")
        pause = FIRST_PAUSE_S if client.was_ready else pause
        await stopped_within(host.stopping, pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)


async def _run(client: SegueClient, host: Host, pace: Pace) -> None:
    async with client:
        serving = asyncio.create_task(client.start(host.settings.discord.token))
        stopping = asyncio.create_task(host.stopping.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            client.withdraw()
            if not serving.done():
                await client.running.drain(pace.drain)
                await client.close()
            await serving
        finally:
            client.withdraw()
            host.connected.discard(NAME)
            stopping.cancel()
            serving.cancel()


def _reference() -> str:
    return secrets.token_hex(4)


def point_at(settings: DiscordSettings) -> None:
    """Point the SDK at the endpoints of the settings.

    The SDK keeps them on its classes, so this holds for the whole process.
    """
    Route.BASE = settings.api_url.rstrip("/")
    if settings.gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)
