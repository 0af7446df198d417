"""A writer, two readers and one for long reads on one file: threads, transactions, deadlines.

A unit of work is a plain function of a ``sqlite3.Connection`` that runs whole in the
connection's own thread. So a cancelled task cannot leave a transaction half done, two tasks
cannot mix their statements, and the event loop never waits for a lock or a disk.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import aiosqlite

from bot.core.errors import StorageError
from storage.sqlite.failures import check_openable, check_ours, failure

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]

READERS = 2
"""A stalled read leaves one more; further ones gain nothing under the interpreter's lock."""

PROGRESS_STEPS = 10_000
"""SQLite virtual machine steps between two looks at a deadline: about a millisecond."""

CACHE_KIB = 32_000
"""Pages a reader keeps, in KiB, used as far as a catalog fills it; SQLite's own 2 MB hold one of
a few thousand segments only."""

STATEMENTS = 256
"""Prepared statements kept per connection: every named query and its variants."""


class _Job(Generic[Result]):
    """Work handed to a connection's thread, unless its caller gave up before it began."""

    def __init__(self, work: Work[Result], waiting: deque[None]) -> None:
        self._work = work
        self._waiting = waiting
        self.abandoned = False

    def __call__(self, connection: sqlite3.Connection) -> Result | None:
        try:
            return None if self.abandoned else self._work(connection)
        finally:
            self._waiting.pop()


class Connection(aiosqlite.Connection):
    """An aiosqlite connection that runs whole functions in its thread."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        # One entry a job, whether its caller still waits or not. A deque's two ends are safe
        # to use from two threads, a counter is not.
        self._waiting: deque[None] = deque()

    async def open(self) -> None:
        """Open the file; a connection that cannot has no thread left when this raises."""
        try:
            await self
        except BaseException:
            # Its thread was told to end, and reports to the loop, which may close after this.
            while self._thread.is_alive():  # noqa: ASYNC110 - a thread's end is no event
                await asyncio.sleep(0.001)
            raise

    def is_alive(self) -> bool:
        """Return whether the connection's thread still takes jobs."""
        return self._running and self._connection is not None

    def pending(self) -> int:
        """Return how many jobs run or wait here, those whose caller gave up too."""
        return len(self._waiting)

    async def run(self, work: Work[Result]) -> Result:
        """Return what ``work`` returns; raise what it raises, or StorageError once closed."""
        if not self.is_alive():
            raise StorageError("The database is closed.")
        job = _Job(work, self._waiting)
        self._waiting.append(None)
        try:
            # aiosqlite has no annotations here; what it awaits is what the job returns.
            result: Result = await self._execute(job, self._connection)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            job.abandoned = True
            raise
        return result


class Database:
    """The connections to one file, opened together at the first use."""

    def __init__(self, path: Path, *, lock_timeout_s: float) -> None:
        self.path = path
        self._lock_timeout_s = lock_timeout_s
        self._opening: asyncio.Task[None] | None = None
        self._closed = False
        self._writer: Connection | None = None
        self._readers: tuple[Connection, ...] = ()
        self._aside: Connection | None = None

    async def read(self, work: Work[Result]) -> Result:
        """Return what ``work`` reads; raise Busy or StorageError."""
        if not self._readers:
            await self._opened()
        reader = min(self._readers, key=Connection.pending, default=None)
        return await self._run(reader, work)

    async def read_aside(self, work: Work[Result]) -> Result:
        """Return what ``work`` reads where it holds up no other reads: it may take long."""
        if self._aside is None:
            await self._opened()
        return await self._run(self._aside, work)

    async def write(self, work: Work[Result]) -> Result:
        """Run ``work`` in one transaction, all or nothing, on disk when this returns.

        Raises Busy when another process keeps the file locked until the lock timeout is over,
        counted from this call. A task cancelled before its turn writes nothing; one cancelled later
        may have written everything.
        """
        if self._writer is None:
            await self._opened()
        until = time.monotonic() + self._lock_timeout_s
        return await self._run(self._writer, lambda connection: _in_turn(connection, work, until))

    async def alter(self, work: Work[Result]) -> Result:
        """Run ``work`` on the writer outside a transaction: for what opens its own."""
        if self._writer is None:
            await self._opened()
        return await self._run(self._writer, work)

    async def close(self) -> None:
        """Finish what was handed over and close every connection; safe to do twice.

        The writer is the last: of two that close at once neither may be the last to SQLite, and the
        write-ahead log would be left beside the file.
        """
        self._closed = True
        if self._opening is not None:
            await asyncio.wait([self._opening])
        readers, writer = [*self._readers, self._aside], self._writer
        self._readers, self._aside, self._writer = (), None, None
        try:
            await _ended([connection for connection in readers if connection])
        finally:
            await _ended([writer] if writer else [])

    async def _run(self, connection: Connection | None, work: Work[Result]) -> Result:
        if connection is None:
            raise StorageError("The database is closed.")
        try:
            return await connection.run(work)
        except sqlite3.Error as error:
            raise failure(error, self.path) from error

    async def _opened(self) -> None:
        """Wait until the connections are open; a caller that gives up does not stop that."""
        if self._closed:
            raise StorageError("The database is closed.")
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
            # Whoever waited may be gone by the time it fails.
            self._opening.add_done_callback(lambda task: task.cancelled() or task.exception())
        opening = self._opening
        try:
            await asyncio.shield(opening)
        except sqlite3.Error as error:
            raise failure(error, self.path) from error
        finally:
            # A failure is not for ever: the next caller tries again.
            if opening.done() and (opening.cancelled() or opening.exception()):
                self._opening = None

    async def _open(self) -> None:
        check_openable(self.path)
        opened: list[Connection] = []
        try:
            # The writer comes first: it creates the file and sets the journal mode.
            for connector in (self._connect_writer, *[self._connect_reader] * (READERS + 1)):
                connection = Connection(connector)
                await connection.open()
                opened.append(connection)
        except BaseException:
            await _ended(opened)
            raise
        self._writer, self._aside, *readers = opened
        self._readers = tuple(readers)

    def _connect(self) -> sqlite3.Connection:
        # Autocommit: transactions are opened where they are meant, never by a driver's guess.
        connection = sqlite3.connect(
            self.path,
            isolation_level=None,
            timeout=self._lock_timeout_s,
            cached_statements=STATEMENTS,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _connect_writer(self) -> sqlite3.Connection:
        connection = self._connect()
        try:
            check_ours(connection, self.path)
            self._enter_wal(connection)
            # An acknowledged write survives a power cut.
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _enter_wal(self, connection: sqlite3.Connection) -> None:
        """Turn on write-ahead logging, waiting for a process that does the same just now.

        SQLite does not use its busy timeout for this step, so the wait is ours.
        """
        until = time.monotonic() + self._lock_timeout_s
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                locked = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not locked or time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def _connect_reader(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return connection


async def _ended(connections: Iterable[Connection]) -> None:
    """Let each connection's thread finish its jobs, close and end.

    All are told before the first is awaited, so that no cancellation leaves a thread behind:
    one that is left would keep the process from ending.
    """
    told = [connection.stop() for connection in connections]
    ended = [future for future in told if future is not None]
    if ended:
        await asyncio.wait(ended)


def _in_turn(connection: sqlite3.Connection, work: Work[Result], until: float) -> Result:
    """Run ``work`` in a transaction, waiting for other processes until ``until`` at most.

    So the writes queued behind one that waited in vain do not wait that long again each.
    """
    left_s = max(until - time.monotonic(), 0)
    connection.execute(f"PRAGMA busy_timeout = {int(left_s * 1_000)}")
    with transaction(connection):
        return work(connection)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block writes, or roll all of it back."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # Some failures (a full disk) end the transaction themselves.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let every statement of the block read the same state of the database."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def fetch_within(
    connection: sqlite3.Connection, seconds: float, query: str, parameters: Mapping[str, object]
) -> list[tuple[Any, ...]] | None:
    """Return the rows of a query, or None if it took longer than ``seconds`` and was stopped."""
    until = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > until, PROGRESS_STEPS)
    try:
        return connection.execute(query, parameters).fetchall()
    except sqlite3.OperationalError as error:
        # What Python itself raises (a text that is no UTF-8) has no code.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        connection.set_progress_handler(None, 0)
