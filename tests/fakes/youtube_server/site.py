"""www.youtube.com itself, behind a proxy: whoever is told of the proxy reaches nothing else."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from tests.fakes.changes import Changes
from tests.fakes.web_server.certificates import contexts
from tests.fakes.youtube_server.watched import TIMED_TEXT, Watched

HOST = "www.youtube.com"
GONE = (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError)


class Site:
    """Shows one video, ``watched``, and its captions, ``spoken``, by their language.

    ``statuses`` are other answers than 200, by path; paths in ``hanging`` get none. ``asked`` is
    every path that was asked for, ``strayed`` every other host.
    """

    def __init__(self, folder: Path) -> None:
        self.watched = Watched()
        self.spoken: dict[str, bytes] = {}
        self.statuses: dict[str, int] = {}
        self.hanging: set[str] = set()
        self.asked: list[str] = []
        self.strayed: list[str] = []
        self.open = 0
        self.changes = Changes()
        self._tls, _ = contexts(HOST, folder)
        self._certificate = folder / "server.pem"
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Site:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a program takes this for YouTube."""
        assert self._server is not None
        proxy = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        named = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), proxy)
        return {**named, "SSL_CERT_FILE": str(self._certificate), "no_proxy": ""}

    async def wait_asked(self, path: str) -> None:
        """Wait until a path was asked for."""
        await self.changes.until(lambda: path in self.asked, 30, path)

    async def wait_alone(self) -> None:
        """Wait until no connection is open."""
        await self.changes.until(lambda: self.open == 0, 10, "no connections")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.open += 1
        try:
            with suppress(*GONE, asyncio.CancelledError):
                await self._converse(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()
            with suppress(*GONE):
                await writer.wait_closed()
            self.open -= 1
            self.changes.notify()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if not head.startswith(f"CONNECT {HOST}:443 "):
            self.strayed.append(head.partition("\r\n")[0])
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.start_tls(self._tls)
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = dict(line.lower().partition(": ")[::2] for line in head.split("\r\n")[1:])
            await reader.readexactly(int(headers.get("content-length") or 0))
            await self._answer(head.split(" ")[1], reader, writer)

    async def _answer(
        self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        parts = urlsplit(target)
        self.asked.append(parts.path)
        self.changes.notify()
        if parts.path in self.hanging:
            await reader.read()
            return
        status = self.statuses.get(parts.path, 200)
        body = self._body(parts.path, parse_qs(parts.query))
        writer.write(f"HTTP/1.1 {status} So\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    def _body(self, path: str, query: dict[str, list[str]]) -> bytes:
        if path == "/watch":
            return self.watched.page()
        if path == "/youtubei/v1/player":
            return self.watched.player()
        if path == TIMED_TEXT:
            return self.spoken[f"{query['lang'][0]}.{query['fmt'][0]}"]
        return b"{}"
