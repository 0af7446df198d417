"""The rows of the scopes that were asked about last, within a budget of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from storage.vectors.rows import Rows

BUDGET = 112_000_000
"""Bytes that all rows together may take: a million passages and some small scopes, or two scopes
that hold their vectors."""

Key = tuple[int, int, int]
"""A scope, the model of its vectors, and how many dimensions they have."""


class Scopes:
    """Rows by their key. Whoever uses them holds ``lock``: a store has several threads."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.lock = threading.Lock()
        self._budget = budget
        self._kept: OrderedDict[Key, Rows] = OrderedDict()

    def rows(self, key: Key, expected: Callable[[], int]) -> Rows:
        """Return the rows of a scope, empty ones where it is new; those of other models go."""
        scope, model, _ = key
        rows = self._kept.get(key)
        if rows is None:
            for other in [one for one in self._kept if one[0] == scope and one[1] <= model]:
                del self._kept[other]
            rows = self._kept[key] = Rows(key[2], expected())
        self._kept.move_to_end(key)
        return rows

    def trim(self, used: int) -> None:
        """Let go of the scopes not asked about for longest; the last ``used`` stay."""
        while len(self._kept) > used and self.nbytes > self._budget:
            self._kept.popitem(last=False)

    @property
    def nbytes(self) -> int:
        """Return about how much memory all rows take."""
        return sum(rows.nbytes for rows in self._kept.values())
