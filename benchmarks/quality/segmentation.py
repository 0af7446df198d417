"""Cuts every episode by every segmenter and makes the figures of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.quality.boundaries import Agreement, agreement
from benchmarks.quality.episodes import Episode
from benchmarks.quality.segmenters import Segmenter
from benchmarks.quality.statistics import Draws
from benchmarks.quality.tables import Table, figure, interval, milliseconds, percent, ratio

FEWEST_CHAPTERS = 3
"""Chapters of an episode that is judged: of fewer there is nothing to agree with."""

MEASURES: Mapping[str, Callable[[Agreement], float]] = {
    "Pk": lambda found: found.pk,
    "WindowDiff": lambda found: found.window_diff,
    "F1@30": lambda found: found.f1_near,
    "F1@60": lambda found: found.f1_far,
    "tIoU-F1": lambda found: found.tiou_f1,
}
_SHOWN = {"tIoU-F1": percent}


@dataclass(frozen=True, slots=True)
class Cut:
    """What a segmenter made of an episode in so many seconds, and how well that agrees."""

    episode: Episode
    starts: tuple[float, ...]
    agreement: Agreement
    seconds: float


def judged(episodes: Sequence[Episode]) -> list[Episode]:
    """Return the episodes that people gave chapters enough."""
    return [episode for episode in episodes if len(episode.chapters) >= FEWEST_CHAPTERS]


def run(
    segmenters: Mapping[str, Segmenter], episodes: Sequence[Episode], say: Callable[[str], None]
) -> dict[str, list[Cut]]:
    """Return what each segmenter made of each episode."""
    found = {}
    for name, segmenter in segmenters.items():
        say(f"{name}: cutting {len(episodes)} episodes")
        found[name] = [_cut(segmenter, episode) for episode in episodes]
    return found


def _cut(segmenter: Segmenter, episode: Episode) -> Cut:
    begun = time.perf_counter()
    starts = tuple(segmenter.segment(episode))
    taken = time.perf_counter() - begun
    wanted = [chapter.start for chapter in episode.chapters]
    return Cut(episode, starts, agreement(wanted, starts, episode.duration), taken)


def tables(
    cuts: Mapping[str, Sequence[Cut]], ours: str, against: Sequence[str], seed: int
) -> Iterator[Table]:
    """Yield a table of all episodes and of each show, then ours in ratio to others."""
    everything = [cut.episode for cut in next(iter(cuts.values()), ())]
    shows = sorted({episode.show for episode in everything})
    for show in shows if len(shows) == 1 else (None, *shows):
        of_show = {
            name: [cut for cut in made if show in (None, cut.episode.show)]
            for name, made in cuts.items()
        }
        yield _means(show or "all shows", of_show, seed)
        if ours in of_show:
            yield _ratios(show or "all shows", of_show, ours, against, seed)


def _means(show: str, cuts: Mapping[str, Sequence[Cut]], seed: int) -> Table:
    rows = []
    for name, made in cuts.items():
        draws = Draws([cut.episode.id for cut in made], seed)
        means = [
            interval(draws.mean(_values(measure, made)), _SHOWN.get(measure, figure))
            for measure in MEASURES
        ]
        count = sum(len(cut.starts) for cut in made) / len(made)
        taken = sum(cut.seconds for cut in made) / len(made)
        rows.append((name, *means, f"{count:.1f}", milliseconds(taken)))
    some = next(iter(cuts.values()))
    wanted = sum(len(cut.episode.chapters) for cut in some) / len(some)
    title = f"Chapters: {show} ({len(some)} episodes with {wanted:.1f} chapters each)"
    return Table(title, ("segmenter", *MEASURES, "chapters", "time"), tuple(rows))


def _ratios(
    show: str, cuts: Mapping[str, Sequence[Cut]], ours: str, against: Sequence[str], seed: int
) -> Table:
    draws = Draws([cut.episode.id for cut in cuts[ours]], seed)
    rows = [
        (
            f"{ours} / {other}",
            *(
                ratio(draws.ratio(_values(each, cuts[ours]), _values(each, cuts[other])))
                for each in MEASURES
            ),
        )
        for other in against
        if other in cuts
    ]
    return Table(f"Ratios of chapters: {show}", ("pair", *MEASURES), tuple(rows))


def _values(measure: str, cuts: Sequence[Cut]) -> list[tuple[str, float]]:
    return [(cut.episode.id, MEASURES[measure](cut.agreement)) for cut in cuts]


def as_json(cuts: Mapping[str, Sequence[Cut]]) -> dict[str, list[dict[str, object]]]:
    """Return what each segmenter made of each episode."""
    return {
        name: [
            {
                "episode": cut.episode.id,
                "show": cut.episode.show,
                "reference": [chapter.start for chapter in cut.episode.chapters],
                "starts": [round(start, 2) for start in cut.starts],
                **{key: round(value, 4) for key, value in asdict(cut.agreement).items()},
                "seconds": round(cut.seconds, 4),
            }
            for cut in made
        ]
        for name, made in cuts.items()
    }
