"""The catalog in one SQLite file, with all that is remembered beside it.

``store`` (with ``digest_store``, ``import_store`` and ``vector_store``) is the port and hands
every method to a function of ``catalog``, ``search``, ``completion``, ``writer``, ``reports``,
``memory``, ``summaries``, ``digests``, ``imports``, ``feeds``, ``vectors`` or ``meaning``, which
``connection`` runs in a thread.
``index`` keeps what is searched in step with what is stored. The SQL is in ``queries/``, the
tables and what they mean in ``migrations/``.
"""

from __future__ import annotations

from pathlib import Path

from bot.core.settings import StorageSettings
from storage.sqlite.connection import Database
from storage.sqlite.location import database_path
from storage.sqlite.store import SqliteStore

__all__ = ["SqliteStore", "back_up", "open_store"]


def open_store(settings: StorageSettings) -> SqliteStore:
    """Return the store of the file that ``settings.url`` names; raise ConfigError.

    The file is opened at the first call; ``migrate()`` is meant to be that one.
    """
    path = database_path(settings.url)
    return SqliteStore(Database(path, lock_timeout_s=settings.lock_timeout_s))


def back_up(settings: StorageSettings, target: Path, *, overwrite: bool) -> int:
    """Write a copy of the file that ``settings.url`` names; see ``backup.back_up``."""
    from storage.sqlite import backup  # the bot itself needs none of it

    return backup.back_up(
        database_path(settings.url),
        target,
        overwrite=overwrite,
        lock_timeout_s=settings.lock_timeout_s,
    )
