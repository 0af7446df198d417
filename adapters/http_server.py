"""The process's one HTTP server: whoever is to be called has a route in it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from bot.core.errors import ConfigError
from bot.core.settings import HttpSettings

if TYPE_CHECKING:
    # Imported where it is used: the console has a host too, and never listens.
    from aiohttp import web

Handler = Callable[["web.BaseRequest"], Awaitable["web.StreamResponse"]]

SECONDS_TO_END = 3.0
"""How long a stop waits for requests that are being answered."""

MAX_BODY = 1 << 20
"""Bytes of a request; Slack's largest, a modal's state, is a quarter of that (PLATFORM 4.2)."""


class Page(NamedTuple):
    """A plain answer to GET; ``content_type`` is the whole header."""

    text: str
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"


class HttpServer:
    """Listens while anybody wants it to; routes come and go meanwhile.

    ``refused`` counts answers from 400 to 499 by status.
    """

    def __init__(self) -> None:
        self.refused: Counter[int] = Counter()
        self._routes: dict[str, tuple[str, Handler]] = {}
        self._runner: web.ServerRunner | None = None
        self._users = 0

    @contextmanager
    def route(self, method: str, path: str, handler: Handler) -> Iterator[None]:
        """Have a path answered while the block runs."""
        if path in self._routes:
            raise ValueError(f"{path} is answered already")
        self._routes[path] = method, handler
        try:
            yield
        finally:
            del self._routes[path]

    @contextmanager
    def page(self, path: str, make: Callable[[], Awaitable[Page]]) -> Iterator[None]:
        """Have a page at a path while the block runs."""
        from aiohttp import web

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            made = await make()
            headers = {"Content-Type": made.content_type, "Cache-Control": "no-store"}
            return web.Response(body=made.text.encode(), status=made.status, headers=headers)

        with self.route("GET", path, handler):
            yield

    @asynccontextmanager
    async def listening(self, at: HttpSettings) -> AsyncIterator[None]:
        """Listen until the last block that wants it ends.

        Raise ConfigError for an address that cannot be listened on.
        """
        if self._runner is None:
            self._runner = await _started(self._answer, at)
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                runner, self._runner = self._runner, None
                await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        from aiohttp import web

        try:
            answer = await self._routed(request)
        except web.HTTPException as refusal:
            self._count(refusal.status)
            raise
        self._count(answer.status)
        return answer

    async def _routed(self, request: web.BaseRequest) -> web.StreamResponse:
        from aiohttp import web

        found = self._routes.get(request.path)
        if found is None:
            raise web.HTTPNotFound
        method, handler = found
        if request.method != method and (request.method, method) != ("HEAD", "GET"):
            raise web.HTTPMethodNotAllowed(request.method, [method])
        return await handler(request)

    def _count(self, status: int) -> None:
        if 400 <= status < 500:
            self.refused[status] += 1


async def _started(handler: Handler, at: HttpSettings) -> web.ServerRunner:
    """Return a server that listens; raise ConfigError."""
    from aiohttp import web

    loop = asyncio.get_running_loop()
    server = web.Server(
        handler,
        request_factory=lambda message, payload, protocol, writer, task: web.BaseRequest(
            message, payload, protocol, writer, task, loop, client_max_size=MAX_BODY
        ),
        access_log=None,
        # Slack signs the bytes it sends, and compresses none; what others pack is not unpacked.
        auto_decompress=False,
    )
    runner = web.ServerRunner(server, shutdown_timeout=SECONDS_TO_END)
    await runner.setup()
    try:
        await web.TCPSite(runner, at.host, at.port).start()
    except (OSError, OverflowError) as error:
        await runner.cleanup()
        cause = getattr(error, "strerror", None) or "that is no port"
        raise ConfigError(
            f"Cannot listen on {at.host}, port {at.port}: {cause}. "
            "Set http.port, or the variable PORT, to a free one."
        ) from error
    except BaseException:
        await runner.cleanup()
        raise
    return runner
