"""The loopback Slack: response_urls, trigger_ids and acknowledgements, and what is wrong there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack_server import Message, SlackServer
from tests.integration.slack_client import (
    Bot,
    Payload,
    acted,
    body,
    button,
    code,
    excused,
    field,
    modal,
    nothing,
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


# response_url.


async def test_response_url_takes_five_posts(server: SlackServer, bot: Bot) -> None:
    act, payload = await acted(server, bot)
    answers = [await bot.respond(payload, body(str(n))) for n in range(6)]
    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]
    assert (len(act.messages), wrongs(server)) == (5, ["used_url"])


async def test_response_url_expires(server: SlackServer, bot: Bot) -> None:
    _, payload = await acted(server, bot)
    server.response_urls.valid = 0.0
    assert await bot.respond(payload, body()) == (404, "expired_url")
    assert (server.violations, excused(server)) == ([], ["expired_url"])


async def test_response_url_takes_good_json_only(server: SlackServer, bot: Bot) -> None:
    _, payload = await acted(server, bot)
    assert await bot.respond(payload, "text=hello") == (400, "invalid_payload")
    assert await bot.respond(payload, body("")) == (400, "no_text")
    strange = {**payload, "response_url": payload["response_url"] + "x"}
    assert await bot.respond(strange, body()) == (404, "no_such_url")
    assert wrongs(server) == ["invalid_payload", "no_text", "no_such_url"]


async def test_first_answer_to_a_command_is_never_replaced(server: SlackServer, bot: Bot) -> None:
    act, payload = await acted(server, bot, body("Wait."))
    await bot.respond(payload, body("Done.", replace_original=True))
    assert [(one.text, one.edits) for one in act.messages] == [("Wait.", []), ("Done.", [])]
    assert await bot.respond(payload, {"delete_original": True}) == (400, "no_original")


async def pressed(server: SlackServer, bot: Bot, message: Message) -> Payload:
    """Press the button of a message and return the payload."""
    bot.act = nothing
    await server.click(message, "Share")
    return bot.seen[-1]


async def test_response_url_of_a_click_replaces_adds_and_deletes(
    server: SlackServer, bot: Bot
) -> None:
    await bot.post(server.channel.id, blocks=body("", button())["blocks"])
    (message,) = server.posted()
    payload = await pressed(server, bot, message)
    act = server.acts.all[-1]
    await bot.respond(payload, body("Beside.", replace_original=False, thread_ts=message.ts))
    beside = act.messages[0]
    assert (beside.ephemeral_for, beside.thread_ts) == (server.user(), message.ts)
    shown = body("New.", response_type="in_channel", replace_original=True)
    await bot.respond(payload, shown)
    assert (message.text, len(message.edits)) == ("New.", 1)
    await bot.respond(payload, {"delete_original": True})
    assert server.posted() == []
    assert server.violations == []
    assert await bot.respond(payload, shown) == (400, "message_not_found")


async def test_response_url_of_a_click_must_say_whether_it_replaces(
    server: SlackServer, bot: Bot
) -> None:
    await bot.post(server.channel.id, blocks=body("", button())["blocks"])
    (message,) = server.posted()
    payload = await pressed(server, bot, message)
    assert await bot.respond(payload, body()) == (400, "unclear")
    private = body(replace_original=True)
    assert await bot.respond(payload, private) == (400, "unclear")
    assert message.edits == []


# Triggers and views.


async def test_trigger_is_good_once_and_not_for_long(server: SlackServer, bot: Bot) -> None:
    _, payload = await acted(server, bot)
    trigger = payload["trigger_id"]
    await bot.web.views_open(trigger_id=trigger, view=modal())
    again = bot.web.views_open(trigger_id=trigger, view=modal())
    assert await code(again) == "exchanged_trigger_id"
    assert await code(bot.web.views_open(trigger_id="1.2.x", view=modal())) == "invalid_trigger_id"
    _, payload = await acted(server, bot)
    server.triggers.valid = 0.0
    late = bot.web.views_open(trigger_id=payload["trigger_id"], view=modal())
    assert await code(late) == "expired_trigger_id"
    assert wrongs(server) == ["exchanged_trigger_id", "invalid_trigger_id"]
    assert excused(server) == ["expired_trigger_id"]


async def test_three_views_fit_on_a_stack(server: SlackServer, bot: Bot) -> None:
    view = modal({"type": "actions", "elements": [button()]})
    _, payload = await acted(server, bot)
    lone = bot.web.views_push(trigger_id=payload["trigger_id"], view=view)
    assert await code(lone) == "not_found"
    _, payload = await acted(server, bot)
    await bot.web.views_open(trigger_id=payload["trigger_id"], view=view)
    bot.act = nothing
    for _ in range(2):
        await server.click(server.views()[-1], "Share")
        await bot.web.views_push(trigger_id=bot.seen[-1]["trigger_id"], view=view)
    await server.click(server.views()[-1], "Share")
    fourth = bot.web.views_push(trigger_id=bot.seen[-1]["trigger_id"], view=view)
    assert await code(fourth) == "push_limit_reached"
    assert len(server.views()) == 3
    await server.close(server.views()[-1])
    assert len(server.views()) == 2
    await server.close(server.views()[-1], everything=True)
    assert server.views() == []


async def test_view_is_updated_by_its_id_and_hash(server: SlackServer, bot: Bot) -> None:
    _, payload = await acted(server, bot)
    opened = await bot.web.views_open(
        trigger_id=payload["trigger_id"], view=modal(external_id="mine")
    )
    shown = opened["view"]
    update = bot.web.views_update
    await update(external_id="mine", view=modal(external_id="mine"), hash=shown["hash"])
    stale = update(view_id=shown["id"], view=modal(), hash=shown["hash"])
    assert await code(stale) == "hash_conflict"
    assert await code(update(view_id="V9", view=modal())) == "not_found"
    assert await code(update(view_id=shown["id"], view={"type": "modal"})) == "invalid_arguments"
    _, payload = await acted(server, bot)
    twice = bot.web.views_open(trigger_id=payload["trigger_id"], view=modal(external_id="mine"))
    assert await code(twice) == "duplicate_external_id"
    await server.close(server.views()[0])
    assert await code(update(view_id=shown["id"], view=modal())) == "not_found"
    assert wrongs(server) == ["not_found", "invalid_arguments", "duplicate_external_id"]
    assert excused(server) == ["hash_conflict", "not_found"]


async def test_what_was_typed_stays_in_a_view_where_the_ids_stay(
    server: SlackServer, bot: Bot
) -> None:
    _, payload = await acted(server, bot)
    kept, lost = field("a", "one"), field("b", "two")
    await bot.web.views_open(trigger_id=payload["trigger_id"], view=modal(kept, lost))
    (view,) = server.views()
    view.chosen |= {("a", "one"): "kept", ("b", "two"): "lost"}
    await bot.web.views_update(view_id=view.id, view=modal(kept, field("c", "two")))
    values = view.state()["values"]
    assert (values["a"]["one"]["value"], values["c"]["two"]["value"]) == ("kept", None)


# Acknowledgements.


async def test_acknowledgement_of_a_command_is_checked(server: SlackServer, bot: Bot) -> None:
    act, _ = await acted(server, bot, body("", response_type="loud"))
    assert act.messages == []
    assert [one.what for one in server.violations] == ["ack of slash"]


async def test_acknowledgement_of_a_click_must_be_empty(server: SlackServer, bot: Bot) -> None:
    await bot.post(server.channel.id, blocks=body("", button())["blocks"])

    async def talks(bot: Bot, kind: str, payload: Payload) -> Payload:
        return body()

    bot.act = talks
    await server.click(server.posted()[0], "Share")
    assert [str(one)[:34] for one in server.violations] == ["ack of block_actions: not_empty; S"]


@pytest.mark.parametrize(
    "ack",
    [
        {"response_action": "errors", "errors": {"other": "No."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "shrug"},
        {"text": "Hello."},
    ],
)
async def test_acknowledgement_of_a_submission_is_checked(
    server: SlackServer, bot: Bot, ack: Payload
) -> None:
    _, payload = await acted(server, bot)
    await bot.web.views_open(trigger_id=payload["trigger_id"], view=modal(field("words", "text")))
    (view,) = server.views()

    async def wrong(bot: Bot, kind: str, payload: Payload) -> Payload:
        return ack

    bot.act = wrong
    act = await server.submit(view, {"words": {"text": "kv"}})
    assert (server.views(), act.errors) == ([view], {})
    assert [one.what for one in server.violations] == ["ack of view_submission"]


async def test_more_suggestions_than_slack_shows_are_a_violation(
    server: SlackServer, bot: Bot
) -> None:
    select = {"type": "external_select", "action_id": "pick", "min_query_length": 0}
    _, payload = await acted(server, bot)
    view = modal(field("moment", "pick", element=select))
    await bot.web.views_open(trigger_id=payload["trigger_id"], view=view)
    text = {"type": "plain_text", "text": "KV"}

    async def many(bot: Bot, kind: str, payload: Payload) -> Payload:
        return {"options": [{"text": text, "value": str(n)} for n in range(101)]}

    bot.act = many
    assert await server.suggest(server.views()[0], "pick", "") == []
    assert [one.what for one in server.violations] == ["ack of block_suggestion"]
