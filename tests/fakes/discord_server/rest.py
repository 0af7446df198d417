"""The HTTP side: routes, faults, and a record of every call and refusal."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord_server.attachments import FOLDER
from tests.fakes.discord_server.errors import (
    CIRCUMSTANCES,
    INVALID_JSON,
    OTHER_AUTHOR,
    UNKNOWN_MESSAGE,
    UNKNOWN_USER,
    UNKNOWN_WEBHOOK,
    Refused,
    Violation,
    flat,
)
from tests.fakes.discord_server.faults import Fault
from tests.fakes.discord_server.interactions import Interaction, response
from tests.fakes.discord_server.messages import MessageRecord
from tests.fakes.discord_server.posting import check_may_post

if TYPE_CHECKING:
    from tests.fakes.discord_server.server import DiscordServer

PREFIX = "/api/v10"
RATE_LIMITED = "You are being rate limited."
BODY: web.RequestKey[Any] = web.RequestKey("body", object)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(eq=False)
class Call:
    """A request as it came in. ``at`` is monotonic time, ``status`` None until it is answered."""

    method: str
    path: str
    body: Any
    at: float
    status: int | None = None


def as_json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a response; discord.py reads JSON only where the content type is exactly this."""
    return web.Response(
        body=json.dumps(data).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def no_content() -> web.Response:
    """Return the response that says nothing."""
    return web.Response(status=204)


class Rest:
    """Answers Discord's REST routes for one server."""

    def __init__(self, server: DiscordServer) -> None:
        self._server = server

    def application(self) -> web.Application:
        """Return the aiohttp application, the gateway's sockets included."""
        app = web.Application(middlewares=[self._around], client_max_size=25 * 2**20)
        app.router.add_get("/gateway", self._server.gateway.handle)
        app.router.add_get("/gateway/resume", self._server.gateway.handle)
        app.router.add_get(f"{FOLDER}/{{app}}/{{id}}/{{name}}", self._download)
        commands = f"{PREFIX}/applications/{{app}}/commands"
        message = f"{PREFIX}/channels/{{channel}}/messages/{{message}}"
        webhook = f"{PREFIX}/webhooks/{{app}}/{{token}}"
        for method, path, handler in (
            ("GET", f"{PREFIX}/users/@me", self._me),
            ("GET", f"{PREFIX}/oauth2/applications/@me", self._application),
            ("GET", f"{PREFIX}/applications/@me", self._application),
            ("GET", f"{PREFIX}/gateway", self._gateway),
            ("GET", f"{PREFIX}/gateway/bot", self._gateway),
            ("GET", commands, self._commands),
            ("PUT", commands, self._replace_commands),
            ("POST", f"{PREFIX}/interactions/{{id}}/{{token}}/callback", self._callback),
            ("POST", webhook, self._follow_up),
            ("GET", f"{webhook}/messages/{{message}}", self._answer_message),
            ("PATCH", f"{webhook}/messages/{{message}}", self._edit_answer),
            ("DELETE", f"{webhook}/messages/{{message}}", self._delete_answer),
            ("POST", f"{PREFIX}/users/@me/channels", self._open_private),
            ("GET", f"{PREFIX}/channels/{{channel}}", self._channel),
            ("POST", f"{PREFIX}/channels/{{channel}}/messages", self._post),
            ("GET", message, self._message),
            ("PATCH", message, self._edit_message),
            ("DELETE", message, self._delete_message),
            ("*", "/{rest:.*}", self._missing),
        ):
            app.router.add_route(method, path, handler)
        return app

    # Around every request.

    @web.middleware
    async def _around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        server = self._server
        if not request.path.startswith(PREFIX):
            return await handler(request)
        path = request.path.removeprefix(PREFIX)
        call = Call(request.method, path, None, time.monotonic())
        try:
            call.body = await _body(request)
        except ValueError:
            refused = Refused(400, INVALID_JSON, "The request body contains invalid JSON.")
            return self._refuse(call, refused)
        request[BODY] = call.body
        server.calls.append(call)
        server.changes.notify()
        fault = server.faults.take(request.method, path)
        answer: web.StreamResponse | None = await self._before(fault) if fault else None
        dropped = fault is not None and fault.kind == "drop_before"
        if answer is None and not dropped:
            answer = await self._within_limits(request, handler, call)
        if fault is not None and fault.kind in ("drop_before", "drop_after"):
            _close(request)
        call.status = answer.status if answer else None
        server.changes.notify()
        return answer or no_content()

    async def _before(self, fault: Fault) -> web.Response | None:
        """Return the answer that a fault gives in place of the server, None where it gives none."""
        if fault.kind == "status":
            return as_json(fault.body or {"message": "fault", "code": 0}, fault.status)
        if fault.kind == "rate_limit":
            return (
                _rate_limited(fault.retry_after, fault.is_global) if fault.via else _banned(fault)
            )
        if fault.kind == "delay":
            await self._server.sleep(fault.seconds)
        if fault.kind == "hang":
            await self._server.hang(lambda: fault.released)
        return None

    async def _within_limits(
        self, request: web.Request, handler: Handler, call: Call
    ) -> web.StreamResponse:
        bucket, over = self._server.limits.take(call.method, call.path)
        if over:
            self._server.refusals.append(Violation(call.method, call.path, 0, RATE_LIMITED))
            answer: web.StreamResponse = _rate_limited(max(over.left(), 0.0), over.everywhere)
        else:
            answer = await self._carry_out(request, handler, call)
        answer.headers.update(bucket.headers() if bucket else {})
        return answer

    async def _carry_out(
        self, request: web.Request, handler: Handler, call: Call
    ) -> web.StreamResponse:
        try:
            self._check_token(request, call.path)
            return await handler(request)
        except Refused as refused:
            return self._refuse(call, refused)
        except Exception as error:
            # A body that the fake cannot read must show in a test, and not be tried again.
            return self._refuse(call, Refused(400, 0, f"the fake failed: {error!r}"))

    def _check_token(self, request: web.Request, path: str) -> None:
        if path.startswith(("/interactions/", "/webhooks/")):
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bot" or not token or self._server.token not in (None, token):
            raise Refused(401, 0, "401: Unauthorized")

    def _refuse(self, call: Call, refused: Refused) -> web.Response:
        found = Violation(
            call.method, call.path, refused.code, refused.message, flat(refused.errors)
        )
        self._server.refusals.append(found)
        if refused.code not in CIRCUMSTANCES and refused.status != 401:
            self._server.violations.append(found)
        return as_json(refused.body(), refused.status)

    # Who the bot is, and its commands.

    async def _me(self, request: web.Request) -> web.Response:
        return as_json(self._server.world.bot())

    async def _application(self, request: web.Request) -> web.Response:
        return as_json(self._server.world.application())

    async def _gateway(self, request: web.Request) -> web.Response:
        limits = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return as_json(
            {
                "url": self._server.gateway_url,
                "shards": self._server.shards,
                "session_start_limit": limits,
            }
        )

    async def _commands(self, request: web.Request) -> web.Response:
        self._check_application(request)
        return as_json(self._server.commands.all)

    async def _replace_commands(self, request: web.Request) -> web.Response:
        self._check_application(request)
        self._server.commands.replace(request[BODY])
        return as_json(self._server.commands.all)

    def _check_application(self, request: web.Request) -> None:
        if request.match_info["app"] != self._server.world.app_id:
            raise Refused(404, 10002, "Unknown Application")

    # Interactions.

    async def _callback(self, request: web.Request) -> web.Response:
        where = request.match_info
        answered = self._server.interactions.answer(
            where["id"], where["token"], request[BODY] or {}
        )
        if request.query.get("with_response", "").lower() in ("1", "true"):
            return as_json(response(answered))
        return no_content()

    def _acknowledged(self, request: web.Request) -> Interaction:
        if request.match_info["app"] != self._server.world.app_id:
            raise Refused(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
        return self._server.interactions.by_token(request.match_info["token"])

    async def _follow_up(self, request: web.Request) -> web.Response:
        interactions = self._server.interactions
        interaction = self._acknowledged(request)
        return as_json(interactions.follow_up(interaction, request[BODY] or {}).payload())

    async def _answer_message(self, request: web.Request) -> web.Response:
        interactions, where = self._server.interactions, request.match_info
        interaction = self._acknowledged(request)
        return as_json(interactions.message(interaction, where["message"]).payload())

    async def _edit_answer(self, request: web.Request) -> web.Response:
        interactions, where = self._server.interactions, request.match_info
        interaction = self._acknowledged(request)
        edited = interactions.edit(interaction, where["message"], request[BODY] or {})
        return as_json(edited.payload())

    async def _delete_answer(self, request: web.Request) -> web.Response:
        interactions, where = self._server.interactions, request.match_info
        interactions.delete(self._acknowledged(request), where["message"])
        return no_content()

    # Channels.

    async def _open_private(self, request: web.Request) -> web.Response:
        world, ident = self._server.world, (request[BODY] or {}).get("recipient_id")
        person = next((one for one in world.people.values() if one.id == str(ident)), None)
        if person is None:
            raise Refused(400, UNKNOWN_USER, "Unknown User")
        return as_json(world.private(person).payload())

    async def _channel(self, request: web.Request) -> web.Response:
        return as_json(self._server.visible_channel(request.match_info["channel"]).payload())

    async def _post(self, request: web.Request) -> web.Response:
        channel = self._server.visible_channel(request.match_info["channel"])
        check_may_post(channel)
        return as_json(self._server.posting.post(channel, request[BODY] or {}).payload())

    def _channel_message(self, request: web.Request) -> MessageRecord:
        channel = self._server.visible_channel(request.match_info["channel"])
        found = self._server.stored.find(request.match_info["message"])
        if found is None or found.channel is not channel or found.ephemeral:
            raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")
        return found

    async def _message(self, request: web.Request) -> web.Response:
        return as_json(self._channel_message(request).payload())

    async def _edit_message(self, request: web.Request) -> web.Response:
        found = self._channel_message(request)
        if found.author is not None:
            raise Refused(403, OTHER_AUTHOR, "Cannot edit a message authored by another user")
        self._server.stored.edit(found, request[BODY] or {})
        return as_json(found.payload())

    async def _delete_message(self, request: web.Request) -> web.Response:
        self._channel_message(request).deleted = True
        return no_content()

    # The CDN.

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if "Authorization" in request.headers:
            found = Violation("GET", request.path, 0, "the CDN is no business of the bot's token")
            self._server.violations.append(found)
        fault = self._server.faults.take("GET", request.path)
        answer = await self._before(fault) if fault else None
        if fault is not None and fault.kind == "drop_before":
            _close(request)
        return answer or self._server.attachments.answer(request)

    async def _missing(self, request: web.Request) -> web.Response:
        raise Refused(404, 0, f"404: Not Found (the fake has no {request.method} {request.path})")


async def _body(request: web.Request) -> Any:
    """Return the JSON body, or the JSON part of a form with files."""
    if not request.can_read_body:
        return None
    if request.content_type != "multipart/form-data":
        return json.loads(await request.text() or "null")
    form = await request.post()
    return json.loads(str(form.get("payload_json", "null")))


def _close(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


def _banned(fault: Fault) -> web.Response:
    """Return what Cloudflare says in Discord's place: no Via, no JSON."""
    return web.Response(
        text="error code: 1015", status=429, headers={"Retry-After": _seconds(fault.retry_after)}
    )


def _rate_limited(retry_after: float, everywhere: bool) -> web.Response:
    body = {"message": RATE_LIMITED, "retry_after": retry_after, "global": everywhere}
    headers = {
        "Via": "1.1 google",
        "Retry-After": _seconds(retry_after),
        "X-RateLimit-Scope": "global" if everywhere else "user",
        **({"X-RateLimit-Global": "true"} if everywhere else {}),
    }
    return as_json(body, 429, headers)


def _seconds(retry_after: float) -> str:
    return str(max(math.ceil(retry_after), 1))
