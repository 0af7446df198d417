"""Picks the tables that hold times, and finds what each of their columns holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.errors import BadDocument
from bot.ingest.inline_markdown import one_line, read_inline
from bot.ingest.parsed import Columns, Repair
from bot.ingest.tables import Row, Table, split_row, split_row_outside_code, write_row
from bot.ingest.time_labels import is_time_cell

MAX_COLUMNS = 60
"""Most columns: no take-away table is so wide, and every row is padded to its header."""

_ROLES = {
    "time": re.compile("time|timestamp|timecode|stamp|start|begin|when|at|from|offset|position"),
    "title": re.compile(
        "topic|title|subject|chapter|heading|headline|theme|section|segment|moment"
    ),
    "text": re.compile(
        "detail|summary|summarie|note|description|takeaway|content|explanation|comment|text|"
        "point|discussion|abstract"
    ),
    "other": re.compile(
        "speaker|guest|host|who|number|no|link|url|tag|category|type|rating|person"
    ),
}
"""What a header's word, in the singular, says its column holds."""

_ENDS = frozenset(("end", "duration", "length", "until"))
"""These decide wherever they stand: an "end time" is not where anything starts."""

_LONGER = 2
"""Below headers that say nothing, details are text at least this many times longer."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's width, its column of times, and what its header says of each column."""

    count: int
    time: int
    roles: tuple[str, ...]

    @property
    def ends_in_words(self) -> bool:
        """Return whether the last column may hold text of any length."""
        last = self.roles[-1] in {"text", ""} or self.count == 2
        return last and self.time != self.count - 1


def find_shape(count: int, header: Sequence[str], rows: Sequence[Row]) -> Shape | None:
    """Return the shape of a table of ``count`` columns, or None if none of them holds times."""
    if not 2 <= count <= MAX_COLUMNS:
        return None
    roles = [_role(cell) for cell in header] + [""] * (count - len(header))
    time = _time_column(roles, rows)
    return None if time is None else Shape(count, time, tuple(roles))


def find_columns(shape: Shape, rows: Sequence[Row]) -> Columns:
    """Return the columns of a table whose rows all have its width."""
    rest = [column for column in range(shape.count) if column != shape.time]
    worded = [column for column in rest if not _only_numbers(column, rows)] or rest
    known = [column for column in worded if shape.roles[column] != "other"] or worded
    titles = [column for column in known if shape.roles[column] == "title"]
    texts = [column for column in known if shape.roles[column] == "text"]
    if not titles and len(texts) > 1 and len(texts) == len(known):
        titles = texts[:1]
    candidates = [column for column in texts or known if column not in titles[:1]]
    if not titles and len(known) == 1:
        return Columns(shape.count, shape.time, title=known[0], text=None)
    text = _details_column(candidates, rows, named=bool(texts)) if candidates else None
    others = titles[:1] or [column for column in known if column != text]
    title = max(others, key=_distinct(rows))
    return Columns(shape.count, shape.time, title, text)


def find_width(header: Sequence[str], rows: Sequence[Row]) -> int:
    """Return the number of columns: the header's, unless most of several rows have more."""
    sizes = Counter(_size(row, len(header)) for row in rows)
    common, times = sizes.most_common(1)[0] if sizes else (0, 0)
    if header and (len(rows) == 1 or times * 2 <= len(rows)):
        return len(header)
    return max(len(header), common)


def _size(row: Row, width: int) -> int:
    """Count a row's cells up to its last filled one; pipes inside code make it no wider."""
    cells = row.cells
    if len(cells) > width:
        cells = split_row_outside_code(row.text, row.line).cells
    return next((size for size in range(len(cells), 0, -1) if cells[size - 1]), 0)


def _role(header: str) -> str:
    words = [word.removesuffix("s") for word in re.findall(r"[^\W\d_]+", _header_words(header))]
    if not _ENDS.isdisjoint(words):
        return "other"
    # English names a thing by its last word: "start time", "topic summary", "speaker notes".
    for word in reversed(words):
        for role, names in _ROLES.items():
            if names.fullmatch(word):
                return role
    return ""


def _header_words(header: str) -> str:
    text = one_line(read_inline(header[:200]).text)
    return re.sub(r"(?<=\w)[-’'](?=\w)", "", text.casefold())


def _time_column(roles: Sequence[str], rows: Sequence[Row]) -> int | None:
    counts = [
        sum(column < len(row.cells) and is_time_cell(row.cells[column]) for row in rows)
        for column in range(len(roles))
    ]
    named = [column for column, role in enumerate(roles) if role == "time"]
    for column in named:
        if counts[column]:
            return column
    for wanted in (
        [column for column, role in enumerate(roles) if role not in {"other", "title", "text"}],
        list(range(len(roles))),
    ):
        best = max(wanted, key=lambda column: counts[column], default=None)
        # Half the rows: a time that happens to stand alone in a cell makes no column of times.
        if best is not None and counts[best] and counts[best] * 2 >= len(rows):
            return best
    # Bare seconds are times only below a header that says so.
    return next((column for column in named if _only_numbers(column, rows)), None)


def _only_numbers(column: int, rows: Sequence[Row]) -> bool:
    cells = [row.cells[column].strip("*_ ") for row in rows if column < len(row.cells)]
    return any(cells) and all(cell.isdecimal() for cell in cells if cell)


def _details_column(columns: Sequence[int], rows: Sequence[Row], *, named: bool) -> int:
    """Return the column of details: the one whose header says so, else the last or longest."""
    if named:
        return columns[0]
    sizes = {column: sum(len(row.cells[column]) for row in rows) for column in columns}
    longest = max(columns, key=lambda column: sizes[column])
    return longest if sizes[longest] >= _LONGER * sizes[columns[-1]] else columns[-1]


def _distinct(rows: Sequence[Row]) -> Callable[[int], int]:
    """Count a column's different cells: titles differ, speakers and categories recur."""
    return lambda column: len({row.cells[column] for row in rows})


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
