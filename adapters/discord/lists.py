"""Lays out lists: a section with a button for each line, or lines and a select for many."""

from __future__ import annotations

from dataclasses import dataclass, replace

from adapters.contract import JsonObject
from adapters.discord.parts import Lines, Room, press, section, selects, text
from bot.core.actions import Action
from bot.core.reply import Option
from bot.core.wording import ELLIPSIS

LINE = 400
"""Units of one line with its address and its detail."""

MOST_LINES = 25
"""Lines of one message, as many as a select holds; services list fewer to a page."""

SECTION_PARTS = 3
"""A section, its text and its button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: ``prefix · title`` linked to ``url``, a detail, and a button with ``verb``."""

    prefix: str
    title: str
    url: str
    detail: str
    verb: str
    action: Action

    def option(self) -> Option:
        """Return this line as an option of a select."""
        words = f"{self.prefix} · {self.title}" if self.prefix else self.title
        return Option(words, self.action, self.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines under a heading of their own, if they have one."""

    entries: tuple[Entry, ...]
    title: str = ""
    url: str = ""
    detail: str = ""


def list_parts(blocks: list[Block], placeholder: str, room: Room) -> list[JsonObject]:
    """Return the components of a list, within what is left of the room.

    The frame, the heading above and a text for each block's heading are counted here.
    """
    total = sum(len(block.entries) for block in blocks)
    blocks, left_out = _first(blocks, MOST_LINES)
    shown = total - left_out
    room.parts -= 2 + len(blocks)
    each = min(LINE, room.text * 3 // 4 // max(shown, 1))
    heading = min(LINE, room.text // 4 // max(len(blocks), 1))
    if shown * SECTION_PARTS <= room.parts:
        parts = _sections(blocks, each, heading, room)
    else:
        parts = _compact(blocks, each, heading, placeholder, room)
    if left_out:
        parts.append(text(f"-# {left_out} more do not fit here."))
    return parts


def _first(blocks: list[Block], most: int) -> tuple[list[Block], int]:
    """Return (blocks with at most ``most`` entries in all, how many entries were left out)."""
    kept: list[Block] = []
    left_out = 0
    for block in blocks:
        places = most - sum(len(other.entries) for other in kept)
        left_out += max(len(block.entries) - places, 0)
        if places > 0:
            kept.append(replace(block, entries=block.entries[:places]))
    return kept, left_out


def _add_heading(lines: Lines, block: Block, cap: int) -> None:
    if block.title:
        lines.add_link("-# ", "", block.title, block.url, cap * 2 // 3)
        lines.add("-# ", block.detail, cap // 3)


def _add_entry(lines: Lines, entry: Entry, cap: int) -> None:
    lines.add_link("**", entry.prefix, entry.title, entry.url, cap * 2 // 3, "**")
    lines.add("-# ", entry.detail, cap // 3)


def _sections(blocks: list[Block], each: int, heading: int, room: Room) -> list[JsonObject]:
    parts: list[JsonObject] = []
    for block in blocks:
        above = Lines(room)
        _add_heading(above, block, heading)
        parts += above.parts()
        for entry in block.entries:
            lines = Lines(room)
            _add_entry(lines, entry, each)
            if room.claim(entry.action.encode()):
                content = lines.content() or ELLIPSIS
                parts.append(section(content, press(entry.verb, entry.action)))
            else:
                parts += lines.parts()
    return parts


def _compact(
    blocks: list[Block], each: int, heading: int, placeholder: str, room: Room
) -> list[JsonObject]:
    lines = Lines(room)
    for block in blocks:
        _add_heading(lines, block, heading)
        for entry in block.entries:
            _add_entry(lines, entry, each)
    options = [entry.option() for block in blocks for entry in block.entries]
    return [*lines.parts(), *selects(placeholder, options, room)]
