"""Socket Mode: the bot calls Slack and keeps a connection, so that no address of ours is needed."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.contract import Host, JsonObject
from adapters.running import Running, stopped_within
from adapters.slack.credentials import refusal_of
from adapters.slack.identity import NAME
from adapters.slack.publish import TROUBLE, answered, code_of

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""Between attempts to connect, doubled each time."""

LOOK_EVERY_S = 5.0
"""How often it is looked whether the connection stands."""

LOST_AFTER_S = 30.0
"""After so long without a connection all is begun anew: the SDK goes on trying, but for ever at
one address, and an address is good once and for a short while."""

PING_EVERY_S = 3.0
"""So long, at most, the SDK takes to notice that a connection broke without a word."""

GiveAgain = Callable[[JsonObject, JsonObject], Awaitable[None]]
"""Gives the answer to a payload once more, where its acknowledgement was lost."""


class Handler(AsyncSocketModeHandler):
    """Bolt's handler, with the work on each request held until it is acknowledged."""

    def __init__(
        self, app: AsyncApp, client: AsyncWebClient, token: str, running: Running, again: GiveAgain
    ) -> None:
        super().__init__(app, token, web_client=client, ping_interval=PING_EVERY_S)
        self._running = running
        self._again = again

    async def handle(  # type: ignore[override] # bolt's own class narrows it too
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        """Handle one request; the SDK runs this in a task of its own."""
        task = asyncio.current_task()
        if task is not None:
            self._running.hold(task)
        answer = await run_async_bolt_app(self.app, req)
        try:
            await send_async_response(client, req, answer, time.time())
        except (ConnectionError, aiohttp.ClientError, RuntimeError) as error:
            log.warning("an acknowledgement was lost with its connection: %r", error)
            if answer.body:
                await self._again(req.payload, json.loads(answer.body))


async def serve_socket(
    app: AsyncApp,
    client: AsyncWebClient,
    host: Host,
    running: Running,
    drain: float,
    again: GiveAgain,
) -> None:
    """Serve until the host stops, connecting again whenever the connection is lost.

    Raise ConfigError when Slack refuses the app-level token.
    """
    pause = FIRST_PAUSE_S
    while not host.stopping.is_set():
        handler = Handler(app, client, host.settings.slack.app_token, running, again)
        try:
            await _connect(handler)
            pause = FIRST_PAUSE_S
            log.info("Slack is connected")
            await _until_lost(handler, host)
            if host.stopping.is_set():
                await running.drain(drain)
        except TROUBLE as error:
            refusal = refusal_of(code_of(error), "SLACK_APP_TOKEN")
            if refusal:
                raise refusal from error
            log.warning("Slack is out of reach: %r", error)
        finally:
            host.connected.discard(NAME)
            await handler.close_async()  # type: ignore[no-untyped-call]
        if not host.stopping.is_set():
            await stopped_within(host.stopping, pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)


async def _connect(handler: Handler) -> None:
    """Connect; raise one of TROUBLE, TimeoutError where the SDK keeps trying in vain."""
    client = handler.client
    opened = await answered(client.web_client.apps_connections_open(app_token=client.app_token))
    client.wss_uri = str(opened.get("url"))
    async with asyncio.timeout(LOST_AFTER_S):
        await handler.connect_async()  # type: ignore[no-untyped-call] # bolt has no types here


async def _until_lost(handler: Handler, host: Host) -> None:
    """Return when the host stops; raise TimeoutError when the connection is lost for long."""
    loop = asyncio.get_running_loop()
    stood = loop.time()
    host.connected.add(NAME)
    while not await stopped_within(host.stopping, LOOK_EVERY_S):
        if await handler.client.is_connected():
            stood = loop.time()
            host.connected.add(NAME)
            continue
        host.connected.discard(NAME)
        if loop.time() - stood > LOST_AFTER_S:
            raise TimeoutError("the connection was lost")
