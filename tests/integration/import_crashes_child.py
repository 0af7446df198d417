"""Kills an import, or a feed's first add, at each of its steps, and compares what comes of it.

``python -m tests.integration.import_crashes_child <folder> <scene>`` prints how many steps there
are, and each after which the database is not, row by row, that of an undisturbed run. Every run
is a process of its own, that kills itself with SIGKILL at its step.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.core.catalog import Tenant
from bot.core.digest import WhenEmpty
from bot.core.jobs import LEASE, Part, Request, digest_of
from bot.core.outlet import Outcome, Posted
from bot.core.settings import StorageSettings
from bot.providers.extractive import Extractive
from bot.services.import_worker import ImportWorker
from bot.services.registry import Ports
from storage import open_store
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.imports import LIST, VTT, feed, item

GUILD = Tenant("discord:1")
FEED = "https://pod.example/feed"
PAGES = {
    FEED: feed(
        item(1),
        item(2, transcript="https://pod.example/2.vtt"),
        item(3, chapters=""),
        item(4, chapters="", transcript="https://pod.example/gone.vtt"),
    ),
    "https://pod.example/2.vtt": VTT,
}

TIMES = {
    "import_job": {"due_at", "posting_at"},
    "feed": {"checked_at", "next_at", "due_at"},
    "feed_item": {"due_at"},
}
"""Columns that say when something happened: later, where somebody was killed before."""


class Walk:
    """Counts the calls of ports, and kills the process once so many are done: before the next."""

    def __init__(self, dies_after: int | None) -> None:
        self.steps: list[str] = []
        self._dies_after = dies_after

    async def pass_on(self, name: str, call: Callable[..., Any], args: Any, options: Any) -> Any:
        self._die_in_time()
        result = await call(*args, **options)
        self.steps.append(name)
        self._die_in_time()
        return result

    def _die_in_time(self) -> None:
        if len(self.steps) == self._dies_after:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Walked:
    """A port of which every call is a step."""

    inner: Any
    walk: Walk

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.inner, name)
        if not asyncio.iscoroutinefunction(call):
            return call

        async def walked(*args: Any, **options: Any) -> Any:
            return await self.walk.pass_on(name, call, args, options)

        return walked


class LastingOutlet:
    """A platform that outlives the bot: a file per message, named by its key."""

    repeatable = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def post(self, channel: str, reply: Any, *, key: str, within_s: float) -> Posted:
        path = self._folder / f"post-{key}"
        if not path.exists():
            path.write_text(reply.text)
        return Posted(Outcome.POSTED, message=key)

    async def edit(self, channel: str, message: str, reply: Any, *, within_s: float) -> bool:
        (self._folder / f"post-{message}").write_text(reply.text)
        return True

    async def find(self, channel: str, **options: Any) -> None:
        return None


async def prepare(path: Path, scene: str) -> None:
    """Make a database in which an import or a feed waits to be begun."""
    store, now = open_store(StorageSettings(url=f"sqlite:///{path}")), FakeClock().now()
    try:
        await store.migrate()
        await store.put_schedule(
            GUILD, "general", at=time(9), zone="UTC", when_empty=WhenEmpty.QUIET, set_by="1",
            first_day=date(2026, 3, 2), due_at=now + timedelta(days=1),
        )  # fmt: skip
        if scene == "job":
            bodies = [VTT, LIST.encode()]
            parts = tuple(
                Part(digest_of(body), name)
                for body, name in zip(bodies, ("a.vtt", "b.txt"), strict=True)
            )
            request = Request(parts, "https://youtu.be/aaaaaaaaaaa", "A talk")
            job = await store.propose_job(
                GUILD, request, bodies, title="A talk", asked_by="1", now=now
            )
            assert job is not None
            await store.confirm_job(
                GUILD, job.id, tell=True, channel="general", asked_by="1", now=now
            )
        else:
            found = await store.propose_feed(GUILD, FEED, title="A Show", set_by="1", now=now)
            assert found is not None
            await store.follow_feed(GUILD, found.id, set_by="1", now=now)
    finally:
        await store.close()


async def work(folder: Path, at: datetime, walk: Walk) -> None:
    """Be a process that works until nothing is due."""
    store = open_store(StorageSettings(url=f"sqlite:///{folder / 'db'}"))
    ports = Ports(
        Walked(store, walk),  # type: ignore[arg-type]
        FakeClock(at),
        lambda: f"owner{os.getpid()}",
        Extractive(),
        outlets={"discord": Walked(LastingOutlet(folder), walk)},  # type: ignore[dict-item]
        fetcher=FakeFetcher(dict(PAGES)),
    )
    try:
        worker = ImportWorker(ports)
        for _ in range(99):
            if not await worker.round():
                return
        raise AssertionError("there is no end of work")
    finally:
        await store.close()


def in_process(do: Callable[[], None]) -> int:
    """Do something in a process of its own; return the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        try:
            do()
        except BaseException as error:
            print(f"failed: {error!r}", flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    assert os.WEXITSTATUS(status) == 0
    return 0


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, and the messages that are there."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with closing(sqlite3.connect(folder / "db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        for (table,) in tables:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info('{table}')")]
            kept = ", ".join(one for one in columns if one not in TIMES.get(table, set()))
            query = f"SELECT {kept} FROM '{table}' ORDER BY {kept}"  # noqa: S608
            found[table] = connection.execute(query).fetchall()
    found["messages"] = [(one.name, one.read_text()) for one in sorted(folder.glob("post-*"))]
    return found


def main(folder: Path, scene: str) -> None:
    """Kill at every step, and print what differs."""
    start, after = FakeClock().now(), FakeClock().now() + LEASE + timedelta(seconds=5)
    in_process(lambda: asyncio.run(prepare(folder / "db", scene)))
    counted = folder / "steps"

    def undisturbed(place: Path, at: datetime) -> None:
        walk = Walk(None)
        asyncio.run(work(place, at, walk))
        counted.write_text("\n".join(walk.steps))

    def copied(name: str) -> Path:
        place = folder / name
        place.mkdir()
        shutil.copy(folder / "db", place / "db")
        return place

    whole = copied("whole")
    in_process(lambda: undisturbed(whole, start))
    wanted, steps = rows(whole), counted.read_text().splitlines()
    print(f"steps {len(steps)}")
    for number, step in enumerate(["nothing", *steps]):
        place, walk = copied(str(number)), Walk(number)
        died = in_process(lambda place=place, walk=walk: asyncio.run(work(place, start, walk)))
        assert died == signal.SIGKILL, step
        in_process(lambda place=place: undisturbed(place, after))
        found = rows(place)
        for table in wanted:
            if found[table] != wanted[table]:
                print(f"differs: {table}, after {number} {step}: {wanted[table]}, {found[table]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
