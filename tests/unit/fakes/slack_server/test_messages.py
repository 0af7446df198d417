"""What the strict Slack takes and refuses as messages and as calls of its Web API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack_server.rules import SCOPES, Refused, check_call, check_message
from tests.unit.fakes.slack_server.examples import (
    button,
    header,
    line,
    mrkdwn,
    rich,
    said,
    section,
    view,
)

QUIET = {"unfurl_links": False, "unfurl_media": False}
BODY: dict[str, Any] = {"text": "x", "blocks": [section()], **QUIET}
ACK = {"response_type": "ephemeral", **BODY}
POST = {"channel": "C0001", **BODY}
TS = "1760000000.000100"
UPDATE = {"channel": "C0001", "ts": TS, "text": "x", "blocks": [section()]}
EPHEMERAL = {"channel": "C0001", "user": "U0001", "text": "x"}
METADATA = {"event_type": "segue_delivery", "event_payload": {"id": 1}}

GOOD: list[tuple[Any, dict[str, Any]]] = [
    ("ack", ACK),
    ("ack", {"text": "x" * 40_000}),
    ("response_url", ACK | {"replace_original": True}),
    ("response_url", ACK | {"replace_original": False, "thread_ts": TS}),
    ("response_url", {"response_type": "in_channel", **BODY}),
    ("response_url", {"delete_original": True}),
    ("response_url", {"text": "x", "blocks": [section(mrkdwn("x" * 3000))] * 5}),
    ("postMessage", POST),
    ("postMessage", POST | {"thread_ts": TS, "reply_broadcast": False, "mrkdwn": True}),
    ("postMessage", POST | {"metadata": METADATA, "parse": "none", "link_names": False}),
    ("postMessage", POST | {"blocks": [section(mrkdwn("x" * 3000))] * 4}),
    ("postEphemeral", EPHEMERAL | {"thread_ts": TS, "blocks": [section()]}),
    ("update", UPDATE | {"metadata": METADATA, "token": "xoxb-1"}),
]


@pytest.mark.parametrize(("way", "args"), GOOD)
def test_message_within_the_rules_is_taken(way: Any, args: dict[str, Any]) -> None:
    check_message(args, way=way)


BAD: list[tuple[Any, dict[str, Any], str, str]] = [
    ("ack", ACK | {"channel": "C0001"}, "invalid_arguments", "property: channel"),
    ("ack", ACK | {"replace_original": True}, "invalid_arguments", "property: replace_original"),
    ("ack", ACK | {"response_type": "public"}, "invalid_arguments", "valid enum value"),
    ("ack", ACK | {"unfurl_links": True}, "invalid_arguments", "must be false"),
    ("ack", ACK | {"text": None}, "invalid_arguments", "must provide a string"),
    ("ack", ACK | {"text": "\x1b[1m"}, "invalid_arguments", "control characters"),
    ("ack", ACK | {"text": "\ud800"}, "invalid_arguments", "lone surrogates"),
    ("ack", {}, "no_text", "text is needed"),
    ("ack", {"blocks": [section()]}, "no_text", "beside blocks"),
    ("ack", ACK | {"text": " \n"}, "no_text", "beside blocks"),
    ("ack", ACK | {"text": "x" * 40_001}, "msg_too_long", ""),
    ("ack", ACK | {"blocks": []}, "invalid_blocks", "no fewer than 1 items"),
    ("ack", ACK | {"blocks": "[]"}, "invalid_blocks", "must provide an array"),
    ("ack", ACK | {"blocks": [header("\x00")]}, "invalid_blocks", "control characters"),
    ("response_url", {"response_type": "in_channel", "text": "x"}, "invalid_arguments", "unfurl"),
    ("response_url", ACK | {"replace_original": "true"}, "invalid_arguments", "provide a boolean"),
    ("response_url", ACK | {"thread_ts": "1"}, "invalid_arguments", "a message's timestamp"),
    ("response_url", {"delete_original": False}, "no_text", ""),
    ("postMessage", BODY, "invalid_arguments", "missing required field: channel"),
    ("postMessage", POST | {"response_type": "in_channel"}, "invalid_arguments", "response_type"),
    ("postMessage", POST | {"replace_original": True}, "invalid_arguments", "replace_original"),
    ("postMessage", POST | {"attachments": []}, "invalid_arguments", "property: attachments"),
    ("postMessage", POST | {"unfurl_media": True}, "invalid_arguments", "must be false"),
    ("postMessage", POST | {"unfurl_media": 0}, "invalid_arguments", "must provide a boolean"),
    ("postMessage", {"channel": "C1", "text": "x"}, "invalid_arguments", "field: unfurl_links"),
    ("postMessage", POST | {"parse": "full"}, "invalid_arguments", "valid enum value: none"),
    ("postMessage", POST | {"link_names": True}, "invalid_arguments", "must be false"),
    ("postMessage", POST | {"thread_ts": 1760000000.0001}, "invalid_arguments", "timestamp"),
    ("postMessage", POST | {"metadata": {}}, "invalid_arguments", "field: event_type"),
    (
        "postMessage",
        POST | {"metadata": METADATA | {"event_payload": "x"}},
        "invalid_arguments",
        "must provide an object",
    ),
    (
        "postMessage",
        POST | {"blocks": [section(mrkdwn("x" * 3000))] * 4 + [header("x")]},
        "msg_blocks_too_long",
        "12001 characters",
    ),
    (
        "postMessage",
        POST | {"blocks": [rich(line(said("x" * 12_001)))]},
        "msg_blocks_too_long",
        "12001 characters",
    ),
    ("postEphemeral", POST, "invalid_arguments", "missing required field: user"),
    ("postEphemeral", EPHEMERAL | QUIET, "invalid_arguments", "property: unfurl_links"),
    ("update", POST, "invalid_arguments", "missing required field: ts"),
    ("update", UPDATE | {"thread_ts": TS}, "invalid_arguments", "property: thread_ts"),
]


@pytest.mark.parametrize(("way", "args", "error", "problem"), BAD)
def test_message_against_the_rules_is_refused(
    way: Any, args: dict[str, Any], error: str, problem: str
) -> None:
    with pytest.raises(Refused) as caught:
        check_message(args, way=way)
    assert caught.value.error == error
    assert problem in " ".join(caught.value.messages)


TRIGGER = {"trigger_id": "1.2.a"}
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("auth.test", {}),
    ("apps.connections.open", {"token": "xapp-1"}),
    ("chat.postMessage", POST),
    (
        "conversations.history",
        {"channel": "C0001", "oldest": "1.5", "limit": "15", "include_all_metadata": True},
    ),
    ("chat.postEphemeral", EPHEMERAL),
    ("chat.update", UPDATE),
    ("views.open", {"view": view(), **TRIGGER}),
    ("views.push", {"view": view(), **TRIGGER}),
    ("views.update", {"view": view(), "view_id": "V1", "hash": "1.a"}),
    ("views.update", {"view": view(), "external_id": "e"}),
    ("users.info", {"user": "U0001", "include_locale": "1"}),
    ("conversations.info", {"channel": "C0001", "include_num_members": False}),
    ("conversations.open", {"users": "U0001,U0002"}),
    ("conversations.open", {"channel": "D0001", "return_im": "true"}),
    ("conversations.join", {"channel": "C0001"}),
]


@pytest.mark.parametrize(("method", "args"), CALLS)
def test_call_is_taken_when_its_arguments_fit(method: str, args: dict[str, Any]) -> None:
    check_call(method, args)


BAD_CALLS: list[tuple[str, dict[str, Any], str, str]] = [
    ("chat.delete", {}, "unknown_method", ""),
    ("auth.test", {"user": "U0001"}, "invalid_arguments", "property: user"),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments", "field: channel"),
    ("chat.update", UPDATE | {"text": ""}, "no_text", ""),
    ("views.open", {"view": view()}, "invalid_arguments", "field: trigger_id"),
    ("views.push", TRIGGER, "invalid_arguments", "field: view"),
    ("views.open", {"view": view(button()), **TRIGGER}, "invalid_arguments", "type: button"),
    ("views.open", {"view": "{}", **TRIGGER}, "invalid_arguments", "must provide an object"),
    ("views.update", {"view": view()}, "invalid_arguments", "exactly one of: view_id"),
    (
        "views.update",
        {"view": view(), "view_id": "V1", "external_id": "e"},
        "invalid_arguments",
        "exactly one of: view_id",
    ),
    ("users.info", {}, "invalid_arguments", "field: user"),
    ("users.info", {"user": 1}, "invalid_arguments", "must provide a string"),
    ("users.info", {"user": "U1", "include_locale": "yes"}, "invalid_arguments", "a boolean"),
    ("users.info", {"user": "U\x001"}, "invalid_arguments", "control characters"),
    ("conversations.info", {"channel": ""}, "invalid_arguments", "more than 0 characters"),
    ("conversations.open", {}, "invalid_arguments", "exactly one of: channel, users"),
    ("conversations.join", {"channel": "C1", "user": "U1"}, "invalid_arguments", "user"),
]


@pytest.mark.parametrize(("method", "args", "error", "problem"), BAD_CALLS)
def test_call_is_refused_when_its_arguments_do_not_fit(
    method: str, args: dict[str, Any], error: str, problem: str
) -> None:
    with pytest.raises(Refused) as caught:
        check_call(method, args)
    assert caught.value.error == error
    assert problem in " ".join(caught.value.messages)


def test_scopes_are_those_of_methods_that_can_be_called() -> None:
    known = {method for method, _ in CALLS}
    assert known - SCOPES.keys() == {"auth.test", "views.open", "views.push", "views.update"}
    assert not SCOPES.keys() - known
