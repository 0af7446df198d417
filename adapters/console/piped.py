"""Lines of a pipe or a file, read as they are asked for and bounded in length."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from bot.core.lines import MAX_LINE

_CHUNK = 65_536
"""Bytes read at once: the capacity of a pipe on Linux."""

_MAX_BYTES = 4 * MAX_LINE + 4
"""A line that is longer has more than MAX_LINE characters, whatever they are (UTF-8)."""


class PipedLines:
    """The lines of a file descriptor; ``None`` stands for a closed standard input."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._buffer = b""
        self._ended = descriptor is None

    async def read(self) -> str | None:
        """Return the next line, cut where it is longer than any command, or None at the end."""
        start = b""
        while b"\n" not in self._buffer:
            # Only the start of an endless line is kept; the rest is read past.
            start = (start + self._buffer)[:_MAX_BYTES]
            self._buffer = b""
            if self._ended:
                return start.decode(errors="replace") if start else None
            self._buffer = await self._read_chunk()
            self._ended = not self._buffer
        end, _, self._buffer = self._buffer.partition(b"\n")
        return (start + end)[:_MAX_BYTES].decode(errors="replace")

    async def ask(self, question: str) -> str:
        """Return the next line as the answer to a question that nobody is there to read."""
        return await self.read() or ""

    async def above(self, show: Callable[[], None]) -> None:
        """Show something: nothing is being typed."""
        show()

    async def _read_chunk(self) -> bytes:
        if self._descriptor is None:
            return b""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, ready.set)
        except PermissionError:
            # epoll refuses regular files: they are always ready.
            return os.read(self._descriptor, _CHUNK)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
        return os.read(self._descriptor, _CHUNK)
