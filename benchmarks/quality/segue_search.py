"""Segue's own search, through its real store and services, as ``/topic`` asks it.

The one place that knows how Segue searches what is said: what ``/topic`` learns, it learns here.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality.episodes import BadData, Episode
from benchmarks.quality.segue_model import Remembering, open_model, remembering
from benchmarks.quality.systems import Found
from bot.bootstrap import SystemClock
from bot.core.catalog import PUBLIC
from bot.core.embedding import Embedder
from bot.core.errors import BadDocument
from bot.core.ports import Store
from bot.core.query import SearchQuery, parse_query
from bot.core.settings import StorageSettings
from bot.core.vectors import Meant
from bot.providers.extractive import Extractive
from bot.services.embedding_worker import EmbeddingWorker
from bot.services.finding import heard, look_up
from bot.services.ingestion import import_document
from bot.services.registry import Ports
from storage import open_store

SEGUE, BY_WORDS = "Segue", "Segue by words"
PATIENCE_S = 60
DEEPEST = 20
"""Answers that are looked at."""


class Segue:
    """Search of what is said, in a database of its own that goes with it.

    ``embedder`` tells what queries mean, ``indexing`` what passages do. Without them it goes by
    words alone, as it does where there is no model.
    """

    def __init__(
        self,
        name: str = SEGUE,
        embedder: Embedder | None = None,
        indexing: Remembering | None = None,
    ) -> None:
        self.name = name
        self._embedder = embedder
        self._indexing = indexing
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self._ports: Ports | None = None
        self._ids: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._databases = 0

    def index(self, episodes: Sequence[Episode]) -> None:
        self._runner.run(self._index(episodes))

    def search(self, query: str, episode: str | None, limit: int) -> list[Found]:
        return self._runner.run(self._search(query, episode))[:limit]

    def confidence(self, found: Sequence[Found]) -> float:
        return found[0].score if found else float("-inf")

    def close(self) -> None:
        if self._ports is not None:
            self._runner.run(self._ports.store.close())
        self._runner.close()
        self._folder.cleanup()

    async def _index(self, episodes: Sequence[Episode]) -> None:
        if self._ports is not None:
            await self._ports.store.close()
        self._databases += 1
        file = Path(self._folder.name) / f"{self._databases}.db"
        store = open_store(StorageSettings(url=f"sqlite:///{file}"))
        self._ports = Ports(store, SystemClock(), lambda: "", Extractive(), embedder=self._embedder)
        await store.migrate()
        for episode in episodes:
            try:
                imported = await import_document(
                    store, PUBLIC, document(episode), name="episode.json"
                )
            except BadDocument as wrong:
                raise BadData(f"{episode.id}: Segue cannot take it in: {wrong}") from None
            self._ids[episode.id] = imported.outcome.episode.id
            self._names[imported.outcome.episode.id] = episode.id
        if self._indexing is not None:
            await _embed(store, self._indexing)

    async def _search(self, typed: str, episode: str | None) -> list[Found]:
        query = parse_query(typed)
        found = await self._answer(query, episode)
        if not found and query.quoted_in_part:
            found = await self._answer(query.unquoted(), episode)
        return found

    async def _answer(self, query: SearchQuery, episode: str | None) -> list[Found]:
        assert self._ports is not None
        if not query.clauses:
            return []
        scope = None if episode is None else self._ids[episode]
        # However busy the machine is, two runs find the same.
        found = await look_up(self._ports, PUBLIC, query, scope, within_s=PATIENCE_S)
        return [
            Found(
                self._names[hit.spoken.episode.id],
                hit.sentence.start_ms / 1_000,
                hit.relevance,
            )
            for hit in heard(found, scope, shown=DEEPEST)
        ]


async def _embed(store: Store, embedder: Embedder) -> None:
    """Give everything its vector, and wait until all of them are in memory."""
    worker = EmbeddingWorker(store, embedder)
    while await worker.round():
        continue
    (vector,) = embedder.embed(["anything"])
    while not (await store.nearest(PUBLIC, Meant(embedder.model, vector))).complete:
        continue


def segue() -> Segue:
    """Return Segue as it comes: by words and by what they mean."""
    return Segue(SEGUE, open_model(), remembering())


def by_words() -> Segue:
    """Return Segue as it is without a model."""
    return Segue(BY_WORDS)


def document(episode: Episode) -> bytes:
    """Return an episode as Segue imports it, without its chapters: their titles are asked for."""
    fields = {
        "id": episode.id,
        "show": episode.show,
        "title": episode.title or episode.id,
        "duration": episode.duration,
        "video": None,
        "cues": [[cue.start, cue.end, cue.text] for cue in episode.cues],
    }
    return json.dumps(fields).encode()
