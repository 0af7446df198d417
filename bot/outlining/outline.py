"""Gives a talk the chapters that nobody set: where each begins, and its title.

A maker's own chapters are always better; these are for talks that have none, and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.recording import ChaptersDraft
from bot.core.transcript import Chapter, Sentence
from bot.outlining.blocks import best_sentences, blocks_of
from bot.outlining.boundaries import boundaries
from bot.outlining.cue_phrases import announcements
from bot.outlining.talk import Talk, talk_of
from bot.outlining.titles import titles
from bot.outlining.vectors import Vectors, WordVectors, model_vectors

SHORTEST_S = 300.0
FEWEST_WORDS = 200
"""What is shorter, or has fewer words with a meaning of their own, has no chapters."""

MOST_SENTENCES = 200_000
"""Sentences that are looked at; a hundred hours of talk have no more."""

SOURCE_LABEL = "Automatic"


@dataclass(frozen=True, slots=True)
class OutlinedChapter:
    """A chapter by its start in milliseconds."""

    start_ms: int
    title: str


def outline(
    sentences: Sequence[Sentence],
    vectors: Sequence[bytes] | None = None,
    *,
    spans: Sequence[tuple[int, int]] | None = None,
    embed: Callable[[Sequence[str]], Sequence[bytes]] | None = None,
) -> tuple[OutlinedChapter, ...]:
    """Return chapters of what was said, the first at 0; none for a talk that is short or all one.

    ``sentences`` are by their start. ``vectors`` are one for each of them, or for each of
    ``spans``, the first and last sentence of passages: signed bytes, as an Embedder gives them.
    Without them chapters are told by words alone. ``embed`` embeds by the same model some
    hundreds of phrases, for better titles; what it raises is raised.
    Works the processor for a second or so, so it is called in a thread. Raise ValueError for
    vectors that do not fit the sentences.
    """
    sentences = sentences[:MOST_SENTENCES]
    meaning = None if vectors is None else model_vectors(vectors, len(sentences), spans)
    talk = talk_of(sentences)
    if talk.end_s < SHORTEST_S or talk.words < FEWEST_WORDS:
        return ()
    starts = _starts(talk, meaning or WordVectors(talk))
    if len(starts) < 2:
        return ()
    named = titles(talk, starts, meaning, embed)
    return tuple(
        OutlinedChapter(int(sentences[start].start_ms) if start else 0, title)
        for start, title in zip(starts, named, strict=True)
    )


def _starts(talk: Talk, vectors: Vectors) -> list[int]:
    """Return the places of the sentences that chapters begin with."""
    blocks = blocks_of(talk, vectors)
    best, evidence = best_sentences(talk, blocks, announcements(talk))
    return [0, *(int(best[cut]) for cut in boundaries(blocks, talk.end_s, evidence))]


def as_chapters(outlined: Sequence[OutlinedChapter]) -> ChaptersDraft:
    """Return chapters to be stored, under a label that says that nobody set them."""
    chapters = tuple(Chapter(start_ms=each.start_ms, title=each.title) for each in outlined)
    return ChaptersDraft(chapters, source_label=SOURCE_LABEL)
