"""Chapters that nobody set, as they are made: a port and its values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.core.catalog import Tenant
from bot.core.recording import ChaptersDraft
from bot.core.transcript import Sentence


@dataclass(frozen=True, slots=True)
class BareTalk:
    """What was said in an episode that has no chapters but automatic ones.

    ``digest`` is the transcript's. ``spans`` are the first and last sentence of each passage,
    ``vectors`` theirs; empty where nothing is embedded.
    """

    tenant: Tenant
    episode_id: int
    digest: str
    sentences: tuple[Sentence, ...]
    spans: tuple[tuple[int, int], ...] = ()
    vectors: tuple[bytes, ...] = ()


class Outlines(Protocol):
    """Chapters that nobody set, kept in step with what was said."""

    async def next_bare_talk(self, model: str | None) -> BareTalk | None:
        """Return a talk that was not looked through yet, of any tenant; None where none is left.

        With a model, one whose passages all have their vector.
        """

    async def put_outline(self, talk: BareTalk, chapters: ChaptersDraft) -> bool:
        """Store the chapters of a talk in the place of earlier automatic ones, perhaps none.

        False, and nothing stored, where it has another transcript by now or other chapters.
        """
