"""The server: starts and stops, knows the world, and lets tests wait for what happens."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from types import TracebackType

from aiohttp import web

from tests.fakes.changes import Changes
from tests.fakes.discord_server.attachments import Attachments
from tests.fakes.discord_server.commands import Commands
from tests.fakes.discord_server.errors import (
    MISSING_ACCESS,
    UNKNOWN_CHANNEL,
    Refused,
    Violation,
)
from tests.fakes.discord_server.faults import Faults
from tests.fakes.discord_server.gateway import Gateway
from tests.fakes.discord_server.interactions import Interactions
from tests.fakes.discord_server.limits import Limits
from tests.fakes.discord_server.messages import MessageRecord, Messages
from tests.fakes.discord_server.people import People
from tests.fakes.discord_server.posting import Posting
from tests.fakes.discord_server.rest import PREFIX, Call, Rest
from tests.fakes.discord_server.world import (
    ADMINISTRATOR,
    BOT_MAY,
    EPOCH_MS,
    TEXT,
    VIEW_CHANNEL,
    Channel,
    Guild,
    World,
)

HOST = "127.0.0.1"


class DiscordServer(People):
    """Discord, for one bot.

    ``answer_within`` and ``token_valid`` are the seconds an interaction and its token live,
    ``nonce_window`` those a nonce is remembered. ``token`` is the only good bot token; None
    takes any. ``guild`` and ``channel`` are there from the start.
    """

    def __init__(
        self,
        *,
        shards: int = 1,
        answer_within: float = 3.0,
        token_valid: float = 900.0,
        nonce_window: float = 180.0,
        token: str | None = None,
    ) -> None:
        self.token = token
        self.changes = Changes()
        self.world = World()
        self.stored = Messages(self.world)
        self.interactions = Interactions(self.world, self.stored, answer_within, token_valid)
        self.posting = Posting(self.stored, nonce_window)
        self.commands = Commands(self.world)
        self.attachments = Attachments(self.world)
        self.faults = Faults(self.changes)
        self.limits = Limits()
        self.gateway = Gateway(self.world, self.changes, lambda: self.token)
        self.gateway.shards = shards
        self.calls: list[Call] = []
        self.refusals: list[Violation] = []
        self.violations: list[Violation] = []
        self.guild = self.add_guild("Listeners")
        self.channel = self.add_channel(self.guild, "general")
        self._closing = False
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> DiscordServer:
        self._runner = web.AppRunner(Rest(self).application(), shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.gateway.url = self.gateway_url
        self.attachments.base = f"http://{HOST}:{self._port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        self.gateway.accepting = False
        self.faults.clear()
        self.gateway.close(1001)
        self.changes.notify()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The address of the REST interface, for discord.api_url."""
        return f"http://{HOST}:{self._port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """The address of the gateway, for discord.gateway_url."""
        return f"ws://{HOST}:{self._port}/gateway"

    @property
    def shards(self) -> int:
        """How many shards Discord asks for."""
        return self.gateway.shards

    @property
    def messages(self) -> list[MessageRecord]:
        """Every message that exists, oldest first."""
        return [one for one in self.stored.all if not one.deleted]

    # The world.

    def add_guild(self, name: str, *, shard: int | None = None) -> Guild:
        """Return a new server, on a given shard if one is named; the bot is told of it."""
        guild = self.world.add_guild(name, ident=self._ident_on(shard))
        self.gateway.dispatch("GUILD_CREATE", guild.payload(), guild)
        return guild

    def _ident_on(self, shard: int | None) -> str | None:
        if shard is None:
            return None
        now = int(time.time() * 1000) - EPOCH_MS
        taken = {guild.id for guild in self.world.guilds}
        idents = (str(ms << 22) for ms in range(now, now + 10_000) if ms % self.shards == shard)
        return next(ident for ident in idents if ident not in taken)

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: int = TEXT,
        permissions: int = BOT_MAY,
        parent: Channel | None = None,
    ) -> Channel:
        """Return a new channel in which the bot has the given permissions; it is told of it.

        ``parent`` is the channel that a thread is in; the bot's permissions are those there.
        """
        permissions = parent.permissions if parent else permissions
        channel = self.world.add_channel(guild, name, kind, permissions, parent)
        self.gateway.dispatch("CHANNEL_CREATE", channel.payload(), guild)
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel."""
        self.world.channels.pop(channel.id)
        if channel.guild:
            channel.guild.channels.remove(channel)
        self.gateway.dispatch("CHANNEL_DELETE", channel.payload(), channel.guild)

    def visible_channel(self, ident: str) -> Channel:
        """Return a channel that the bot can see, or raise Refused."""
        channel = self.world.channels.get(ident)
        if channel is None:
            raise Refused(404, UNKNOWN_CHANNEL, "Unknown Channel")
        if not channel.permissions & (VIEW_CHANNEL | ADMINISTRATOR):
            raise Refused(403, MISSING_ACCESS, "Missing Access")
        return channel

    # Waiting.

    async def wait_ready(self, shards: int = 1, timeout: float = 20.0) -> None:  # noqa: ASYNC109
        """Wait until that many shards are connected."""
        await self.changes.until(
            lambda: len(self.gateway.ready_shards()) >= shards, timeout, f"{shards} shards ready"
        )

    async def wait_gone(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait until no socket is open; call it between stopping a bot and starting the next."""
        await self.changes.until(
            lambda: not self.gateway.connections, timeout, "every socket closed"
        )

    async def wait_resumed(self, times: int = 1, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait until sessions were resumed that often."""
        await self.changes.until(
            lambda: self.gateway.resumes >= times, timeout, f"{times} sessions resumed"
        )

    def called(self, method: str, path_regex: str) -> list[Call]:
        """Return the calls to a path (without its /api/v10)."""
        return [
            one for one in self.calls if one.method == method and re.search(path_regex, one.path)
        ]

    async def wait_called(
        self,
        method: str,
        path_regex: str,
        times: int = 1,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> list[Call]:
        """Wait until a path was called that often and return the calls."""

        def look() -> list[Call] | None:
            found = self.called(method, path_regex)
            return found if len(found) >= times else None

        found = await self.changes.until(look, timeout, f"{times} calls {method} {path_regex}")
        return found or []

    def posted(self, channel: Channel | None = None) -> list[MessageRecord]:
        """Return what everybody sees in a channel, the first one by default."""
        place = channel or self.channel
        return [
            one
            for one in self.messages
            if one.channel is place and not (one.ephemeral or one.loading or one.deleted)
        ]

    async def wait_posted(
        self,
        channel: Channel | None = None,
        count: int = 1,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> list[MessageRecord]:
        """Wait until that many messages are in a channel and return them."""
        place = channel or self.channel
        await self.changes.until(
            lambda: len(self.posted(place)) >= count, timeout, f"{count} posts in {place.name}"
        )
        return self.posted(place)

    # For faults.

    async def sleep(self, seconds: float) -> None:
        """Let a request wait, not longer than the server runs."""
        try:
            await self.changes.until(lambda: self._closing, seconds, "closing")
        except TimeoutError:
            return

    async def hang(self, released: Callable[[], bool]) -> None:
        """Let a request wait until it is released or the server stops."""
        await self.changes.until(lambda: released() or self._closing, 3600.0, "release")
