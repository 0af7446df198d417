"""The server: one aiohttp application of REST and gateway, with the people who use it."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiohttp import web

from tests.fakes.discord_server.answers import PATIENCE_S, Answer, People
from tests.fakes.discord_server.changes import Changes
from tests.fakes.discord_server.commands import Commands
from tests.fakes.discord_server.errors import CIRCUMSTANCES, Refused, Violation, flat
from tests.fakes.discord_server.faults import Fault, Faults
from tests.fakes.discord_server.gateway import Gateway
from tests.fakes.discord_server.interactions import Interactions
from tests.fakes.discord_server.messages import MessageRecord, Messages
from tests.fakes.discord_server.rest import BODY, Handler, Rest, answer, read_body
from tests.fakes.discord_server.world import BOT_MAY, TEXT, Channel, Guild, Person, World

API = "/api/v10"


class Call(NamedTuple):
    """One REST request: ``at`` is on time.monotonic()'s scale."""

    method: str
    path: str
    body: Any
    at: float


class DiscordServer:
    """Discord on loopback. ``token`` is the one bot token that is good."""

    def __init__(
        self,
        *,
        shards: int = 1,
        answer_within: float = 3.0,
        token_valid: float = 900.0,
        token: str = "t.o.k",  # noqa: S107 - of a server that exists for a test
    ) -> None:
        self.world = World()
        self._token = token
        self._changes = Changes()
        self.faults = Faults(self._changes)
        self.gateway = Gateway(self.world, self._changes, token)
        self.commands = Commands(self.world)
        self._messages = Messages(self.world)
        self._interactions = Interactions(self.world, self._messages, answer_within, token_valid)
        self._rest = Rest(
            self.world,
            self._changes,
            self.gateway,
            self.commands,
            self._messages,
            self._interactions,
            shards,
        )
        self._people = People(
            self.world, self._changes, self.gateway, self.commands, self._interactions
        )
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.guild = self.world.add_guild("Community")
        self.channel = self.add_channel(self.guild, "general")
        self.api_url = self.gateway_url = ""

    @property
    def messages(self) -> list[MessageRecord]:
        """Return every message that exists, oldest first."""
        return [one for one in self._messages.all if not one.deleted]

    def add_guild(self, name: str) -> Guild:
        """Return a new server; make it before the bot connects, or the bot hears of it later."""
        return self.world.add_guild(name)

    def add_channel(
        self, guild: Guild, name: str, kind: int = TEXT, permissions: int = BOT_MAY
    ) -> Channel:
        """Return a new channel of a server."""
        return self.world.add_channel(guild, name, kind, permissions)

    def user(self, name: str, *, admin: bool = False) -> Person:
        """Return the person of that name."""
        return self.world.person(name, admin=admin)

    async def wait_ready(
        self,
        shards: int = 1,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109
    ) -> None:
        """Wait until so many shards are connected."""
        await self.gateway.wait_ready(shards, timeout)

    async def slash(self, name: str, options: dict[str, Any], **where: Any) -> Answer:
        """Send a slash command; see _where() for ``user``, ``guild`` and ``channel``."""
        return await self._people.slash(name, options, *self._where(**where))

    async def autocomplete(
        self, name: str, option: str, typed: str, **where: Any
    ) -> list[dict[str, Any]]:
        """Type into an option; return the choices shown."""
        return await self._people.autocomplete(name, option, typed, *self._where(**where))

    async def message_command(
        self, name: str, target: MessageRecord | dict[str, Any], **where: Any
    ) -> Answer:
        """Use an entry of a message's menu, on one of the bot's or on anybody's message."""
        return await self._people.message_command(name, target, *self._where(**where))

    async def click(self, message: MessageRecord, named: str, user: Person | None = None) -> Answer:
        """Press a button, by label or custom_id; whoever sees a private message presses it."""
        return await self._people.click(message, named, self._reader(message, user))

    async def select(
        self, message: MessageRecord, custom_id: str, values: list[str], user: Person | None = None
    ) -> Answer:
        """Choose in a select."""
        return await self._people.select(message, custom_id, values, self._reader(message, user))

    async def submit_modal(self, opened: Answer, values: dict[str, Any]) -> Answer:
        """Fill the form that an answer opened, and send it."""
        return await self._people.submit_modal(opened, values, opened.interaction.person)

    def _reader(self, message: MessageRecord, user: Person | None) -> Person:
        return user or message.for_user or self.user("alice")

    def _where(
        self,
        user: Person | None = None,
        channel: Channel | None = None,
        guild: Guild | str | None = "",
    ) -> tuple[Person, Channel]:
        """Return who and where: alice in #general; ``guild=None`` is a direct message."""
        person = user or self.user("alice")
        if guild is None:
            return person, self.world.private(person)
        if isinstance(guild, Guild) and channel is None:
            channel = guild.channels[0]
        return person, channel or self.channel

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._middleware])
        app.add_routes(self._rest.routes())
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_url = f"http://{host}:{port}{API}"
        self.gateway_url = self.gateway.url = f"ws://{host}:{port}/gateway"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.faults.clear()
        await self.gateway.stop()
        await self._runner.cleanup()

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(API):
            return await handler(request)
        path = request.path.removeprefix(API)
        try:
            body = request[BODY] = await read_body(request)
            self.calls.append(Call(request.method, path, body, time.monotonic()))
            if not self._authorised(request, path):
                return answer({"message": "401: Unauthorized", "code": 0}, 401)
            fault = self.faults.take(request.method, path)
            if fault:
                return await self._suffer(fault, request, handler)
            return await handler(request)
        except Refused as refused:
            if refused.code not in CIRCUMSTANCES:
                self.violations.append(
                    Violation(
                        request.method, path, refused.code, refused.message, flat(refused.errors)
                    )
                )
            return answer(refused.body(), refused.status)
        except web.HTTPNotFound:
            self.violations.append(Violation(request.method, path, 0, "404: Not Found"))
            return answer({"message": "404: Not Found", "code": 0}, 404)

    def _authorised(self, request: web.Request, path: str) -> bool:
        # An interaction's own token is in the path; everything else wants the bot's.
        if path.startswith(("/interactions/", "/webhooks/")):
            return True
        return request.headers.get("Authorization") == f"Bot {self._token}"

    async def _suffer(
        self, fault: Fault, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if fault.kind == "status":
            body = fault.body if fault.body is not None else {"message": "fault", "code": 0}
            return answer(body, fault.status)
        if fault.kind == "rate_limit":
            limited = {
                "message": "You are being rate limited.",
                "retry_after": fault.retry_after,
                "global": fault.is_global,
            }
            headers = {"Retry-After": str(fault.retry_after)}
            return answer(limited, 429, headers | ({"Via": "1.1 google"} if fault.via else {}))
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "hang":
            await self._changes.until(lambda: fault.released, 60, "a released request")
        result = await handler(request) if fault.kind != "drop_before" else web.Response()
        if fault.kind in {"drop_before", "drop_after"} and request.transport is not None:
            request.transport.abort()
        return result
