"""Gives talks the chapters that nobody set, one talk at a time, beside all that is asked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter

from bot.core.embedding import Embedder, NoModel
from bot.core.outlines import BareName, BareTalk, Outlines
from bot.core.recording import ChaptersDraft

log = logging.getLogger(__name__)

LOOK_EVERY_S = 10.0
"""How often it is looked whether a talk waits."""

VECTORS_WITHIN_S = 3_600.0
"""Seconds that a talk waits for its vectors, which the model may fail at; then words tell."""


class OutlineWorker:
    """One process's worker; what two on one database make twice is the same.

    ``done`` counts talks by what came of them.
    """

    def __init__(self, store: Outlines, embedder: Embedder | None) -> None:
        self._store = store
        self._embedder = embedder
        self._waiting: tuple[tuple[int, str], float] | None = None
        self.done: Counter[str] = Counter()

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until the process stops; a fault costs a round, never the worker."""
        while not stopping.is_set():
            try:
                if await self.round():
                    continue
            except Exception:
                log.exception("a round of outlining failed")
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def round(self) -> bool:
        """Outline a talk; return whether there was one."""
        talk = await self._next()
        if talk is None:
            return False
        try:
            chapters = await asyncio.to_thread(_outlined, talk, self._embedder)
        except Exception:
            # It would be the next one again, before all others.
            log.exception("episode %d cannot be outlined", talk.episode_id)
            chapters, outcome = ChaptersDraft(()), "failed"
        else:
            outcome = "outlined" if chapters.chapters else "left whole"
        stored = await self._store.put_outline(talk, chapters)
        self.done[outcome if stored else "overtaken"] += 1
        return True

    async def _next(self) -> BareTalk | None:
        """Return a talk whose passages have their vectors or, without a model, any."""
        embedder = self._embedder
        if embedder is None:
            return await self._store.next_bare_talk(None)
        found = await self._store.next_bare_talk(embedder.model)
        waiting = await self._store.next_bare_name(None) if found is None else None
        if waiting is None:
            return found
        try:
            await asyncio.to_thread(embedder.check)
        except NoModel:
            return await self._store.next_bare_talk(None)
        return await self._store.next_bare_talk(None) if self._waits_too_long(waiting) else None

    def _waits_too_long(self, talk: BareName) -> bool:
        """Return whether a talk's vectors do not come; the newest talks get theirs first."""
        name, now = (talk.episode_id, talk.digest), time.monotonic()
        if self._waiting is None or self._waiting[0] != name:
            self._waiting = (name, now)
        return now - self._waiting[1] >= VECTORS_WITHIN_S


def _outlined(talk: BareTalk, embedder: Embedder | None) -> ChaptersDraft:
    from bot.outlining.outline import as_chapters, outline

    if embedder is None or not talk.vectors:
        return as_chapters(outline(talk.sentences))
    try:
        found = outline(talk.sentences, talk.vectors, spans=talk.spans, embed=embedder.embed)
    except NoModel:
        found = outline(talk.sentences, talk.vectors, spans=talk.spans)
    return as_chapters(found)
