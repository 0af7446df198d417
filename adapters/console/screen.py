"""Writes pages to the terminal or pipe that standard output is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

from adapters.console.canvas import Page
from adapters.console.limits import MAX_WIDTH, MIN_WIDTH, WIDTH


class Screen:
    """One output stream: how wide it is, and whether it shows colour.

    Colour needs a terminal, one that is not ``dumb``, and no NO_COLOR (https://no-color.org:
    set to anything but the empty string).
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str]) -> None:
        self._stream = stream
        self._environ = environ

    @property
    def terminal(self) -> bool:
        """Return whether a person may be looking."""
        return self._stream.isatty()

    @property
    def colour(self) -> bool:
        """Return whether styling is wanted and understood."""
        wanted = not self._environ.get("NO_COLOR") and self._environ.get("TERM") != "dumb"
        return self.terminal and wanted

    @property
    def columns(self) -> int:
        """Return the columns to write on: a terminal's own within reason, else 80."""
        if not self.terminal:
            return WIDTH
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns
        except OSError:
            return WIDTH
        # A pseudo-terminal that nobody gave a size has 0 columns.
        return min(max(columns, MIN_WIDTH), MAX_WIDTH) if columns else WIDTH

    def show(self, page: Page) -> None:
        """Write a page and an empty line; raise OSError when nobody reads any more."""
        text = page.coloured() if self.colour else page.plain()
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "replace").decode(encoding) + "\n\n")
        self._stream.flush()
