"""Splits one line of a Markdown table into its cells, keeping what stands between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.ingest.inline import code_spans

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
