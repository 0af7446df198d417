"""Reads message bodies and views: what a person can see, open or press in them.

A view is read like a message. The ``text`` of a message is left out: Slack shows it in
notifications, and to screen readers, in place of the blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters.contract import Json, JsonObject
from adapters.payload import nodes, objects, text
from adapters.slack import mrkdwn
from adapters.text import units

PLAIN, MRKDWN = "plain_text", "mrkdwn"
"""Types of text objects."""

LINE = "rich_text_section"
"""The type of a rich text's line, whose elements stand side by side."""

QUOTE = "rich_text_quote"
"""The type of a line that is set apart as a quotation."""

CHOOSERS = frozenset({"static_select", "radio_buttons"})
"""Elements whose options hold actions."""


def inside(body: JsonObject) -> Iterator[JsonObject]:
    """Yield everything inside a body, a view or a block, in the order it is shown."""
    return (part for part in nodes(body) if part is not body)


def visible_text(body: JsonObject) -> str:
    """Return all a person can read, a line for each text, label and option."""
    return "\n".join(line for line in map(_shown, inside(body)) if line)


def _shown(part: JsonObject) -> str:
    kind = part.get("type")
    if kind == PLAIN:
        return text(part, "text")
    if kind == MRKDWN:
        return mrkdwn.shown(text(part, "text"))
    if kind in {LINE, QUOTE}:
        return "".join(map(_element_text, objects(part, "elements")))
    return ""


def _element_text(element: JsonObject) -> str:
    if element.get("type") == "channel":
        return f"#{text(element, 'channel_id')}"
    return text(element, "text") or text(element, "url")


def links(body: JsonObject) -> set[str]:
    """Return every address that can be opened, as it is written in the body."""
    found = {text(part, "url") for part in inside(body)} - {""}
    for content in mrkdwn_of(body):
        found.update(mrkdwn.targets(content))
    return found


def mrkdwn_of(body: JsonObject) -> list[str]:
    """Return the content of every mrkdwn text object."""
    return [text(part, "text") for part in inside(body) if part.get("type") == MRKDWN]


def actions(body: JsonObject) -> set[str]:
    """Return every encoded action that can be pressed or chosen."""
    found: set[str] = set()
    for part in inside(body):
        if part.get("type") in CHOOSERS:
            found.update(text(option, "value") for option in objects(part, "options"))
        elif part.get("type") == "button" and "value" in part:
            found.add(text(part, "value"))
    return found


def weight(part: JsonObject) -> int:
    """Return the units of all texts of a part, addresses of links in them included."""
    total = 0
    waiting: list[Json] = [part]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            said = node.get("text")
            total += units(said) if isinstance(said, str) else 0
            total += units(text(node, "url")) if node.get("type") == "link" else 0
            waiting.extend(value for value in node.values() if isinstance(value, (dict, list)))
    return total
