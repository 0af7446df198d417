"""Work that was begun is finished at a stop, within bounds."""

from __future__ import annotations

import asyncio

import pytest

from adapters.running import Running, stopped_within


async def test_drain_waits_for_what_was_begun() -> None:
    running, gate = Running(), asyncio.Event()

    async def work() -> str:
        await gate.wait()
        return "done"

    task = running.start(work())
    draining = asyncio.create_task(running.drain(within=5))
    await asyncio.wait({draining}, timeout=0.01)
    assert not draining.done()
    gate.set()
    await draining
    assert task.result() == "done"


async def test_drain_waits_for_what_the_work_begins_too() -> None:
    running = Running()
    done: list[str] = []

    async def second() -> None:
        await asyncio.sleep(0)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        running.start(second())

    running.start(first())
    await running.drain(within=5)
    assert done == ["second"]


async def test_drain_waits_for_a_task_that_ran_already() -> None:
    running, gate = Running(), asyncio.Event()
    task = asyncio.create_task(gate.wait())
    running.hold(task)
    asyncio.get_running_loop().call_soon(gate.set)
    await running.drain(within=5)
    assert task.result() is True


@pytest.mark.parametrize("within", [0.0, 0.01])
async def test_drain_after_its_time_cancels_what_is_left(within: float) -> None:
    running = Running()
    forever = running.start(asyncio.Event().wait())
    await running.drain(within=within)
    await asyncio.wait({forever}, timeout=5)
    assert forever.cancelled()


async def test_drain_lets_the_cancelled_say_goodbye() -> None:
    running = Running()
    said: list[str] = []

    async def polite() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            said.append("goodbye")

    running.start(polite())
    await running.drain(within=0.05)
    assert said == ["goodbye"]


async def test_drain_does_not_wait_for_ever_for_one_that_will_not_end() -> None:
    running = Running()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    task = running.start(stubborn())
    async with asyncio.timeout(5):
        await running.drain(within=0.01)
    assert not task.done()
    task.cancel()


async def test_drain_with_nothing_begun_is_done_at_once() -> None:
    async with asyncio.timeout(1):
        await Running().drain(within=60)


async def test_drain_after_work_that_failed_raises_nothing() -> None:
    running = Running()

    async def fails() -> None:
        raise ValueError("ours")

    task = running.start(fails())
    await running.drain(within=5)
    assert isinstance(task.exception(), ValueError)


async def test_stopped_within_is_whether_the_host_stops() -> None:
    stopping = asyncio.Event()
    assert await stopped_within(stopping, 0.01) is False
    asyncio.get_running_loop().call_soon(stopping.set)
    assert await stopped_within(stopping, 60) is True
    assert await stopped_within(stopping, 0) is True
