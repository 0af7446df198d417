"""What people called their chapters, and what a system calls them."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Protocol

from benchmarks.quality.episodes import Chapter, Episode
from benchmarks.quality.questions import is_generic
from benchmarks.quality.rouge import rouge_1
from benchmarks.quality.said import said
from benchmarks.quality.statistics import Draws
from benchmarks.quality.tables import Table, interval, ratio
from bot.core.transcript import Sentence

YAKE = "YAKE"


class Titler(Protocol):
    """Something that gives chapters titles."""

    def titles(self, sentences: Sequence[Sentence], starts: Sequence[int]) -> Sequence[str]:
        """Return a title for each chapter of an episode, whose first sentences are at ``starts``.

        The first chapter begins with the first sentence.
        """


class Yake:
    """The best phrase of a chapter by YAKE (Campos and others, 2020), of three words at most."""

    def titles(self, sentences: Sequence[Sentence], starts: Sequence[int]) -> list[str]:
        import yake

        extractor = yake.KeywordExtractor(lan="en", n=3, top=1)
        found = []
        for start, stop in pairwise([*starts, len(sentences)]):
            text = " ".join(sentence.text for sentence in sentences[start:stop])
            found.append(next((phrase for phrase, _ in extractor.extract_keywords(text)), ""))
        return found


@dataclass(frozen=True, slots=True)
class Titled:
    """A chapter, what a system called it, and ROUGE-1 of that."""

    episode: Episode
    chapter: Chapter
    title: str
    score: float


def chosen(episodes: Sequence[Episode], seed: int, most: int) -> list[Episode]:
    """Return episodes with some ``most`` telling chapters in all, each show having its turn."""
    shows: dict[str, list[Episode]] = {}
    for episode in episodes:
        shows.setdefault(episode.show, []).append(episode)
    for show in sorted(shows):
        random.Random(f"{seed}\n{show}").shuffle(shows[show])
    found: list[Episode] = []
    count = 0
    for turn in zip_longest(*(shows[show] for show in sorted(shows))):
        for episode in turn:
            if episode is not None and count < most:
                found.append(episode)
                count += len(_telling(episode))
    return found


def _telling(episode: Episode) -> list[Chapter]:
    return [chapter for chapter in episode.chapters if not is_generic(chapter.title)]


def run(
    titlers: Mapping[str, Titler], episodes: Sequence[Episode], say: Callable[[str], None]
) -> dict[str, list[Titled]]:
    """Return what each system calls each telling chapter in which something is said."""
    found: dict[str, list[Titled]] = {name: [] for name in titlers}
    say(f"titles: {len(episodes)} episodes by {', '.join(titlers)}")
    for episode in episodes:
        sentences = said(episode)
        spoken, starts = _spoken(episode, sentences)
        for name, titler in titlers.items():
            made = titler.titles(sentences, starts)
            found[name] += [
                Titled(episode, chapter, title, rouge_1(chapter.title, title))
                for chapter, title in zip(spoken, made, strict=True)
                if not is_generic(chapter.title)
            ]
    return found


def _spoken(episode: Episode, sentences: Sequence[Sentence]) -> tuple[list[Chapter], list[int]]:
    """Return the chapters in which a sentence begins, and the places of their first ones.

    What is said before the first chapter goes with it.
    """
    times = [sentence.start_ms for sentence in sentences]
    places = [bisect_left(times, chapter.start * 1_000) for chapter in episode.chapters]
    spoken = [
        (chapter, start)
        for chapter, start, stop in zip(
            episode.chapters, places, [*places[1:], len(sentences)], strict=True
        )
        if stop > start
    ]
    starts = [start for _, start in spoken]
    return [chapter for chapter, _ in spoken], [0, *starts[1:]] if starts else []


def tables(titled: Mapping[str, Sequence[Titled]], ours: str, seed: int) -> Iterator[Table]:
    """Yield ROUGE-1 of each system for all shows and each, and ours in ratio to YAKE's."""
    everything = [one for made in titled.values() for one in made]
    if not everything:
        return
    shows = sorted({one.episode.show for one in everything})
    draws = Draws([one.episode.id for one in everything], seed)
    rows = []
    for name, made in titled.items():
        parts = [made, *([o for o in made if o.episode.show == s] for s in shows)]
        rows.append((name, *(interval(draws.mean(_values(part))) for part in parts)))
    count = len(next(iter(titled.values())))
    title = f"Titles: ROUGE-1 to people's, {count} chapters"
    yield Table(title, ("titles by", "all shows", *shows), tuple(rows))
    if ours in titled and YAKE in titled:
        found = draws.ratio(_values(titled[ours]), _values(titled[YAKE]))
        yield Table("Ratio of titles", ("pair", "ROUGE-1"), ((f"{ours} / {YAKE}", ratio(found)),))


def _values(titled: Sequence[Titled]) -> list[tuple[str, float]]:
    return [(one.episode.id, one.score) for one in titled]


def as_json(titled: Mapping[str, Sequence[Titled]]) -> dict[str, list[dict[str, object]]]:
    """Return every title beside the one that a person chose."""
    return {
        name: [
            {
                "episode": one.episode.id,
                "at": one.chapter.start,
                "people": one.chapter.title,
                "made": one.title,
                "rouge_1": round(one.score, 4),
            }
            for one in made
        ]
        for name, made in titled.items()
    }
