"""Reads a payload as the person before it does: texts, buttons, choices, links, mentions.

A payload is a message (``text`` and ``blocks``) or a view. Where there are blocks, Slack shows
them and not ``text``, which only notifications and screen readers tell; so do texts and links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.fakes.slack_server.rules.elements import choices
from tests.fakes.slack_server.rules.mrkdwn import links_in, pings_in, shown

Payload = dict[str, Any]

# The fields that hold something to read, in the order in which a person comes to them.
_ORDER = (
    "title label text fields elements element accessory placeholder options option_groups "
    "hint description confirm deny blocks submit close"
).split()
_RICH_LINES = frozenset({"rich_text_section", "rich_text_quote", "rich_text_preformatted"})
_SELECTS = frozenset(
    "static_select external_select conversations_select radio_buttons checkboxes overflow".split()
)
_MENTIONS = {
    "user": ("user_id", "<@{}>"),
    "usergroup": ("usergroup_id", "<!subteam^{}>"),
    "channel": ("channel_id", "<#{}>"),
    "broadcast": ("range", "<!{}>"),
}
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]*)\]\(<?([^\s()<>]+)>?\)")
_MARKDOWN_MARK = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|__|~~|^#{1,6} |^> ?", re.MULTILINE)


class Button(NamedTuple):
    """A button; ``value`` or ``url`` is "" where there is none."""

    label: str
    action_id: str
    value: str
    url: str
    block_id: str


class Choice(NamedTuple):
    """One option that can be picked."""

    label: str
    value: str
    description: str


class Select(NamedTuple):
    """Something to pick from; ``choices`` are () where Slack or the bot supplies them later."""

    kind: str
    action_id: str
    block_id: str
    placeholder: str
    choices: tuple[Choice, ...]
    element: dict[str, Any]


class Input(NamedTuple):
    """An input block of a view; ``element`` is its element as it was sent."""

    label: str
    block_id: str
    action_id: str
    kind: str
    optional: bool
    element: dict[str, Any]


def buttons(payload: Payload) -> list[Button]:
    """Return every button in order."""
    return [
        Button(
            _label(node, "text"),
            node.get("action_id", ""),
            node.get("value", ""),
            node.get("url", ""),
            block_id,
        )
        for block_id, node in _nodes_in_blocks(payload)
        if node.get("type") == "button"
    ]


def selects(payload: Payload) -> list[Select]:
    """Return everything to pick from in order, those of input blocks too."""
    return [
        Select(
            node["type"],
            node.get("action_id", ""),
            block_id,
            _label(node, "placeholder"),
            tuple(
                Choice(_label(one, "text"), one["value"], _label(one, "description"))
                for one in choices(node)
            ),
            node,
        )
        for block_id, node in _nodes_in_blocks(payload)
        if node.get("type") in _SELECTS
    ]


def inputs(view: Payload) -> list[Input]:
    """Return the inputs of a view in order."""
    return [
        Input(
            _label(block, "label"),
            block.get("block_id", ""),
            block["element"].get("action_id", ""),
            block["element"]["type"],
            bool(block.get("optional")),
            block["element"],
        )
        for block in view.get("blocks", [])
        if block.get("type") == "input"
    ]


def links(payload: Payload) -> list[str]:
    """Return every address that can be opened, each once, in order; bare ones do not count."""
    if not payload.get("blocks"):
        return links_in(payload.get("text", ""))
    found = [url for node in _nodes(payload) for url in _addresses(node)]
    return list(dict.fromkeys(found))


def texts(payload: Payload) -> list[str]:
    """Return every readable text in order, unescaped and without markup.

    rich_text gives one text for a section, list item, quote or preformatted part. Labels of
    buttons, options, placeholders and what an input is filled with are among the texts.
    """
    if not payload.get("blocks"):
        return [shown(payload["text"])] if payload.get("text") else []
    return [text for node in _nodes(payload) for text in _read(node)]


def pings(payload: Payload) -> list[str]:
    """Return every mention that notifies somebody or becomes a live reference, each once.

    Those of ``text`` first. As ``<@U…>``, ``<#C…>``, ``<!here>``, ``<!subteam^S…>``; a bare
    ``@here`` in a mrkdwn object that is not verbatim as it stands.
    """
    text = payload.get("text")
    found = pings_in(text) if isinstance(text, str) else []
    for node in _nodes(payload):
        kind = node.get("type")
        if kind == "mrkdwn":
            found += pings_in(node["text"], verbatim=node.get("verbatim") is True)
        elif kind == "markdown":
            found += pings_in(node["text"], verbatim=False)
        elif kind in _MENTIONS:
            name, wording = _MENTIONS[kind]
            found.append(wording.format(node.get(name)))
    return list(dict.fromkeys(found))


def fallback_links(text: str) -> list[str]:
    """Return the addresses that can be opened from a mrkdwn text, each once, in order."""
    return links_in(text)


def fallback_text(text: str) -> str:
    """Return a mrkdwn text as a notification shows it."""
    return shown(text)


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a payload that stands in it to be read, in order."""
    if isinstance(node, list):
        for one in node:
            yield from _nodes(one)
    elif isinstance(node, dict):
        yield node
        for name in _ORDER:
            if isinstance(node.get(name), list | dict):
                yield from _nodes(node[name])


def _nodes_in_blocks(payload: Payload) -> Iterator[tuple[str, dict[str, Any]]]:
    for block in payload.get("blocks", []):
        for node in _nodes(block):
            yield block.get("block_id", ""), node


def _label(node: dict[str, Any], name: str) -> str:
    text = node.get(name)
    if not isinstance(text, dict):
        return ""
    return _read(text)[0]


def _read(node: dict[str, Any]) -> list[str]:
    """Return what one object says by itself, without what lies in it."""
    kind = node.get("type")
    if kind == "plain_text":
        return [node["text"]]
    if kind == "mrkdwn":
        return [shown(node["text"])]
    if kind == "markdown":
        return [_markdown(node["text"])]
    if kind in _RICH_LINES:
        return ["".join(map(_inline, node["elements"]))]
    if kind == "image":
        return [node["alt_text"]]
    return [node["initial_value"]] if node.get("initial_value") else []


def _inline(node: dict[str, Any]) -> str:
    kind = node["type"]
    if kind == "link":
        return node.get("text") or node["url"]
    if kind == "emoji":
        return f":{node['name']}:"
    if kind in _MENTIONS:
        name, wording = _MENTIONS[kind]
        return shown(wording.format(node.get(name)))
    return node.get("text", "")


def _addresses(node: dict[str, Any]) -> list[str]:
    kind = node.get("type")
    if kind == "mrkdwn":
        return links_in(node["text"])
    if kind == "markdown":
        return [one[2] for one in _MARKDOWN_LINK.finditer(node["text"])]
    return [node["url"]] if isinstance(node.get("url"), str) else []


def _markdown(text: str) -> str:
    return _MARKDOWN_MARK.sub(r"\1", _MARKDOWN_LINK.sub(r"\1", text))
