"""Keeps hold of the work that was begun, so that a stop can finish it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Value = TypeVar("Value")


class Running:
    """The tasks that answer somebody right now."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Value]) -> asyncio.Task[Value]:
        """Run work in a task of its own, held until it ends."""
        task = asyncio.create_task(work)
        self.hold(task)
        return task

    def hold(self, task: asyncio.Task[Any]) -> None:
        """Count a task that runs already."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finished(self, work: Coroutine[Any, Any, Value]) -> Value | None:
        """Return what work comes to; None where a stop could not wait for its end.

        It goes on, until then, where the caller is cancelled.
        """
        task = self.start(work)
        await asyncio.wait({task})
        return None if task.cancelled() else task.result()

    async def drain(self, within: float) -> None:
        """Finish what was begun, at most ``within`` seconds; cancel what is left."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within
        while self._tasks and loop.time() < until:
            await asyncio.wait(set(self._tasks), timeout=until - loop.time())
        left = set(self._tasks)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=within)


async def unless_stopping(
    stopping: asyncio.Event, work: Coroutine[Any, Any, Value]
) -> Value | None:
    """Return what work comes to; None where the host stops first, which ends it."""
    doing = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({doing, stop}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        doing.cancel()
        stop.cancel()
        await asyncio.gather(doing, stop, return_exceptions=True)


async def stopped_within(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait, but not longer than the host runs; return whether it stops."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return False
    return True
