"""The gateway: sessions of shards over websockets, with resuming and faults on demand."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord_server.changes import Changes
from tests.fakes.discord_server.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11

NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4003, 4004


@dataclass(eq=False)
class Session:
    """One shard's session; it outlives its socket, so that it can be resumed."""

    id: str
    shard: int
    shards: int
    intents: int
    socket: web.WebSocketResponse | None = None
    sent: list[dict[str, Any]] = field(default_factory=list)
    valid: bool = True


class Gateway:
    """Every session, and the ways to disturb them."""

    def __init__(self, world: World, changes: Changes, token: str) -> None:
        self._world = world
        self._changes = changes
        self._token = token
        self.sessions: list[Session] = []
        self.sockets: set[web.WebSocketResponse] = set()
        self.resumed = 0
        self.heartbeat_ms = 41_250
        self.acknowledges_heartbeats = True
        self.url = ""

    def live(self) -> list[Session]:
        """Return the sessions that have a socket."""
        return [one for one in self.sessions if one.valid and one.socket is not None]

    async def wait_ready(self, shards: int, timeout: float) -> None:  # noqa: ASYNC109
        """Wait until so many shards are connected."""
        await self._changes.until(
            lambda: len({one.shard for one in self.live()}) >= shards, timeout, "a ready gateway"
        )

    async def dispatch(self, event: str, data: dict[str, Any], guild_id: str | None) -> None:
        """Send an event to the shard that hears of a server; direct messages go to shard 0."""
        found = [one for one in self.sessions if one.valid and self._hears(one, guild_id)]
        if not found:
            raise ConnectionError("no shard of the bot hears of this server")
        await self._send(found[-1], event, data)

    @staticmethod
    def _hears(session: Session, guild_id: str | None) -> bool:
        shard = (int(guild_id) >> 22) % session.shards if guild_id else 0
        return session.shard == shard

    async def close(self, code: int = 1012) -> None:
        """Close every socket with a code; the sessions can be resumed."""
        for session in self.live():
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.close(code=code)

    async def reconnect(self) -> None:
        """Ask every client to connect again and resume."""
        for session in self.live():
            await self._write(session.socket, RECONNECT, None)

    async def invalidate(self) -> None:
        """Tell every client that its session is over."""
        for session in self.live():
            session.valid = False
            await self._write(session.socket, INVALID, False)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.add(socket)
        try:
            hello = {"heartbeat_interval": self.heartbeat_ms, "_trace": []}
            await self._write(socket, HELLO, hello)
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    break
                await self._take(socket, json.loads(frame.data))
        finally:
            self.sockets.discard(socket)
            for session in self.sessions:
                if session.socket is socket:
                    session.socket = None
            self._changes.notify()
        return socket

    async def _take(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        kind, data = frame["op"], frame.get("d")
        if kind == HEARTBEAT and self.acknowledges_heartbeats:
            await self._write(socket, ACK, None)
        elif kind == IDENTIFY:
            await self._identify(socket, data or {})
        elif kind == RESUME:
            await self._resume(socket, data or {})

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        if data.get("token") != self._token:
            await socket.close(code=AUTHENTICATION_FAILED)
            return
        shard, shards = data.get("shard") or (0, 1)
        session = Session(
            f"session-{self._world.ids.new()}", shard, shards, data["intents"], socket
        )
        mine = [one for one in self._world.guilds if one.shard(shards) == shard]
        ready = {
            "v": 10,
            "user": self._world.bot(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": self._world.app_id, "flags": 0},
            "shard": [shard, shards],
            "session_type": "normal",
            "private_channels": [],
            "relationships": [],
        }
        self.sessions.append(session)
        await self._send(session, "READY", ready)
        for guild in mine:
            await self._send(session, "GUILD_CREATE", guild.payload())
        self._changes.notify()

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        known = [one for one in self.sessions if one.id == data.get("session_id") and one.valid]
        if not known or data.get("token") != self._token:
            await self._write(socket, INVALID, False)
            return
        session = known[0]
        session.socket = socket
        for frame in session.sent:
            if frame["s"] > (data.get("seq") or 0):
                await socket.send_str(json.dumps(frame))
        self.resumed += 1
        await self._send(session, "RESUMED", {"_trace": []})
        self._changes.notify()

    async def _send(self, session: Session, event: str, data: dict[str, Any]) -> None:
        frame = {"op": DISPATCH, "d": data, "t": event, "s": len(session.sent) + 1}
        session.sent.append(frame)
        if session.socket is not None and not session.socket.closed:
            try:
                await session.socket.send_str(json.dumps(frame))
            except ConnectionError:
                session.socket = None

    @staticmethod
    async def _write(socket: web.WebSocketResponse | None, kind: int, data: Any) -> None:
        if socket is not None and not socket.closed:
            await socket.send_str(json.dumps({"op": kind, "d": data, "t": None, "s": None}))

    async def stop(self) -> None:
        """Close every socket."""
        await asyncio.gather(*(socket.close() for socket in list(self.sockets)))
