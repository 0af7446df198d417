"""The loopback Slack's modals: how people fill them in, and what the bot is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.slack_server import NotAnswered, NotPossible, SlackServer, View
from tests.integration.slack_client import (
    MODES,
    SECTION,
    Bot,
    Payload,
    body,
    button,
    external,
    field,
    modal,
    nothing,
)


@pytest.fixture(params=["socket", "http"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[SlackServer]:
    async with SlackServer(mode=request.param) as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with MODES[server.mode](server) as running:
        yield running


async def opened(server: SlackServer, bot: Bot, *blocks: Payload, **more: Any) -> View:
    """Return a view that the bot opened for alice."""
    before = bot.act

    async def opens(bot: Bot, kind: str, payload: Payload) -> None:
        view = modal(*blocks, **more)
        await bot.web.views_open(trigger_id=payload["trigger_id"], view=view)

    bot.act = opens
    view = await (await server.slash("/segue")).next_view()
    bot.act = before
    return view


async def test_view_is_filled_in_and_sent(server: SlackServer, bot: Bot) -> None:
    view = await opened(server, bot, field("words", "text"), callback_id="search", external_id="e")
    await server.submit(view, {"words": {"text": "kv & cache"}})
    payload = bot.seen[1]
    shown = payload["view"]
    assert (payload["type"], payload["response_urls"]) == ("view_submission", [])
    assert shown["state"]["values"]["words"]["text"]["value"] == "kv & cache"
    assert (shown["callback_id"], shown["external_id"], shown["id"]) == ("search", "e", view.id)
    assert (shown["root_view_id"], shown["hash"]) == (view.id, view.hash)
    assert server.views() == []
    assert not view.is_open


async def test_view_that_is_not_filled_in_cannot_be_sent(server: SlackServer, bot: Bot) -> None:
    view = await opened(server, bot, field("words", "text", max_length=5))
    for values, why in (
        ({}, "must be filled in"),
        ({"words": {"text": "longer"}}, "0 to 5 characters"),
        ({"other": {"text": "a"}}, "no field"),
    ):
        with pytest.raises(NotPossible, match=why):
            await server.submit(view, values)
    assert len(bot.seen) == 1


async def test_errors_keep_the_view_open(server: SlackServer, bot: Bot) -> None:
    view = await opened(server, bot, field("words", "text"))

    async def refuses(bot: Bot, kind: str, payload: Payload) -> Payload:
        return {"response_action": "errors", "errors": {"words": "Too short."}}

    bot.act = refuses
    act = await server.submit(view, {"words": {"text": "kv"}})
    assert act.errors == {"words": "Too short."}
    assert server.views() == [view]


async def test_answers_to_a_submission_update_push_and_clear(server: SlackServer, bot: Bot) -> None:
    view = await opened(server, bot, field("words", "text"))
    answers = iter(
        [
            {"response_action": "update", "view": modal(field("words", "text"))},
            {"response_action": "push", "view": modal(field("more", "text"))},
            {"response_action": "clear"},
        ]
    )

    async def steps(bot: Bot, kind: str, payload: Payload) -> Payload:
        return next(answers)

    bot.act = steps
    before = view.hash
    first = await server.submit(view, {"words": {"text": "kv"}})
    assert first.views == [view]
    assert (view.hash != before, len(view.updates)) == (True, 1)
    assert view.state()["values"]["words"]["text"]["value"] == "kv"
    pushed = (await server.submit(view, {})).views[0]
    assert server.views() == [view, pushed]
    assert (pushed.root, pushed.previous) == (view, view)
    with pytest.raises(NotPossible, match="not the one that is seen"):
        await server.submit(view, {"words": {"text": "kv"}})
    await server.submit(pushed, {"more": {"text": "kv"}})
    assert server.views() == []


async def test_click_in_a_view_updates_it(server: SlackServer, bot: Bot) -> None:
    actions = {"type": "actions", "elements": [button("Next")]}
    view = await opened(server, bot, actions)

    async def updates(bot: Bot, kind: str, payload: Payload) -> None:
        shown = payload["view"]
        await bot.web.views_update(view_id=shown["id"], hash=shown["hash"], view=modal())

    bot.act = updates
    act = await server.click(view, "Next")
    assert await act.settled() is view
    assert len(view.updates) == 1
    payload = bot.seen[1]
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert "response_url" not in payload
    assert payload["trigger_id"]


async def test_view_that_only_says_wait_does_not_settle_an_act(
    server: SlackServer, bot: Bot
) -> None:
    view = await opened(server, bot, callback_id="waiting")
    act = server.acts.all[-1]
    with pytest.raises(TimeoutError):
        await act.settled(timeout=0.01)
    await bot.web.views_update(view_id=view.id, view=modal(callback_id="result"))
    assert await act.settled() is view


async def test_closing_a_view_tells_the_bot_only_if_it_asked(server: SlackServer, bot: Bot) -> None:
    await server.close(await opened(server, bot))
    assert len(bot.seen) == 1
    await server.close(await opened(server, bot, notify_on_close=True))
    assert (bot.seen[-1]["type"], bot.seen[-1]["is_cleared"]) == ("view_closed", False)
    assert server.views() == []


async def test_suggestions_are_offered_and_can_be_chosen(server: SlackServer, bot: Bot) -> None:
    view = await opened(server, bot, external("moment", "pick"))

    async def suggests(bot: Bot, kind: str, payload: Payload) -> Payload:
        text = {"type": "plain_text", "text": payload["value"].upper()}
        return {"options": [{"text": text, "value": "id-1"}]}

    bot.act = suggests
    found = await server.suggest(view, "pick", "kv")
    assert [one["text"]["text"] for one in found] == ["KV"]
    payload = bot.seen[-1]
    assert (payload["type"], payload["action_id"], payload["value"]) == (
        "block_suggestion",
        "pick",
        "kv",
    )
    assert (payload["block_id"], payload["view"]["id"]) == ("moment", view.id)
    bot.act = nothing
    await server.submit(view, {"moment": {"pick": "KV"}})
    chosen = bot.seen[-1]["view"]["state"]["values"]["moment"]["pick"]["selected_option"]
    assert chosen["value"] == "id-1"


async def test_suggestions_are_asked_for_only_after_enough_is_typed(
    server: SlackServer, bot: Bot
) -> None:
    view = await opened(server, bot, external("moment", "pick"))
    with pytest.raises(NotPossible, match="does not ask"):
        await server.suggest(view, "pick", "k")
    with pytest.raises(NotPossible, match="does not offer"):
        await server.submit(view, {"moment": {"pick": "id-1"}})


async def test_channel_chosen_in_a_view_can_be_answered_in(server: SlackServer, bot: Bot) -> None:
    select = {
        "type": "conversations_select",
        "action_id": "where",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    view = await opened(server, bot, field("to", "where", element=select))
    side = server.add_channel("side")
    assert view.state()["values"]["to"]["where"]["selected_conversation"] == server.channel.id
    await server.submit(view, {"to": {"where": side}})
    (url,) = bot.seen[-1]["response_urls"]
    assert (url["channel_id"], url["block_id"], url["action_id"]) == (side.id, "to", "where")
    await bot.respond(url, body(response_type="in_channel"))
    assert [one.channel for one in server.posted()] == [side]


async def test_suggestion_without_an_answer_is_an_error(server: SlackServer, bot: Bot) -> None:
    view = await opened(server, bot, external("moment", "pick"), SECTION)
    if server.mode == "http":
        server.deliver_to = "http://127.0.0.1:1/"
    else:
        server.sockets.disconnect()
    with pytest.raises(NotAnswered):
        await server.suggest(view, "pick", "kv")
