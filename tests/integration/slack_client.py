"""Tiny bots on the real SDK and on bare HTTP, to show what the loopback Slack takes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientSession, web
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_server import Act as Done
from tests.fakes.slack_server import SlackServer

Payload = dict[str, Any]

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello."}}


def button(label: str = "Share", value: str = "v", **more: Any) -> Payload:
    """Return a button."""
    text = {"type": "plain_text", "text": label, "emoji": False}
    return {"type": "button", "action_id": f"act:{label}", "text": text, "value": value, **more}


def body(text: str = "Hello.", *parts: Payload, **more: Any) -> Payload:
    """Return a private message, with buttons where there are parts."""
    actions = [{"type": "actions", "elements": list(parts)}] if parts else []
    return {
        "response_type": "ephemeral",
        "text": text,
        "blocks": [SECTION, *actions],
        "unfurl_links": False,
        "unfurl_media": False,
        **more,
    }


def modal(*blocks: Payload, **more: Any) -> Payload:
    """Return a modal."""
    made = {"type": "modal", "title": _plain("Find"), "blocks": list(blocks) or [SECTION]}
    if any(one["type"] == "input" for one in blocks):
        made["submit"] = _plain("Send")
    return made | more


def field(block_id: str, action_id: str, *, element: Payload | None = None, **more: Any) -> Payload:
    """Return an input block, of text unless an element is given."""
    text = {"type": "plain_text_input", "action_id": action_id, **more}
    return {
        "type": "input",
        "block_id": block_id,
        "label": _plain("Label"),
        "element": element or text,
    }


def external(block_id: str, action_id: str) -> Payload:
    """Return an input block that asks the bot for options from two characters on."""
    select = {"type": "external_select", "action_id": action_id, "min_query_length": 2}
    return field(block_id, action_id, element=select)


def _plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


class Bot:
    """Acknowledges with what ``act`` returns; ``web`` calls the Web API.

    ``act`` gets the type of the envelope and the payload. ``seen`` keeps both.
    """

    def __init__(self, server: SlackServer, act: Act | None = None) -> None:
        self.act = act or greet
        self.seen: list[Payload] = []
        self.headers: list[dict[str, str]] = []
        self.web = AsyncWebClient("xoxb-1-good", base_url=server.api_url, retry_handlers=[])

    async def take(self, kind: str, payload: Payload) -> Any:
        """Return the payload of the acknowledgement."""
        self.seen.append(payload)
        return await self.act(self, kind, payload)

    async def respond(self, payload: Payload, body: Any) -> tuple[int, str]:
        """Post to the response_url of a payload; text goes as it is."""
        data = body if isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        async with (
            ClientSession() as session,
            session.post(payload["response_url"], data=data, headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    async def post(self, channel: str, text: str = "Hello.", **more: Any) -> Any:
        """Post a message for all to see."""
        return await self.web.chat_postMessage(
            channel=channel, text=text, unfurl_links=False, unfurl_media=False, **more
        )


Act = Callable[[Bot, str, Payload], Awaitable[Any]]


async def greet(bot: Bot, kind: str, payload: Payload) -> Any:
    """Answer as the simplest of bots."""
    return body() if kind == "slash_commands" else None


@asynccontextmanager
async def on_socket(server: SlackServer, act: Act | None = None) -> AsyncIterator[Bot]:
    """Run a bot in Socket Mode until the block ends."""
    bot = Bot(server, act)
    web_client = AsyncWebClient(base_url=server.api_url, retry_handlers=[])
    client = SocketModeClient("xapp-1-good", web_client=web_client, ping_interval=0.2)

    async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        payload = await bot.take(request.type, request.payload)
        response = SocketModeResponse(request.envelope_id, payload)
        await client.send_socket_mode_response(response)

    client.socket_mode_request_listeners.append(listen)
    await client.connect()
    await server.wait_connected()
    try:
        yield bot
    finally:
        await client.close()


@asynccontextmanager
async def on_http(server: SlackServer, act: Act | None = None) -> AsyncIterator[Bot]:
    """Run a bot behind HTTP until the block ends."""
    bot = Bot(server, act)

    async def take(request: web.Request) -> web.StreamResponse:
        bot.headers.append(dict(request.headers))
        text = await request.text()
        if request.content_type == "application/json":
            payload, kind = json.loads(text), "events_api"
        else:
            form = {name: values[0] for name, values in parse_qs(text, True).items()}
            kind = "interactive" if "payload" in form else "slash_commands"
            payload = json.loads(form["payload"]) if "payload" in form else form
        made = await bot.take(kind, payload)
        if isinstance(made, web.StreamResponse):
            return made
        return web.json_response(made) if isinstance(made, dict) else web.Response(text=made)

    app = web.Application()
    app.router.add_post("/slack/events", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield bot
    finally:
        await runner.cleanup()


MODES = {"socket": on_socket, "http": on_http}


async def nothing(bot: Bot, kind: str, payload: Payload) -> None:
    """Acknowledge and do nothing."""
    return


async def code(call: Any) -> str:
    """Return the code with which a call is refused."""
    with pytest.raises(SlackApiError) as refused:
        await call
    found: str = refused.value.response["error"]
    return found


def wrongs(server: SlackServer) -> list[str]:
    """Return the codes of the bot's violations."""
    return [one.error for one in server.violations]


def excused(server: SlackServer) -> list[str]:
    """Return the codes of what was refused as the world is."""
    return [one.error for one in server.refusals]


async def acted(server: SlackServer, bot: Bot, ack: Any = None) -> tuple[Done, Payload]:
    """Return a slash command and its payload."""

    async def answer(bot: Bot, kind: str, payload: Payload) -> Any:
        return ack

    bot.act = answer
    act = await server.slash("/segue")
    return act, bot.seen[-1]
