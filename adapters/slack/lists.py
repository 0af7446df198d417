"""Lays out lists: under each group's title a section with a button for each line."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.contract import JsonObject
from adapters.layout import Entry, Group, first_entries
from adapters.slack.parts import (
    Room,
    buttons_of,
    link_element,
    linked,
    rich_text,
    section,
    small,
    with_detail,
    words_element,
)
from adapters.text import fit, is_blank, plain, tidy, title_of, units
from bot.core.reply import Button

BUTTON = 4
"""Units of what is on a line's button."""

LINE = 600
"""Units of one line with its address and its detail."""

MOST_LINES = 40
"""Lines of one message; services list fewer to a page."""


def list_blocks(groups: Sequence[Group], room: Room) -> list[JsonObject]:
    """Return the blocks of a list, paid for, within what is left of the room."""
    for most in range(MOST_LINES, 0, -1):
        kept, shown, left_out = first_entries(groups, most)
        if shown + len(kept) < room.parts:
            break
    each = min(LINE, room.text * 3 // 4 // max(shown, 1))
    cap = min(LINE, room.text // 5 // max(len(kept), 1))
    blocks: list[JsonObject] = []
    for group in kept:
        blocks += _heading(group, cap)
        blocks += [_section(entry, each, room) for entry in group.entries]
    if left_out:
        blocks += small([f"{left_out} more do not fit here."], LINE)
    return room.pay(blocks)


def _section(entry: Entry, each: int, room: Room) -> JsonObject:
    texts = linked(entry.prefix, entry.title, entry.url, each * 2 // 3 - BUTTON, bold=True)
    pressed = next(buttons_of([Button(entry.verb, entry.action)], room), None)
    return section(with_detail(texts, entry.detail, each // 3), pressed)


def _heading(group: Group, cap: int) -> list[JsonObject]:
    """Return a group's title, linked if the address leaves room for it, and its detail."""
    if not group.title:
        return []
    room, url, title = cap * 2 // 3, group.url, title_of(group.title)
    if room - units(url) < min(units(title), room // 2):
        url = ""
    line = [link_element(fit(title, room - units(url), plain), url, bold=True)]
    detail = tidy(group.detail)
    if not is_blank(detail):
        line.append(words_element(f" · {fit(detail, cap // 3, plain)}"))
    return rich_text([line])
