"""Copies a database while others write to it, and looks whether the copy is whole."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.core.errors import StorageError, UserError
from storage.sqlite.failures import check_openable, check_ours, failure

_BESIDE = ("", "-journal", "-wal", "-shm")
"""What SQLite may leave beside a file, by its ending."""


def back_up(source: Path, target: Path, *, overwrite: bool, lock_timeout_s: float) -> int:
    """Write a copy of the database ``source`` to ``target`` and return its size in bytes.

    The copy is one state of the database, and ``target`` appears when it is whole and proven, or
    not at all. Raise UserError for a target that will not do, Busy, or StorageError.
    """
    check_openable(source)
    if not source.exists():
        raise StorageError(f"There is no database {source}.")
    _check_target(source, target, overwrite)
    with _unfinished(target) as part:
        try:
            _copy(source, part, lock_timeout_s)
            found = _problem(part)
        except sqlite3.Error as error:
            full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
            raise failure(error, target if full else source) from error
        if found:
            raise StorageError(
                f"The database {source} is damaged: SQLite's check of its copy says {found!r}. "
                "Nothing was written."
            )
        # Somebody may have been faster meanwhile.
        _check_target(source, target, overwrite)
        size = part.stat().st_size
        part.replace(target)
    return size


def _check_target(source: Path, target: Path, overwrite: bool) -> None:
    beside = {Path(f"{source}{ending}").resolve() for ending in _BESIDE}
    if target.resolve() in beside or any(_is_file(target, str(name)) for name in beside):
        # Even where there is none now: SQLite takes such a file for its own.
        raise UserError(f"{target} belongs to the database itself; name another file.")
    if not target.exists():
        return
    if not target.is_file():
        raise UserError(f"{target} is not a file.")
    if not overwrite:
        raise UserError(f"{target} exists already. Name another file, or add --force.")


def _is_file(target: Path, name: str) -> bool:
    try:
        return target.samefile(name)
    except FileNotFoundError:
        return False


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Yield a new file beside ``target``, readable by its owner alone, and leave nothing of it."""
    try:
        handle, name = tempfile.mkstemp(".part", f"{target.name}.", target.parent)
    except OSError as error:
        raise UserError(f"{target} cannot be written ({error.strerror}).") from error
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for ending in _BESIDE:
            Path(name + ending).unlink(missing_ok=True)


def _copy(source: Path, part: Path, lock_timeout_s: float) -> None:
    # Not created if it is gone by now; not read-only, which may not look into the log of others.
    address = f"{source.absolute().as_uri()}?mode=rw"
    with (
        closing(
            sqlite3.connect(address, uri=True, isolation_level=None, timeout=lock_timeout_s)
        ) as reading,
        closing(sqlite3.connect(part)) as writing,
    ):
        # One read transaction for all of it: page by page, a copy begins anew at every write of
        # another process. Writers do not wait for it, since they write ahead. It begins with the
        # check, which gives up on a locked file; the copying itself would wait for ever.
        reading.execute("BEGIN")
        check_ours(reading, source)
        reading.backup(writing)


def _problem(part: Path) -> str | None:
    """Return what SQLite finds wrong with a file, its first line; None for nothing."""
    with closing(sqlite3.connect(part)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return None if found == "ok" else str(found)
