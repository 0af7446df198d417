"""The loopback Slack: what goes wrong with calls on demand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack_server import SlackServer
from tests.integration.slack_client import Bot, body, on_socket

POST = "chat.postMessage"


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as running:
        yield running


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with on_socket(server) as running:
        yield running


# Faults of the Web API.


async def test_error_status_and_limit_carry_nothing_out(server: SlackServer) -> None:
    bot = Bot(server)
    server.faults.add(POST, "error", error="fatal_error")
    server.faults.add(POST, "status", status=503, body={"ok": False, "error": "down"})
    server.faults.add("chat.*", "rate_limit", retry_after=7)
    told = []
    for _ in range(3):
        with pytest.raises(SlackApiError) as refused:
            await bot.post(server.channel.id)
        answer = refused.value.response
        told.append((answer.status_code, answer["error"], answer.headers.get("Retry-After")))
    assert told == [
        (200, "fatal_error", None),
        (503, "down", None),
        (429, "ratelimited", "7"),
    ]
    assert server.posted() == []
    await bot.post(server.channel.id)
    assert [one.status for one in server.called(POST)] == [200, 503, 429, 200]
    assert server.violations == []


@pytest.mark.parametrize(("kind", "posted"), [("drop_before", 0), ("drop_after", 1)])
async def test_dropped_connection_leaves_the_post_or_not(
    server: SlackServer, kind: str, posted: int
) -> None:
    server.faults.add(POST, kind)
    with pytest.raises(aiohttp.ClientError):
        await Bot(server).post(server.channel.id)
    assert (len(server.posted()), len(server.called(POST))) == (posted, 1)


async def test_garbage_is_no_answer(server: SlackServer) -> None:
    server.faults.add(POST, "garbage")
    # The SDK takes the text of a good status for the answer and stumbles over it.
    with pytest.raises(AttributeError):
        await Bot(server).post(server.channel.id)
    assert server.posted() == []


async def test_hanging_call_goes_on_once_released(server: SlackServer) -> None:
    fault = server.faults.add(POST, "hang")
    posting = asyncio.create_task(Bot(server).post(server.channel.id))
    await fault.reached()
    assert server.posted() == []
    fault.release()
    await posting
    assert await server.wait_posted(channel=server.channel)


async def test_slow_call_is_carried_out_later(server: SlackServer) -> None:
    server.faults.add(POST, "slow", seconds=0.1)
    since = time.monotonic()
    await Bot(server).post(server.channel.id)
    assert time.monotonic() - since >= 0.1


async def test_fault_that_does_not_exist_is_told(server: SlackServer) -> None:
    with pytest.raises(ValueError, match="no fault 'explode'"):
        server.faults.add(POST, "explode")


async def test_response_url_fails_on_demand(server: SlackServer, bot: Bot) -> None:
    await server.slash("/segue")
    payload = bot.seen[0]
    server.faults.add("response_url", "error", error="expired_url")
    server.faults.add("response_url", "status", status=500, body="oops")
    server.faults.add("response_url", "rate_limit")
    server.faults.add("response_url", "drop_after")
    assert await bot.respond(payload, body()) == (404, "expired_url")
    assert await bot.respond(payload, body()) == (500, "oops")
    assert (await bot.respond(payload, body()))[0] == 429
    with pytest.raises(aiohttp.ClientError):
        await bot.respond(payload, body("Heard."))
    assert [one.text for one in server.messages][1:] == ["Heard."]
    assert len(await server.wait_called("response_url", 4)) == 4


async def test_connection_is_not_given_on_demand(server: SlackServer) -> None:
    server.faults.add("apps.connections.open", "error", error="internal_error")
    web = Bot(server).web
    with pytest.raises(SlackApiError, match="internal_error"):
        await web.apps_connections_open(app_token="xapp-1-good")
    assert (await web.apps_connections_open(app_token="xapp-1-good"))["url"]
