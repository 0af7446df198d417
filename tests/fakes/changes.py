"""Lets a test wait until something is true, without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Whoever changes the server's state calls notify(); whoever waits is woken to look again."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Wake all who wait."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T], timeout: float, what: str) -> T:  # noqa: ASYNC109
        """Return the first true value of ``look``; raise TimeoutError naming ``what``."""
        try:
            async with asyncio.timeout(timeout):
                return await self._until(look)
        except TimeoutError:
            raise TimeoutError(f"{what}: not within {timeout:.1f} s") from None

    async def _until(self, look: Callable[[], T]) -> T:
        while not (value := look()):
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await future
            finally:
                self._waiting.discard(future)
        return value
