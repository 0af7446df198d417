"""The part of the store that holds vectors and outlines: each method hands one to a thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.core.catalog import Tenant
from bot.core.errors import SegueError
from bot.core.outlines import BareName, BareTalk, SaidPassage
from bot.core.recording import ChaptersDraft
from bot.core.transcript import Sentence
from bot.core.vectors import Meant, Nearest, Waiting
from storage.sqlite import outlines, vectors
from storage.sqlite.connection import Database
from storage.sqlite.import_store import ImportStore
from storage.sqlite.rows import Row

if TYPE_CHECKING:
    from storage.sqlite.meaning import Asked
    from storage.vectors.scopes import Scopes


class VectorStore(ImportStore):
    """``Vectors`` and ``Outlines`` of the core over one SQLite file; the contracts are there."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._scopes: Scopes | None = None
        self._reading: asyncio.Task[None] | None = None
        self._had: set[str] = set()

    async def use_model(self, model: str) -> None:
        """Make a model the one in use."""
        await self._database.write(lambda db: vectors.use_model(db, model))

    async def waiting_texts(self, model: str, limit: int) -> list[Waiting]:
        """Return texts without a vector of a model, the newest first."""
        return await self._database.read(lambda db: vectors.waiting(db, model, limit))

    async def put_vectors(self, model: str, made: Sequence[tuple[int, bytes]]) -> int:
        """Store vectors of texts that were waiting; return how many were stored."""
        return await self._database.write(lambda db: vectors.put(db, model, made))

    async def vector_counts(self, model: str) -> tuple[int, int]:
        """Return how many texts have a vector of the model, and how many texts there are."""
        return await self._database.read(lambda db: vectors.counts(db, model))

    async def has_vectors(self, model: str) -> bool:
        """Return whether any text has, or had since the store was opened, a vector of the model."""
        if model not in self._had and await self._database.read(
            lambda db: vectors.has_any(db, model)
        ):
            self._had.add(model)
        return model in self._had

    async def nearest(
        self,
        tenant: Tenant,
        meant: Meant,
        *,
        sponsors: bool = False,
        episode_id: int | None = None,
        limit: int = 60,
        patience_s: float = 1.0,
        said: Sequence[int] = (),
    ) -> Nearest:
        """Return the passages that are closest to what is meant."""
        scopes = await self._memory()
        from storage.sqlite.meaning import Asked, nearest

        asked = Asked(tenant, meant, sponsors, episode_id, limit, said)
        until = time.monotonic() + patience_s
        found: Nearest | None = None
        try:
            while found is None:
                last = time.monotonic() >= until
                found = await self._database.read_aside(
                    lambda db, last=last: nearest(db, scopes, asked, last=last)  # type: ignore[misc]
                )
        except asyncio.CancelledError:
            self._read_on(scopes, asked)  # Who asked could not wait; the next one need not.
            raise
        if not found.complete:
            self._read_on(scopes, asked)
        return found

    async def _memory(self) -> Scopes:
        if self._scopes is None:
            # In a thread, since it imports numpy: the loop goes on meanwhile.
            made = await asyncio.to_thread(_scopes)
            self._scopes = self._scopes or made
        return self._scopes

    def _read_on(self, scopes: Scopes, asked: Asked) -> None:
        """Go on reading vectors into memory after the answer."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read(scopes, asked))

    async def _read(self, scopes: Scopes, asked: Asked) -> None:
        from storage.sqlite.meaning import catch_up

        try:
            while not await self._database.read_aside(lambda db: catch_up(db, scopes, asked)):
                pass
        except SegueError:
            return  # The next search says what is wrong.

    async def said_passages(
        self, tenant: Tenant, model: str, episode_id: int, start_ms: int, end_ms: int
    ) -> list[SaidPassage]:
        """Return the passages of a stretch that have a vector of the model, by time."""
        return await self._database.read(
            lambda db: outlines.said_passages(db, tenant, model, episode_id, start_ms, end_ms)
        )

    async def next_bare_talk(self, model: str | None) -> BareTalk | None:
        """Return a talk that was not looked through for chapters yet, read a part at a time."""
        name = await self.next_bare_name(model)
        if name is None:
            return None
        ident, said, passages = name.episode_id, list[Sentence](), list[Row]()
        while len(said) % outlines.STEP == 0:
            first = len(said)
            part = await self._database.read_aside(
                partial(outlines.said_from, episode_id=ident, first=first)
            )
            if not part:
                break
            said += part
        while model is not None and len(passages) % outlines.STEP == 0:
            after = passages[-1][0] if passages else -1
            rows = await self._database.read_aside(
                partial(outlines.passages_from, episode_id=ident, after=after)
            )
            if not rows:
                break
            passages += rows
        return outlines.bare_talk(name, said, passages)

    async def next_bare_name(self, model: str | None) -> BareName | None:
        """Return which talk that is."""
        return await self._database.read(lambda db: outlines.next_bare(db, model))

    async def put_outline(self, talk: BareTalk, chapters: ChaptersDraft) -> bool:
        """Store the chapters of a talk that has none of its maker."""
        return await self._database.write(lambda db: outlines.put(db, talk, chapters))

    async def close(self) -> None:
        """Let go of what is being read."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])


def _scopes() -> Scopes:
    import storage.sqlite.meaning  # noqa: F401 - so that nothing is imported on the loop
    from storage.vectors.scopes import Scopes

    return Scopes()
