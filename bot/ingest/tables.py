"""Finds the tables of a document, however loosely drawn, and splits their rows into cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.ingest.document_lines import Line, heading
from bot.ingest.inline_markdown import code_spans
from bot.ingest.parsed import Repair
from bot.ingest.time_labels import is_time_cell

_BAR = re.compile(r"\\.|\|")
_DASHES = frozenset("-–—=")
_RULE = _DASHES | frozenset("|+:")


@dataclass(frozen=True, slots=True)
class Row:
    """A table row. ``frame`` is what stands before, between and after its trimmed cells."""

    line: int
    cells: tuple[str, ...]
    frame: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the line as it was written."""
        pairs = zip(self.cells, self.frame[1:], strict=True)
        return self.frame[0] + "".join(cell + after for cell, after in pairs)

    @property
    def opened(self) -> bool:
        """Return whether the row begins with a ``|``."""
        return "|" in self.frame[0]

    @property
    def closed(self) -> bool:
        """Return whether the row ends with a ``|``."""
        return "|" in self.frame[-1]


def split_row(text: str, line: int) -> Row:
    """Split ``text`` at every ``|`` that no backslash escapes, as GitHub's Markdown does."""
    return _split(text, line, list(_bars(text)))


def split_row_outside_code(text: str, line: int) -> Row:
    """Split ``text`` at the pipes outside code spans; those inside come back escaped."""
    row = _split(text, line, _outside_code(text, _bars(text)))
    return Row(line, tuple(escape_bars(cell) for cell in row.cells), row.frame)


def escape_bars(cell: str) -> str:
    """Put a backslash before every pipe that has none."""
    return _BAR.sub(lambda found: "\\|" if found[0] == "|" else found[0], cell)


def usual_frame(count: int) -> tuple[str, ...]:
    """Return the frame ``| … | … |`` of a row with ``count`` cells."""
    return ("| ", *(" | ",) * (count - 1), " |")


def remembered_frame(row: Row) -> tuple[str, ...]:
    """Return a row's frame if it must be kept, or nothing if the usual one will do."""
    usual = usual_frame(len(row.cells))
    return row.frame if len(row.frame) == len(usual) and row.frame != usual else ()


def write_row(cells: Sequence[str], frame: Sequence[str] = ()) -> str:
    """Return the line of a row, in ``frame`` if its cells can be read back from there."""
    if len(frame) == len(cells) + 1:
        text = Row(0, tuple(cells), tuple(frame)).text
        if split_row(text, 0).cells == tuple(cells):
            return text
    return Row(0, tuple(cells), usual_frame(len(cells))).text


def has_bar(text: str) -> bool:
    """Return whether a pipe in ``text`` parts two cells."""
    return "|" in text and next(_bars(text), None) is not None


def is_closed(text: str) -> bool:
    """Return whether ``text`` ends with a pipe that parts cells."""
    text = text.rstrip()
    # An odd number of backslashes before the pipe escapes it.
    body = text[:-1]
    return text.endswith("|") and (len(body) - len(body.rstrip("\\"))) % 2 == 0


def is_rule(text: str) -> bool:
    """Return whether ``text`` is the line of dashes below a table's header."""
    used = set("".join(text.split()))
    return "|" in used and used <= _RULE and not used.isdisjoint(_DASHES)


def _bars(text: str) -> Iterator[int]:
    return (found.start() for found in _BAR.finditer(text) if found[0] == "|")


def _split(text: str, line: int, bars: list[int]) -> Row:
    edges = [-1, *bars, len(text)]
    pieces = [text[edges[i] + 1 : edges[i + 1]] for i in range(len(edges) - 1)]
    before, after = "", ""
    if len(pieces) > 1 and not pieces[0].strip():
        before = pieces.pop(0) + "|"
    if len(pieces) > 1 and not pieces[-1].strip():
        after = "|" + pieces.pop()
    frame = [before]
    cells: list[str] = []
    for piece in pieces:
        cell = piece.strip()
        lead = len(piece) - len(piece.lstrip()) if cell else min(1, len(piece))
        frame[-1] += piece[:lead]
        cells.append(cell)
        frame.append(piece[lead + len(cell) :] + "|")
    frame[-1] = frame[-1][:-1] + after
    return Row(line, tuple(cells), tuple(frame))


def _outside_code(text: str, bars: Iterator[int]) -> list[int]:
    spans = code_spans(text)
    starts = [start for start, _ in spans]
    kept = []
    for bar in bars:
        index = bisect_right(starts, bar) - 1
        if index < 0 or bar >= spans[index][1]:
            kept.append(bar)
    return kept


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
