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
from benchmarks.quality.systems import Found
from bot.bootstrap import make_ports
from bot.core.catalog import PUBLIC
from bot.core.embedding import Embedder
from bot.core.errors import BadDocument
from bot.core.ports import Store
from bot.core.query import parse_query
from bot.core.settings import Settings, StorageSettings
from bot.services.embedding_worker import EmbeddingWorker
from bot.services.finding import close_to, heard
from bot.services.ingestion import import_document
from bot.services.spelling import spelled
from storage import open_store


class Segue:
    """Search of what is said, in a database of its own that goes with it."""

    name = "Segue"

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self._store: Store | None = None
        self._ids: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._databases = 0
        self._embedder: Embedder | None = None

    def index(self, episodes: Sequence[Episode]) -> None:
        self._runner.run(self._index(episodes))

    def search(self, query: str, episode: str | None, limit: int) -> list[Found]:
        return self._runner.run(self._search(query, episode))[:limit]

    def confidence(self, found: Sequence[Found]) -> float:
        return found[0].score if found else float("-inf")

    def close(self) -> None:
        if self._store is not None:
            self._runner.run(self._store.close())
        self._runner.close()
        self._folder.cleanup()

    async def _index(self, episodes: Sequence[Episode]) -> None:
        if self._store is not None:
            await self._store.close()
        self._databases += 1
        file = Path(self._folder.name) / f"{self._databases}.db"
        self._store = open_store(StorageSettings(url=f"sqlite:///{file}"))
        await self._store.migrate()
        for episode in episodes:
            try:
                imported = await import_document(
                    self._store, PUBLIC, document(episode), name="episode.json"
                )
            except BadDocument as wrong:
                raise BadData(f"{episode.id}: Segue cannot take it in: {wrong}") from None
            self._ids[episode.id] = imported.outcome.episode.id
            self._names[imported.outcome.episode.id] = episode.id
        self._ports = make_ports(self._store, Settings())
        if self._ports.embedder is not None:
            # Questions are embedded anew each time: that is part of what they take.
            self._embedder = self._embedder or Remembering(self._ports.embedder)
            worker = EmbeddingWorker(self._store, self._embedder)
            while await worker.round():
                continue

    async def _search(self, typed: str, episode: str | None) -> list[Found]:
        assert self._store is not None
        query = parse_query(typed)
        if not query.clauses:
            return []
        query = await spelled(self._store, PUBLIC, query)
        scope = None if episode is None else self._ids[episode]
        statistics, close = await asyncio.gather(
            self._store.statistics(PUBLIC, query.stems, spoken=True),
            close_to(self._ports, PUBLIC, query, scope),
        )
        hits = await heard(self._ports, PUBLIC, query, statistics, close, scope)
        return [
            Found(
                self._names[hit.spoken.episode.id],
                hit.sentence.start_ms / 1_000,
                hit.sentence.end_ms / 1_000,
                hit.relevance,
            )
            for hit in hits
        ]


class Remembering:
    """An embedder that embeds a text once, in however many catalogs it is."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, bytes] = {}
        self.model, self.dimensions = embedder.model, embedder.dimensions

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        new = [text for text in texts if text not in self._known]
        self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return [self._known[text] for text in texts]

    def check(self) -> str:
        return self._embedder.check()


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
