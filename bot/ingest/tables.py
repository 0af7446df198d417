"""Finds the tables of a document and the rows in them, however loosely they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.ingest.columns import is_time_cell
from bot.ingest.lines import Line, heading
from bot.ingest.parsed import Repair
from bot.ingest.rows import Row, has_bar, is_closed, is_rule, split_row


@dataclass(frozen=True, slots=True)
class Table:
    """A table: lines ``start`` to ``stop`` (indexes, ``stop`` excluded) of the document.

    ``head`` are the lines above the rows; ``header`` the cells of the first of them, or
    nothing when the table has no header. ``drawn`` is false when no line of dashes makes it
    one, so that only its times can tell it from prose. ``follows`` is true when nothing but
    blank lines part it from a table above it.
    """

    start: int
    stop: int
    head: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    repairs: tuple[Repair, ...]
    drawn: bool
    follows: bool


@dataclass(slots=True)
class _Entry:
    """A row's text, gathered from one line or several; indexes into the document."""

    start: int
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.pieces)


def find_tables(lines: Sequence[Line]) -> list[Table]:
    """Return everything drawn with pipes, in order: tables of times and others."""
    tables: list[Table] = []
    index = 0
    while index < len(lines):
        if not _in_table(lines[index]):
            index += 1
            continue
        entries, stop = _run(lines, index)
        for part in _parts(entries):
            follows = bool(tables) and _follows(part[0].start, tables[-1], lines)
            tables.append(_table(part, lines, follows=follows))
        index = stop
    return tables


def _follows(start: int, above: Table, lines: Sequence[Line]) -> bool:
    gap = lines[above.stop : start]
    return (above.drawn or above.follows) and not any(line.text.strip() for line in gap)


def _in_table(line: Line) -> bool:
    return not line.hidden and heading(line.text) is None and has_bar(line.text)


def _run(lines: Sequence[Line], index: int) -> tuple[list[_Entry], int]:
    """Gather the rows from ``index`` up to the first line that belongs to none."""
    entries: list[_Entry] = []
    opened = lines[index].text.lstrip().startswith("|")
    ruled = False
    while index < len(lines):
        line = lines[index]
        broken = opened and ruled and _continues(line, entries[-1])
        if not broken and not _in_table(line):
            break
        if broken:
            entries[-1].pieces.append(line.text.strip())
        else:
            ruled = ruled or is_rule(line.text)
            entries.append(_Entry(index, [line.text]))
        index += 1
    return entries, index


def _continues(line: Line, above: _Entry) -> bool:
    """Return whether a line without an opening pipe goes on with the unfinished row above."""
    text = line.text.strip()
    if line.hidden or not text or text[0] in "|#" or is_rule(text):
        return False
    last = above.pieces[-1]
    if is_closed(last) or is_rule(last):
        return False
    return not has_bar(text) or not any(map(is_time_cell, split_row(text, 0).cells))


def _parts(entries: Sequence[_Entry]) -> list[Sequence[_Entry]]:
    """Part a run of rows where a line of dashes, with its header, begins another table."""
    starts = [0]
    first: tuple[str, ...] | None = None
    for index, entry in enumerate(entries):
        if not is_rule(entry.text):
            continue
        header = _header_cells(entries[index - 1]) if index > starts[-1] else ()
        # Further down the same run only the same header is one: anything else is a row.
        headed = bool(header) and first in {None, header}
        first = header if first is None else first
        starts.append(index - 1 if headed else index)
    starts = sorted(set(starts))
    return [entries[a:b] for a, b in zip(starts, [*starts[1:], len(entries)], strict=True)]


def _header_cells(entry: _Entry) -> tuple[str, ...]:
    """Return the cells of an entry that may be a header, or nothing."""
    return () if is_rule(entry.text) or _has_time(entry) else split_row(entry.text, 0).cells


def _has_time(entry: _Entry) -> bool:
    return any(map(is_time_cell, split_row(entry.text, 0).cells))


def _table(entries: Sequence[_Entry], lines: Sequence[Line], *, follows: bool) -> Table:
    height = _head_height(entries, follows=follows)
    stop = entries[-1].start + len(entries[-1].pieces)
    head = tuple(entry.text for entry in entries[:height])
    header = _header(head)
    rows: list[Row] = []
    repairs: list[Repair] = []
    for entry in entries[height:]:
        row = split_row(entry.text, lines[entry.start].number)
        repairs += [Repair(row.line, sentence) for sentence in _mended(entry, row, entries[0])]
        rows.append(_with_outer_pipes(row, entries[0]))
    drawn = any(is_rule(text) for text in head)
    return Table(entries[0].start, stop, head, header, tuple(rows), tuple(repairs), drawn, follows)


def _header(head: Sequence[str]) -> tuple[str, ...]:
    """Return the header's cells; blank ones where only the line of dashes tells how many."""
    cells: tuple[str, ...] = ()
    if head and not is_rule(head[0]):
        cells = split_row(head[0], 0).cells
    # Org mode draws |---+---|.
    rule = head[-1].replace("+", "|") if head and is_rule(head[-1]) else ""
    dashes = len(split_row(rule, 0).cells) if rule else 0
    return cells + ("",) * (dashes - len(cells))


def _head_height(entries: Sequence[_Entry], *, follows: bool) -> int:
    if is_rule(entries[0].text):
        return 1
    if len(entries) > 1 and is_rule(entries[1].text):
        return 2
    if follows:
        # Rows go on after a blank line; without dashes nothing begins anew.
        return 0
    below = next((entry for entry in entries[1:] if entry.text.strip("| \t")), None)
    return int(below is not None and not _has_time(entries[0]) and _has_time(below))


def _mended(entry: _Entry, row: Row, first: _Entry) -> Iterator[str]:
    """Say what this row lacks of the outer pipes that the table's first line has."""
    if len(entry.pieces) > 1:
        yield f"a row broken over {len(entry.pieces)} lines was joined"
    if first.text.lstrip().startswith("|") and not row.opened:
        yield "the opening | was missing"
    if is_closed(first.text) and not row.closed:
        yield "the closing | was missing"


def _with_outer_pipes(row: Row, first: _Entry) -> Row:
    """Give a row the outer pipes that the table's first line has."""
    frame = list(row.frame)
    if first.text.lstrip().startswith("|") and not row.opened:
        frame[0] = "| "
    if is_closed(first.text) and not row.closed:
        frame[-1] = " |"
    return replace(row, frame=tuple(frame))
