"""The loopback Slack: sockets, signed requests, and what becomes of late answers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from tests.fakes.slack_server import SlackServer
from tests.integration.slack_client import (
    MODES,
    Bot,
    Payload,
    body,
    greet,
    on_http,
    on_socket,
    wrongs,
)


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as running:
        yield running


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with on_socket(server) as running:
        yield running


@pytest.fixture
async def http_server() -> AsyncIterator[SlackServer]:
    async with SlackServer(mode="http") as running:
        yield running


@pytest.fixture
async def http_bot(http_server: SlackServer) -> AsyncIterator[Bot]:
    async with on_http(http_server) as running:
        yield running


# Sockets.


async def url(server: SlackServer) -> str:
    opened = await Bot(server).web.apps_connections_open(app_token="xapp-1-good")
    found: str = opened["url"]
    return found


async def test_socket_says_hello_and_a_ticket_is_good_once(server: SlackServer) -> None:
    ticket = await url(server)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(ticket) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            assert hello["connection_info"] == {"app_id": server.app_id}
            await server.wait_connected()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(ticket)
        assert refused.value.status == 403
    await server.wait_gone()
    assert wrongs(server) == ["bad_ticket"]


async def test_eleventh_socket_is_sent_away(server: SlackServer) -> None:
    async with aiohttp.ClientSession() as session:
        held = [await session.ws_connect(await url(server)) for _ in range(10)]
        await server.wait_connected(10)
        late = await session.ws_connect(await url(server))
        assert (await late.receive_json())["reason"] == "too_many_websockets"
        assert (await late.receive()).type is aiohttp.WSMsgType.CLOSE
        assert len(server.sockets) == len(held)


async def test_envelope_is_acknowledged_once_and_by_its_id(server: SlackServer) -> None:
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(await url(server))
        await socket.receive_json()
        acting = asyncio.create_task(server.slash("/segue"))
        envelope = await socket.receive_json()
        assert envelope["type"] == "slash_commands"
        assert envelope["accepts_response_payload"] is True
        assert "retry_attempt" not in envelope
        for _ in range(2):
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await acting
        await socket.send_json({"envelope_id": "other"})
        await socket.send_str("ack")
        await server.until(lambda: len(server.violations) == 3, "three violations")
    assert wrongs(server) == ["acknowledged_twice", "unknown_envelope", "not_an_ack"]


@pytest.mark.parametrize("how", ["close", "kill", "disconnect", "silence"])
async def test_client_comes_again_with_a_new_ticket(
    server: SlackServer, bot: Bot, how: str
) -> None:
    first = server.sockets[0]
    getattr(first, how)()
    await server.wait_connected()
    assert server.sockets.ready[0] is not first
    assert len(server.called("apps.connections.open")) == 2
    act = await server.slash("/segue")
    assert [one.text for one in act.messages] == ["Hello."]
    assert server.violations == []


async def test_warning_alone_does_not_end_a_socket(server: SlackServer, bot: Bot) -> None:
    server.sockets[0].disconnect("warning")
    assert (await server.slash("/segue")).messages


async def test_act_that_meets_no_socket_fails_without_blame(server: SlackServer) -> None:
    act = await server.slash("/segue")
    assert (act.timed_out, act.first.failed) == (True, "no socket is open")
    assert server.violations == []


async def test_socket_that_is_cut_before_the_ack_is_not_the_bots_fault(
    server: SlackServer, bot: Bot
) -> None:
    server.ack_within = 0.3

    async def cut(bot: Bot, kind: str, payload: Payload) -> None:
        server.sockets.kill()

    bot.act = cut
    act = await server.slash("/segue")
    assert act.timed_out
    assert server.violations == []
    bot.act = greet
    await server.wait_connected()
    (again,) = await server.redeliver(act)
    assert again.envelope_id == act.first.envelope_id
    assert [one.text for one in act.messages] == ["Hello."]


async def test_event_comes_again_with_its_attempt(server: SlackServer) -> None:
    frames = []
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(await url(server))
        await socket.receive_json()

        async def acknowledge() -> None:
            for _ in range(3):
                frame = await socket.receive_json()
                frames.append(frame)
                await socket.send_json({"envelope_id": frame["envelope_id"]})

        acknowledging = asyncio.create_task(acknowledge())
        act = await server.mention("help")
        await server.redeliver(act, 2)
        await acknowledging
    assert [one["retry_attempt"] for one in frames] == [0, 1, 2]
    assert [one["retry_reason"] for one in frames] == ["", "timeout", "timeout"]
    assert len({one["payload"]["event_id"] for one in frames}) == 1
    assert len({one["envelope_id"] for one in frames}) == 3
    assert frames[0]["accepts_response_payload"] is False


@pytest.mark.parametrize("kind", ["status", "drop_before"])
async def test_socket_that_does_not_open_is_tried_again(server: SlackServer, kind: str) -> None:
    # aiohttp itself tries a dropped GET a second time.
    fault = server.faults.add("socket", kind, times=2 if kind == "drop_before" else 1)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.ws_connect(await url(server))
        await session.ws_connect(await url(server))
        await server.wait_connected()
    assert fault.hits == fault.times
    with pytest.raises(ValueError, match="kill"):
        server.faults.add("socket", "drop_after")


# Late acknowledgements.


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_late_acknowledgement_is_a_violation_and_shows_nothing(mode: Any) -> None:
    released = asyncio.Event()

    async def late(bot: Bot, kind: str, payload: Payload) -> Payload:
        await released.wait()
        return body()

    async with SlackServer(mode=mode, ack_within=0.1) as server:
        async with MODES[mode](server, late) as bot:
            act = await server.slash("/segue")
            released.set()
            bot.act = greet
            assert (await server.slash("/segue")).messages
        assert (act.timed_out, act.messages, act.first.failed) == (True, [], "")
        assert [str(one) for one in server.violations] == [
            "ack of slash: too_late; not within 0.1 s"
        ]


# Signed requests.


async def test_requests_are_signed_as_the_sdk_checks(
    http_server: SlackServer, http_bot: Bot
) -> None:
    verifier = SignatureVerifier("s3cr3t")
    for act in (await http_server.slash("/segue", "ä & b"), await http_server.mention("help")):
        sent = act.first
        assert verifier.is_valid_request(sent.sent, sent.sent_headers)
    assert "+%26amp%3B+" in http_server.acts.all[0].first.sent.decode()
    assert http_bot.headers[0]["User-Agent"].startswith("Slackbot")
    assert http_bot.headers[0]["Content-Type"] == "application/x-www-form-urlencoded"
    assert http_bot.headers[1]["Content-Type"] == "application/json"


async def test_interaction_is_a_form_with_a_payload(
    http_server: SlackServer, http_bot: Bot
) -> None:
    act = await http_server.global_shortcut("find_moment")
    form = parse_qs(act.first.sent.decode())
    assert list(form) == ["payload"]
    assert json.loads(form["payload"][0])["callback_id"] == "find_moment"


async def test_event_comes_again_signed_anew_and_numbered(
    http_server: SlackServer, http_bot: Bot
) -> None:
    act = await http_server.mention("help")
    await http_server.redeliver(act, 2)
    numbers = [one.get("X-Slack-Retry-Num") for one in http_bot.headers]
    assert numbers == [None, "1", "2"]
    assert http_bot.headers[1]["X-Slack-Retry-Reason"] == "http_timeout"
    assert len({one["event_id"] for one in http_bot.seen}) == 1
    verifier = SignatureVerifier("s3cr3t")
    assert all(verifier.is_valid_request(one.sent, one.sent_headers) for one in act.deliveries)


async def test_replay_is_the_same_byte_for_byte(http_server: SlackServer, http_bot: Bot) -> None:
    act = await http_server.slash("/segue", "topic kv")
    again = await http_server.replay(act)
    assert (again.status, again.sent, again.sent_headers) == (
        200,
        act.first.sent,
        act.first.sent_headers,
    )
    assert http_bot.seen[0] == http_bot.seen[1]
    # Of several acknowledgements the first is the one that counts.
    assert again.ack == act.ack
    assert len(act.messages) == 1


async def test_raw_post_can_be_old_forged_or_unsigned(
    http_server: SlackServer, http_bot: Bot
) -> None:
    now = int(time.time())
    post = http_server.raw_post
    await post(b"command=%2Fsegue")
    await post({"type": "event_callback"})
    await post(b"a=1", timestamp=now - 301)
    await post(b"a=1", secret="wrong")
    await post(b"a=1", signature="v0=00", headers={"X-Slack-Retry-Num": "1"})
    await post(b"a=1", signature="", timestamp="")
    sent = http_bot.headers
    verifier = SignatureVerifier("s3cr3t")
    bodies = [b"command=%2Fsegue", b'{"type": "event_callback"}', *[b"a=1"] * 4]
    good = [verifier.is_valid_request(one, all_) for one, all_ in zip(bodies, sent, strict=True)]
    assert good == [True, True, False, False, False, False]
    assert sent[4]["X-Slack-Retry-Num"] == "1"
    assert not {"X-Slack-Signature", "X-Slack-Request-Timestamp"} & set(sent[5])


async def test_address_is_verified_by_its_challenge(
    http_server: SlackServer, http_bot: Bot
) -> None:
    async def echo(bot: Bot, kind: str, payload: Payload) -> Payload:
        return {"challenge": payload["challenge"]}

    assert not await http_server.verify_url()
    http_bot.act = echo
    assert await http_server.verify_url()


async def test_status_that_is_not_200_is_a_violation(
    http_server: SlackServer, http_bot: Bot
) -> None:
    async def fails(bot: Bot, kind: str, payload: Payload) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    http_bot.act = fails
    act = await http_server.slash("/segue")
    assert (act.status, act.messages) == (500, [])
    assert act.first.headers["X-Slack-No-Retry"] == "1"
    assert wrongs(http_server) == ["bad_status"]


async def test_bot_that_does_not_listen_fails_without_blame(http_server: SlackServer) -> None:
    http_server.deliver_to = "http://127.0.0.1:1/slack/events"
    act = await http_server.slash("/segue")
    assert (act.timed_out, act.first.failed) == (True, "not delivered: ClientConnectorError")
    assert http_server.violations == []
