"""How wide the console writes, and what must never reach a terminal."""

from __future__ import annotations

from adapters.console.text import is_url, unsafe, width
from adapters.contract import JsonObject

WIDTH = 80
"""Columns of a rendered body: the VT100's, and still what a new terminal window opens with."""

MIN_WIDTH = 40
"""Columns below which the terminal wraps by itself: nothing could be aligned any more."""

MAX_WIDTH = 100
"""Columns used of a wider terminal: longer lines are hard to read."""


def violations(body: JsonObject) -> list[str]:
    """Return what is wrong with a body: lines too wide, characters a terminal obeys, keys."""
    text, actions = body.get("text"), body.get("actions")
    if not isinstance(text, str) or not isinstance(actions, list):
        return ["a body has a text and a list of actions"]
    found: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if unsafe(line):
            found.append(f"line {number} holds a control character")
        if width(line) > WIDTH and not is_url(line.strip()):
            found.append(f"line {number} is wider than {WIDTH} columns")
    found += [
        f"action {number} has no [{number}] in the text"
        for number in range(1, len(actions) + 1)
        if f"[{number}]" not in text
    ]
    return found
