"""Chapters that nobody set, as they are made: a port and its values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.core.catalog import Tenant
from bot.core.recording import ChaptersDraft
from bot.core.transcript import Sentence


@dataclass(frozen=True, slots=True)
class BareName:
    """Which talk has no chapters but automatic ones; see ``BareTalk``."""

    tenant: Tenant
    episode_id: int
    digest: str


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


@dataclass(frozen=True, slots=True)
class SaidPassage:
    """A passage by the starts of its first and its last sentence, with its vector."""

    start_ms: int
    last_ms: int
    vector: bytes


class Outlines(Protocol):
    """What is told of a talk as a whole: chapters that nobody set, and what its parts mean."""

    async def said_passages(
        self, tenant: Tenant, model: str, episode_id: int, start_ms: int, end_ms: int
    ) -> list[SaidPassage]:
        """Return the passages of a stretch that have a vector of the model, by time."""

    async def next_bare_talk(self, model: str | None) -> BareTalk | None:
        """Return a talk that was not looked through yet, of any tenant; None where none is left.

        With a model, one whose passages all have their vector.
        """

    async def next_bare_name(self, model: str | None) -> BareName | None:
        """Return which talk ``next_bare_talk`` would return, without reading it."""

    async def put_outline(self, talk: BareTalk, chapters: ChaptersDraft) -> bool:
        """Store the chapters of a talk in the place of earlier automatic ones, perhaps none.

        False, and nothing stored, where it has another transcript by now or other chapters.
        """
