"""Reads a message as the person before it does: its texts, buttons, choices and links."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from tests.fakes.discord_server.components import BUTTON, SELECT, TEXT, walk
from tests.fakes.discord_server.messages import MessageRecord

_LINK = re.compile(r"https?://[^\s<>()\[\]\"'`|\\]+")


class Button(NamedTuple):
    """A button that can be pressed."""

    label: str
    custom_id: str
    disabled: bool


def texts(message: MessageRecord) -> list[str]:
    """Return every text of a message, as markdown."""
    shown = [part["content"] for part in walk(message.components) if part["type"] == TEXT]
    return ([message.content] if message.content else []) + shown


def buttons(message: MessageRecord) -> list[Button]:
    """Return the buttons that bring something back to the bot, in order."""
    return [
        Button(part.get("label", ""), part["custom_id"], bool(part.get("disabled")))
        for part in walk(message.components)
        if part["type"] == BUTTON and "custom_id" in part
    ]


def selects(message: MessageRecord) -> list[dict[str, Any]]:
    """Return the selects of a message."""
    return [part for part in walk(message.components) if part["type"] == SELECT]


def links(message: MessageRecord) -> list[str]:
    """Return every address that can be opened, those of texts first, each once."""
    found = [url for text in texts(message) for url in _LINK.findall(text)]
    found += [part["url"] for part in walk(message.components) if "url" in part]
    return list(dict.fromkeys(found))


def link_labels(message: MessageRecord) -> list[str]:
    """Return the labels of the buttons that open an address."""
    parts = [part for part in walk(message.components) if part["type"] == BUTTON]
    return [part.get("label", "") for part in parts if "url" in part]
