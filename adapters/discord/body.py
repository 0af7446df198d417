"""Reads message bodies and forms: their components, and what a person can see, open or press."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from adapters.contract import Json, JsonObject
from adapters.discord.markdown import Kind, pieces, shown
from adapters.payload import objects, text


class Part(IntEnum):
    """Discord's numbers of the component types used here."""

    ROW = 1
    BUTTON = 2
    SELECT = 3
    INPUT = 4
    SECTION = 9
    TEXT = 10
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    UPLOAD = 19


def children(component: JsonObject) -> list[JsonObject]:
    """Return what is directly inside a component, a body or a form."""
    inside: list[Json] = []
    listed = component.get("components")
    if isinstance(listed, list):
        inside.extend(listed)
    inside.extend(component.get(name) for name in ("accessory", "component"))
    return [child for child in inside if isinstance(child, dict)]


def walk(component: JsonObject) -> Iterator[JsonObject]:
    """Yield everything inside a component, in the order it is shown."""
    for child in children(component):
        yield child
        yield from walk(child)


def contents(body: JsonObject) -> list[str]:
    """Return the markdown of every text, in order."""
    return [text(part, "content") for part in walk(body) if part.get("type") == Part.TEXT]


def visible_text(body: JsonObject) -> str:
    """Return all a person can read, a line for each text, label and option."""
    lines = [text(body, "title")]
    for part in walk(body):
        if part.get("type") == Part.TEXT:
            lines.append(shown(text(part, "content")))
        lines.extend(text(part, name) for name in ("label", "placeholder"))
        for option in objects(part, "options"):
            lines.extend((text(option, "label"), text(option, "description")))
    return "\n".join(line for line in lines if line)


def links(body: JsonObject) -> set[str]:
    """Return every address that can be opened, as it is written in the body."""
    found = {text(part, "url") for part in walk(body)} - {""}
    for content in contents(body):
        found.update(piece.url for piece in pieces(content) if piece.kind is Kind.LINK)
    return found


def actions(body: JsonObject) -> set[str]:
    """Return every encoded action that can be pressed or chosen."""
    found: set[str] = set()
    for part in walk(body):
        if part.get("type") == Part.SELECT:
            found.update(text(option, "value") for option in objects(part, "options"))
        elif part.get("type") == Part.BUTTON and "custom_id" in part:
            found.add(text(part, "custom_id"))
    return found
