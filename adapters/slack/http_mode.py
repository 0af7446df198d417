"""Signed HTTP: Slack calls an address of ours, and what it did not sign is refused."""

from __future__ import annotations

import asyncio
import logging
import time

from aiohttp import web
from aiohttp.client_exceptions import ClientPayloadError
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.contract import Host
from adapters.running import Running
from adapters.slack.identity import NAME
from adapters.slack.manifest import PATH
from adapters.slack.once import Acknowledgements, Once

log = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 3.0

WARN_AGAIN_AFTER_S = 60.0


class Endpoint:
    """Verifies a request, then lets bolt parse and dispatch it.

    Bolt would parse first: then whatever anybody sends could make it stumble.
    """

    def __init__(self, app: AsyncApp, host: Host, running: Running, once: Once) -> None:
        self._app = app
        self._verifier = SignatureVerifier(host.settings.slack.signing_secret)
        self._stopping = host.stopping
        self._running = running
        self._once = once
        self._completions: Acknowledgements[BoltResponse] = Acknowledgements(once)
        self._warned_at = -WARN_AGAIN_AFTER_S

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request: 401 for one that Slack did not sign lately."""
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                body = (await request.read()).decode()
        except UnicodeDecodeError:
            return web.Response(status=401, text="Slack writes UTF-8.")
        except (TimeoutError, ConnectionError, ClientPayloadError):
            return web.Response(status=408, text="That request did not come to its end.")
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not self._is_signed(body, timestamp, signature):
            self._warn()
            return web.Response(status=401, text="The signature is missing, wrong or too old.")
        if self._stopping.is_set():
            # The server outlives this platform; Slack comes again with what it may repeat.
            return web.Response(status=503, text="The bot is being stopped.")
        # Only now: what nobody signed must not keep the process from stopping.
        task = asyncio.current_task()
        if task is not None:
            self._running.hold(task)
        try:
            bolt_request = AsyncBoltRequest(
                body=body, query=request.query_string, headers=dict(request.headers)
            )
            answer = await self._dispatch(bolt_request, f"signature {signature}")
        except Exception:
            log.exception("a signed request could not be read")
            return web.Response(status=400)
        return await to_aiohttp_response(answer)

    async def _dispatch(self, request: AsyncBoltRequest, key: str) -> BoltResponse:
        """Let bolt answer a request, unless the very same came before."""
        if request.body.get("type") == "block_suggestion":
            # The same letters, typed again within a second, are signed the same.
            return await self._completions.of(key, lambda: self._app.async_dispatch(request)) or (
                BoltResponse(status=200)
            )
        if self._once.is_first(key):
            return await self._app.async_dispatch(request)
        log.info("a request came again, to the letter")
        return BoltResponse(status=200)

    def _warn(self) -> None:
        """Say once in a while that requests are refused: anybody can send any number of them."""
        now = time.monotonic()
        if now - self._warned_at < WARN_AGAIN_AFTER_S:
            return
        self._warned_at = now
        log.warning(
            "refused a request that Slack did not sign; if it was Slack's, "
            "SLACK_SIGNING_SECRET is not this app's"
        )

    def _is_signed(self, body: str, timestamp: str, signature: str) -> bool:
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
            return False
        # Compared as ASCII alone: anything else is not a signature, and cannot be compared.
        return signature.isascii() and self._verifier.is_valid(body, timestamp, signature)


async def serve_http(app: AsyncApp, host: Host, running: Running, drain: float, once: Once) -> None:
    """Be called until the host stops, then finish what was begun.

    Raise ConfigError for an address that cannot be listened on.
    """
    endpoint = Endpoint(app, host, running, once)
    async with host.http.listening(host.settings.http):
        with host.http.route("POST", PATH, endpoint.handle):
            host.connected.add(NAME)
            log.info("Slack may call port %d, path %s", host.settings.http.port, PATH)
            try:
                await host.stopping.wait()
            finally:
                host.connected.discard(NAME)
            await running.drain(drain)
