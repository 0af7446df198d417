"""All that is derived from what is stored, built anew where it is another version's."""

from __future__ import annotations

import sqlite3

from storage.sqlite import index, transcripts, vectors
from storage.sqlite.sql import SQL


def rebuild(connection: sqlite3.Connection) -> None:
    """Derive the whole index anew and note for which version it holds.

    What is the same text as before keeps its vector.
    """
    connection.execute(SQL["loosen_all"])
    index.rebuild(connection)
    transcripts.rebuild(connection)
    vectors.sweep(connection)
    connection.execute(SQL["count_spoken_of_scopes"])
    connection.execute(SQL["set_meta"], {"key": "index_version", "value": index.VERSION})
