"""Payloads as Slack sends them (see its reference on interaction payloads and events)."""

from __future__ import annotations

from typing import Any

from adapters.slack.asked import Asked, Request
from adapters.slack.identity import Identity
from adapters.slack.names import names
from adapters.slack.place import Place
from adapters.slack.translate import SUMMARIZE_MESSAGE, Reader
from adapters.slack.views import CHANNEL, FORM, SHARE, WORDS
from bot.core.actions import Action
from bot.core.settings import SlackSettings

Payload = dict[str, Any]

TEAM, PERSON, ROOM, BOT = "T0001", "U0001", "C0001", "U0BOT"
TS, THREAD = "1760000009.000100", "1760000001.000100"
URL = "https://hooks.slack.example/response/1"

READER = Reader(Identity(TEAM, BOT, "segue"), names(SlackSettings()), frozenset({"U0ADM"}))
CARD = Action("moment", ("8",)).encode()


def read(payload: Payload) -> Asked | None:
    return READER.read(payload, reference="ref00001", deadline=7.0)


def request_of(payload: Payload) -> Request:
    asked = read(payload)
    assert isinstance(asked, Request)
    return asked


def slash(text: str, command: str = "/segue", **fields: Any) -> Payload:
    return {
        "token": "legacy",
        "team_id": TEAM,
        "team_domain": "listeners",
        "channel_id": ROOM,
        "channel_name": "general",
        "user_id": PERSON,
        "user_name": "alice",
        "command": command,
        "text": text,
        "api_app_id": "A0001",
        "is_enterprise_install": "false",
        "response_url": URL,
        "trigger_id": "1.2.abc",
    } | fields


def mention(text: str, shared: bool = False, **event: Any) -> Payload:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev0001",
        "is_ext_shared_channel": shared,
        "event": {
            "type": "app_mention",
            "user": PERSON,
            "text": text,
            "ts": TS,
            "team": TEAM,
            "channel": ROOM,
            "event_ts": TS,
        }
        | event,
    }


def interaction(kind: str, **fields: Any) -> Payload:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "listeners"},
        "user": {"id": PERSON, "username": "alice", "name": "alice", "team_id": TEAM},
        "api_app_id": "A0001",
        "trigger_id": "1.2.abc",
    } | fields


def click(action: Payload, **fields: Any) -> Payload:
    """Return a press on a private message outside threads."""
    return interaction(
        "block_actions",
        container={
            "type": "message",
            "message_ts": TS,
            "channel_id": ROOM,
            "is_ephemeral": True,
        },
        channel={"id": ROOM, "name": "general"},
        response_url=URL,
        actions=[action],
        **fields,
    )


def button(value: str, action_id: str = "act:0") -> Payload:
    return {"type": "button", "action_id": action_id, "block_id": "b", "value": value,
            "action_ts": TS}  # fmt: skip


def in_message(message: Payload, value: str = CARD, **container: Any) -> Payload:
    """Return a press on a message that everybody sees."""
    made = click(button(value), message={"ts": TS} | message)
    made["container"] |= {"is_ephemeral": False} | container
    return made


def in_view(callback_id: str, action: Payload, place: Place, **fields: Any) -> Payload:
    view = {"id": "V0001", "callback_id": callback_id, "private_metadata": place.metadata()}
    container = {"type": "view", "view_id": "V0001"}
    return interaction("block_actions", container=container, view=view, actions=[action], **fields)


def submission(callback_id: str, metadata: str = "", **values: Payload) -> Payload:
    state = {"values": {name: {name: value} for name, value in values.items()}}
    view = {
        "id": "V0001",
        "callback_id": callback_id,
        "private_metadata": metadata or Place(ROOM).metadata(),
        "state": state,
    }
    return interaction("view_submission", view=view, response_urls=[])


def typed(value: Any) -> Payload:
    return {"type": "plain_text_input", "value": value}


def chosen(value: str) -> Payload:
    option = {"text": {"type": "plain_text", "text": "one"}, "value": value}
    return {"type": "external_select", "selected_option": option}


def conversation(ident: Any) -> Payload:
    return {"type": "conversations_select", "selected_conversation": ident}


def suggestion(action_id: str, value: str, **fields: Any) -> Payload:
    view = {"id": "V0001", "callback_id": "search", "private_metadata": Place(ROOM).metadata()}
    return interaction("block_suggestion", action_id=action_id, block_id=action_id, value=value,
                       view=view, **fields)  # fmt: skip


def message_action(message: Payload, callback_id: str = SUMMARIZE_MESSAGE) -> Payload:
    return interaction(
        "message_action",
        callback_id=callback_id,
        channel={"id": ROOM, "name": "general"},
        message={"type": "message", "ts": TS} | message,
        message_ts=TS,
        response_url=URL,
    )


GOOD: dict[str, Payload] = {
    "slash": slash("topic kv cache in:lex"),
    "slash without words": slash("topic"),
    "mention": mention(f"<@{BOT}> summarize 2:00:32", thread_ts=THREAD),
    "click": click(button(CARD)),
    "click in a thread": in_message({"thread_ts": THREAD}, thread_ts=THREAD),
    "select": click({"type": "static_select", "action_id": "choose:0", **chosen(CARD)}),
    "in a view": in_view("result", button(CARD), Place(ROOM, THREAD)),
    "search": submission("search", **{WORDS: typed("kv cache")}),
    "share": submission(
        SHARE, Place(ROOM).metadata("1|share|c4rd|8"), **{CHANNEL: conversation("C0002")}
    ),
    "form": submission(FORM, answer=chosen("1|report|8|text|"), comment=typed("it says key")),
    "suggestion": suggestion("moment", "kv"),
    "message": message_action({"text": "<https://youtu.be/_1f-o0nqpEI?t=7232>"}),
    "shortcut": interaction("shortcut", callback_id="find_moment"),
}
"""One payload of each kind that is answered."""
