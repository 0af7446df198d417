"""Where the operator lets it, a post of which nothing is known is looked for in the history.

Nothing but the bot's own metadata counts, nothing is posted twice, and no word of anybody's kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.slack import publish
from adapters.slack.history import EVENT, NOT_READ, NOT_SHOWN, TOO_MUCH
from bot.core.outlet import Outcome, Outlet, Posted
from tests.e2e.digests import DIGEST, KEY
from tests.e2e.slack.scripted import adapter
from tests.fakes.slack_server import SlackServer

POST, HISTORY = "chat.postMessage", "conversations.history"
POSTED, UNKNOWN = Outcome.POSTED, Outcome.UNKNOWN
METADATA = {"event_type": EVENT, "event_payload": {"key": KEY}}
SECRET = "We buy them on Monday."


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


@pytest.fixture
async def outlet(server: SlackServer) -> AsyncIterator[Outlet]:
    async with adapter(server, look_up_posts="on") as running:
        yield running.host.outlets["slack"]


async def post(server: SlackServer, outlet: Outlet) -> Posted:
    return await outlet.post(server.channel.id, DIGEST, key=KEY, within_s=20)


async def find(server: SlackServer, outlet: Outlet, **changes: Any) -> Posted | None:
    asked = {"key": KEY, "since": datetime.now(UTC), "within_s": 10.0} | changes
    return await outlet.find(server.channel.id, **asked)


@pytest.mark.parametrize("private", [False, True])
async def test_post_whose_answer_was_lost_is_found(
    server: SlackServer, outlet: Outlet, private: bool
) -> None:
    server.channel.private = private
    server.faults.add(POST, "drop_after")
    server.say(SECRET)
    assert (await post(server, outlet)).outcome is UNKNOWN
    server.say(SECRET)
    (message,) = server.posted()
    assert await find(server, outlet) == Posted(POSTED, message.ts)
    assert len(server.called(POST)) == 1
    (call,) = server.called(HISTORY)
    assert call.args["limit"] == "15"
    assert call.args["include_all_metadata"] is True
    assert 0 < float(call.args["latest"]) - float(call.args["oldest"]) <= 600


async def test_post_that_never_arrived_stays_in_doubt_with_the_reason(
    server: SlackServer, outlet: Outlet
) -> None:
    server.faults.add(POST, "drop_before")
    assert (await post(server, outlet)).outcome is UNKNOWN
    assert await find(server, outlet) == Posted(UNKNOWN, reason=NOT_SHOWN)
    assert server.posted() == []


@pytest.mark.parametrize("forger", ["a person", "another bot"])
async def test_message_of_somebody_else_with_the_same_metadata_is_not_ours(
    server: SlackServer, outlet: Outlet, forger: str
) -> None:
    mallory = server.user("mallory")
    mallory.is_bot = forger == "another bot"
    server.say(SECRET, user=mallory).metadata = METADATA
    assert await find(server, outlet) == Posted(UNKNOWN, reason=NOT_SHOWN)


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {"event_type": "other", "event_payload": {"key": KEY}},
        {"event_type": EVENT, "event_payload": {"key": "d2-20261124"}},
        {"event_type": EVENT, "event_payload": {}},
    ],
)
async def test_other_message_of_the_bots_is_not_the_one(
    server: SlackServer, outlet: Outlet, metadata: dict[str, Any] | None
) -> None:
    assert (await post(server, outlet)).outcome is POSTED
    server.posted()[0].metadata = metadata
    assert await find(server, outlet) == Posted(UNKNOWN, reason=NOT_SHOWN)


@pytest.mark.parametrize("ago", [timedelta(hours=1), timedelta(hours=-1)], ids=["then", "ahead"])
async def test_post_of_another_time_is_not_the_one(
    server: SlackServer, outlet: Outlet, ago: timedelta
) -> None:
    assert (await post(server, outlet)).outcome is POSTED
    found = await find(server, outlet, since=datetime.now(UTC) - ago)
    assert found == Posted(UNKNOWN, reason=NOT_SHOWN)


async def test_post_under_more_messages_than_slack_gives_stays_in_doubt(
    server: SlackServer, outlet: Outlet
) -> None:
    await post(server, outlet)
    for _ in range(15):
        server.say(SECRET)
    assert await find(server, outlet) == Posted(UNKNOWN, reason=TOO_MUCH)


PAGE: list[Any] = [
    {"ok": True},
    {"ok": True, "messages": None},
    {"ok": True, "messages": {"0": {}}},
    [],
    "garbage",
]


@pytest.mark.parametrize("body", PAGE, ids=str)
async def test_history_that_is_malformed_leaves_the_doubt(
    server: SlackServer, outlet: Outlet, body: Any
) -> None:
    server.faults.add(HISTORY, "status", times=None, status=200, body=body)
    assert await find(server, outlet) == Posted(UNKNOWN, reason=NOT_READ)


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        {},
        {"metadata": METADATA},
        {"metadata": METADATA, "ts": "1.2", "user": None, "bot_id": None},
        {"metadata": METADATA, "ts": "1.2", "user": "", "bot_id": ""},
        {"metadata": [METADATA], "ts": 1.2, "user": {}, "bot_id": []},
    ],
    ids=str,
)
async def test_message_that_is_malformed_is_passed_over(
    server: SlackServer, outlet: Outlet, message: Any
) -> None:
    server.faults.add(HISTORY, "status", status=200, body={"ok": True, "messages": [message]})
    assert await find(server, outlet) == Posted(UNKNOWN, reason=NOT_SHOWN)


async def test_time_that_is_none_is_no_message_of_ours(server: SlackServer, outlet: Outlet) -> None:
    world = server.world
    own = {"metadata": METADATA, "user": world.bot_user.id, "bot_id": world.bot_id, "ts": "<x>"}
    server.faults.add(HISTORY, "status", status=200, body={"ok": True, "messages": [own]})
    assert await find(server, outlet) == Posted(UNKNOWN, reason=NOT_SHOWN)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("missing_scope", "I lack a scope"),
        ("not_in_channel", "have to be in the channel"),
        ("channel_not_found", "have to be in the channel"),
        ("fatal_error", "could not be read"),
        ("token_revoked", "could not be read"),
    ],
)
async def test_history_that_is_refused_leaves_the_doubt_with_the_reason(
    server: SlackServer, outlet: Outlet, code: str, words: str
) -> None:
    server.faults.add(HISTORY, "error", times=None, error=code)
    found = await find(server, outlet)
    assert found is not None
    assert found.outcome is UNKNOWN
    assert words in found.reason


async def test_history_of_a_channel_that_the_bot_left_is_not_read(
    server: SlackServer, outlet: Outlet
) -> None:
    await post(server, outlet)
    server.channel.bot_is_member = False
    found = await find(server, outlet)
    assert found is not None
    assert "have to be in the channel" in found.reason


async def test_history_waits_as_long_as_slack_asks(server: SlackServer, outlet: Outlet) -> None:
    await post(server, outlet)
    server.faults.add(HISTORY, "rate_limit", retry_after=1)
    found = await find(server, outlet)
    assert found is not None
    assert found.outcome is POSTED
    first, second = server.called(HISTORY)
    assert second.at - first.at >= 1


async def test_history_that_may_be_read_much_later_is_not_waited_for(
    server: SlackServer, outlet: Outlet
) -> None:
    server.faults.add(HISTORY, "rate_limit", times=None, retry_after=60)
    async with asyncio.timeout(5):
        assert await find(server, outlet) == Posted(UNKNOWN, reason=NOT_READ)
    assert len(server.called(HISTORY)) == 1


async def test_history_that_hangs_is_given_up_in_time(server: SlackServer, outlet: Outlet) -> None:
    hanging = server.faults.add(HISTORY, "hang", times=None)
    async with asyncio.timeout(5):
        found = await find(server, outlet, within_s=0.2)
    assert found == Posted(UNKNOWN, reason=NOT_READ)
    hanging.release()


async def test_history_is_never_read_where_it_is_off(server: SlackServer) -> None:
    async with adapter(server) as running:
        outlet = running.host.outlets["slack"]
        server.faults.add(POST, "drop_after")
        assert (await post(server, outlet)).outcome is UNKNOWN
        assert await find(server, outlet) is None
        assert server.called(HISTORY) == []


async def test_what_others_wrote_is_not_logged(
    server: SlackServer, outlet: Outlet, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.say(SECRET)
    await find(server, outlet)
    body = {"ok": False, "error": "fatal_error", "messages": [{"text": SECRET}]}
    server.faults.add(HISTORY, "status", times=None, status=200, body=body)
    await find(server, outlet)
    assert "not looked up: fatal_error" in caplog.text
    assert "Monday" not in caplog.text
