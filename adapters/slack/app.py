"""The Slack app: learns who it is, then serves by Socket Mode or HTTP until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.contract import Host, JsonObject
from adapters.payload import text
from adapters.running import Running, stopped_within
from adapters.slack.answering import Answering
from adapters.slack.credentials import check_complete, refusal_of
from adapters.slack.history import History
from adapters.slack.http_mode import serve_http
from adapters.slack.identity import NAME, Identity
from adapters.slack.names import admins, names
from adapters.slack.once import Acknowledgements, Once, delivery_key
from adapters.slack.outlet import SlackOutlet
from adapters.slack.pace import Pace
from adapters.slack.people import People
from adapters.slack.publish import TROUBLE, Web, answered, code_of
from adapters.slack.socket_mode import serve_socket
from adapters.slack.translate import Reader
from bot.core.settings import SlackSettings

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""Between attempts to reach Slack, doubled each time."""

CALL_WITHIN_S = 30
"""Seconds one call to Slack may take; answers have bounds of their own besides."""

Value = TypeVar("Value")


class Taking(AsyncMiddleware):
    """Hands every payload on as it comes, once, after bolt has authorized it.

    Bolt's listeners would each match it by a pattern; what a payload asks for is read in one
    place here, and none is left without its acknowledgement.
    """

    def __init__(self, answering: Answering, once: Once) -> None:
        self._answering = answering
        self._acknowledgements: Acknowledgements[JsonObject] = Acknowledgements(once)

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        """Return the acknowledgement of a payload."""
        answer = await self._acknowledgements.of(
            delivery_key(req.body), lambda: self._answering.take(req.body)
        )
        return BoltResponse(status=200, body=answer or "")


def make_client(settings: SlackSettings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return the client of the Web API; what may be done again is decided here, not in it."""
    return AsyncWebClient(
        token=settings.bot_token,
        base_url=settings.api_url.rstrip("/") + "/",
        session=session,
        timeout=CALL_WITHIN_S,
        retry_handlers=[],
    )


def make_app(
    client: AsyncWebClient, identity: Identity, answering: Answering, once: Once
) -> AsyncApp:
    """Return the bolt app that hands all payloads to ``answering``."""

    async def known(**_: object) -> AuthorizeResult:
        """Authorize by what was learnt at the start: no payload waits for another call."""
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_user_id=identity.bot_user,
            bot_token=client.token,
        )

    # Bolt's own loggers would take the root's level, and at DEBUG log what people write.
    logger = logging.getLogger("slack_bolt")
    # It warns that the token in the environment is not used; it is, by the client.
    logger.disabled = True
    app = AsyncApp(
        name="segue",
        logger=logger,
        client=client,
        authorize=known,
        # The acknowledgement is the middleware's answer; nothing polls for it.
        process_before_response=True,
        # Requests over HTTP are verified before bolt parses them: see http_mode.py.
        request_verification_enabled=False,
        # Only functions of workflows have a token to attach.
        attaching_function_token_enabled=False,
    )
    logger.disabled = False
    app.use(Taking(answering, once))
    return app


async def serve(
    host: Host, pace: Pace | None = None, new_reference: Callable[[], str] | None = None
) -> None:
    """Serve until the host stops; raise ConfigError for credentials that Slack refuses."""
    settings, pace = host.settings.slack, pace or Pace()
    check_complete(settings)
    chosen = names(settings)
    running = Running()
    timeout = aiohttp.ClientTimeout(total=CALL_WITHIN_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = make_client(settings, session)
        identity = await until_reached(lambda: identify(client), host.stopping)
        if identity is None:
            return
        log.info("Slack knows the bot as %s in %s", identity.bot_name, identity.team)
        once, web = Once(host.clock), Web(client, session)
        answering = Answering(
            web,
            Reader(identity, chosen, admins(settings)),
            People(client, host.clock, identity.team),
            host,
            running,
            pace,
            new_reference or _reference,
        )
        app = make_app(client, identity, answering, once)
        host.outlets[NAME] = SlackOutlet(web, identity, running, History(web, identity, settings))
        try:
            if settings.mode == "http":
                await serve_http(app, host, running, pace.drain, once)
            else:
                await serve_socket(app, client, host, running, pace.drain, answering.give_again)
        finally:
            del host.outlets[NAME]


async def identify(client: AsyncWebClient) -> Identity:
    """Return who the bot is; raise ConfigError for a token that is refused."""
    try:
        answer = await answered(client.auth_test())
    except TROUBLE as error:
        refusal = refusal_of(code_of(error), "SLACK_BOT_TOKEN")
        if refusal:
            raise refusal from error
        raise
    fields = answer.data if isinstance(answer.data, dict) else {}
    return Identity(
        str(fields.get("team_id")),
        str(fields.get("user_id")),
        str(fields.get("user")),
        text(fields, "bot_id"),
    )


async def until_reached(
    call: Callable[[], Awaitable[Value]], stopping: asyncio.Event
) -> Value | None:
    """Return what a call returns, calling again while Slack is out of reach; None if stopped."""
    pause = FIRST_PAUSE_S
    while not stopping.is_set():
        ending = asyncio.ensure_future(stopping.wait())
        calling = asyncio.ensure_future(call())
        try:
            await asyncio.wait({ending, calling}, return_when=asyncio.FIRST_COMPLETED)
            if not calling.done():
                return None
            return calling.result()
        except TROUBLE as error:
            log.warning("Slack is out of reach: %r", error)
        finally:
            ending.cancel()
            calling.cancel()
        await stopped_within(stopping, pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)
    return None


def _reference() -> str:
    return secrets.token_hex(4)
