"""Databases that are made once and copied: making one takes longer than most tests."""

import tempfile
from contextlib import suppress
from pathlib import Path

from bot.core.settings import StorageSettings
from bot.services.ingestion import load_sample
from storage import open_store

_made = {}


async def fresh_database(path, *, sample):
    """Put a migrated database at a path, with the sample if asked for, unless one is there."""
    if sample not in _made:
        with tempfile.TemporaryDirectory() as folder:
            await _make(f"{folder}/new.db", sample)
            _made[sample] = _only_file(folder)
    _put(path, _made[sample])


async def _make(path, sample):
    store = open_store(StorageSettings(url=f"sqlite:///{path}"))
    try:
        await store.migrate()
        if sample:
            await load_sample(store)
    finally:
        await store.close()


def _only_file(folder):
    (file,) = Path(folder).iterdir()
    return file.read_bytes()


def _put(path, content):
    with suppress(FileExistsError), open(path, "xb") as file:
        file.write(content)
