"""Brings a database's schema up to date, safely beside other processes that try the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bot.core.errors import StorageError
from storage.sqlite import derived, index
from storage.sqlite.connection import transaction
from storage.sqlite.failures import APPLICATION_ID

WAIT_S = 60
"""Seconds to wait for another process's migration, which may rebuild a large index."""


@cache
def migrations() -> tuple[tuple[str, str], ...]:
    """Return (name, SQL) of every migration in order; number n is at index n - 1."""
    found = sorted(Path(__file__).with_name("migrations").glob("*.sql"))
    for number, path in enumerate(found, start=1):
        if path.name[:5] != f"{number:04}_":
            raise StorageError(f"The migrations have a gap before {path.name}.")
    return tuple((path.name, path.read_text("utf-8")) for path in found)


def migrate(connection: sqlite3.Connection, path: Path) -> int:
    """Apply what is missing, a transaction each; rebuild an outdated index; return the version.

    Raises StorageError for a database that a newer Segue has written. The writer's busy timeout
    is left changed: every write sets its own.
    """
    latest = len(migrations())
    connection.execute(f"PRAGMA busy_timeout = {WAIT_S * 1_000}")
    # Read without a lock first, so that a start with nothing to do waits for nobody.
    while _version(connection) != latest:
        with _unreferenced(connection):
            _apply_next(connection, path, latest)
    if not index.is_current(connection):
        with transaction(connection):
            # Another process may have rebuilt it while this one waited for its turn.
            if not index.is_current(connection):
                derived.rebuild(connection)
    return latest


def _apply_next(connection: sqlite3.Connection, path: Path, latest: int) -> None:
    with transaction(connection):
        version = _version(connection)
        if version > latest:
            raise StorageError(
                f"The database {path} was written by a newer Segue (schema {version}; this one "
                f"knows {latest}). Update Segue, or use a copy from before that update."
            )
        if version == latest:
            return
        for statement in _statements(migrations()[version][1]):
            connection.execute(statement)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise StorageError(f"{migrations()[version][0]} would leave rows that refer to none.")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version + 1}")


@contextmanager
def _unreferenced(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a table be built anew without taking along what refers to it.

    SQLite changes this outside transactions alone.
    """
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _statements(script: str) -> Iterator[str]:
    """Yield a script's statements; ``executescript`` would commit behind our back."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise StorageError("A migration ends within a statement.")
