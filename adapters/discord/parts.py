"""Builds the components of a message, and counts the room that Discord leaves for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from adapters.contract import JsonObject
from adapters.discord.body import Part
from adapters.discord.limits import (
    BUTTON_LABEL,
    BUTTON_URL,
    COMPONENTS,
    OPTION_TEXT,
    PLACEHOLDER,
    ROW_BUTTONS,
    SELECT_OPTIONS,
    TEXT,
)
from adapters.discord.markdown import escape, link, target
from adapters.layout import Room, pressable
from adapters.payload import listed
from adapters.text import chunks, fit, is_blank, label, tidy, units
from bot.core.actions import Action
from bot.core.reply import Button, Option
from bot.core.wording import ELLIPSIS

GREY, LINK = 2, 5
"""Button styles."""

MOST_BUTTONS = 25
"""Buttons of one message: five rows, as many as a person may be expected to look through."""

SHORTEST = 8
"""Units below which a line is left out rather than cut to nothing."""


def whole_room() -> Room:
    """Return the room of a message in which nothing is yet."""
    return Room(TEXT, COMPONENTS)


class Lines:
    """The lines of one text, each paid for from the room; what finds none is left out."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lines: list[str] = []

    def add(self, lead: str, words: str, cap: int, tail: str = "") -> None:
        """Add escaped words between trusted markup, in at most ``cap`` units."""
        words = tidy(words)
        if not is_blank(words):
            self._put(lead, lambda limit: fit(words, limit, escape), cap, tail)

    def add_link(
        self, lead: str, prefix: str, title: str, url: str, cap: int, tail: str = ""
    ) -> None:
        """Add ``prefix · title`` linked to ``url``, in at most ``cap`` units."""
        self._put(lead, lambda limit: link(prefix, title, url, limit), cap, tail)

    def add_written(self, content: str) -> None:
        """Add content that is markdown already, if there is room for all of it."""
        if units(content) < self._room.text:
            self._put("", lambda _: content, units(content))

    def _put(self, lead: str, written: Callable[[int], str], cap: int, tail: str = "") -> None:
        limit = min(cap, self._room.text - 1) - len(lead) - len(tail)
        if limit < min(SHORTEST, cap):
            return
        content = f"{lead}{written(limit)}{tail}"
        self._room.text -= units(content) + 1
        self._lines.append(content)

    def parts(self) -> list[JsonObject]:
        """Return the lines as one text component, or nothing."""
        return [text("\n".join(self._lines))] if self._lines else []

    def content(self) -> str:
        """Return the lines as markdown."""
        return "\n".join(self._lines)


def text(content: str) -> JsonObject:
    """Return a text component."""
    return {"type": int(Part.TEXT), "content": content}


def separator() -> JsonObject:
    """Return a thin line."""
    return {"type": int(Part.SEPARATOR), "divider": True, "spacing": 1}


def section(content: str, accessory: JsonObject) -> JsonObject:
    """Return a text with a button at its side."""
    return {
        "type": int(Part.SECTION),
        "components": listed([text(content)]),
        "accessory": accessory,
    }


def row(items: Iterable[JsonObject]) -> JsonObject:
    """Return a row of buttons, or of one select."""
    return {"type": int(Part.ROW), "components": listed(items)}


def container(items: Iterable[JsonObject], accent: int | None = None) -> JsonObject:
    """Return the frame around a card; ``accent`` colours its edge."""
    frame: JsonObject = {"type": int(Part.CONTAINER), "components": listed(items)}
    if accent is not None:
        frame["accent_color"] = accent
    return frame


def press(words: str, action: Action) -> JsonObject:
    """Return a button that brings its action back."""
    return {
        "type": int(Part.BUTTON),
        "style": GREY,
        "label": label(words, BUTTON_LABEL, "Open"),
        "custom_id": action.encode(),
    }


def _opens(words: str, url: str) -> JsonObject:
    return {
        "type": int(Part.BUTTON),
        "style": LINK,
        "label": label(words, BUTTON_LABEL, "Open"),
        "url": url,
    }


def _opened(url: str) -> str | None:
    return url if target(url) and units(url) <= BUTTON_URL else None


def rows(buttons: Sequence[Button], room: Room) -> list[JsonObject]:
    """Return buttons in rows: a repeated action once, addresses too long for a button not."""
    made = [
        press(button.label, button.action) if button.action else _opens(button.label, held)
        for button, held in pressable(buttons[:MOST_BUTTONS], room, _opened)
    ]
    found = [row(chunk) for chunk in chunks(made, ROW_BUTTONS)]
    room.parts -= len(made) + len(found)
    return found


def add_long_links(lines: Lines, buttons: Sequence[Button], known: frozenset[str]) -> None:
    """Add those links of buttons that only a text can hold, unless it already does.

    They take at most half of a message: two of the longest addresses would fill it.
    """
    left = TEXT // 2
    for button in buttons:
        url = button.url or ""
        size = units(url) + BUTTON_LABEL
        if units(url) > BUTTON_URL and url not in known and size <= left:
            lines.add_link("", "", button.label, url, size)
            left -= size


def selects(placeholder: str, options: Sequence[Option], room: Room) -> list[JsonObject]:
    """Return options as selects of at most 25, each in its row; a repeated action once."""
    made = [option_part(option) for option in options if room.claim(option.action)]
    found = [
        row(
            [
                {
                    "type": int(Part.SELECT),
                    "custom_id": f"choose:{number}",
                    "placeholder": label(placeholder, PLACEHOLDER, "Choose one"),
                    "options": listed(chunk),
                }
            ]
        )
        for number, chunk in enumerate(chunks(made, SELECT_OPTIONS))
    ]
    room.parts -= 2 * len(found)
    return found


def option_part(option: Option) -> JsonObject:
    """Return one option of a select."""
    made: JsonObject = {
        "label": label(option.label, OPTION_TEXT, "Untitled"),
        "value": option.action.encode(),
    }
    if not is_blank(tidy(option.detail)):
        made["description"] = label(option.detail, OPTION_TEXT, ELLIPSIS)
    return made
