"""How close the sentences taken out of a stretch are to what somebody wrote about it.

Notes are laid over the episode of the same recording: each is about what is said from its second
on. Closeness is the cosine of the vectors of both texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from benchmarks.quality.episodes import Episode
from benchmarks.quality.said import said, within
from benchmarks.quality.statistics import Draws
from benchmarks.quality.tables import Table, interval, ratio
from benchmarks.quality.terms import Matrix
from bot.core.media import parse_link
from bot.core.transcript import Sentence
from bot.ingest.takeaways import read_takeaways

LONGEST_S = 600.0
"""How much of the talk after a note it is about, unless the next note comes first."""

SENTENCES = 4
LEAD, OTHER = f"lead-{SENTENCES}", "another note"


class Embed(Protocol):
    """Something that turns texts into vectors."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return a unit vector (a row) for each text."""


class Extractor(Protocol):
    """Something that takes sentences out of what is said."""

    def extract(self, sentences: Sequence[Sentence]) -> Sequence[str]:
        """Return some of the sentences of a stretch, SENTENCES at most."""


class Lead:
    """Takes the first sentences."""

    def extract(self, sentences: Sequence[Sentence]) -> list[str]:
        return [sentence.text for sentence in sentences[:SENTENCES]]


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about a stretch, and the sentences that are said in it."""

    start: float
    title: str
    text: str
    sentences: tuple[Sentence, ...]


def noted(document: bytes, episodes: Sequence[Episode]) -> list[Note]:
    """Return the notes of a document over the episode of its recording; none without one."""
    draft = read_takeaways(document).draft
    for episode in episodes:
        link = parse_link(episode.video) if episode.video else None
        if link is None or link.media.key != draft.media.key:
            continue
        talk = said(episode)
        starts = [float(segment.at.seconds) for segment in draft.segments]
        ends = [*starts[1:], episode.duration]
        laid = (
            Note(
                start,
                segment.title,
                segment.text,
                within(talk, start, min(end, start + LONGEST_S)),
            )
            for segment, start, end in zip(draft.segments, starts, ends, strict=True)
        )
        return [note for note in laid if note.sentences and note.text]
    return []


def scores(
    notes: Sequence[Note], extractors: Mapping[str, Extractor], judge: Embed
) -> dict[str, list[float]]:
    """Return for each way the closeness of what it takes to each note."""
    wanted = judge.embed([note.text for note in notes])
    found: dict[str, list[float]] = {}
    for name, extractor in {LEAD: Lead(), **extractors}.items():
        taken = [" ".join(extractor.extract(note.sentences)[:SENTENCES]) for note in notes]
        found[name] = [float(value) for value in (wanted * judge.embed(taken)).sum(axis=1)]
    likeness = wanted @ wanted.T
    others = (likeness.sum(axis=1) - np.diag(likeness)) / max(len(notes) - 1, 1)
    return {**found, OTHER: [float(value) for value in others]}


def tables(found: Mapping[str, Sequence[float]], ours: str, seed: int) -> list[Table]:
    """Return the closeness of each way, and ours in ratio to the first sentences.

    There is one episode, so notes are what is drawn again.
    """
    count = len(found[LEAD])
    draws = Draws([str(number) for number in range(count)], seed)
    rows = [(name, interval(draws.mean(_values(values)))) for name, values in found.items()]
    title = f"Extracts: closeness to {count} notes"
    made = [Table(title, ("sentences by", "cosine"), tuple(rows))]
    if ours in found:
        compared = ratio(draws.ratio(_values(found[ours]), _values(found[LEAD])))
        made.append(
            Table("Ratio of extracts", ("pair", "cosine"), ((f"{ours} / {LEAD}", compared),))
        )
    return made


def _values(values: Sequence[float]) -> list[tuple[str, float]]:
    return [(str(number), value) for number, value in enumerate(values)]
