"""Sends an answer in ways that no client waits for."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web

from tests.fakes.gemini_server.faults import Fault

Wait = Callable[[Fault, float], Awaitable[None]]

FOR_EVER = 3600.0
JSON_TYPE = "application/json; charset=UTF-8"


async def send(request: web.Request, body: bytes, fault: Fault, wait: Wait) -> web.StreamResponse:
    """Send a body as a fault of SENDING has it and return the response."""
    if fault.kind == "drop_after":
        return closed(request)
    if fault.kind == "drip_headers":
        await _drip_headers(request, body, fault, wait)
        return closed(request)
    response = web.StreamResponse(headers={"Content-Type": JSON_TYPE})
    if fault.kind == "gzip_bomb":
        response.headers["Content-Encoding"] = "gzip"
        packer = zlib.compressobj(wbits=31)
        body = packer.compress(body) + packer.flush()
    response.content_length = len(body)
    await response.prepare(request)
    for part, seconds in _parts(body, fault):
        await response.write(part)
        await wait(fault, seconds)
    await response.write_eof()
    return response


def closed(request: web.Request) -> web.Response:
    """Close the connection and return what can no longer be sent."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


def _parts(body: bytes, fault: Fault) -> Iterator[tuple[bytes, float]]:
    """Return the parts of a body and how long each is waited after."""
    if fault.kind in ("drip", "drip_headers"):
        for at in range(len(body)):
            if fault.released:
                yield body[at:], 0
                return
            yield body[at : at + 1], fault.seconds
    else:
        half = len(body) // 2 if fault.kind == "body_hang" else len(body)
        yield body[:half], FOR_EVER if half < len(body) else 0
        yield body[half:], 0


async def _drip_headers(request: web.Request, body: bytes, fault: Fault, wait: Wait) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON_TYPE}\r\nConnection: close\r\n\r\n"
    for part, seconds in _parts(head.encode() + body, fault):
        if request.transport is not None:
            request.transport.write(part)
        await wait(fault, seconds)
