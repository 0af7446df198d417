"""Gives every text that can be searched its vector, a few at a time, beside all that is asked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Sequence

from bot.core.embedding import Embedder, NoModel
from bot.core.vectors import Vectors, Waiting

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
"""How often it is looked whether texts are waiting: one step into an index."""

AT_ONCE = 8
"""Texts between two stores: a fifth of a second of work, all that a crash costs."""

REST = 0.5
"""How long the worker rests after a batch, as a share of what that took: answers come first."""

WITHOUT_MODEL_S = 300.0
"""Seconds until a model that does not work is tried again."""

MOST_FAILED = 1_000
"""Texts that the model fails at and that are passed over until the next start."""

COUNT_EVERY = 25
"""Batches between two counts of how far it is."""


class EmbeddingWorker:
    """One process's worker; what two on one database make twice is stored once.

    ``done`` counts texts by what came of them, ``progress`` is how many texts have a vector, and
    how many there are.
    """

    def __init__(self, store: Vectors, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._failed: set[int] = set()
        self._begun = False
        self._complained = False
        self._batches = 0
        self.done: Counter[str] = Counter()
        self.progress = {"embedded": 0, "all": 0}

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until the process stops; a fault costs a round, never the worker.

        It begins after a pause: a process that starts has other things to load first.
        """
        pause = LOOK_EVERY_S
        while not stopping.is_set():
            try:
                async with asyncio.timeout(pause):
                    await stopping.wait()
            except TimeoutError:
                pause = await self._turn()

    async def _turn(self) -> float:
        """Embed a batch; return the seconds until the next."""
        start = time.monotonic()
        try:
            if await self.round():
                self._complained = False
                return REST * (time.monotonic() - start)
        except NoModel as error:
            if not self._complained:
                log.warning("nothing is searched by meaning: %s", error)
            self._complained = True
            return WITHOUT_MODEL_S
        except Exception:
            log.exception("a round of embedding failed")
        return LOOK_EVERY_S

    async def round(self) -> bool:
        """Embed some of the texts that wait; return whether there were any.

        Raise NoModel where the model can embed none of them.
        """
        model = self._embedder.model
        if not self._begun:
            await self._store.use_model(model)
            if await self._store.has_vectors(model):
                # Questions will want it, and do not wait until it is loaded.
                await asyncio.to_thread(self._embedder.check)
            self._begun = True
        waiting = await self._store.waiting_texts(model, AT_ONCE + len(self._failed))
        batch = [one for one in waiting if one.id not in self._failed][:AT_ONCE]
        if not batch or self._batches % COUNT_EVERY == 0:
            await self._count(model)
        if not batch:
            self._batches = 0
            return False
        self._batches += 1
        made = await asyncio.to_thread(self._embedded, batch)
        self.done["embedded"] += await self._store.put_vectors(model, list(made.items()))
        failed = {one.id for one in batch} - made.keys()
        self.done["failed"] += len(failed)
        if len(self._failed) + len(failed) <= MOST_FAILED:
            self._failed |= failed
        return True

    async def _count(self, model: str) -> None:
        embedded, every = await self._store.vector_counts(model)
        self.progress = {"embedded": embedded, "all": every}

    def _embedded(self, batch: Sequence[Waiting]) -> dict[int, bytes]:
        """Return vectors by the ids of their texts, of those that the model does not fail at.

        Raise NoModel where it fails at all.
        """
        try:
            vectors = self._embedder.embed([one.text for one in batch])
        except NoModel:
            return self._one_by_one(batch)
        pairs = zip(batch, vectors, strict=True)
        return {one.id: vector for one, vector in pairs if self._is_sound(vector)}

    def _one_by_one(self, batch: Sequence[Waiting]) -> dict[int, bytes]:
        made: dict[int, bytes] = {}
        problem = NoModel("the model fails at every text")
        for one in batch:
            try:
                (vector,) = self._embedder.embed([one.text])
            except NoModel as error:
                problem = error
                continue
            if self._is_sound(vector):
                made[one.id] = vector
        if not made:
            raise problem
        return made

    def _is_sound(self, vector: bytes) -> bool:
        return len(vector) == self._embedder.dimensions
