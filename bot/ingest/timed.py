"""Picks the tables that hold times and brings their rows to the width of their header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.errors import BadDocument
from bot.ingest.columns import (
    MAX_COLUMNS,
    Columns,
    Shape,
    find_columns,
    find_shape,
    find_width,
    is_time_cell,
)
from bot.ingest.parsed import Repair
from bot.ingest.rows import Row, split_row, split_row_outside_code, write_row
from bot.ingest.tables import Table

MAX_ROWS = 5_000
"""Most rows in a document: a note for every twelve seconds of the longest episodes known."""


@dataclass(frozen=True, slots=True)
class TimedTable:
    """A table of moments: its rows have one cell for each column.

    ``head`` are the lines above its rows as they are to be written.
    """

    table: Table
    head: tuple[str, ...]
    shape: Shape
    columns: Columns
    rows: tuple[Row, ...]


def timed_tables(tables: Sequence[Table], repairs: list[Repair]) -> list[TimedTable]:
    """Return the tables that hold times; raise BadDocument if none does."""
    timed: list[TimedTable] = []
    total = 0
    for index, table in enumerate(tables):
        found: list[Repair] = [*table.repairs]
        read = _timed(tables, index, timed[-1] if timed else None, found)
        if read is None:
            continue
        timed.append(read)
        repairs += found
        total += len(read.rows)
        if total > MAX_ROWS:
            line = read.rows[MAX_ROWS - total].line
            raise BadDocument(f"The document has more than {MAX_ROWS:,} rows.", line=line)
    if not timed:
        raise _nothing(tables)
    return timed


def _timed(
    tables: Sequence[Table], index: int, above: TimedTable | None, repairs: list[Repair]
) -> TimedTable | None:
    """Return the table at ``index`` as one of moments, or None if it is none."""
    table = tables[index]
    told = list(_telling(table, above.table.header if above else (), repairs))
    inherited = above if above and _continues(tables, index, above) else None
    width = inherited.shape.count if inherited else find_width(table.header, told)
    split = [_outside_code(row, width, repairs) for row in told]
    shape = inherited.shape if inherited else _own_shape(tables, index, width, split)
    if shape is None:
        return None
    rows = tuple(_fitted(row, shape, repairs) for row in split)
    columns = inherited.columns if inherited else find_columns(shape, rows)
    if table.drawn or inherited or _is_first_row(tables, index):
        return TimedTable(table, table.head, shape, columns, rows)
    repairs.append(Repair(table.start + 1, "the table had no line of dashes"))
    if not table.head:
        # A header of blank cells needs outer pipes, and so then do the rows.
        rows = tuple(replace(row, frame=()) for row in rows)
    return TimedTable(table, _drawn_head(table, width), shape, columns, rows)


def _drawn_head(table: Table, width: int) -> tuple[str, str]:
    """Return a header and the line of dashes that makes it a table to everybody else."""
    header = table.head[0] if table.head else write_row([""] * width)
    rule = "---|" * (width - 1) + "---"
    return header, f"|{rule}|" if split_row(header, 0).opened else rule


def _outside_code(row: Row, width: int, repairs: list[Repair]) -> Row:
    """Split a row anew if it is too wide only for the pipes that belong to code."""
    if len(row.cells) > width:
        outside = split_row_outside_code(row.text, row.line)
        if len(outside.cells) == width:
            repairs.append(Repair(row.line, "a | inside code was escaped"))
            return outside
    return row


def _telling(table: Table, header: tuple[str, ...], repairs: list[Repair]) -> Iterator[Row]:
    """Yield the rows that say something, noting those left out; ``header`` stands above."""
    seen: dict[tuple[str, ...], int] = {table.header or header: 0}
    for row in table.rows:
        line = seen.setdefault(row.cells, row.line)
        if not any(row.cells):
            repairs.append(Repair(row.line, "an empty row was left out"))
        elif line == 0:
            repairs.append(Repair(row.line, "a repeated header was left out"))
        elif line != row.line:
            repairs.append(Repair(row.line, f"a row that repeats line {line} was left out"))
        else:
            yield row


def _nothing(tables: Sequence[Table]) -> BadDocument:
    drawn = next((table for table in tables if table.drawn), None)
    if drawn is None:
        return BadDocument(
            "There is no table in it: each moment is a row such as | 17:51 | Topic | Details |."
        )
    line = drawn.start + 1
    if not drawn.rows:
        return BadDocument("This table has no rows.", line=line)
    if len(drawn.header) > MAX_COLUMNS:
        return BadDocument(f"This table has more than {MAX_COLUMNS} columns.", line=line)
    if len(drawn.header) == 1:
        return BadDocument("This table has one column; it needs times and titles.", line=line)
    return BadDocument("No column of this table holds times such as 2:00:32.", line=line)


def _own_shape(
    tables: Sequence[Table], index: int, width: int, rows: Sequence[Row]
) -> Shape | None:
    table = tables[index]
    shape = find_shape(width, table.header, rows)
    if shape is None or table.drawn or _is_first_row(tables, index):
        return shape
    # Pipes in prose are no table: without a line of dashes there must be rows enough.
    return shape if sum(_has_time(row, shape) for row in rows) > 1 else None


def _has_time(row: Row, shape: Shape) -> bool:
    return shape.time < len(row.cells) and is_time_cell(row.cells[shape.time])


def _continues(tables: Sequence[Table], index: int, above: TimedTable) -> bool:
    """Return whether a table has the columns of the one above it."""
    table = tables[index]
    if any(table.header):
        return _folded(table.header) == _folded(above.table.header)
    width = above.shape.count
    rows = [_outside_code(row, width, []) for row in table.rows]
    if any(_has_time(row, above.shape) for row in rows):
        return True
    # A row of the same make is one of its rows, and its time a mistake to be told.
    follows = table.follows and above.table is tables[index - 1]
    return follows and all(row.opened and len(row.cells) == width for row in rows)


def _folded(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(str.casefold, cells))


def _is_first_row(tables: Sequence[Table], index: int) -> bool:
    """Return whether this is a row that stands in the place of the next table's header."""
    following = tables[index + 1] if index + 1 < len(tables) else None
    return (
        following is not None
        and following.start == tables[index].stop
        and following.drawn
        and not any(following.header)
    )


def _fitted(row: Row, shape: Shape, repairs: list[Repair]) -> Row:
    """Return the row with exactly as many cells as the table has columns."""
    count = shape.count
    if len(row.cells) > count:
        row = _narrowed(row, shape, repairs)
    missing = count - len(row.cells)
    return Row(row.line, row.cells + ("",) * missing, row.frame) if missing else row


def _narrowed(row: Row, shape: Shape, repairs: list[Repair]) -> Row:
    count, found = shape.count, len(row.cells)
    if not any(row.cells[count:]):
        return Row(row.line, row.cells[:count], ())
    if not shape.ends_in_words:
        raise BadDocument(
            f"This row has {found} cells where the table has {count} columns: "
            "write a | inside a cell as \\|.",
            line=row.line,
        )
    repairs.append(Repair(row.line, f"{found} cells were read as {count}: the last keeps the rest"))
    rest = " \\| ".join(row.cells[count - 1 :]).strip()
    return Row(row.line, (*row.cells[: count - 1], rest), ())
