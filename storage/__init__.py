"""Where the catalog lives: one folder per database, each behind the core's ports."""

from __future__ import annotations

from bot.core.errors import ConfigError
from bot.core.ports import Store
from bot.core.settings import StorageSettings


def open_store(settings: StorageSettings) -> Store:
    """Return the store that ``settings.url`` names; nothing is opened before its first use.

    Raises ConfigError, which never repeats the address: it may hold a password.
    """
    scheme, separator, _ = settings.url.partition("://")
    if separator and scheme == "sqlite":
        from storage import sqlite  # a driver is imported only where it is used

        return sqlite.open_store(settings)
    named = f", not {scheme}" if separator and scheme.isalnum() and len(scheme) <= 16 else ""
    raise ConfigError(
        f"storage.url must be sqlite:///relative.db or sqlite:////absolute.db{named}."
    )
