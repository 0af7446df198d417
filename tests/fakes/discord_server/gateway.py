"""The gateway: sessions that can be resumed, one or several shards, and faults on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.changes import Changes
from tests.fakes.discord_server.world import Guild, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11
HARMLESS = frozenset({PRESENCE, VOICE, REQUEST_MEMBERS})

GUILDS, PRIVILEGED = 1 << 0, 1 << 1 | 1 << 8 | 1 << 15

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4001, 4002, 4003, 4004
ALREADY_AUTHENTICATED, INVALID_SEQ, INVALID_SHARD, SHARDING_REQUIRED = 4005, 4007, 4010, 4011
BAD_INTENTS, DISALLOWED_INTENTS = 4013, 4014


@dataclass(eq=False)
class Session:
    """What one IDENTIFY began. It outlives its socket until the client closes it for good."""

    id: str
    shard: int
    count: int
    intents: int
    sent: list[dict[str, Any]] = field(default_factory=list)
    connection: Connection | None = None

    def dispatch(self, event: str, data: Any) -> None:
        """Send an event, or keep it until the session is resumed."""
        frame = {"op": DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data}
        self.sent.append(frame)
        if self.connection:
            self.connection.send(frame)

    def hears_of(self, guild: Guild | None) -> bool:
        """Return whether this shard is told of a server, or of direct messages for None."""
        return self.shard == (guild.shard(self.count) if guild else 0)


class Connection:
    """One socket; frames go out in the order in which they were sent, a close among them."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.path = request.path
        self._transport = request.transport
        self.session: Session | None = None
        self.closing = False
        self._out: asyncio.Queue[dict[str, Any] | int | None] = asyncio.Queue()

    def send(self, frame: dict[str, Any]) -> None:
        """Send a frame."""
        self._out.put_nowait(frame)

    def close(self, code: int | None) -> None:
        """Close with a code after what was sent; None cuts the line without a word."""
        self.closing = True
        self._out.put_nowait(code)

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


class Gateway:
    """All sockets and sessions, and the ways in which they fail.

    ``ack_heartbeats`` False leaves heartbeats without an answer. ``resumable`` False answers
    every RESUME with an invalid session. ``accepting`` False refuses new sockets with 503.
    """

    def __init__(self, world: World, changes: Changes, token: Callable[[], str | None]) -> None:
        self._world = world
        self._changes = changes
        self._token = token
        self.url = ""
        self.shards = 1
        self.heartbeat_ms = 41250
        self.ack_heartbeats = True
        self.resumable = True
        self.accepting = True
        self.sessions: list[Session] = []
        self.connections: set[Connection] = set()
        self.opened: list[Connection] = []
        self.heartbeats = 0
        self.resumes = 0
        self.identifies: list[dict[str, Any]] = []

    # What a test does.

    def ready_shards(self) -> set[int]:
        """Return the shards that are connected and were told everything."""
        return {one.shard for one in self.sessions if one.connection}

    def dispatch(self, event: str, data: Any, guild: Guild | None) -> None:
        """Send an event to the shard of a server, or of direct messages for None."""
        for session in self.sessions:
            if session.hears_of(guild):
                session.dispatch(event, data)

    def close(self, code: int | None = 4000, shard: int | None = None) -> None:
        """Close sockets with a code; None cuts the line."""
        for connection in self._of(shard):
            connection.close(code)

    def reconnect(self, shard: int | None = None) -> None:
        """Ask clients to come again (op 7)."""
        for connection in self._of(shard):
            connection.send({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False, shard: int | None = None) -> None:
        """Declare sessions invalid (op 9)."""
        for connection in self._of(shard):
            connection.send({"op": INVALID_SESSION, "d": resumable})
            if not resumable and connection.session:
                self._end(connection.session)

    def ask_heartbeat(self, shard: int | None = None) -> None:
        """Ask clients for a heartbeat at once (op 1)."""
        for connection in self._of(shard):
            connection.send({"op": HEARTBEAT, "d": None})

    def _of(self, shard: int | None) -> list[Connection]:
        return [
            one
            for one in self.connections
            if shard is None or (one.session and one.session.shard == shard)
        ]

    def _end(self, session: Session) -> None:
        session.connection = None
        if session in self.sessions:
            self.sessions.remove(session)
        self._changes.notify()

    # What a client does.

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket."""
        if not self.accepting:
            return web.Response(status=503)
        # Text frames are accepted uncompressed even by a client that asks for compression.
        socket = web.WebSocketResponse(compress=False, max_msg_size=4096)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.add(connection)
        self.opened.append(connection)
        connection.send({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}})
        writing = asyncio.create_task(connection.write())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, message.data)
        finally:
            self._gone(connection)
            if not connection.closing:
                writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        return socket

    def _gone(self, connection: Connection) -> None:
        self.connections.discard(connection)
        session = connection.session
        if session and session.connection is connection:
            session.connection = None
            # A client that says goodbye with 1000 or 1001 ends its session.
            if not connection.closing and connection.socket.close_code in (1000, 1001):
                self._end(session)
        self._changes.notify()

    def _receive(self, connection: Connection, text: str) -> None:
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            connection.close(DECODE_ERROR)
            return
        if op in (IDENTIFY, RESUME) and not isinstance(data, dict):
            connection.close(DECODE_ERROR)
        elif op == HEARTBEAT:
            self._heartbeat(connection)
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif op not in HARMLESS:
            connection.close(UNKNOWN_OPCODE)
        elif connection.session is None:
            connection.close(NOT_AUTHENTICATED)

    def _heartbeat(self, connection: Connection) -> None:
        self.heartbeats += 1
        if self.ack_heartbeats:
            connection.send({"op": HEARTBEAT_ACK, "d": None})
        self._changes.notify()

    def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        wrong = self._wrong(connection, data)
        if wrong:
            connection.close(wrong)
            return
        self.identifies.append(data)
        shard, count = data.get("shard") or (0, 1)
        session = Session(f"session-{self._world.ids.new()}", shard, count, data["intents"])
        session.connection, connection.session = connection, session
        self.sessions.append(session)
        guilds = [guild for guild in self._world.guilds if guild.shard(count) == shard]
        session.dispatch("READY", self._ready(session, guilds))
        if session.intents & GUILDS:
            for guild in guilds:
                session.dispatch("GUILD_CREATE", guild.payload())
        self._changes.notify()

    def _wrong(self, connection: Connection, data: dict[str, Any]) -> int | None:
        """Return the close code that an IDENTIFY deserves, None for a good one."""
        shard, count = data.get("shard") or (0, 1)
        intents = data.get("intents")
        rules = (
            (connection.session is not None, ALREADY_AUTHENTICATED),
            (self._token() not in (None, data.get("token")), AUTHENTICATION_FAILED),
            (not 0 <= shard < count, INVALID_SHARD),
            (count < self.shards, SHARDING_REQUIRED),
            (not isinstance(intents, int), BAD_INTENTS),
            (isinstance(intents, int) and bool(intents & PRIVILEGED), DISALLOWED_INTENTS),
        )
        return next((code for broken, code in rules if broken), None)

    def _ready(self, session: Session, guilds: list[Guild]) -> dict[str, Any]:
        return {
            "v": 10,
            "user": self._world.bot(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            # Another address than the first, as at Discord: a client has to keep it.
            "resume_gateway_url": f"{self.url}/resume",
            "application": {"id": self._world.app_id, "flags": 0},
            "shard": [session.shard, session.count],
            "session_type": "normal",
            "private_channels": [],
            "relationships": [],
        }

    def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        known = (one for one in self.sessions if one.id == data.get("session_id"))
        session = next(known, None)
        if self._token() not in (None, data.get("token")):
            connection.close(AUTHENTICATION_FAILED)
            return
        if session is None or not self.resumable:
            connection.send({"op": INVALID_SESSION, "d": False})
            return
        seq = data.get("seq")
        if not isinstance(seq, int) or not 0 <= seq <= len(session.sent):
            connection.close(INVALID_SEQ)
            return
        if session.connection:
            session.connection.close(4000)
        session.connection, connection.session = connection, session
        for frame in session.sent[seq:]:
            connection.send(frame)
        session.dispatch("RESUMED", {"_trace": []})
        self.resumes += 1
        self._changes.notify()
