"""Connecting, staying connected, being refused in plain words, and leaving in good order."""

import asyncio
import logging
from dataclasses import replace

import pytest

from adapters.contract import Unreachable, platform
from adapters.slack import app, socket_mode
from bot.bootstrap import make_host, make_ports, opened_store
from bot.cli.logs import set_up_logging
from bot.core.errors import ConfigError
from bot.core.settings import LogSettings
from tests.e2e.slack.asking import by_mention, by_slash, opened_seconds
from tests.e2e.slack.conftest import running_bot, settings_for
from tests.fakes.slack_server import SlackServer

SLACK = platform("slack")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(app, "FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr(socket_mode, "FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr(socket_mode, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(socket_mode, "PING_EVERY_S", 0.1)


class Gated:
    """A store whose search waits for a gate; the rest is the real one."""

    def __init__(self, store):
        self._store = store
        self.reached, self.gate = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def search(self, *args, **kwargs):
        self.reached.set()
        await self.gate.wait()
        return await self._store.search(*args, **kwargs)


@pytest.fixture
async def socket_server():
    async with SlackServer(mode="socket") as running:
        yield running
        assert running.violations == []


async def answers(server):
    return opened_seconds(await by_slash(server, "topic kv cache"))[0] == 7_232


@pytest.mark.parametrize("loss", ["close", "disconnect", "kill"])
async def test_lost_socket_is_opened_again(socket_server, tmp_path, loss):
    server = socket_server
    async with running_bot(server, settings_for(server, tmp_path)):
        assert await answers(server)
        before = len(server.called("apps.connections.open"))
        getattr(server.sockets, loss)()
        await server.wait_called("apps.connections.open", before + 1)
        await server.wait_connected()
        assert await answers(server)


async def test_socket_that_went_silent_is_opened_again(socket_server, tmp_path):
    server = socket_server
    async with running_bot(server, settings_for(server, tmp_path)):
        assert await answers(server)
        before = len(server.called("apps.connections.open"))
        server.sockets.silence()
        await server.wait_called("apps.connections.open", before + 1, timeout=30)
        await server.wait_connected()
        assert await answers(server)


async def test_address_that_went_stale_is_not_tried_for_ever(socket_server, tmp_path, monkeypatch):
    monkeypatch.setattr(socket_mode, "LOST_AFTER_S", 0.3)
    server = socket_server
    server.faults.add("socket", "status", times=4, status=403)
    async with running_bot(server, settings_for(server, tmp_path)):
        assert await answers(server)
    assert len(server.called("apps.connections.open")) >= 2


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize("trouble", ["drop_before", "garbage", "status"])
async def test_slack_out_of_reach_at_the_start_is_tried_again(
    socket_server, tmp_path, method, trouble
):
    server = socket_server
    more = {"status": 503} if trouble == "status" else {}
    server.faults.add(method, trouble, times=2, **more)
    async with running_bot(server, settings_for(server, tmp_path)):
        assert await answers(server)


@pytest.mark.parametrize("trouble", ["status", "hang", "rate_limit"])
async def test_nothing_waits_for_slack_to_say_again_who_the_bot_is(server, tmp_path, trouble):
    async with running_bot(server, settings_for(server, tmp_path)):
        fault = server.faults.add("auth.test", trouble, times=None)
        assert await answers(server)
        assert opened_seconds(await by_mention(server, "topic kv cache"))[0] == 7_232
        assert len(server.called("auth.test")) == 1
        fault.release()


async def test_answer_whose_socket_broke_under_it_is_given_by_other_means(socket_server, tmp_path):
    server = socket_server
    stores = []

    def gated(store):
        stores.append(Gated(store))
        return stores[0]

    async with running_bot(server, settings_for(server, tmp_path), wrap=gated):
        asked = asyncio.create_task(server.slash("/segue", "topic kv cache"))
        await stores[0].reached.wait()
        server.faults.add("apps.connections.open", "status", times=1, status=503)
        server.sockets.kill()
        stores[0].gate.set()
        act = await asked
        assert opened_seconds(await act.next())[0] == 7_232
    server.violations.clear()  # the acknowledgement itself was lost


async def test_nothing_that_people_write_is_logged_even_for_debugging(
    server, tmp_path, monkeypatch, capsys
):
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    settings = replace(settings_for(server, tmp_path), log=LogSettings(level="DEBUG"))
    set_up_logging(settings, quiet=False)
    try:
        async with running_bot(server, settings):
            await by_slash(server, "topic canary")
            await by_mention(server, "topic canary")
            logging.getLogger("adapters").debug("a line of our own")
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
    log = capsys.readouterr().err
    assert "a line of our own" in log
    assert "canary" not in log


async def serve(settings):
    async with opened_store(settings, sample=True) as store:
        await SLACK.serve(make_host(make_ports(store, settings), settings))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bot_token": "xoxb-wrong"}, "Slack refused the token in SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-wrong"}, "Slack refused the token in SLACK_APP_TOKEN"),
        ({"app_token": ""}, "needs SLACK_APP_TOKEN"),
        ({"mode": "http", "signing_secret": ""}, "needs SLACK_SIGNING_SECRET"),
        ({"mode": "carrier pigeon"}, "slack.mode must be one of socket, http"),
        ({"command": "topic"}, "a command of Slack's own"),
        ({"bot_token": "xoxb-1 good"}, "SLACK_BOT_TOKEN holds a space"),
        ({"app_token": "xapp-1\ngood"}, "SLACK_APP_TOKEN holds a space"),
        ({"api_url": "foo"}, "slack.api_url must be an http"),
        ({"api_url": "http://[::1"}, "slack.api_url must be an http"),
        ({"admins": "U1, alice"}, "'alice' is no user id"),
        ({"shortcuts": "find=nothing"}, "not name=command"),
    ],
)
async def test_settings_that_cannot_work_are_refused_in_plain_words(
    socket_server, tmp_path, changes, sentence
):
    settings = settings_for(socket_server, tmp_path, **changes)
    with pytest.raises(ConfigError, match=sentence):
        await serve(settings)
    with pytest.raises(ConfigError, match=sentence):
        await SLACK.diagnose(settings)


async def test_app_token_that_is_revoked_later_ends_the_platform(
    socket_server, tmp_path, monkeypatch
):
    monkeypatch.setattr(socket_mode, "LOST_AFTER_S", 0.3)
    server = socket_server
    settings = settings_for(server, tmp_path)
    async with opened_store(settings, sample=True) as store:
        serving = asyncio.create_task(SLACK.serve(make_host(make_ports(store, settings), settings)))
        await server.wait_connected()
        server.app_token = "xapp-2-another"
        server.sockets.close(1000)
        with pytest.raises(ConfigError, match="SLACK_APP_TOKEN"):
            await serving


async def test_stop_while_slack_is_out_of_reach_ends_at_once(socket_server, tmp_path):
    for method in ("auth.test", "apps.connections.open"):
        fault = socket_server.faults.add(method, "drop_before", times=None)
        settings = settings_for(socket_server, tmp_path)
        async with opened_store(settings) as store:
            host = make_host(make_ports(store, settings), settings)
            serving = asyncio.create_task(SLACK.serve(host))
            await fault.reached()
            host.stopping.set()
            async with asyncio.timeout(5):
                await serving
        socket_server.faults.clear()


async def test_port_that_is_taken_is_said(tmp_path):
    async with SlackServer(mode="http") as server:
        settings = settings_for(server, tmp_path)
        taken = await asyncio.start_server(
            lambda _, writer: writer.close(), settings.http.host, settings.http.port
        )
        async with taken:
            with pytest.raises(ConfigError, match=f"port {settings.http.port}"):
                await serve(settings)


async def test_diagnosis_says_who_the_bot_is_and_how_it_is_reached(server, tmp_path):
    said = await SLACK.diagnose(settings_for(server, tmp_path))
    assert f"@segue in workspace {server.team.id}" in said
    assert ("Socket Mode" if server.mode == "socket" else "HTTP") in said


async def test_diagnosis_names_the_scope_that_is_missing(tmp_path):
    scopes = frozenset({"chat:write", "commands"})
    async with SlackServer(mode="http", scopes=scopes) as server:
        with pytest.raises(
            ConfigError, match="lacks the scope app_mentions:read, files:read, users:read"
        ):
            await SLACK.diagnose(settings_for(server, tmp_path))


async def test_diagnosis_names_the_scopes_that_looking_posts_up_lacks(tmp_path):
    scopes = frozenset("app_mentions:read chat:write commands files:read users:read".split())
    async with SlackServer(mode="http", scopes=scopes) as server:
        assert await SLACK.diagnose(settings_for(server, tmp_path))
        looking = settings_for(server, tmp_path, look_up_posts="on")
        with pytest.raises(ConfigError, match="lacks the scope channels:history, groups:history"):
            await SLACK.diagnose(looking)


async def test_diagnosis_tells_out_of_reach_from_refused(socket_server, tmp_path):
    socket_server.faults.add("auth.test", "drop_before", times=None)
    with pytest.raises(Unreachable, match="out of reach"):
        await SLACK.diagnose(settings_for(socket_server, tmp_path))
