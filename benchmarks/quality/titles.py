"""What people called their chapters, and what a system calls them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Protocol

from benchmarks.quality.episodes import Chapter, Episode
from benchmarks.quality.questions import is_generic
from benchmarks.quality.rouge import rouge_1
from benchmarks.quality.said import Said, said
from benchmarks.quality.statistics import Draws
from benchmarks.quality.tables import Table, interval, ratio

YAKE = "YAKE"


class Titler(Protocol):
    """Something that gives chapters titles."""

    def titles(self, chapters: Sequence[Sequence[str]]) -> Sequence[str]:
        """Return a title for each chapter of one episode, told what is said in each."""


class Yake:
    """The best phrase of a chapter by YAKE (Campos and others, 2020), of three words at most."""

    def titles(self, chapters: Sequence[Sequence[str]]) -> list[str]:
        import yake

        extractor = yake.KeywordExtractor(lan="en", n=3, top=1)
        found = (extractor.extract_keywords(" ".join(sentences)) for sentences in chapters)
        return [phrases[0][0] if phrases else "" for phrases in found]


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
        talk = said(episode)
        for name, titler in titlers.items():
            found[name] += _titled(titler, episode, talk)
    return found


def _titled(titler: Titler, episode: Episode, talk: Sequence[Said]) -> Iterator[Titled]:
    within = [
        [one.text for one in talk if chapter.start <= one.start < chapter.end]
        for chapter in episode.chapters
    ]
    spoken = [(c, text) for c, text in zip(episode.chapters, within, strict=True) if text]
    made = titler.titles([text for _, text in spoken])
    for (chapter, _), title in zip(spoken, made, strict=True):
        if not is_generic(chapter.title):
            yield Titled(episode, chapter, title, rouge_1(chapter.title, title))


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
