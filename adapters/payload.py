"""Reads the fields of payloads and bodies, whatever stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters.contract import Json, JsonObject

MAX_NODES = 5_000
"""Objects of one message that are looked into; the largest that a platform takes have fewer."""


def obj(parent: JsonObject, *names: str) -> JsonObject:
    """Return the object under a path of names, an empty one where there is none."""
    for name in names:
        value = parent.get(name)
        parent = value if isinstance(value, dict) else {}
    return parent


def objects(parent: JsonObject, name: str) -> list[JsonObject]:
    """Return the objects of a list."""
    value = parent.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(parent: JsonObject, name: str) -> str:
    """Return a text field, empty where there is none."""
    value = parent.get(name)
    return value if isinstance(value, str) else ""


def flag(parent: JsonObject, name: str) -> bool:
    """Return whether a field is true; forms write it as a word."""
    return parent.get(name) in (True, "true")


def listed(items: Iterable[JsonObject]) -> list[Json]:
    """Return objects as the JSON list that holds them."""
    return list(items)


def nodes(parent: JsonObject) -> Iterator[JsonObject]:
    """Yield an object and all inside it, in the order they are written, at most MAX_NODES."""
    waiting: list[Json] = [parent]
    seen = 0
    while waiting and seen < MAX_NODES:
        node = waiting.pop()
        seen += 1
        if isinstance(node, dict):
            yield node
            waiting.extend(reversed(node.values()))
        elif isinstance(node, list):
            waiting.extend(reversed(node))
