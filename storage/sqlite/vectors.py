"""Keeps the texts of passages with their vectors, exactly those that passages are found by.

A text is kept by its digest, so what is cut, corrected or imported again to the same words is
not embedded again. Passages are never changed, only removed and added; what lets go of a text
marks it as loose, and ``sweep`` at the end of the transaction removes those that nobody took up.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

from bot.core.vectors import Waiting
from storage.sqlite.rows import row_id, row_limit, storable
from storage.sqlite.sql import SQL

DIGEST_BYTES = 16

LONGEST_TEXT = 4_000
"""Characters of a text that are given to a model, which reads fewer."""


def passage_text(title: str, text: str) -> str:
    """Return what a note's passage means: its title and its text."""
    return f"{title}. {text}" if title and text else title or text


def attach(connection: sqlite3.Connection, text: str) -> int | None:
    """Return the id that a passage's text is kept by; None for one without words."""
    if not text.strip():
        return None
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=DIGEST_BYTES).digest()
    connection.execute(SQL["hold_text"], {"digest": digest})
    (ident,) = connection.execute(SQL["id_of_text"], {"digest": digest}).fetchone()
    return int(ident)


def changed(connection: sqlite3.Connection, where: Iterable[tuple[int, int]]) -> None:
    """Note that passages or vectors of these (scope, episode) are other ones now."""
    pairs = sorted(set(where))
    values = [{"scope": scope, "episode": episode} for scope, episode in pairs]
    connection.executemany(SQL["note_change"], values)


def sweep(connection: sqlite3.Connection) -> None:
    """Remove the texts that no passage has any more."""
    connection.execute(SQL["sweep_vectors"])
    connection.execute(SQL["fasten_vectors"])


def use_model(connection: sqlite3.Connection, name: str) -> None:
    """Make a model the one in use; where it is another than before, every vector is stale.

    One that never made a vector stands in nobody's way.
    """
    parameters = {"name": storable(name)}
    if connection.execute(SQL["is_in_use"], parameters).fetchone() == (0,):
        connection.execute(SQL["add_model"], parameters)


def model_id(connection: sqlite3.Connection, name: str) -> int:
    """Return a model's number; 0, which no vector that is there has, for an unknown one."""
    (found,) = connection.execute(SQL["model_id"], {"name": storable(name)}).fetchone()
    return found or 0


def waiting(connection: sqlite3.Connection, model: str, limit: int) -> list[Waiting]:
    """Return texts without a vector of the model; see ``Vectors``."""
    parameters = {"model": model_id(connection, model), "limit": row_limit(limit)}
    found = connection.execute(SQL["pending_vectors"], parameters).fetchall()
    # A text that another process removes meanwhile is empty, and no vector of it is stored.
    return [Waiting(ident, _text(connection, ident)[:LONGEST_TEXT]) for (ident,) in found]


def _text(connection: sqlite3.Connection, vector_id: int) -> str:
    """Return the text of a passage that has a vector: all that do have the same."""
    parameters = {"vector": vector_id}
    said = connection.execute(SQL["spoken_with_vector"], parameters).fetchone()
    if said is not None:
        episode_id, first, last = said
        where = {"episode": episode_id, "first": first, "last": last}
        rows = connection.execute(SQL["sentences_between"], where).fetchall()
        return " ".join([text for _, _, text, _ in rows])
    noted = connection.execute(SQL["noted_with_vector"], parameters).fetchone()
    return passage_text(*noted) if noted else ""


def put(connection: sqlite3.Connection, model: str, vectors: Sequence[tuple[int, bytes]]) -> int:
    """Store vectors of the texts that are still there; see ``Vectors``."""
    number = model_id(connection, model)
    stored = 0
    where: set[tuple[int, int]] = set()
    for ident, body in vectors:
        values = {"vector": row_id(ident), "model": number, "body": body}
        if connection.execute(SQL["put_vector"], values).rowcount:
            stored += 1
            where.update(connection.execute(SQL["episodes_with_vector"], values).fetchall())
    changed(connection, where)
    return stored


def has_any(connection: sqlite3.Connection, name: str) -> bool:
    """Return whether any text has a vector of a model."""
    parameters = {"model": model_id(connection, name)}
    return connection.execute(SQL["has_vectors"], parameters).fetchone() is not None


def counts(connection: sqlite3.Connection, model: str) -> tuple[int, int]:
    """Return how many texts have a vector of the model, and how many texts there are."""
    parameters = {"model": model_id(connection, model)}
    if not parameters["model"]:
        parameters["model"] = 1  # no vector is of a model that was never in use
    waiting, every = connection.execute(SQL["count_vectors"], parameters).fetchone()
    return every - waiting, every
