"""Over HTTP: what Slack signed is answered, once; everything else is turned away."""

import asyncio
import gzip
import io
import time
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.slack import http_mode
from tests.e2e.slack.asking import opened_seconds
from tests.e2e.slack.conftest import running_bot, settings_for
from tests.fakes.slack_server import SlackServer


@pytest.fixture
async def server():
    async with SlackServer(mode="http") as running:
        yield running
        assert running.violations == []


@pytest.fixture
def bot_settings(server, tmp_path):
    return settings_for(server, tmp_path)


class Counting:
    """A store that counts the searches: what reaches a handler searches."""

    def __init__(self, store):
        self._store = store
        self.searches = 0

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def search(self, *args, **kwargs):
        self.searches += 1
        return await self._store.search(*args, **kwargs)


@pytest.fixture
async def counted(server, bot_settings):
    made = []

    def wrap(store):
        made.append(Counting(store))
        return made[0]

    async with running_bot(server, bot_settings, wrap=wrap):
        yield made[0]


def command(server, text="topic kv cache"):
    return urlencode(
        {
            "team_id": server.team.id,
            "channel_id": server.channel.id,
            "user_id": server.user("alice").id,
            "user_name": "alice",
            "command": "/segue",
            "text": text,
            "response_url": "https://hooks.example/1",
            "trigger_id": f"1.2.{time.monotonic_ns()}",
        }
    ).encode()


async def test_address_is_verified(server, counted):
    assert await server.verify_url()


async def test_signed_request_is_answered(server, counted):
    status, text = await server.raw_post(command(server))
    assert status == 200
    assert "2:00:32" in text
    assert counted.searches == 1


@pytest.mark.parametrize(
    "forgery",
    [
        {"secret": "another"},
        {"signature": "v0=" + "0" * 64},
        {"signature": "v0=é"},
        {"signature": ""},
        {"timestamp": ""},
        {"timestamp": "soon"},
        {"timestamp": "１２３"},
        {"timestamp": "9" * 40},
    ],
)
async def test_forged_request_gets_401_and_reaches_nothing(server, counted, forgery):
    status, text = await server.raw_post(command(server), **forgery)
    assert status == 401
    assert "2:00:32" not in text
    assert counted.searches == 0


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_request_of_another_time_gets_401_and_reaches_nothing(server, counted, minutes):
    at = int(time.time()) + minutes * 60
    assert (await server.raw_post(command(server), timestamp=at))[0] == 401
    assert counted.searches == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"payload={", b"payload=[1]", b"\xff\xfe", b"[1]", b"null", b"payload=1"]
)
@pytest.mark.parametrize("signed", [True, False])
async def test_body_that_is_no_payload_disturbs_nobody(server, counted, body, signed):
    for content_type in ("application/x-www-form-urlencoded", "application/json"):
        status, _ = await server.raw_post(
            body,
            signature=None if signed else "v0=bad",
            headers={"Content-Type": content_type},
        )
        assert status == (401 if not signed else status)
        assert status in {200, 400, 401}
    assert (await server.raw_post(command(server)))[0] == 200


async def test_tampered_body_gets_401(server, counted):
    act = await server.slash("/segue", "topic kv cache")
    sent, headers = act.first.sent, act.first.sent_headers
    status, _ = await server.http.raw(sent.replace(b"kv+cache", b"tsmc"), headers)
    assert status == 401
    assert counted.searches == 1


async def test_replayed_request_reaches_no_handler_again(server, counted):
    act = await server.slash("/segue", "topic kv cache")
    assert opened_seconds(await act.settled()) != []
    for _ in range(3):
        again = await server.replay(act)
        assert again.status == 200
        assert again.ack is None
    assert counted.searches == 1
    assert len(act.messages) == 1


async def test_completion_typed_again_at_once_is_answered_the_same_and_asked_for_once(
    server, bot_settings
):
    async with running_bot(server, bot_settings) as host:
        asked = host.dispatch.complete

        async def counted(*args):
            counted.times += 1
            return await asked(*args)

        counted.times, host.dispatch.complete = 0, counted
        view = await (await server.slash("/segue", "topic")).settled()
        offered = await server.suggest(view, "moment", "kv ca")
        # The same letters in the same second are signed the same.
        again = await server.replay(server.acts.all[-1])
        assert again.ack["options"] == offered
        assert counted.times == 1


async def test_request_that_does_not_come_to_its_end_keeps_nothing_from_stopping(
    server, bot_settings
):
    async with running_bot(server, bot_settings):
        _, writer = await asyncio.open_connection("127.0.0.1", bot_settings.http.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        await writer.drain()
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < http_mode.SECONDS_TO_ANSWER + 2
    writer.close()


async def test_request_that_does_not_come_to_its_end_is_given_up(server, counted, monkeypatch):
    monkeypatch.setattr(http_mode, "SECONDS_TO_ANSWER", 0.05)
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", int(server.deliver_to.split(":")[2].split("/")[0])
    )
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()


async def test_packed_body_is_not_unpacked(server, counted):
    packed = gzip.compress(b"x" * 50_000_000)
    status, _ = await server.raw_post(
        packed, headers={"Content-Encoding": "gzip"}, signature="v0=1"
    )
    assert status == 401


async def test_refusals_are_logged_once_in_a_while(server, counted, caplog):
    for _ in range(5):
        await server.raw_post(command(server), secret="another")
    assert [r.levelname for r in caplog.records if "did not sign" in r.message] == ["WARNING"]


async def test_other_paths_and_methods_are_nothing(server, counted):
    address = server.deliver_to
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as answer:
            assert answer.status == 405
        async with session.post(address + "/more", data=b"x") as answer:
            assert answer.status == 404
        async with session.post(address, data=io.BytesIO(b"x" * (2 << 20))) as answer:
            assert answer.status == 413
