"""The HTTP side: routes, keys, faults, and a record of every call."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.gemini_server import answers, errors
from tests.fakes.gemini_server.calls import Call
from tests.fakes.gemini_server.errors import Malformed, Refused
from tests.fakes.gemini_server.faults import RAW, REFUSING, SENDING, SLOW, Fault
from tests.fakes.gemini_server.reading import read
from tests.fakes.gemini_server.sending import FOR_EVER, JSON_TYPE, closed, send

if TYPE_CHECKING:
    from tests.fakes.gemini_server.server import GeminiServer

PAGE = "<!DOCTYPE html><html><title>Error</title><p>That’s an error.</html>"
AS_INTS = "json;enum-encoding=int"
KEY = "x-goog-api-key"


class Rest:
    """Answers generateContent and the look-up of models."""

    def __init__(self, server: GeminiServer) -> None:
        self._server = server

    def application(self) -> web.Application:
        """Return the aiohttp application."""
        app = web.Application(client_max_size=20 * 2**20)
        model = "/{version:v1|v1beta}/models/{model}"
        app.router.add_post(model + ":{method:generateContent}", self._call)
        app.router.add_get(model, self._call)
        app.router.add_route("*", "/elsewhere", self._stray)
        app.router.add_route("*", "/{rest:.*}", self._nowhere)
        return app

    async def _call(self, request: web.Request) -> web.StreamResponse:
        server, where = self._server, request.match_info
        call = Call(
            version=where["version"],
            model=where["model"],
            method=where.get("method", "get"),
            at=time.monotonic(),
            key_ok=request.headers.get(KEY) == server.key,
            as_ints=request.query.get("$alt") == AS_INTS,
        )
        wrong = await _take_in(request, call)
        server.calls.append(call)
        server.changes.notify()
        try:
            return await self._answer(request, call, wrong)
        except (asyncio.CancelledError, ConnectionError):
            call.hung_up = not server.closing
            raise
        finally:
            server.changes.notify()

    async def _answer(
        self, request: web.Request, call: Call, wrong: Malformed | None
    ) -> web.StreamResponse:
        fault = self._server.faults.take(call)
        if fault and fault.kind == "drop_before":
            return closed(request)
        if fault and fault.kind in SLOW:
            await self._server.wait(fault, FOR_EVER if fault.kind == "hang" else fault.seconds)
        if fault and fault.kind in RAW:
            return self._raw(request, call, fault)
        try:
            body = self._carried_out(call, wrong, fault)
        except Refused as refused:
            if isinstance(refused, Malformed):
                self._server.problems.append(refused.message)
            call.status = refused.code
            return _json(refused.body, refused.code)
        call.status = 200
        if fault and fault.kind in SENDING:
            return await send(request, json.dumps(body).encode(), fault, self._server.wait)
        return _json(body)

    def _carried_out(
        self, call: Call, wrong: Malformed | None, fault: Fault | None
    ) -> dict[str, Any]:
        """Return the body of the answer, or raise Refused."""
        server = self._server
        if fault and fault.kind in REFUSING:
            raise errors.by_fault(fault, call.model, call.version)
        if not call.key_ok:
            raise errors.bad_key()
        if wrong:
            raise wrong
        # The aliases of the newest are not served by the stable version.
        alias = call.model.endswith("-latest") and call.version == "v1"
        if call.model not in server.models or alias:
            raise errors.no_such_model(call.model, call.version)
        if call.method == "get":
            return _about(call.model)
        if fault and fault.kind == "prompt_blocked":
            return answers.blocked(call, fault.reason)
        return answers.answer(call, self._written(call), fault)

    def _written(self, call: Call) -> str:
        """Return what the model writes; it is billed from then on."""
        answer = self._server.answer
        try:
            text = answer if isinstance(answer, str) else answer(call)
        except Exception as error:
            # A test's own mistake must show, and not be taken for Gemini's.
            self._server.problems.append(f"the test's answer failed: {error!r}")
            raise Refused(500, "INTERNAL", repr(error)) from error
        call.billed = True
        return text

    def _raw(self, request: web.Request, call: Call, fault: Fault) -> web.Response:
        if fault.kind == "html":
            call.status = fault.status or 502
            return web.Response(text=PAGE, status=call.status, content_type="text/html")
        if fault.kind == "redirect":
            call.status = 302
            location = fault.location or f"http://localhost:{request.url.port}/elsewhere"
            return web.Response(status=302, headers={"Location": location})
        call.status = fault.status or 200
        if fault.kind == "garbage":
            text = PAGE if fault.body is None else str(fault.body)
            headers = {"Content-Type": JSON_TYPE}
            return web.Response(text=text, status=call.status, headers=headers)
        return _json([] if fault.body is None else fault.body, call.status)

    async def _stray(self, request: web.Request) -> web.Response:
        """Answer one that followed a redirect as Gemini would, which the bot must not believe."""
        self._server.strayed.append(request.headers.get(KEY, ""))
        content = {"role": "model", "parts": [{"text": "From elsewhere."}]}
        return _json({"candidates": [{"content": content, "finishReason": "STOP", "index": 0}]})

    async def _nowhere(self, request: web.Request) -> web.Response:
        self._server.problems.append(f"no such path: {request.method} {request.path}")
        return web.Response(text=PAGE, status=404, content_type="text/html")


async def _take_in(request: web.Request, call: Call) -> Malformed | None:
    """Put the body into the call and return what is wrong with it."""
    try:
        for name, value in request.query.items():
            if (name, value) not in (("$alt", AS_INTS), ("$alt", "json")):
                raise Malformed(f'Unknown name "{name}": Cannot bind query parameter.')
        if call.method == "get":
            return None
        if request.content_type != "application/json":
            raise Malformed(f"Unsupported content type {request.content_type}")
        call.body = read(json.loads(await request.read()))
    except Malformed as wrong:
        return wrong
    except (ValueError, RecursionError) as error:
        return Malformed(f"Invalid JSON payload received. {error}")
    return None


def _about(model: str) -> dict[str, Any]:
    return {
        "name": f"models/{model}",
        "version": "001",
        "displayName": model,
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }


def _json(body: Any, status: int = 200) -> web.Response:
    text = json.dumps(body)
    return web.Response(body=text.encode(), status=status, headers={"Content-Type": JSON_TYPE})
