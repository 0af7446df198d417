"""The REST routes: each checks what it is sent and changes the world, or refuses."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.discord_server.changes import Changes
from tests.fakes.discord_server.commands import Commands
from tests.fakes.discord_server.errors import (
    INVALID_JSON,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    THREAD_ARCHIVED,
    UNKNOWN_CHANNEL,
    Refused,
)
from tests.fakes.discord_server.gateway import Gateway
from tests.fakes.discord_server.interactions import Interaction, Interactions, response
from tests.fakes.discord_server.messages import MessageRecord, Messages
from tests.fakes.discord_server.world import (
    SEND_IN_THREADS,
    SEND_MESSAGES,
    THREADS,
    VIEW_CHANNEL,
    World,
)

NONCE_WINDOW_S = 180.0
"""How long a nonce is remembered: "the past few minutes", say the documents."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a JSON response with the exact content type that discord.py wants."""
    return web.Response(
        body=json.dumps(data).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


BODY = web.RequestKey("body", object)


def body_of(request: web.Request) -> Any:
    """Return the JSON of a request, which was read when it came in."""
    return request[BODY]


async def read_body(request: web.Request) -> Any:
    """Read the JSON of a request, also where it comes in a form's payload_json."""
    if not request.can_read_body:
        return {}
    try:
        if request.content_type != "multipart/form-data":
            return await request.json()
        async for part in await request.multipart():
            if getattr(part, "name", None) == "payload_json":
                return json.loads(await part.text())  # type: ignore[union-attr] # a body part
    except json.JSONDecodeError:
        raise Refused(400, INVALID_JSON, "The request body contains invalid JSON.") from None
    return {}


class Rest:
    """The routes under /api/v10."""

    def __init__(
        self,
        world: World,
        changes: Changes,
        gateway: Gateway,
        commands: Commands,
        messages: Messages,
        interactions: Interactions,
        shards: int,
    ) -> None:
        self._world = world
        self._changes = changes
        self._gateway = gateway
        self._commands = commands
        self._messages = messages
        self._interactions = interactions
        self._shards = shards
        self._nonces: dict[tuple[str, str], tuple[float, MessageRecord]] = {}

    def routes(self) -> list[web.RouteDef]:
        """Return every route."""
        api = "/api/v10"
        return [
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.get(f"{api}/applications/@me", self._application),
            web.get(f"{api}/gateway/bot", self._gateway_bot),
            web.get(f"{api}/applications/{{app}}/commands", self._get_commands),
            web.put(f"{api}/applications/{{app}}/commands", self._put_commands),
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self._callback),
            web.post(f"{api}/webhooks/{{app}}/{{token}}", self._follow_up),
            web.patch(f"{api}/webhooks/{{app}}/{{token}}/messages/{{message}}", self._edit),
            web.get(f"{api}/webhooks/{{app}}/{{token}}/messages/{{message}}", self._read),
            web.delete(f"{api}/webhooks/{{app}}/{{token}}/messages/{{message}}", self._delete),
            web.post(f"{api}/channels/{{channel}}/messages", self._post),
        ]

    async def _me(self, request: web.Request) -> web.Response:
        return answer(self._world.bot())

    async def _application(self, request: web.Request) -> web.Response:
        return answer(self._world.application())

    async def _gateway_bot(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 16}
        found = {"url": self._gateway.url, "shards": self._shards, "session_start_limit": limit}
        return answer(found)

    async def _get_commands(self, request: web.Request) -> web.Response:
        return answer(self._commands.all)

    async def _put_commands(self, request: web.Request) -> web.Response:
        self._commands.replace(body_of(request))
        return answer(self._commands.all)

    async def _callback(self, request: web.Request) -> web.Response:
        match = request.match_info
        taken = self._interactions.answer(match["id"], match["token"], body_of(request))
        self._changes.notify()
        if request.query.get("with_response") in ("1", "true"):
            return answer(response(taken))
        return web.Response(status=204)

    def _interaction(self, request: web.Request) -> Interaction:
        return self._interactions.by_token(request.match_info["token"])

    async def _follow_up(self, request: web.Request) -> web.Response:
        made = self._interactions.follow_up(self._interaction(request), body_of(request))
        self._changes.notify()
        return answer(made.payload())

    async def _edit(self, request: web.Request) -> web.Response:
        made = self._interactions.edit(
            self._interaction(request), request.match_info["message"], body_of(request)
        )
        self._changes.notify()
        return answer(made.payload())

    async def _read(self, request: web.Request) -> web.Response:
        ident = request.match_info["message"]
        return answer(self._interactions.message(self._interaction(request), ident).payload())

    async def _delete(self, request: web.Request) -> web.Response:
        self._interactions.delete(self._interaction(request), request.match_info["message"])
        self._changes.notify()
        return web.Response(status=204)

    async def _post(self, request: web.Request) -> web.Response:
        channel = self._world.channels.get(request.match_info["channel"])
        if channel is None:
            raise Refused(404, UNKNOWN_CHANNEL, "Unknown Channel")
        if channel.guild and not channel.permissions & VIEW_CHANNEL:
            raise Refused(403, MISSING_ACCESS, "Missing Access")
        needed = SEND_IN_THREADS if channel.type in THREADS else SEND_MESSAGES
        if channel.guild and not channel.permissions & needed:
            raise Refused(403, MISSING_PERMISSIONS, "Missing Permissions")
        if channel.archived:
            raise Refused(400, THREAD_ARCHIVED, "Thread is archived")
        body = body_of(request)
        key = (channel.id, str(body.get("nonce")))
        seen = self._nonces.get(key)
        if body.get("enforce_nonce") and seen and time.monotonic() - seen[0] < NONCE_WINDOW_S:
            return answer(seen[1].payload())
        made = self._messages.create(channel, body)
        if body.get("nonce") is not None:
            self._nonces[key] = (time.monotonic(), made)
        self._changes.notify()
        return answer(made.payload())
