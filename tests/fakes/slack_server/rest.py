"""The HTTP side: routes, tokens, faults, and a record of every call."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack_server.api import Api, RateLimited
from tests.fakes.slack_server.faults import Fault
from tests.fakes.slack_server.files import DOWNLOAD, SCOPE
from tests.fakes.slack_server.rules import SCOPES, Refused

if TYPE_CHECKING:
    from tests.fakes.slack_server.server import SlackServer

GONE = frozenset({"used_url", "expired_url", "no_such_url"})
APP_METHODS = frozenset({"apps.connections.open"})
RESPONSE_URL, SOCKET = "response_url", "socket"
UNREADABLE = "unreadable body"

# What a form holds as JSON, and which flags it spells as text.
_NESTED = frozenset({"blocks", "attachments", "view", "metadata", "unfurls"})
_FLAGS = frozenset(
    """
    unfurl_links unfurl_media mrkdwn link_names reply_broadcast include_locale as_user
    include_num_members return_im prevent_creation inclusive include_all_metadata
    """.split()
)


@dataclass(eq=False)
class Call:
    """A call as it came in; "response_url" is the method of a post to one, and DOWNLOAD of a file.

    ``at`` is monotonic time, ``status`` None until it is answered, ``error`` Slack's code.
    """

    method: str
    token: str
    args: Any
    at: float
    status: int | None = None
    error: str = ""


class Rest:
    """Answers the Web API, the response_urls and the sockets."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._api = Api(server)

    def application(self) -> web.Application:
        """Return the aiohttp application."""
        app = web.Application(client_max_size=2**20)
        app.router.add_get("/link/", self._socket)
        app.router.add_post("/response/{token}", self._response_url)
        app.router.add_get("/files-pri/{team}-{ident}/download/{name}", self._download)
        for method in ("GET", "POST"):
            app.router.add_route(method, "/api/{method}", self._call)
        return app

    # The Web API.

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            args = await _args(request)
        except ValueError:
            args = {UNREADABLE: True}
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") or str(args.pop("token", ""))
        call = Call(method, token, args, time.monotonic())
        return await self._around(request, call, lambda: self._authorized(call))

    def _authorized(self, call: Call) -> web.Response:
        server = self._server
        try:
            if UNREADABLE in call.args:
                raise Refused("invalid_json", ["the body must be a JSON object"])
            self._check_token(call)
            answer = self._api.call(call.method, self._own_args(call))
        except RateLimited as limited:
            server.problems.refused(call.method, Refused("ratelimited"))
            return self._limited(call, limited.retry_after)
        except Refused as refused:
            server.problems.refused(call.method, refused)
            return self._refused(call, refused)
        except Exception as error:
            # Arguments that the fake cannot read must show in a test, and not be tried again.
            server.problems.wrong(call.method, "fake_failed", repr(error))
            return self._refused(call, Refused("fatal_error", [repr(error)]))
        return self._json({"ok": True, **answer})

    def _check_token(self, call: Call) -> None:
        server = self._server
        good, other = server.bot_token, server.app_token
        if call.method in APP_METHODS:
            good, other = other, good
        if not call.token:
            raise Refused("not_authed", ["a call without a token"])
        if call.token == other:
            raise Refused("not_allowed_token_type", ["the other kind of token is needed"])
        if call.token != good:
            raise Refused("invalid_auth")
        needed = self._needed(call)
        has_it = server.scopes is None or needed in server.scopes
        if needed and not has_it and call.method not in APP_METHODS:
            raise Refused("missing_scope")

    def _own_args(self, call: Call) -> dict[str, Any]:
        """Return the arguments without the workspace, which Bolt's client adds to every call."""
        team = self._server.team.id
        if call.args.get("team_id", team) != team:
            raise Refused("team_access_not_granted", ["a team_id of another workspace"])
        return {name: value for name, value in call.args.items() if name != "team_id"}

    def _needed(self, call: Call) -> str:
        """Return the scope that a call needs, "" for none."""
        channel = self._server.world.channels.get(str(call.args.get("channel")))
        if call.method == "conversations.info" and channel and channel.private:
            return "im:read" if channel.is_dm else "groups:read"
        if call.method == "conversations.history" and channel and channel.private:
            return "im:history" if channel.is_dm else "groups:history"
        if any(one.get("type") == "file_input" for one in _elements(call.args.get("view"))):
            return SCOPE
        return SCOPES.get(call.method, "")

    def _refused(self, call: Call, refused: Refused) -> web.Response:
        call.error = refused.error
        body: dict[str, Any] = {"ok": False, "error": refused.error}
        if refused.error == "missing_scope":
            body |= {"needed": self._needed(call), "provided": self._provided()}
        if refused.messages:
            body["response_metadata"] = {"messages": refused.messages}
        return self._json(body)

    def _limited(self, call: Call, retry_after: int) -> web.Response:
        call.error = "ratelimited"
        headers = {"Retry-After": str(retry_after)}
        return self._json({"ok": False, "error": "ratelimited"}, 429, headers)

    def _provided(self) -> str:
        scopes = self._server.scopes
        every = {*SCOPES.values(), SCOPE, "app_mentions:read", "commands", "groups:history"}
        return ",".join(sorted(every if scopes is None else scopes))

    def _json(
        self, body: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.Response:
        scopes = {"x-oauth-scopes": self._provided(), **(headers or {})}
        return web.json_response(body, status=status, headers=scopes)

    # response_urls and sockets.

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        call = Call(RESPONSE_URL, "", body, time.monotonic())
        token = request.match_info["token"]
        return await self._around(request, call, lambda: self._respond(call, token))

    def _respond(self, call: Call, token: str) -> web.Response:
        try:
            self._server.response_urls.post(token, call.args)
        except Refused as refused:
            self._server.problems.refused(RESPONSE_URL, refused)
            call.error = refused.error
            status = 404 if refused.error in GONE else 400
            return web.Response(text=refused.error, status=status)
        except Exception as error:
            self._server.problems.wrong(RESPONSE_URL, "fake_failed", repr(error))
            return web.Response(text="fatal_error", status=500)
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        fault = self._server.faults.take(SOCKET)
        if fault and fault.kind == "drop_before":
            _close(request)
            return web.Response()
        call = Call(SOCKET, "", dict(request.query), time.monotonic())
        answer = await self._instead(call, fault) if fault else None
        return answer or await self._server.sockets.handle(request)

    # Files.

    async def _download(self, request: web.Request) -> web.StreamResponse:
        header = request.headers.get("Authorization", "")
        args = dict(request.match_info)
        call = Call(DOWNLOAD, header.removeprefix("Bearer "), args, time.monotonic())
        server = self._server
        may_read = server.scopes is None or SCOPE in server.scopes
        return await self._around(
            request, call, lambda: server.files.answer(call, server.bot_token, may_read=may_read)
        )

    # Faults.

    async def _around(
        self, request: web.Request, call: Call, carry_out: Callable[[], web.Response]
    ) -> web.Response:
        server = self._server
        server.calls.append(call)
        server.changes.notify()
        fault = server.faults.take(call.method)
        if fault and fault.kind == "drop_before":
            _close(request)
            return web.Response()
        answer = await self._instead(call, fault) if fault else None
        answer = answer or carry_out()
        if fault and fault.kind == "drop_after":
            _close(request)
        call.status = answer.status
        server.changes.notify()
        return answer

    async def _instead(self, call: Call, fault: Fault) -> web.Response | None:
        """Return the answer that a fault gives in place of the server, None where it gives none."""
        if fault.kind == "status":
            if isinstance(fault.body, str):
                return web.Response(text=fault.body, status=fault.status, headers=fault.headers)
            return self._json(fault.body, fault.status, fault.headers)
        if fault.kind == "garbage":
            return web.Response(text=fault.body or "<html>Slack is down</html>")
        if fault.kind == "rate_limit":
            return self._limited(call, fault.retry_after)
        if fault.kind == "error":
            if call.method == RESPONSE_URL:
                return web.Response(text=fault.error, status=404)
            return self._refused(call, Refused(fault.error))
        await self._wait(fault)
        return None

    async def _wait(self, fault: Fault) -> None:
        if fault.kind == "slow":
            await self._server.sleep(fault.seconds)
        if fault.kind == "hang":
            await self._server.hang(lambda: fault.released)


async def _args(request: web.Request) -> dict[str, Any]:
    """Return the arguments of a call, however they were sent."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("the body is no JSON object")
        return args | body
    args |= {name: str(value) for name, value in (await request.post()).items()}
    return {name: _read(name, value) for name, value in args.items()}


def _elements(view: Any) -> Iterator[dict[str, Any]]:
    """Yield the elements of a view's inputs, whatever it holds."""
    blocks = view.get("blocks") if isinstance(view, dict) else None
    for block in blocks if isinstance(blocks, list) else []:
        element = block.get("element") if isinstance(block, dict) else None
        if isinstance(element, dict):
            yield element


def _read(name: str, value: str) -> Any:
    if name in _FLAGS:
        return value.lower() in ("1", "true")
    if name not in _NESTED:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _close(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
