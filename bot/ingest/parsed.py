"""What reading a document yields: a draft, repairs, conflicts, and how it was drawn."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Any

from bot.core.catalog import EpisodeDraft
from bot.core.timecode import Timecode

LAYOUT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Repair:
    """Something the reader mended. ``line`` counts from 1; ``sentence`` says what was done."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class TimeConflict:
    """A row whose label names one second and whose own link opens another."""

    line: int
    label: Timecode
    link: Timecode
    title: str


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as read: repairs and conflicts are in the order of its lines."""

    draft: EpisodeDraft
    repairs: tuple[Repair, ...]
    conflicts: tuple[TimeConflict, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of a table's columns. Without ``text`` the title column holds both."""

    count: int
    time: int
    title: int
    text: int | None


@dataclass(frozen=True, slots=True)
class RowLayout:
    """A row: its second, which finds its segment, and what stood around its cells.

    ``frame`` is empty where the row is to be written the usual way.
    """

    at: int
    frame: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table: the lines of its head, its columns, its rows, and the lines below it."""

    head: tuple[str, ...]
    columns: Columns
    rows: tuple[RowLayout, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A document without its rows: the lines above the first table, and the tables."""

    before: tuple[str, ...]
    tables: tuple[TableLayout, ...]

    def to_json(self) -> str:
        """Return the layout as JSON text."""
        tables = [
            {
                "head": table.head,
                "columns": astuple(table.columns),
                "rows": [(row.at, row.frame) if row.frame else (row.at,) for row in table.rows],
                "after": table.after,
            }
            for table in self.tables
        ]
        stored = {"version": LAYOUT_VERSION, "before": self.before, "tables": tables}
        return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


def layout_from_json(text: str) -> Layout | None:
    """Return a stored layout, or None if there is none or another version wrote it."""
    try:
        stored = json.loads(text)
        if stored.get("version") != LAYOUT_VERSION:
            return None
        return Layout(tuple(stored["before"]), tuple(map(_table, stored["tables"])))
    except (ValueError, TypeError, KeyError, AttributeError):
        # Without its layout a document is still written, only not as its author drew it.
        return None


def _table(stored: dict[str, Any]) -> TableLayout:
    rows = (RowLayout(at, tuple(frame[0]) if frame else ()) for at, *frame in stored["rows"])
    return TableLayout(
        tuple(stored["head"]), Columns(*stored["columns"]), tuple(rows), tuple(stored["after"])
    )
