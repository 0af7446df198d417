"""The server: plain sockets, since no HTTP library would send what is sent here."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from tests.fakes.changes import Changes

GONE = (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError)


@dataclass(frozen=True)
class Asked:
    """A request: its path, and its headers by their names in lower case."""

    path: str
    headers: dict[str, str]


class Wire:
    """A connection to a client, as a page sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, data: bytes) -> None:
        """Send bytes; raise ConnectionError once the client is gone."""
        self._writer.write(data)
        await self._writer.drain()

    async def hang(self) -> None:
        """Wait until the client hangs up."""
        while await self._reader.read(65_536):
            pass

    async def client_left(self, within_s: float) -> bool:
        """Return whether the client hangs up before the time is over."""
        try:
            await asyncio.wait_for(self.hang(), within_s)
        except TimeoutError:
            return False
        return True


Page = Callable[[Asked, Wire], Awaitable[None]]


class WebServer:
    """Serves ``pages`` by path. ``asked`` is every request, ``open`` the connections there are.

    ``busiest`` is the most there were at once. A connection is closed after one answer.
    """

    def __init__(self, host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self.open = 0
        self.busiest = 0
        self.changes = Changes()
        self._host, self._tls = host, tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> WebServer:
        self._server = await asyncio.start_server(self._begin, self._host, 0, ssl=self._tls)
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
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def url(self, path: str = "/", *, host: str = "") -> str:
        """Return the address of a page, by the server's own host or another name for it."""
        own = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'https' if self._tls else 'http'}://{host or own}:{self.port}{path}"

    async def wait_asked(self, times: int) -> None:
        """Wait until that many requests came in."""
        await self.changes.until(lambda: len(self.asked) >= times, 10, f"{times} requests")

    async def wait_alone(self) -> None:
        """Wait until no connection is open."""
        await self.changes.until(lambda: self.open == 0, 10, "no connections")

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.busiest = max(self.busiest, self.open)
        try:
            with suppress(*GONE):
                asked = _read_head(await reader.readuntil(b"\r\n\r\n"))
                self.asked.append(asked)
                self.changes.notify()
                page = self.pages.get(asked.path.partition("?")[0])
                if page is None:
                    raise AssertionError(f"nobody wrote a page {asked.path}")
                await page(asked, Wire(reader, writer))
        finally:
            writer.close()
            with suppress(*GONE):
                await writer.wait_closed()
            self.open -= 1
            self.changes.notify()


def _read_head(head: bytes) -> Asked:
    first, *rest = head.decode().split("\r\n")
    lines = [line.partition(": ") for line in rest if line]
    return Asked(first.split(" ")[1], {name.lower(): value for name, _, value in lines})
