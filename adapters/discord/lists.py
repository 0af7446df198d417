"""Lays out lists: a section with a button for each line, or lines and a select for many."""

from __future__ import annotations

from adapters.contract import JsonObject
from adapters.discord.parts import Lines, press, section, selects, text
from adapters.layout import Entry, Group, Room, first_entries
from bot.core.wording import ELLIPSIS

LINE = 400
"""Units of one line with its address and its detail."""

MOST_LINES = 25
"""Lines of one message, as many as a select holds; services list fewer to a page."""

SECTION_PARTS = 3
"""A section, its text and its button."""


def list_parts(groups: list[Group], placeholder: str, room: Room) -> list[JsonObject]:
    """Return the components of a list, within what is left of the room.

    The frame, the heading above and a text for each group's heading are counted here.
    """
    groups, shown, left_out = first_entries(groups, MOST_LINES)
    room.parts -= 2 + len(groups)
    each = min(LINE, room.text * 3 // 4 // max(shown, 1))
    heading = min(LINE, room.text // 4 // max(len(groups), 1))
    if shown * SECTION_PARTS <= room.parts:
        parts = _sections(groups, each, heading, room)
    else:
        parts = _compact(groups, each, heading, placeholder, room)
    if left_out:
        parts.append(text(f"-# {left_out} more do not fit here."))
    return parts


def _add_heading(lines: Lines, group: Group, cap: int) -> None:
    if group.title:
        lines.add_link("-# ", "", group.title, group.url, cap * 2 // 3)
        lines.add("-# ", group.detail, cap // 3)


def _add_entry(lines: Lines, entry: Entry, cap: int) -> None:
    lines.add_link("**", entry.prefix, entry.title, entry.url, cap * 2 // 3, "**")
    lines.add("-# ", entry.detail, cap // 3)


def _sections(groups: list[Group], each: int, heading: int, room: Room) -> list[JsonObject]:
    parts: list[JsonObject] = []
    for group in groups:
        above = Lines(room)
        _add_heading(above, group, heading)
        parts += above.parts()
        for entry in group.entries:
            lines = Lines(room)
            _add_entry(lines, entry, each)
            if room.claim(entry.action):
                content = lines.content() or ELLIPSIS
                parts.append(section(content, press(entry.verb, entry.action)))
            else:
                parts += lines.parts()
    return parts


def _compact(
    groups: list[Group], each: int, heading: int, placeholder: str, room: Room
) -> list[JsonObject]:
    lines = Lines(room)
    for group in groups:
        _add_heading(lines, group, heading)
        for entry in group.entries:
            _add_entry(lines, entry, each)
    options = [entry.option() for group in groups for entry in group.entries]
    return [*lines.parts(), *selects(placeholder, options, room)]
