"""Where the catalog lives: one folder per database, each behind the core's ports."""

from __future__ import annotations

from pathlib import Path

from bot.core.errors import ConfigError
from bot.core.ports import Store
from bot.core.settings import StorageSettings


def open_store(settings: StorageSettings) -> Store:
    """Return the store that ``settings.url`` names; nothing is opened before its first use.

    Raises ConfigError, which never repeats the address: it may hold a password.
    """
    _check_sqlite(settings)
    from storage import sqlite  # a driver is imported only where it is used

    return sqlite.open_store(settings)


def back_up(settings: StorageSettings, target: Path, *, overwrite: bool) -> int:
    """Write a copy of the store to a file, while others may use it; return its size in bytes.

    The file appears when it is whole and proven, or not at all. Raises UserError for a file that
    will not do, such as one that exists, without ``overwrite``; ConfigError, Busy, StorageError.
    """
    _check_sqlite(settings)
    from storage import sqlite

    return sqlite.back_up(settings, target, overwrite=overwrite)


def _check_sqlite(settings: StorageSettings) -> None:
    scheme, separator, _ = settings.url.partition("://")
    if separator and scheme == "sqlite":
        return
    named = f", not {scheme}" if separator and scheme.isalnum() and len(scheme) <= 16 else ""
    raise ConfigError(
        f"storage.url must be sqlite:///relative.db or sqlite:////absolute.db{named}."
    )
