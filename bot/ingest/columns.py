"""Finds which column of a table holds the times, the titles and the details."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.ingest.inline import one_line, read_inline
from bot.ingest.links import recording
from bot.ingest.rows import Row, split_row_outside_code
from bot.ingest.times import looks_like_time

MAX_TIME_CELL = 4_096
"""Longest cell that can hold a time, in characters: a label with the longest link fits."""

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

_REFERENCE_LINK = re.compile(r"\[([^\[\]]{1,64})\]\[[^\[\]]{0,200}\]")
"""``[17:51][1]``: the definitions are read later, and do not matter to the words."""

_DIGIT = re.compile(r"\d")

_LONGER = 2
"""Below headers that say nothing, details are text at least this many times longer."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of a table's columns. Without ``text`` the title column holds both."""

    count: int
    time: int
    title: int
    text: int | None


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


def is_time_cell(cell: str) -> bool:
    """Return whether a cell is written as a time, or is a wordless link to one."""
    if len(cell) > MAX_TIME_CELL or not _DIGIT.search(cell):
        return False
    inline = read_inline(cell)
    if looks_like_time(_REFERENCE_LINK.sub(r"\1", inline.text)):
        return True
    if inline.links and (inline.text in inline.links[0].url or not _has_word(inline.text)):
        link = recording(inline.links[0].url)
        return link is not None and link.at is not None
    return False


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _role(header: str) -> str:
    words = [word.removesuffix("s") for word in re.findall(r"[^\W\d_]+", _folded(header))]
    if not _ENDS.isdisjoint(words):
        return "other"
    # English names a thing by its last word: "start time", "topic summary", "speaker notes".
    for word in reversed(words):
        for role, names in _ROLES.items():
            if names.fullmatch(word):
                return role
    return ""


def _folded(header: str) -> str:
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
