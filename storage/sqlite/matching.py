"""Finds the stored row that each row of an edited document continues, so that ids stay."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from bot.core.catalog import SegmentDraft


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A segment as the source wrote it when it was last imported."""

    id: int
    ordinal: int
    draft: SegmentDraft


@dataclass(frozen=True, slots=True)
class Matching:
    """What an edited document does to the stored rows.

    ``stays[i]`` is the stored row that the new row ``i`` continues, None for a new one.
    """

    stays: tuple[StoredRow | None, ...]
    gone: tuple[StoredRow, ...]


_KEYS: tuple[Callable[[SegmentDraft], Hashable], ...] = (
    lambda draft: (draft.at, draft.title, draft.text),
    lambda draft: (draft.at, draft.title),
    lambda draft: draft.at,
    lambda draft: draft.title,
)
"""What makes two rows the same, the surest sign first; each pairs what is still unpaired."""


def match(stored: Iterable[StoredRow], drafts: Sequence[SegmentDraft]) -> Matching:
    """Return which rows stay; rows that cannot be told apart pair in the order they stand."""
    left = list(stored)
    stays: list[StoredRow | None] = [None] * len(drafts)
    for key in _KEYS:
        waiting: defaultdict[Hashable, deque[StoredRow]] = defaultdict(deque)
        for row in left:
            waiting[key(row.draft)].append(row)
        for index, draft in enumerate(drafts):
            if stays[index] is None and waiting[key(draft)]:
                stays[index] = waiting[key(draft)].popleft()
        taken = {row.id for row in stays if row is not None}
        left = [row for row in left if row.id not in taken]
    return Matching(tuple(stays), tuple(left))
