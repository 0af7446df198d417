"""Finds the passages that are closest to what is meant, by memory and by the tables.

Imported with the first such search, since it takes numpy along.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from bot.core.catalog import PUBLIC, Tenant
from bot.core.vectors import Meant, Near, Nearest
from storage.sqlite import catalog
from storage.sqlite.connection import snapshot
from storage.sqlite.rows import Row, row_id, row_limit
from storage.sqlite.search import noted_passages
from storage.sqlite.sql import SQL
from storage.sqlite.transcripts import spoken_passages
from storage.sqlite.vectors import model_id
from storage.vectors.cosines import Bodies, Cosines, cosines, in_context, matrix, moved
from storage.vectors.rows import Block, Positions, Rows
from storage.vectors.scopes import Scopes

STEP_S = 0.05
"""Seconds of reading vectors into memory before somebody else has a turn."""

EPISODES_AT_ONCE = 8

SOON_S = 0.02
"""What takes no longer to read is read whenever it changed."""

REST = 20
"""Times as long as reading took that it is left alone after: a long talk that is being embedded
changes with every few vectors, and would be read anew for each who asks."""

EXACT = 4_096
"""Rows up to which every one of a scope is measured: 1 ms."""

FEWEST, ONE_MORE_IN, MOST = 1_000, 80, 2_000
"""Rows of a larger scope that are measured, those with most signs in common: FEWEST and one in
ONE_MORE_IN, up to MOST. 1,100 of 8,500 passages of real talk hold 99.7 % of the ten closest and
98.9 % of the forty, and 2,000 of 82,000 passages and sentences 99.7 % of the ten."""

ONE_IN = 500
"""Of more than a million rows one in so many is measured."""

SPARE = 3
"""Times as many passages as are asked for that are measured in their context at last."""

OF_EPISODE = 10_000
"""Passages of one episode that are measured: four times those of twenty hours of talk."""

Key = tuple[bool, int]
"""Whether a passage is spoken, and its id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as ``Vectors.nearest`` takes it."""

    tenant: Tenant
    meant: Meant
    sponsors: bool
    episode_id: int | None
    limit: int
    said: Sequence[int] = ()

    @property
    def vector(self) -> bytes:
        """Return what the passages are compared with."""
        return self.meant.vector


def nearest(
    connection: sqlite3.Connection, scopes: Scopes, asked: Asked, *, last: bool
) -> Nearest | None:
    """Return the closest passages; None where memory has to catch up first, unless ``last``.

    It catches up by a step each time this is called.
    """
    # The lock comes first: what is read then is no older than what memory has.
    with scopes.lock, snapshot(connection):
        model = model_id(connection, asked.meant.model)
        if not model or not asked.vector or (row_limit(asked.limit) == 0 and not asked.said):
            return Nearest()
        memory = _caught_up(connection, scopes, asked, model)
        if not memory.complete and not last:
            return None
        search = _Search(connection, asked, model, memory)
        return search.with_passages(search.closest(), memory.complete)


def catch_up(connection: sqlite3.Connection, scopes: Scopes, asked: Asked) -> bool:
    """Read on into memory by a step; return whether there is nothing left to read."""
    with scopes.lock, snapshot(connection):
        model = model_id(connection, asked.meant.model)
        if not model or not asked.vector:
            return True
        return _caught_up(connection, scopes, asked, model).complete


class _State(Enum):
    """How far memory has come: not yet, to what the tables held a while ago, or hold now."""

    BEHIND = auto()
    RESTING = auto()
    CURRENT = auto()


class _Memory(NamedTuple):
    """The rows of each scope of a tenant, and how far these have come."""

    rows: list[Rows]
    states: list[_State]

    @property
    def complete(self) -> bool:
        """Return whether all was looked at, but for what is resting."""
        return _State.BEHIND not in self.states

    @property
    def current(self) -> bool:
        """Return whether the rows are what the tables hold, so that those need not be read."""
        held = all(rows.held for rows in self.rows)
        return held and all(state is _State.CURRENT for state in self.states)


def _caught_up(connection: sqlite3.Connection, scopes: Scopes, asked: Asked, model: int) -> _Memory:
    """Return what memory holds of each scope of the tenant, after a step to more of it."""
    until = time.monotonic() + STEP_S
    memory = _Memory([], [])
    for scope in catalog.scopes(connection, asked.tenant):
        where = {"scope": scope, "model": model, "size": len(asked.vector)}

        def expected(where: dict[str, int] = where) -> int:
            return int(connection.execute(SQL["expected_rows"], where).fetchone()[0])

        rows = scopes.rows((scope, model, len(asked.vector)), expected)
        memory.rows.append(rows)
        memory.states.append(_catch_up(connection, rows, where, until))
    scopes.trim(len(memory.rows))
    return memory


def _catch_up(
    connection: sqlite3.Connection, rows: Rows, where: dict[str, int], until: float
) -> _State:
    """Bring rows up to date, and return how far they are when the time is over."""
    begun = time.monotonic()
    while True:
        parameters = {**where, "seen": rows.seen, "limit": EPISODES_AT_ONCE}
        changes = connection.execute(SQL["changes_after"], parameters).fetchall()
        if changes:
            if begun < rows.rests_until:
                return _State.RESTING
            for block in _blocks(connection, where, [episode_id for episode_id, _ in changes]):
                rows.replace(block)
            rows.seen = changes[-1][1]
        if len(changes) < EPISODES_AT_ONCE:
            took = time.monotonic() - begun
            if took > SOON_S:
                rows.rests_until = time.monotonic() + REST * took
            return _State.CURRENT
        if time.monotonic() > until:
            return _State.BEHIND


def _blocks(
    connection: sqlite3.Connection, where: dict[str, int], episode_ids: Sequence[int]
) -> Iterable[Block]:
    parameters = {**where, "episodes": json.dumps(episode_ids)}
    found: dict[int, list[Row]] = {ident: [] for ident in episode_ids}
    for name in ("spoken_blocks", "noted_blocks"):
        for episode_id, *row in connection.execute(SQL[name], parameters).fetchall():
            found[episode_id].append(tuple(row))
    for episode_id, rows in found.items():
        kinds = [spoken for spoken, *_ in rows]
        passages = [passage for _, passage, *_ in rows]
        sponsors = [sponsor for _, _, sponsor, *_ in rows]
        bodies = _placed([row[2:] for row in rows], where["size"])
        yield Block(episode_id, kinds, passages, sponsors, bodies)


def _placed(rows: Sequence[Row], size: int) -> Bodies:
    """Return the vectors of an episode's passages in their context.

    A row is (sponsor, vector, first sentence, last sentence), those of a talk in its order.
    Notes have no sentences, and stand by themselves.
    """
    joined = [
        last is not None and last + 1 == following and sponsor == other
        for (sponsor, _, _, last), (other, _, following, _) in pairwise(rows)
    ]
    bodies = matrix([body for _, body, *_ in rows], size)
    return in_context(bodies, np.array(joined, np.bool_)) if rows else bodies


def _measured_of(rows: Rows) -> int:
    """Return how many rows are measured where no episode was chosen."""
    if rows.held and rows.size <= EXACT:
        return rows.size
    return max(min(FEWEST + rows.alive // ONE_MORE_IN, MOST), rows.alive // ONE_IN)


class _Search:
    """One question, at one state of the tables."""

    def __init__(
        self, connection: sqlite3.Connection, asked: Asked, model: int, memory: _Memory
    ) -> None:
        self._connection = connection
        self._asked = asked
        self._memory = memory
        self._parameters = {
            "tenant": asked.tenant,
            "model": model,
            "size": len(asked.vector),
            "sponsors": asked.sponsors,
        }
        self._hidden: list[int] = []
        if asked.tenant != PUBLIC:
            found = connection.execute(SQL["hidden"], self._parameters).fetchall()
            self._hidden = [ident for (ident,) in found]

    def likely(self, rows: Rows) -> list[tuple[float, Key]]:
        """Return the closest of the rows that may be close, or are of the episode, with cosines."""
        asked, hidden = self._asked, self._hidden
        if asked.episode_id is None:
            count = _measured_of(rows)
            chosen = rows.likely(asked.vector, count, sponsors=asked.sponsors, hidden=hidden)
        else:
            episode = row_id(asked.episode_id)
            chosen = rows.of_episode(episode, sponsors=asked.sponsors, hidden=hidden)
        held = rows.bodies(chosen)
        if held is None:
            # Those are not in their context, which may bring others to the front.
            return self._closest(*self._stored(rows.keys(chosen)), at_most=SPARE * asked.limit)
        close, order = self._measured(held)
        keys = rows.keys(chosen[order])
        return list(zip(close[order].tolist(), keys, strict=True))

    def of_episode(self, episode_id: int) -> list[tuple[float, Key]]:
        """Return the closest passages of an episode, each with its cosine."""
        parameters = {**self._parameters, "episode": row_id(episode_id), "limit": OF_EPISODE}
        keys: list[Key] = []
        rows: list[Row] = []
        for spoken, name in ((False, "noted_of_episode"), (True, "spoken_of_episode")):
            for passage, *row in self._connection.execute(SQL[name], parameters).fetchall():
                keys.append((spoken, passage))
                rows.append(tuple(row))
        return self._closest(keys, _placed(rows, len(self._asked.vector)))

    def _closest(
        self, keys: list[Key], bodies: Bodies, at_most: int | None = None
    ) -> list[tuple[float, Key]]:
        close, order = self._measured(bodies, at_most)
        return [(float(close[place]), keys[place]) for place in order.tolist()]

    def _measured(self, bodies: Bodies, at_most: int | None = None) -> tuple[Cosines, Positions]:
        """Return the cosine of each vector, and the places of the closest."""
        close = cosines(self._asked.vector, bodies)
        limit = row_limit(self._asked.limit if at_most is None else at_most)
        best = np.arange(len(close))
        if limit < len(close):
            best = np.argpartition(-close, limit)[:limit]
        return close, best[np.argsort(-close[best], kind="stable")]

    def _stored(self, keys: Sequence[Key]) -> tuple[list[Key], Bodies]:
        """Return passages with their vectors as the tables have them."""
        found: dict[Key, bytes] = {}
        for spoken, name in ((False, "noted_bodies"), (True, "spoken_bodies")):
            wanted = [passage for of, passage in keys if of == spoken]
            parameters = {**self._parameters, "passages": json.dumps(wanted)}
            for passage, body in self._connection.execute(SQL[name], parameters).fetchall():
                found[spoken, passage] = body
        there = [key for key in keys if key in found]
        return there, matrix([found[key] for key in there], len(self._asked.vector))

    def with_passages(self, near: Sequence[Near], complete: bool) -> Nearest:
        """Return the closest passages with what they are."""
        tenant = self._asked.tenant
        noted = [one.passage for one in near if not one.spoken]
        spoken = {one.passage for one in near if one.spoken}
        unread = spoken.difference(self._asked.said)
        further = [passage for passage in self._asked.said if passage not in spoken]
        return Nearest(
            tuple(near),
            complete,
            tuple(noted_passages(self._connection, tenant, noted)) if noted else (),
            tuple(spoken_passages(self._connection, tenant, list(unread))) if unread else (),
            tuple(self._further(further)) if further else (),
        )

    def _further(self, passages: Sequence[int]) -> list[Near]:
        """Return how close passages of talk are."""
        if not self._memory.current:
            return self.near([(True, passage) for passage in passages])
        wanted = [row_id(passage) for passage in passages]
        found: list[Near] = []
        for rows in self._memory.rows:
            places = rows.of_talk(wanted, sponsors=self._asked.sponsors)
            bodies = rows.bodies(places)
            if bodies is not None:
                close = cosines(self._asked.vector, bodies).tolist()
                keys = rows.keys(places)
                found += [Near(*key, cosine) for key, cosine in zip(keys, close, strict=True)]
        return found

    def closest(self) -> list[Near]:
        """Return the closest passages; as memory has them only where that is what is stored."""
        episode_id = self._asked.episode_id
        if episode_id is not None and not self._memory.current:
            return self.from_tables(self.of_episode(episode_id))
        likely = [hit for rows in self._memory.rows for hit in self.likely(rows)]
        if not self._memory.current:
            return self.from_tables(likely)
        return self._closest_of(Near(*key, cosine) for cosine, key in likely)

    def from_tables(self, found: Sequence[tuple[float, Key]]) -> list[Near]:
        """Return the closest of what was found, as the tables have it."""
        best = sorted(found, key=lambda hit: -hit[0])[: SPARE * row_limit(self._asked.limit)]
        return self._closest_of(self.near([key for _, key in best]))

    def _closest_of(self, near: Iterable[Near]) -> list[Near]:
        ranked = sorted(near, key=lambda one: (-one.cosine, one.spoken, one.passage))
        return ranked[: row_limit(self._asked.limit)]

    def near(self, keys: Sequence[Key]) -> list[Near]:
        """Return how close passages are, those that the tenant sees and that have a vector."""
        wanted: defaultdict[bool, list[int]] = defaultdict(list)
        for spoken, passage in dict.fromkeys(keys):
            wanted[spoken].append(row_id(passage))
        read: list[tuple[bool, Row]] = []
        for spoken, name in ((False, "noted_near"), (True, "spoken_near")):
            parameters = {**self._parameters, "passages": json.dumps(wanted[spoken])}
            rows = self._connection.execute(SQL[name], parameters).fetchall()
            read += [(spoken, row) for row in rows]
        stored = self._bodies(chain.from_iterable(row[1:] for _, row in read))
        measured = [one for one in read if one[1][1] in stored]
        own, before, after = (
            self._stacked([row[column] for _, row in measured], stored) for column in (1, 2, 3)
        )
        close = cosines(self._asked.vector, moved(own, before, after)).tolist()
        return [
            Near(spoken, row[0], cosine)
            for (spoken, row), cosine in zip(measured, close, strict=True)
        ]

    def _stacked(
        self, vector_ids: Sequence[int | None], stored: Mapping[int | None, bytes]
    ) -> Bodies:
        """Return vectors by their ids, zeros for those that are not stored."""
        nothing = bytes(len(self._asked.vector))
        return matrix([stored.get(ident, nothing) for ident in vector_ids], len(nothing))

    def _bodies(self, vector_ids: Iterable[int | None]) -> dict[int | None, bytes]:
        """Return vectors by their ids; those of this model alone."""
        wanted = sorted({ident for ident in vector_ids if ident is not None})
        parameters = {**self._parameters, "vectors": json.dumps(wanted)}
        return dict(self._connection.execute(SQL["bodies"], parameters).fetchall())
