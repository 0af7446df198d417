"""How Slack keeps the text that people type and bots send."""

from __future__ import annotations

import re
from typing import Any

_ADDRESS = re.compile(r"https?://[^\s<>|]+")
_SITE = re.compile(r"(?<![\w@./])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|io)\b(?:/[^\s<>|]*)?")
_LINK = re.compile(rf"{_ADDRESS.pattern}|{_SITE.pattern}")
_TOKEN = re.compile(r"<[@#!][^<>\s]+>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
_MARKUP = re.compile(r"<(?:[@#!]|https?://|mailto:)[^<>\n]*>")


def escaped(text: str) -> str:
    """Return text with Slack's three entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str) -> str:
    """Return what a person typed as Slack keeps it.

    Mentions such as <@U1> stay, addresses become <url>, bare sites <http://site|site>.
    """
    return "".join(
        part if is_mention else _with_links(part) for part, is_mention in _split(text, _TOKEN)
    )


def _with_links(text: str) -> str:
    return "".join(
        _link(part) if is_link else escaped(part) for part, is_link in _split(text, _LINK)
    )


def _link(address: str) -> str:
    shown = escaped(address)
    return f"<{shown}>" if address.startswith("http") else f"<http://{shown}|{shown}>"


def _split(text: str, wanted: re.Pattern[str]) -> list[tuple[str, bool]]:
    """Return the parts of a text in order, and whether each is one that was wanted."""
    found, at = [], 0
    for match in wanted.finditer(text):
        found += [(text[at : match.start()], False), (match.group(), True)]
        at = match.end()
    return [*found, (text[at:], False)]


def sent(text: str) -> str:
    """Return what a bot sent as Slack keeps it: stray control characters escaped."""
    kept = "".join(
        part if is_token else part.replace("<", "&lt;").replace(">", "&gt;")
        for part, is_token in _split(text, _MARKUP)
    )
    return _ENTITY.sub("&amp;", kept)


def rich_text(text: str, block_id: str) -> dict[str, Any]:
    """Return the block that comes with a typed message."""
    elements: list[dict[str, Any]] = []
    for part, is_mention in _split(text, _TOKEN):
        if is_mention and part.startswith("<@"):
            elements.append({"type": "user", "user_id": part[2:-1]})
            continue
        for piece, is_link in _split(part, _LINK):
            if is_link:
                elements.append({"type": "link", "url": piece})
            elif piece:
                elements.append({"type": "text", "text": piece})
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}
