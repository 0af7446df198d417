"""The server: starts and stops, and lets tests wait for what happens."""

from __future__ import annotations

from collections.abc import Callable, Collection
from types import TracebackType

from aiohttp import web

from tests.fakes.changes import Changes
from tests.fakes.gemini_server.answers import first_sentence
from tests.fakes.gemini_server.calls import Call
from tests.fakes.gemini_server.faults import Fault, Faults
from tests.fakes.gemini_server.rest import Rest

HOST = "127.0.0.1"
MODELS = frozenset({"gemini-3.5-flash-lite", "gemini-3.8-flash", "gemini-flash-lite-latest"})


class GeminiServer:
    """Gemini, for one key.

    ``answer`` is what the model writes, or what makes that of a call. ``problems`` says which
    calls broke the API's rules. ``strayed`` holds the key that each follower of a redirect
    brought along, "" for none.
    """

    def __init__(self, *, key: str = "k3y-good", models: Collection[str] = MODELS) -> None:
        self.key, self.models = key, models
        self.answer: str | Callable[[Call], str] = first_sentence
        self.changes = Changes()
        self.faults = Faults(self.changes)
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.strayed: list[str] = []
        self.closing = False
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> GeminiServer:
        # A handler is cancelled when its client hangs up, which is how that is noticed.
        app = Rest(self).application()
        self._runner = web.AppRunner(app, shutdown_timeout=1.0, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing = True
        self.faults.clear()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address, for HttpOptions.base_url and for client_options.api_endpoint."""
        return f"http://{HOST}:{self._port}"

    @property
    def billed(self) -> int:
        """How many answers the model wrote."""
        return sum(call.billed for call in self.calls)

    async def wait_called(self, times: int = 1, timeout: float = 10.0) -> list[Call]:  # noqa: ASYNC109
        """Wait until that many calls came in and return them."""
        await self.changes.until(lambda: len(self.calls) >= times, timeout, f"{times} calls")
        return self.calls

    async def wait_hung_up(self, times: int = 1, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait until that many clients went before they had their answer."""
        await self.changes.until(
            lambda: sum(call.hung_up for call in self.calls) >= times, timeout, f"{times} hung up"
        )

    async def wait(self, fault: Fault, seconds: float) -> None:
        """Let a request wait, not longer than until its fault is released."""
        try:
            await self.changes.until(lambda: fault.released, seconds, "release")
        except TimeoutError:
            return
