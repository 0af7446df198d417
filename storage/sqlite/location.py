"""Reads a ``sqlite:`` address: which file it names."""

from __future__ import annotations

from pathlib import Path

from bot.core.errors import ConfigError

_PREFIX = "sqlite:///"


def database_path(url: str) -> Path:
    """Return the file of ``sqlite:///relative.db`` or ``sqlite:////absolute.db``.

    The path is taken as written, without percent-decoding and without options; raise
    ConfigError for anything else. Several connections share the store, so it needs a file.
    """
    path = url.removeprefix(_PREFIX)
    if path == url or not path.strip():
        raise ConfigError("storage.url must be sqlite:///relative.db or sqlite:////absolute.db.")
    if path.endswith("/") or any(char in "?#" or ord(char) < 32 for char in path):
        raise ConfigError("storage.url must end in a file name, without ? and #.")
    if path.startswith(":"):
        raise ConfigError("storage.url must name a file: the catalog cannot live in memory.")
    return Path(path)
