"""Tables as plain text and as Markdown, and how numbers look in them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from benchmarks.quality.statistics import Estimate


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a name for each column; the first column names the row."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def text(self) -> str:
        """Return it as plain text, columns under each other."""
        lines = [tuple(map(_plain, line)) for line in (self.columns, *self.rows)]
        widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
        return "\n".join(
            [
                _plain(self.title),
                *(
                    "  ".join(
                        cell.rjust(width) if place else cell.ljust(width)
                        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
                    ).rstrip()
                    for line in lines
                ),
            ]
        )

    def markdown(self) -> str:
        """Return it as Markdown, under a heading."""
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        cells = ("| " + " | ".join(map(_cell, line)) + " |" for line in lines)
        return "\n".join([f"### {_cell(self.title)}", "", *cells])


def _plain(text: str) -> str:
    """Return a text without what a terminal would obey."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _cell(text: str) -> str:
    return _plain(text).replace("\\", "\\\\").replace("|", "\\|")


def figure(value: float) -> str:
    """Return a share with three places, without the zero before them."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def percent(value: float) -> str:
    """Return a share in hundredths, with one place."""
    return f"{value * 100:.1f}" if math.isfinite(value) else "–"


def interval(found: Estimate, shown: Callable[[float], str] = figure) -> str:
    """Return a share with the ends of its interval, if it has one."""
    if not math.isfinite(found.low):
        return shown(found.value)
    return f"{shown(found.value)} [{shown(found.low)} {shown(found.high)}]"


def ratio(found: Estimate) -> str:
    """Return a ratio with the ends of its interval."""
    if not math.isfinite(found.value):
        return "–"
    if not math.isfinite(found.low):
        return f"{found.value:.2f}×"
    return f"{found.value:.2f}× [{found.low:.2f} {found.high:.2f}]"


def seconds(value: float) -> str:
    """Return seconds; a dash where there is no end to them."""
    return f"{value:.0f} s" if math.isfinite(value) else "–"


def milliseconds(value: float) -> str:
    """Return seconds as milliseconds."""
    return f"{value * 1_000:.2f} ms"
