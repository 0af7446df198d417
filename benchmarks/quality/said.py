"""The sentences of an episode as Segue makes them of its cues."""

from __future__ import annotations

from benchmarks.quality.episodes import BadData, Episode
from benchmarks.quality.segue_search import document
from bot.core.errors import BadDocument
from bot.core.transcript import Sentence
from bot.ingest.sources import read_source


def said(episode: Episode) -> tuple[Sentence, ...]:
    """Return the sentences of an episode by time; raise BadData."""
    try:
        return read_source(document(episode), "episode.json").sentences
    except BadDocument as wrong:
        raise BadData(f"{episode.id}: Segue cannot read it: {wrong}") from None


def within(sentences: tuple[Sentence, ...], start: float, end: float) -> tuple[Sentence, ...]:
    """Return the sentences that begin in a stretch, in seconds."""
    return tuple(one for one in sentences if start * 1_000 <= one.start_ms < end * 1_000)
