"""Says in a sentence what SQLite could not do; the exception itself goes to the log only."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.core.errors import Busy, SegueError, StorageError

_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

_SENTENCES = {
    sqlite3.SQLITE_NOTADB: "The file {path} is not a SQLite database.",
    sqlite3.SQLITE_CORRUPT: "The database {path} is damaged. Restore it from a backup.",
    sqlite3.SQLITE_FULL: "The disk that holds the database {path} is full.",
    sqlite3.SQLITE_READONLY: "The database {path} may not be written: check its permissions.",
    sqlite3.SQLITE_PERM: "The database {path} may not be opened: check its permissions.",
    sqlite3.SQLITE_CANTOPEN: (
        "The database {path} cannot be opened: check that its folder exists and may be written."
    ),
    sqlite3.SQLITE_IOERR: "The disk that holds the database {path} reports errors.",
}
_OTHERWISE = "The database {path} cannot be used. Run python -m bot doctor to see why."


def failure(error: sqlite3.Error, path: Path) -> SegueError:
    """Return the error to raise from ``error``: Busy where it was locked, else StorageError."""
    # The low byte is the primary result code: https://www.sqlite.org/rescode.html
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _LOCKED:
        return Busy()
    return StorageError(_SENTENCES.get(code, _OTHERWISE).format(path=path))


def check_openable(path: Path) -> None:
    """Raise StorageError where a file name tells already that no database can be there."""
    if not path.parent.is_dir():
        raise StorageError(f"The folder {path.parent} for the database does not exist.")
    if path.is_dir():
        raise StorageError(f"{path} is a folder; the database needs a file.")


APPLICATION_ID = 0x53656775
"""Marks a file as Segue's (``Segu``): https://www.sqlite.org/pragma.html#pragma_application_id"""


def check_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StorageError for another program's database, before anything in it is changed."""
    # One statement, one state: between two, another process may make the file ours.
    application, tables = connection.execute(
        "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id"
    ).fetchone()
    if application != APPLICATION_ID and (application or tables):
        raise StorageError(f"{path} is another program's database; Segue needs a file of its own.")
