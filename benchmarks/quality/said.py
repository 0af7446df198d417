"""The sentences of an episode as Segue makes them of its cues."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.quality.episodes import Episode
from benchmarks.quality.segue_search import document
from bot.ingest.sources import read_source


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the second in which it begins."""

    start: float
    text: str


def said(episode: Episode) -> list[Said]:
    """Return the sentences of an episode by time."""
    source = read_source(document(episode), "episode.json")
    return [Said(one.start_ms / 1_000, one.text) for one in source.sentences]
