"""Completes titles while they are typed: a range scan over the starts of their words."""

from __future__ import annotations

import heapq
import sqlite3
from contextlib import ExitStack, closing

from bot.core.analysis import words
from bot.core.catalog import Moment, Tenant
from storage.sqlite import catalog
from storage.sqlite.connection import snapshot
from storage.sqlite.episodes import moments_of
from storage.sqlite.rows import AFTER_ALL, row_limit
from storage.sqlite.sql import SQL

REST = 64
"""Characters kept of a title from a word on: nobody types more before choosing."""

WORD_STARTS = 32
"""Words of a title that completion finds it by; a longer title is known by its first words."""

NEWEST_EPISODES = 5
"""Episodes whose first moments are offered before anything is typed."""


def title_starts(title: str) -> list[tuple[int, str]]:
    """Return (0 for the first word, else 1; the folded title from there on) of each word.

    A space ends every word, the last too, so that ``kv `` finds a title that is just ``KV``.
    """
    folded = list(words(title))
    starts = {
        (min(index, 1), " ".join(folded[index : index + REST])[: REST - 1] + " ")
        for index in range(min(len(folded), WORD_STARTS))
    }
    return sorted(starts)


def suggest(connection: sqlite3.Connection, tenant: Tenant, typed: str, limit: int) -> list[Moment]:
    """Return moments whose title begins with the typed words, then those that hold them later.

    Both by the matching part of the title; the newest episodes' first moments for no words.
    """
    prefix = " ".join(words(typed[:REST])) + (" " if typed[-1:].isspace() else "")
    if not prefix.strip():
        parameters = {"tenant": tenant, "newest": NEWEST_EPISODES, "limit": row_limit(limit)}
        return moments_of(
            connection, connection.execute(SQL["newest_moments"], parameters).fetchall()
        )
    with snapshot(connection):
        found = _first_starts(connection, tenant, prefix[: REST - 1], row_limit(limit))
        return catalog.moments(connection, tenant, found)


def _first_starts(
    connection: sqlite3.Connection, tenant: Tenant, prefix: str, limit: int
) -> list[int]:
    """Return the first segments, each once; no more rows are read than that takes."""
    scopes = catalog.scopes(connection, tenant)
    found: dict[int, None] = {}
    for within in (0, 1):
        parameters = {
            "tenant": tenant,
            "within": within,
            "low": prefix,
            "high": prefix + AFTER_ALL,
        }
        with ExitStack() as open_cursors:
            cursors = [
                open_cursors.enter_context(
                    closing(connection.execute(SQL["title_starts"], {**parameters, "scope": scope}))
                )
                for scope in scopes
            ]
            for _, segment_id in heapq.merge(*cursors):
                if len(found) >= limit:
                    return list(found)
                found.setdefault(segment_id)
    return list(found)
