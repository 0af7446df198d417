"""The search: opened without words, answered above it, and what may go wrong on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import PLATFORM, publish
from adapters.slack.limits import OPTION_VALUE
from bot.core.actions import Action
from bot.core.reply import Button, Notice, Reply, Suggestion
from tests.e2e.scripted import Bot, Script, card
from tests.e2e.slack.asking import seen
from tests.e2e.slack.scripted import IMPATIENT, KV, adapter, search
from tests.fakes.slack_server import Act, SlackServer
from tests.fakes.slack_server.rules import inputs

HOSTILE = "R&D <b> “quotes” a|b"
NOTHING = Notice(text="Nothing about that.")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.01)


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server) as running:
        yield running


@pytest.fixture
async def slow_bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with adapter(server, pace=replace(IMPATIENT, opening=0.8)) as running:
        yield running


async def by_line(server: SlackServer) -> Act:
    return await server.slash("/segue", "topic")


async def by_name(server: SlackServer) -> Act:
    return await server.slash("/segue-topic")


async def by_shortcut(server: SlackServer) -> Act:
    return await server.global_shortcut("find_moment")


@pytest.mark.parametrize("ask", [by_line, by_name, by_shortcut])
async def test_search_opens_at_once_without_the_core(
    server: SlackServer, bot: Bot, ask: Any
) -> None:
    act = await ask(server)
    (view,) = act.views
    assert (act.ack, view.callback_id, act.messages) == (None, "search", [])
    assert [field.block_id for field in inputs(view.body)] == ["words", "moment", "episode"]
    assert bot.script.asked == []


async def test_search_in_an_episode_opens_with_it(server: SlackServer, bot: Bot) -> None:
    view = await search(server, "topic in:lex 459")
    bot.script.reply = card()
    await server.submit(view, KV)
    assert bot.script.asked[-1].args == {"words": "kv cache", "episode": "lex 459"}


async def test_search_whose_trigger_expired_says_how_to_do_without(
    server: SlackServer, bot: Bot
) -> None:
    server.triggers.valid = 0.0
    message = await (await by_line(server)).next()
    assert message.ephemeral_for is server.user()
    assert "/segue-topic kv cache" in seen(message)
    act = await by_shortcut(server)
    assert (act.timed_out, act.ack, act.shown) == (False, None, [])


async def test_search_that_slack_is_slow_to_open_is_given_up_in_time(
    server: SlackServer, slow_bot: Bot
) -> None:
    server.faults.add("views.open", "hang")
    act = await by_line(server)
    assert "did not open" in seen(await act.next())


async def test_search_carries_who_and_where(server: SlackServer, bot: Bot) -> None:
    ada = server.user("ada", admin=True)
    place = server.add_channel("elsewhere")
    await server.submit(await search(server, user=ada, channel=place), KV)
    (asked,) = bot.script.asked
    assert (asked.command, asked.args) == ("topic", {"words": "kv cache", "episode": ""})
    assert (asked.tenant, asked.channel) == (f"slack:{server.team.id}", place.id)
    assert (asked.user.name, asked.user.is_admin, asked.can_share) == ("Ada", True, True)


async def test_search_from_the_shortcuts_menu_can_be_shared_with_any_channel(
    server: SlackServer, bot: Bot
) -> None:
    view = await (await by_shortcut(server)).next_view()
    found = await (await server.submit(view, KV)).next_view()
    (asked,) = bot.script.asked
    assert (asked.tenant, asked.channel, asked.can_share) == (f"slack:{server.team.id}", "", True)
    assert [field.label for field in inputs(found.body)] == ["Share with"]


async def test_moments_are_offered_while_words_are_typed(server: SlackServer, bot: Bot) -> None:
    bot.script.suggestions = [
        Suggestion("KV Cache", "moment:7", "2:00:32 · A talk"),
        Suggestion("Too long to be sent back", "x" * (OPTION_VALUE + 1)),
        Suggestion("No value", ""),
    ]
    view = await search(server)
    (option,) = await server.suggest(view, "moment", HOSTILE)
    assert (option["text"]["text"], option["value"]) == ("KV Cache", "moment:7")
    assert option["description"]["text"] == "2:00:32 · A talk"
    asked = bot.script.asked[-1]
    assert (asked.command, asked.args) == ("topic", {"words": HOSTILE})
    bot.script.suggestions = [Suggestion("A talk", "1")]
    assert await server.suggest(view, "episode", "")
    assert bot.script.asked[-1].args == {"episode": ""}
    picked = {"moment": {"moment": "KV Cache"}, "episode": {"episode": "A talk"}}
    await server.submit(view, picked)
    assert bot.script.asked[-1].args == {"words": "moment:7", "episode": "1"}


async def test_moments_that_are_slow_to_be_found_are_none(
    server: SlackServer, slow_bot: Bot
) -> None:
    slow_bot.script.suggestions = [Suggestion("KV Cache", "moment:7")]
    slow_bot.script.gate = asyncio.Event()
    assert await server.suggest(await search(server), "moment", "kv") == []


@pytest.mark.parametrize("typed", [HOSTILE, "R&amp;D &lt;b&gt; “quotes” a|b"])
async def test_words_arrive_as_they_were_typed_whether_or_not_slack_escapes_them(
    server: SlackServer, bot: Bot, typed: str
) -> None:
    # Slack's pages do not say whether it escapes what is typed into a modal.
    await server.submit(await search(server), {"words": {"words": typed}})
    assert bot.script.asked[-1].args["words"] == HOSTILE


async def test_search_for_nothing_is_a_sentence_beside_the_field(
    server: SlackServer, bot: Bot
) -> None:
    view = await search(server)
    act = await server.submit(view, {"words": {"words": "  "}})
    assert list(act.errors) == ["words"]
    assert view.is_open
    assert bot.script.asked == []
    await (await server.submit(view, KV)).next_view()
    assert bot.script.asked[-1].args["words"] == "kv cache"


@pytest.mark.parametrize("reply", [card(), NOTHING])
async def test_search_is_answered_above_it_so_that_it_can_be_changed(
    server: SlackServer, bot: Bot, reply: Reply
) -> None:
    bot.script.reply = reply
    view = await search(server)
    act = await server.submit(view, {"words": {"words": HOSTILE}})
    assert isinstance(act.ack, dict)
    assert act.ack["response_action"] == "push"
    assert await bot.script.outcome() == ("sent", reply)
    assert bot.script.asked[-1].args["words"] == HOSTILE
    (below, above) = server.views()
    assert below is view
    rendered = PLATFORM.visible_text(PLATFORM.render(reply)).splitlines()
    assert [line for line in rendered if line not in seen(above) and line != "Share"] == []


async def test_slow_search_waits_in_a_view_that_then_shows_the_answer(
    server: SlackServer, slow_bot: Bot
) -> None:
    view = await search(server)
    gate = slow_bot.script.gate = asyncio.Event()
    act = await server.submit(view, KV)
    assert [view.callback_id for view in server.views()] == ["search", "waiting"]
    # Slack may open it later than it takes the acknowledgement.
    server.faults.add("views.update", "error", error="not_found")
    gate.set()
    answer = await act.settled()
    assert [view.callback_id for view in server.views()] == ["search", "share"]
    assert "KV Cache" in seen(answer)
    assert {call.args.get("external_id") for call in server.called("views.update")} == {
        "segue-ref00002"
    }
    assert await slow_bot.script.outcome() == ("sent", card())


async def test_slow_search_that_was_closed_is_taken_back_quietly(
    server: SlackServer, slow_bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    gate = slow_bot.script.gate = asyncio.Event()
    act = await server.submit(await search(server), KV)
    await server.close(await act.next_view(), everything=True)
    gate.set()
    assert await slow_bot.script.outcome() == ("unsent", card())
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


BROKEN = Notice(text="x", buttons=(Button("x", Action("exact", ("1", "x" * 200))),))


@pytest.mark.parametrize("is_slow", [False, True])
@pytest.mark.parametrize(
    ("reply", "outcome"),
    [(RuntimeError("secret detail"), "sent"), (BROKEN, "unsent")],
    ids=["core", "unrenderable"],
)
async def test_search_that_fails_is_a_sentence_with_its_reference(
    server: SlackServer, reply: Any, outcome: str, is_slow: bool
) -> None:
    script = Script(reply, asyncio.Event() if is_slow else None)
    async with adapter(server, script, IMPATIENT) as bot:
        act = await server.submit(await search(server), KV)
        if script.gate:
            script.gate.set()
        assert "Reference ref00002" in seen(await act.settled())
        assert (await bot.script.outcome())[0] == outcome


async def test_view_of_another_version_is_closed(server: SlackServer, bot: Bot) -> None:
    view = await search(server)
    view.body["callback_id"] = "from the future"
    act = await server.submit(view, KV)
    assert (act.timed_out, act.ack, server.views()) == (False, None, [])
