"""Slack's rules for the ways to send a message, and the bot's own stricter ones.

The bot's own: a text beside blocks (it is what notifications and screen readers tell), no
previews of links, no names turned into mentions.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from tests.fakes.slack_server.rules.blocks import check_blocks
from tests.fakes.slack_server.rules.errors import Refused
from tests.fakes.slack_server.rules.schema import (
    Check,
    Spot,
    anything,
    boolean,
    enum,
    sendable,
    shape,
    string,
)

Way = Literal["postMessage", "postEphemeral", "update", "response_url", "ack"]

MOST_TEXT = 40_000
MOST_IN_BLOCKS = 12_000
"""Characters in all blocks of a call. Not in the reference: in bolt-js's issue tracker a
maintainer of Slack's names "12,000 text characters with a buffer for block containers". Messages
by response_url are not held to it."""

_TS = re.compile(r"\d{10}\.\d{6}")


def timestamp(spot: Spot) -> None:
    """Check that a value names a message, as "1760000000.000100"."""
    if not isinstance(spot.value, str) or not _TS.fullmatch(spot.value):
        spot.wrong("must be a message's timestamp")


def _off(spot: Spot) -> None:
    boolean(spot)
    if spot.value is True:
        spot.wrong("must be false: the bot shows no previews and makes no mentions")


def _payload(spot: Spot) -> None:
    if not isinstance(spot.value, dict):
        spot.wrong("must provide an object")


_METADATA = shape({"event_type": string(1, 255), "event_payload": _payload})

_SAID: dict[str, Check] = {"text": string(0), "blocks": anything}
_PREVIEWS: dict[str, Check] = {"unfurl_links": _off, "unfurl_media": _off}
_PARSED: dict[str, Check] = {"parse": enum("none"), "link_names": _off, "token": string(1)}
_CHANNEL = string(1, 255)

_CHECKS: dict[str, Check] = {
    "postMessage": shape(
        {"channel": _CHANNEL, **_PREVIEWS},
        {
            **_SAID,
            **_PARSED,
            "thread_ts": timestamp,
            "reply_broadcast": boolean,
            "mrkdwn": boolean,
            "metadata": _METADATA,
        },
    ),
    "postEphemeral": shape(
        {"channel": _CHANNEL, "user": string(1, 255)},
        {**_SAID, **_PARSED, "thread_ts": timestamp},
    ),
    "update": shape(
        {"channel": _CHANNEL, "ts": timestamp},
        {**_SAID, **_PARSED, "reply_broadcast": boolean, "metadata": _METADATA},
    ),
    "response_url": shape(
        optional={
            **_SAID,
            **_PREVIEWS,
            "response_type": enum("ephemeral", "in_channel"),
            "replace_original": boolean,
            "delete_original": boolean,
            "thread_ts": timestamp,
            "metadata": _METADATA,
        }
    ),
    "ack": shape(optional={**_SAID, **_PREVIEWS, "response_type": enum("ephemeral", "in_channel")}),
}


def check_message(args: dict[str, Any], *, way: Way) -> None:
    """Raise Refused for a message that Slack would not take that way.

    ``args`` is the JSON body, with ``blocks`` and ``metadata`` decoded. Codes, in the order in
    which they are looked for: "invalid_arguments" (fields and their types), "msg_too_long",
    "no_text", "invalid_blocks", "msg_blocks_too_long".
    """
    _fields(args, way)
    if way == "response_url" and args.get("delete_original") is True:
        return
    text = args.get("text", "")
    if len(text) > MOST_TEXT:
        raise Refused("msg_too_long")
    if not text.strip():
        raise Refused("no_text", ["[ERROR] text is needed, also beside blocks"])
    if "blocks" in args:
        check_blocks(args["blocks"], surface="message")
        if way in ("postMessage", "postEphemeral", "update"):
            _total(args["blocks"])


def _fields(args: dict[str, Any], way: Way) -> None:
    spot = Spot(args)
    sendable(Spot({k: v for k, v in args.items() if k != "blocks"}, "", spot.problems))
    if not spot.problems:
        _CHECKS[way](spot)
    if not spot.problems and args.get("response_type") == "in_channel":
        for name in _PREVIEWS:
            if name not in args:
                spot.wrong(f"missing required field: {name} (what a channel sees has no previews)")
    if spot.problems:
        raise Refused("invalid_arguments", spot.problems)


def _total(blocks: Any) -> None:
    size = _size(blocks)
    if size > MOST_IN_BLOCKS:
        raise Refused("msg_blocks_too_long", [f"[ERROR] {size} characters in all blocks"])


def _size(node: Any) -> int:
    if isinstance(node, list):
        return sum(map(_size, node))
    if not isinstance(node, dict):
        return 0
    own = node.get("text")
    nested = sum(_size(value) for value in node.values())
    return nested + (len(own) if isinstance(own, str) else 0)
