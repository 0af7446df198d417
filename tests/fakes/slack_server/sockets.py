"""Socket Mode: tickets, sockets, envelopes, and the ways in which they fail."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.changes import Changes
from tests.fakes.slack_server.acts import Delivery
from tests.fakes.slack_server.problems import Problems
from tests.fakes.slack_server.world import Ids

MOST_SOCKETS = 10
HOST = "applink-loopback"
DEBUG = {"host": HOST, "build_number": 1, "approximate_connection_time": 18060}


class Socket:
    """One socket; frames go out in the order in which they were sent, a close among them."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._transport = request.transport
        self._out: asyncio.Queue[dict[str, Any] | int | None] = asyncio.Queue()
        self.ended = False
        self.leaving = False
        self.silent = False

    def send(self, frame: dict[str, Any]) -> None:
        """Send a frame."""
        if not self.silent:
            self._out.put_nowait(frame)

    def close(self, code: int = 1000) -> None:
        """Close with a code after what was sent."""
        self.ended = True
        self._out.put_nowait(code)

    def kill(self) -> None:
        """Cut the line without a word."""
        self.ended = True
        self._out.put_nowait(None)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the client to come again, or only warn it that this will be asked soon."""
        self.leaving = self.leaving or reason != "warning"
        self.send({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})

    def silence(self) -> None:
        """Neither send, read nor answer pings any more, the line staying up."""
        self.silent = True

    async def write(self) -> None:
        """Write until the socket is closed."""
        while isinstance(frame := await self._out.get(), dict):
            try:
                await self.socket.send_str(json.dumps(frame))
            except ConnectionError:
                return
        if frame is not None:
            await self.socket.close(code=frame)
        elif self._transport is not None:
            self._transport.abort()


class Sockets:
    """The open sockets, oldest first; what can be done to one can be done to all."""

    def __init__(
        self,
        changes: Changes,
        ids: Ids,
        problems: Problems,
        app_id: str,
        on_ack: Callable[[Delivery], None],
    ) -> None:
        self._changes, self._ids, self._problems = changes, ids, problems
        self._app_id, self._on_ack = app_id, on_ack
        self.opened: list[Socket] = []
        self._open: list[Socket] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, list[Delivery]] = {}
        self._known: set[str] = set()

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Socket]:
        return iter(list(self._open))

    def __getitem__(self, index: int) -> Socket:
        return self._open[index]

    @property
    def ready(self) -> list[Socket]:
        """The sockets on which a bot can be told something."""
        return [one for one in self._open if not (one.ended or one.leaving or one.silent)]

    def close(self, code: int = 1000) -> None:
        """Close every socket."""
        for socket in self:
            socket.close(code)

    def kill(self) -> None:
        """Cut every line."""
        for socket in self:
            socket.kill()

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every client to come again."""
        for socket in self:
            socket.disconnect(reason)

    def silence(self) -> None:
        """Let every socket fall silent."""
        for socket in self:
            socket.silence()

    # Envelopes.

    def ticket(self) -> str:
        """Return a ticket with which one socket can be opened."""
        ticket = self._ids.new("ticket")
        self._tickets.add(ticket)
        return ticket

    async def deliver(self, delivery: Delivery, within: float) -> None:
        """Send an envelope on the newest socket and wait for its acknowledgement."""
        staying = [one for one in self._open if not one.leaving and not one.ended]
        if not staying:
            delivery.timed_out, delivery.failed = True, "no socket is open"
            return
        delivery.envelope_id = delivery.envelope_id or self._ids.new("envelope")
        delivery.socket = staying[-1]
        self._known.add(delivery.envelope_id)
        self._waiting.setdefault(delivery.envelope_id, []).append(delivery)
        delivery.began = time.monotonic()
        delivery.socket.send(self._envelope(delivery))
        try:
            await self._changes.until(lambda: delivery.seconds is not None, within, "the ack")
        except TimeoutError:
            delivery.timed_out = True
            if delivery.socket.ended or delivery.socket.silent:
                delivery.failed = "the socket was cut"

    def _envelope(self, delivery: Delivery) -> dict[str, Any]:
        frame = {
            "envelope_id": delivery.envelope_id,
            "type": delivery.envelope,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.envelope != "events_api",
        }
        if delivery.envelope == "events_api":
            frame["retry_attempt"] = delivery.attempt
            frame["retry_reason"] = "timeout" if delivery.attempt else ""
        return frame

    # What a client does.

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            self._problems.wrong("socket", "bad_ticket", "a ticket opens one socket once")
            return web.Response(status=403)
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(compress=False, autoping=False, max_msg_size=2**20)
        await ws.prepare(request)
        socket = Socket(ws, request)
        writing = asyncio.create_task(socket.write())
        self._welcome(socket)
        try:
            async for message in ws:
                await self._receive(socket, message.type, message.data)
        finally:
            await self._gone(socket, writing)
        return ws

    def _welcome(self, socket: Socket) -> None:
        if len(self._open) >= MOST_SOCKETS:
            self._problems.wrong("socket", "too_many_websockets")
            socket.disconnect("too_many_websockets")
            socket.close()
            return
        self._open.append(socket)
        self.opened.append(socket)
        socket.send(
            {
                "type": "hello",
                "num_connections": len(self._open),
                "debug_info": DEBUG,
                "connection_info": {"app_id": self._app_id},
            }
        )
        self._changes.notify()

    async def _gone(self, socket: Socket, writing: asyncio.Task[None]) -> None:
        if socket in self._open:
            self._open.remove(socket)
        if not socket.ended:
            writing.cancel()
        socket.ended = True
        self._changes.notify()
        await asyncio.gather(writing, return_exceptions=True)

    async def _receive(self, socket: Socket, kind: WSMsgType, data: Any) -> None:
        if socket.silent:
            return
        if kind is WSMsgType.PING:
            await socket.socket.pong(data)
        elif kind is WSMsgType.TEXT:
            self._acknowledge(data)
            self._changes.notify()

    def _acknowledge(self, text: str) -> None:
        try:
            frame = json.loads(text)
            ident, payload = frame["envelope_id"], frame.get("payload")
        except (ValueError, KeyError, TypeError, AttributeError):
            self._problems.wrong("socket", "not_an_ack", text[:200])
            return
        if ident not in self._known:
            self._problems.wrong("socket", "unknown_envelope", str(ident)[:200])
            return
        waiting = self._waiting.get(ident)
        if not waiting:
            self._problems.wrong("socket", "acknowledged_twice", str(ident))
            return
        # Of several that wait, the one to whom it is not too late.
        delivery = next((one for one in waiting if not one.timed_out), waiting[0])
        waiting.remove(delivery)
        delivery.seconds = time.monotonic() - delivery.began
        if not delivery.timed_out:
            delivery.ack = payload or None
            self._on_ack(delivery)
