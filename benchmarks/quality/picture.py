"""Draws where people and segmenters cut one episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.quality.segmentation import Cut

INCHES = (12, 4.5)
DPI = 120


def typical(cuts: Mapping[str, Sequence[Cut]]) -> str:
    """Return the id of the episode on which segmenters together do as well as usual.

    That is the median by their mean tIoU-F1, so that the picture flatters none of them.
    """
    made = list(cuts.values())
    scores: list[tuple[float, str]] = sorted(
        (sum(cut.agreement.tiou_f1 for cut in same) / len(same), same[0].episode.id)
        for same in zip(*made, strict=True)
    )
    return scores[len(scores) // 2][1]


def draw(cuts: Mapping[str, Sequence[Cut]], episode_id: str, file: Path) -> None:
    """Write a picture of the boundaries of one episode: people's first, then each segmenter's."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    chosen = {
        name: next(cut for cut in made if cut.episode.id == episode_id)
        for name, made in cuts.items()
    }
    episode = next(iter(chosen.values())).episode
    wanted = [chapter.start for chapter in episode.chapters]
    rows = [("people", wanted), *((name, cut.starts) for name, cut in chosen.items())]
    figure = Figure(figsize=INCHES, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.vlines([start / 60 for start in wanted], 0, len(rows), color="0.8", linewidth=5)
    for number, (_, starts) in enumerate(rows):
        low = len(rows) - number - 1
        color = "black" if not number else f"C{number - 1}"
        axes.vlines([start / 60 for start in starts], low + 0.1, low + 0.9, color=color)
    axes.set_yticks([len(rows) - number - 0.5 for number in range(len(rows))])
    axes.set_yticklabels([_label(name, chosen.get(name)) for name, _ in rows], parse_math=False)
    axes.set_xlim(-0.5, episode.duration / 60 + 0.5)
    axes.set_xlabel("minutes")
    # What is written in the data is no formula.
    axes.set_title(_printable(f"{episode.show}: {episode.title or episode.id}"), parse_math=False)
    figure.savefig(file, metadata={"Software": None})


def _label(name: str, cut: Cut | None) -> str:
    return name if cut is None else f"{name}\ntIoU-F1 {cut.agreement.tiou_f1 * 100:.1f}"


def _printable(text: str) -> str:
    return "".join(char for char in text[:120] if char.isprintable() and ord(char) < 0x2500)
