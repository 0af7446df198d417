"""A shared card is posted once, where the bot may, and whoever pressed knows what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack import PLATFORM, publish
from adapters.slack.pace import Pace
from bot.core.actions import Action
from bot.core.reply import Audience, Button
from bot.core.settings import Settings
from tests.e2e.scripted import Bot, Script, card
from tests.e2e.slack.asking import seen
from tests.e2e.slack.conftest import running_bot
from tests.e2e.slack.scripted import IMPATIENT, adapter
from tests.fakes.slack_server import Act, Channel, Message, SlackServer

SHARED_CARD = card(audience=Audience.CHANNEL, shared_by="Alice", buttons=())
SENT, UNSENT = ("sent", SHARED_CARD), ("unsent", SHARED_CARD)
POST = "chat.postMessage"


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server, Script(SHARED_CARD)) as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


def message_with_share(
    server: SlackServer, channel: Channel | None = None, **where: Any
) -> Message:
    """Return a private message of before, with a Share button on it."""
    body = PLATFORM.render(card()) | where
    return server.stored.post(channel or server.channel, body, only_for=server.user())


async def press_share(server: SlackServer, message: Message | None = None) -> Act:
    """Press Share; the script answers whatever is pressed with a shared card."""
    return await server.click(message or message_with_share(server), "Share")


async def told(server: SlackServer, act: Act) -> str:
    """Return what the presser is told, beside the message that they pressed."""

    def private() -> list[Message]:
        return [one for one in act.messages if one.ephemeral_for is act.person]

    (message,) = await server.until(private, "a word to the presser")
    assert message is not act.source
    return seen(message)


async def test_share_posts_what_was_rendered_and_tells_the_presser(
    server: SlackServer, bot: Bot
) -> None:
    act = await press_share(server)
    assert await bot.script.outcome() == SENT
    assert await told(server, act) == "Shared with the channel."
    (post,) = server.posted()
    assert "Shared by Alice" in seen(post)
    (call,) = server.called(POST)
    rendered = PLATFORM.render(SHARED_CARD)
    del rendered["response_type"]
    assert call.args == rendered | {"channel": server.channel.id}
    assert post.pings == []
    assert bot.script.done == [SENT]


async def test_share_pressed_in_a_thread_is_posted_in_that_thread(
    server: SlackServer, bot: Bot
) -> None:
    thread = server.say("hello").ts
    act = await press_share(server, message_with_share(server, thread_ts=thread))
    assert await bot.script.outcome() == SENT
    (post,) = server.posted()
    assert post.thread_ts == thread
    assert await told(server, act) == "Shared with the channel."
    assert [one.thread_ts for one in act.messages] == [thread, thread]


async def test_share_pressed_on_a_public_message_leaves_it_as_it_is(
    server: SlackServer, bot: Bot
) -> None:
    before = server.stored.post(server.channel, PLATFORM.render(card()))
    act = await press_share(server, before)
    assert await bot.script.outcome() == SENT
    assert await told(server, act) == "Shared with the channel."
    assert before.edits == []


@pytest.mark.parametrize("private", [False, True])
async def test_share_in_a_channel_without_the_bot_says_how_to_invite_it(
    server: SlackServer, bot: Bot, private: bool
) -> None:
    place = server.add_channel("elsewhere", private=private, member=False)
    message = message_with_share(server, place)
    assert "/invite @segue" in await told(server, await press_share(server, message))
    # Whoever reads that may press again at once.
    assert bot.script.done == [UNSENT]
    code = "channel_not_found" if private else "not_in_channel"
    assert [refusal.error for refusal in server.refusals] == [code]
    place.bot_is_member = True
    bot.script.settled.clear()
    await press_share(server, message)
    assert await bot.script.outcome() == SENT
    assert len(server.posted(place)) == 1


async def test_share_in_an_archived_channel_says_so(server: SlackServer, bot: Bot) -> None:
    place = server.add_channel("old", archived=True)
    act = await press_share(server, message_with_share(server, place))
    assert "archived" in await told(server, act)
    assert await bot.script.outcome() == UNSENT


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("restricted_action", "does not let me post"),
        ("restricted_action_read_only_channel", "Only some may post"),
        ("restricted_action_thread_only_channel", "threads alone"),
        ("thread_not_found", "thread is gone"),
        ("invalid_blocks", "Reference ref00001"),
        ("a_code_of_tomorrow", "Reference ref00001"),
    ],
)
async def test_share_that_slack_refuses_is_explained_and_taken_back(
    server: SlackServer, bot: Bot, code: str, words: str
) -> None:
    server.faults.add(POST, "error", error=code)
    text = await told(server, await press_share(server))
    assert words in text
    assert code not in text
    assert await bot.script.outcome() == UNSENT
    assert len(server.called(POST)) == 1
    assert server.posted() == []


async def test_share_waits_as_long_as_slack_asks_and_is_posted_once(
    server: SlackServer, bot: Bot
) -> None:
    server.faults.add(POST, "rate_limit", retry_after=1)
    await press_share(server)
    assert await bot.script.outcome() == SENT
    first, second = server.called(POST)
    assert second.at - first.at >= 1
    assert len(server.posted()) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "rate_limit", "retry_after": 3600},
        {"kind": "error", "error": "service_unavailable"},
    ],
    ids=["rate_limit", "service_unavailable"],
)
async def test_share_that_slack_will_not_take_for_long_may_be_pressed_again(
    server: SlackServer, bot: Bot, trouble: dict[str, Any]
) -> None:
    server.faults.add(POST, times=None, **trouble)
    assert "press Share again" in await told(server, await press_share(server))
    assert await bot.script.outcome() == UNSENT
    server.faults.clear()
    await press_share(server)
    assert await bot.script.outcome() == SENT
    assert len(server.posted()) == 1


HTML = {"Content-Type": "text/html"}


@pytest.mark.parametrize(
    ("trouble", "posts"),
    [
        ({"kind": "status", "status": 500, "body": {"ok": False, "error": "internal_error"}}, 0),
        ({"kind": "status", "status": 502, "body": "<html>Bad gateway</html>"}, 0),
        ({"kind": "status", "status": 503, "body": "upstream request timeout"}, 0),
        ({"kind": "status", "status": 200, "body": "<html></html>", "headers": HTML}, 0),
        ({"kind": "error", "error": "fatal_error"}, 0),
        ({"kind": "garbage"}, 0),
        ({"kind": "drop_before"}, 0),
        ({"kind": "drop_after"}, 1),
    ],
    ids=["500", "502", "503", "page", "fatal_error", "garbage", "drop_before", "drop_after"],
)
async def test_share_of_which_nothing_is_known_is_not_posted_again_and_says_so(
    server: SlackServer, bot: Bot, trouble: dict[str, Any], posts: int
) -> None:
    server.faults.add(POST, **trouble)
    act = await press_share(server)
    # The claim is kept: whoever presses again is told that the card was shared before.
    assert await bot.script.outcome() == SENT
    assert "did not say whether" in await told(server, act)
    assert len(server.called(POST)) == 1
    assert len(server.posted()) == posts


async def test_share_that_hangs_is_given_up_and_not_posted_again(server: SlackServer) -> None:
    async with adapter(server, Script(SHARED_CARD), Pace(shared_post=0.1)) as bot:
        hanging = server.faults.add(POST, "hang")
        act = await press_share(server)
        assert await bot.script.outcome() == SENT
        assert "did not say whether" in await told(server, act)
        hanging.release()
        assert len(await server.wait_posted()) == 1


@pytest.mark.parametrize(("kind", "posts"), [("drop_before", 0), ("drop_after", 1)])
async def test_share_in_doubt_is_not_posted_by_pressing_again(
    server: SlackServer, bot_settings: Settings, kind: str, posts: int
) -> None:
    async with running_bot(server, bot_settings):
        message = await (await server.slash("/segue", "topic kv cache")).next()
        server.faults.add(POST, kind)
        assert "did not say whether" in await told(server, await press_share(server, message))
        assert "shared already" in await told(server, await press_share(server, message))
        assert len(server.called(POST)) == 1
        assert len(server.posted()) == posts


async def test_share_pressed_by_many_at_once_is_posted_once(
    server: SlackServer, bot_settings: Settings
) -> None:
    async with running_bot(server, bot_settings):
        message = await (await server.slash("/segue", "topic kv cache")).next()
        pressed = await asyncio.gather(*(press_share(server, message) for _ in range(5)))
        said = [await told(server, act) for act in pressed]
        assert said.count("Shared with the channel.") == 1
        assert said.count("This card was shared already, or is being shared right now.") == 4
        assert len(server.posted()) == 1


async def test_slow_share_is_acknowledged_first(server: SlackServer) -> None:
    async with adapter(server, Script(SHARED_CARD), IMPATIENT) as bot:
        hanging = server.faults.add(POST, "hang")
        act = await press_share(server)
        assert (act.ack, act.timed_out, act.shown) == (None, False, [])
        hanging.release()
        assert await bot.script.outcome() == SENT
        assert await told(server, act) == "Shared with the channel."


async def test_share_of_which_the_presser_cannot_be_told_is_kept(
    server: SlackServer, bot: Bot
) -> None:
    server.faults.add("response_url", "error", times=None, error="expired_url")
    await press_share(server)
    assert await bot.script.outcome() == SENT
    assert len(server.posted()) == 1
    await bot.stop()
    assert bot.script.done == [SENT]


async def test_share_that_cannot_be_rendered_is_a_sentence_and_taken_back(
    server: SlackServer, bot: Bot
) -> None:
    broken = card(
        audience=Audience.CHANNEL, buttons=(Button("x", Action("exact", ("1", "x" * 200))),)
    )
    bot.script.reply = broken
    assert "Reference ref00001" in await told(server, await press_share(server))
    assert await bot.script.outcome() == ("unsent", broken)
    assert server.called(POST) == []


async def test_share_interrupted_by_a_stop_is_kept_and_the_presser_told(
    server: SlackServer,
) -> None:
    pace = Pace(wait=0.05, drain=0.05)
    async with adapter(server, Script(SHARED_CARD), pace) as bot:
        hanging = server.faults.add(POST, "hang", times=None)
        act = await press_share(server)
        await hanging.reached()
        stopping = asyncio.create_task(bot.stop())
        text = await told(server, act)
        await stopping
        # It may be there, or not: it is not posted again, and nobody is told to ask for that.
        assert bot.script.done == [SENT]
        assert "did not say whether" in text
