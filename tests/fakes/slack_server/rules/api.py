"""The arguments of the Web API's methods that the bot uses, and the scopes they need.

From docs.slack.dev/reference/methods and the signatures of the SDK's client.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.slack_server.rules.errors import Refused
from tests.fakes.slack_server.rules.messages import Way, check_message
from tests.fakes.slack_server.rules.schema import (
    Check,
    Spot,
    anything,
    either,
    sendable,
    shape,
    string,
)
from tests.fakes.slack_server.rules.views import check_view

SCOPES: dict[str, str] = {
    "apps.connections.open": "connections:write",
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "users.info": "users:read",
    "conversations.info": "channels:read",
    "conversations.history": "channels:history",
    "conversations.open": "im:write",
    "conversations.join": "channels:join",
}
"""The scope a bot token needs (an app-level token for apps.connections.open); no scope where a
method is missing. conversations.info needs groups:read, im:read or mpim:read for those kinds, and
conversations.history groups:history, im:history or mpim:history."""


def _flag(spot: Spot) -> None:
    """Check a boolean that may come in a form, where the SDK writes 1 and 0."""
    if spot.value not in (True, False, "0", "1", "true", "false"):
        spot.wrong("must provide a boolean")


_ID = string(1, 255)
_TOKEN: dict[str, Check] = {"token": string(1)}


_FIELDS: dict[str, Check] = {
    "auth.test": shape(optional=_TOKEN),
    "apps.connections.open": shape(optional=_TOKEN),
    "users.info": shape({"user": _ID}, {"include_locale": _flag, **_TOKEN}),
    "conversations.info": shape(
        {"channel": _ID}, {"include_locale": _flag, "include_num_members": _flag, **_TOKEN}
    ),
    "conversations.history": shape(
        {"channel": _ID},
        {
            "oldest": string(1, 30),
            "latest": string(1, 30),
            "limit": string(1, 4),
            "cursor": string(1, 255),
            "inclusive": _flag,
            "include_all_metadata": _flag,
            **_TOKEN,
        },
    ),
    "conversations.open": shape(
        optional={
            "channel": _ID,
            "users": string(1),
            "return_im": _flag,
            "prevent_creation": _flag,
            **_TOKEN,
        },
        also=[either("channel", "users")],
    ),
    "conversations.join": shape({"channel": _ID}, _TOKEN),
    "views.open": shape({"trigger_id": _ID, "view": anything}, _TOKEN),
    "views.push": shape({"trigger_id": _ID, "view": anything}, _TOKEN),
    "views.update": shape(
        {"view": anything},
        {"view_id": _ID, "external_id": _ID, "hash": string(1), **_TOKEN},
        [either("view_id", "external_id")],
    ),
}


def _call(method: str) -> Callable[[dict[str, Any]], None]:
    def check(args: dict[str, Any]) -> None:
        spot = Spot(args)
        sendable(Spot({k: v for k, v in args.items() if k != "view"}, "", spot.problems))
        if not spot.problems:
            _FIELDS[method](spot)
        if spot.problems:
            raise Refused("invalid_arguments", spot.problems)
        if "view" in args:
            check_view(args["view"])

    return check


def _message(way: Way) -> Callable[[dict[str, Any]], None]:
    return lambda args: check_message(args, way=way)


_CALLS = {method: _call(method) for method in _FIELDS} | {
    "chat.postMessage": _message("postMessage"),
    "chat.postEphemeral": _message("postEphemeral"),
    "chat.update": _message("update"),
}


def check_call(method: str, args: dict[str, Any]) -> None:
    """Raise Refused for a call that Slack would not take; messages and views are checked too.

    "unknown_method" for one the bot has no business to call; else the codes of check_message
    and check_view, and "invalid_arguments". JSON in form fields must be decoded before.
    """
    if method not in _CALLS:
        raise Refused("unknown_method")
    _CALLS[method](args)
