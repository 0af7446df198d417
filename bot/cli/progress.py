"""A line on a terminal that tells how far a long command is; nothing where nobody watches."""

from __future__ import annotations

import shutil
import sys
from types import TracebackType
from typing import TextIO

CELLS = 24
"""Width of the bar, in characters."""


class Progress:
    """Draws ``[####----] 3/8 name`` on one line of a terminal, and clears it at the end."""

    def __init__(self, total: int, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._total = total
        self._shown = total > 1 and self._out.isatty()

    def __enter__(self) -> Progress:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave no half a line behind, whatever came."""
        self.clear()

    def show(self, done: int, name: str) -> None:
        """Tell that so many are done and which one is next."""
        if not self._shown:
            return
        filled = CELLS * done // self._total
        bar = f"[{'#' * filled}{'-' * (CELLS - filled)}] {done}/{self._total} "
        room = max(shutil.get_terminal_size().columns - len(bar) - 1, 0)
        words = "".join(char if char.isprintable() else "?" for char in name[-room:] if room)
        self._write(f"\r\x1b[2K{bar}{words}")

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._shown:
            self._write("\r\x1b[2K")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
