"""Discord's payloads become invocations; what a person could have forged does not pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.form import form
from adapters.discord.render import render
from adapters.discord.translate import (
    NO_COMMAND,
    NO_LINK,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Completing,
    Request,
    translate,
)
from adapters.uploads import Upload
from bot.core.actions import Action
from bot.core.commands import ACTIONS, UNKNOWN_ACTION
from bot.core.reply import Choice, Option, Reply
from tests.strategies_replies import hostile_text
from tests.unit.adapters.discord.test_render import CARD, moment_list

Payload = dict[str, Any]

USER = {"id": "42", "username": "ada", "global_name": "Ada L."}


def payload(kind: int, data: Payload, **fields: Any) -> Payload:
    """Return an interaction in a server's text channel."""
    return {
        "type": kind,
        "data": data,
        "guild_id": "900",
        "channel": {"id": "77", "type": 0},
        "member": {"nick": "Countess", "permissions": "2048", "user": USER},
        "user": USER,
        "app_permissions": str(VIEW_CHANNEL | SEND_MESSAGES),
        "locale": "en-GB",
    } | fields


def command(name: str, **args: Any) -> Payload:
    options = [{"name": key, "type": 3, "value": value} for key, value in args.items()]
    return {"type": 1, "name": name, "options": options}


def request_of(interaction: Payload) -> Request:
    asked = translate(interaction, reference="ref00001", deadline=7.0)
    assert isinstance(asked, Request)
    return asked


def test_command_in_a_server_is_an_invocation_of_its_tenant() -> None:
    made = request_of(payload(2, command("topic", words="kv cache", episode="lex"))).invocation
    assert (made.command, made.args) == ("topic", {"words": "kv cache", "episode": "lex"})
    assert (made.tenant, made.channel, made.can_share) == ("discord:900", "77", True)
    assert (made.user.id, made.user.name, made.user.is_admin) == ("42", "Countess", False)
    assert (made.reference, made.deadline, made.locale) == ("ref00001", 7.0, "en-GB")


def test_command_in_a_direct_message_is_public_and_cannot_be_shared() -> None:
    asked = payload(2, command("topic", words="x"), channel={"id": "5", "type": 1})
    del asked["guild_id"], asked["member"]
    made = request_of(asked).invocation
    assert (made.tenant, made.can_share, made.user.name) == ("public", False, "Ada L.")


@pytest.mark.parametrize(
    ("permissions", "admin"),
    [("0", False), ("2048", False), ("32", True), ("8", True), ("x", False)],
)
def test_admin_is_who_manages_the_server(permissions: str, admin: bool) -> None:
    member = {"permissions": permissions, "user": USER}
    made = request_of(payload(2, command("help"), member=member)).invocation
    assert made.user.is_admin is admin


def test_admin_bit_in_a_direct_message_means_nothing() -> None:
    asked = payload(2, command("help"), member={"permissions": "8", "user": USER})
    del asked["guild_id"]
    assert request_of(asked).invocation.user.is_admin is False


def test_command_with_an_option_nobody_declared_drops_it() -> None:
    made = request_of(payload(2, command("topic", words="x", tenant="discord:1", episode=7)))
    assert made.invocation.args == {"words": "x"}


def test_command_nobody_declared_is_answered_without_the_core() -> None:
    assert request_of(payload(2, command("gone"))).answer == NO_COMMAND


def test_command_named_like_an_action_is_not_that_action() -> None:
    asked = request_of(payload(2, command("report", moment="1")))
    assert asked.invocation.command == UNKNOWN_ACTION


def test_button_is_the_action_it_carries() -> None:
    pressed = {"custom_id": Action("search", ("0", "5", "=a|b")).encode(), "component_type": 2}
    made = request_of(payload(3, pressed)).invocation
    assert (made.command, made.args) == (
        "search", {"episode": "0", "offset": "5", "words": "=a|b"},
    )  # fmt: skip


def test_select_is_the_action_chosen() -> None:
    chosen = {"custom_id": "choose:0", "component_type": 3, "values": ["1|moment|8"]}
    made = request_of(payload(3, chosen)).invocation
    assert (made.command, made.args) == ("moment", {"moment": "8"})


@pytest.mark.parametrize("custom_id", ["", "foreign", "0|moment|1", "1|nothing|1", "1|", "x" * 500])
def test_button_of_another_version_is_unknown_and_not_lost(custom_id: str) -> None:
    asked = request_of(payload(3, {"custom_id": custom_id, "component_type": 2}))
    assert asked.invocation.command == UNKNOWN_ACTION
    assert asked.answer is None


@pytest.mark.parametrize(("flags", "private"), [(64, True), (64 | 1 << 15, True), (1 << 15, False)])
def test_button_knows_whether_its_card_is_private(flags: int, private: bool) -> None:
    asked = payload(3, {"custom_id": "1|moment|8"}, message={"flags": flags})
    assert request_of(asked).on_private is private


def test_form_is_the_chosen_action_with_the_words_typed() -> None:
    made = form(
        Choice(
            question="What?",
            options=(Option("Words", Action("report", ("7", "text", ""))),),
            comment="Say",
        )
    )
    assert made is not None
    fields: Any = made["components"]
    submitted = [
        {"type": 18, "component": {"type": 3, "custom_id": fields[0]["component"]["custom_id"],
                                   "values": ["1|report|7|text|"]}},
        {"type": 18, "component": {"type": 4, "custom_id": fields[1]["component"]["custom_id"],
                                   "value": "it says | key"}},
    ]  # fmt: skip
    asked = request_of(payload(5, {"custom_id": made["custom_id"], "components": submitted}))
    assert asked.invocation.command == "report"
    assert asked.invocation.args == {"moment": "7", "reason": "text", "comment": "it says | key"}
    assert asked.may_open_form is False


def test_form_that_was_forged_is_an_unknown_action() -> None:
    asked = request_of(payload(5, {"custom_id": "form", "components": [{"type": 18}, 7, None]}))
    assert asked.invocation.command == UNKNOWN_ACTION


def test_completion_names_the_option_being_typed() -> None:
    data = command("topic", words="kv", episode="le")
    data["options"][1]["focused"] = True
    asked = translate(payload(4, data), reference="r", deadline=1.0)
    assert isinstance(asked, Completing)
    assert (asked.option, asked.invocation.args["episode"]) == ("episode", "le")


def test_ping_is_nobodys() -> None:
    assert translate(payload(1, {}), reference="r", deadline=1.0) is None


def message_command(message: Payload) -> Request:
    data = {
        "type": 3,
        "name": "Summarize this moment",
        "target_id": "5",
        "resolved": {"messages": {"5": message}},
    }
    return request_of(payload(2, data))


LINK = "https://youtu.be/_1f-o0nqpEI?t=7232"
BARE = "https://youtu.be/_1f-o0nqpEI"


@pytest.mark.parametrize(
    ("message", "link"),
    [
        ({"content": f"look at {LINK}!"}, LINK),
        ({"content": f"<{LINK}>"}, LINK),
        ({"content": f"**[here]({LINK})**, no?"}, LINK),
        ({"content": f"{BARE} and {LINK}."}, LINK),
        ({"content": f"https://news.example/a {BARE}"}, BARE),
        ({"content": BARE}, BARE),
        ({"content": "", "embeds": [{"url": BARE, "description": f"at {LINK}"}]}, LINK),
        ({"embeds": [{"fields": [{"name": "x", "value": LINK}]}]}, LINK),
        ({"components": [{"type": 1, "components": [{"type": 2, "url": LINK}]}]}, LINK),
        ({"message_snapshots": [{"message": {"content": LINK}}]}, LINK),
    ],
)
def test_message_with_a_link_is_summarized_at_its_second(message: Payload, link: str) -> None:
    made = message_command(message).invocation
    assert (made.command, made.args) == ("summarize", {"time": link})


@pytest.mark.parametrize("reply", [CARD, moment_list(CARD.moment)])
def test_message_that_is_our_own_card_is_summarized_at_its_moment(reply: Reply) -> None:
    made = message_command(render(reply)).invocation
    assert made.args == {"time": LINK}


@pytest.mark.parametrize(
    "message", [{}, {"content": "no link"}, {"content": "ftp://a.example"}, {"content": 7}]
)
def test_message_without_a_link_is_told_so(message: Payload) -> None:
    assert message_command(message).answer == NO_LINK


@pytest.mark.parametrize(
    ("channel_type", "permissions", "missing"),
    [
        (0, VIEW_CHANNEL | SEND_MESSAGES, None),
        (0, SEND_MESSAGES, "View Channel"),
        (0, VIEW_CHANNEL | SEND_IN_THREADS, "Send Messages"),
        (11, VIEW_CHANNEL | SEND_MESSAGES, "Send Messages in Threads"),
        (11, VIEW_CHANNEL | SEND_IN_THREADS, None),
        (0, 1 << 3, None),
        (0, 0, "View Channel"),
    ],
)
def test_missing_permission_is_named(
    channel_type: int, permissions: int, missing: str | None
) -> None:
    channel = {"id": "77", "type": channel_type}
    asked = payload(2, command("help"), channel=channel, app_permissions=str(permissions))
    assert request_of(asked).missing_permission() == missing


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | hostile_text(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "name", "options", "value", "values", "custom_id", "components",
                         "component", "resolved", "messages", "content", "embeds", "url", "id"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from([2, 3, 4, 5]), JSON, JSON, JSON)
def test_translate_of_any_payload_raises_nothing_and_names_a_known_command(
    kind: int, data: Any, member: Any, message: Any
) -> None:
    known = {spec.name for spec in ACTIONS} | {"topic", "summarize", "episodes", "help", "unknown"}
    asked = translate(
        payload(kind, data, member=member, message=message), reference="r", deadline=1.0
    )
    assert asked is not None
    assert asked.invocation.command in known
    assert all(isinstance(value, str) for value in asked.invocation.args.values())


ABOUT = {"id": "5", "filename": "a.vtt", "size": 3, "url": "https://cdn.discordapp.com/a.vtt"}


def attached(about: Any = ABOUT, value: Any = "5", ident: str = "5") -> Payload:
    """Return a command with a file, as its payload tells of it."""
    options = [{"name": "file", "type": 11, "value": value}]
    data = {"type": 1, "name": "add", "options": options}
    return payload(2, data | {"resolved": {"attachments": {ident: about}}})


def test_file_of_an_option_is_read_and_is_no_argument() -> None:
    made = request_of(attached())
    assert made.upload == Upload("a.vtt", 3, "https://cdn.discordapp.com/a.vtt")
    assert (made.invocation.args, made.invocation.document, made.opens) == ({}, None, None)
    assert request_of(attached(ABOUT | {"title": "ä.vtt"})).upload == replace(
        made.upload, name="ä.vtt"
    )


@pytest.mark.parametrize(
    "forged",
    [
        attached(ident="6"),
        attached(None),
        attached([ABOUT]),
        attached({}),
        attached(ABOUT | {"size": "3"}),
        attached(ABOUT | {"size": -3}),
        attached(ABOUT | {"url": None}),
    ],
)
def test_file_that_a_payload_does_not_tell_of_is_not_forgotten(forged: Payload) -> None:
    made = request_of(forged)
    assert made.upload is not None
    assert (made.upload.url, made.opens) == ("", None)


def test_file_of_a_command_that_takes_none_is_left_alone() -> None:
    forged = attached()
    forged["data"]["name"] = "topic"
    assert request_of(forged).upload is None


def admin(data: Payload, kind: int = 2) -> Payload:
    return payload(kind, data, member={"nick": "Countess", "permissions": "32", "user": USER})


def test_form_of_a_command_opens_for_an_admin_who_gave_nothing() -> None:
    opens = request_of(admin(command("add"))).opens
    assert opens is not None
    assert opens.name == "add"
    assert request_of(payload(2, command("add"))).opens is None
    assert request_of(admin(command("add", title="x"))).opens is None
    assert request_of(admin(command("help"))).opens is None
    assert request_of(admin({"custom_id": "command:add"}, kind=5)).opens is None


def filled(ident: str, *components: Any, **more: Any) -> Payload:
    labels = [{"type": 18, "component": one} for one in components]
    return payload(5, {"custom_id": ident, "components": labels, **more})


def test_form_of_a_command_is_the_command_with_what_was_filled_in() -> None:
    made = request_of(
        filled(
            "command:add",
            {"type": 4, "custom_id": "text", "value": "0:00 Start\n4:08 End"},
            {"type": 4, "custom_id": "title", "value": ""},
            {"type": 4, "custom_id": "unknown", "value": "x"},
            {"type": 19, "custom_id": "file", "values": ["5"]},
            resolved={"attachments": {"5": ABOUT}},
        )
    )
    assert made.invocation.command == "add"
    assert made.invocation.args == {"text": "0:00 Start\n4:08 End"}
    assert made.upload == Upload("a.vtt", 3, "https://cdn.discordapp.com/a.vtt")
    assert not made.may_open_form


def test_form_of_a_command_of_yesterday_is_answered_as_unknown() -> None:
    for ident in ("command:gone", "command:topic", "command:"):
        assert request_of(filled(ident)).invocation.command == UNKNOWN_ACTION
