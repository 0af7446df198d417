"""Ways of cutting an episode into chapters: the protocol, and the plainest of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from benchmarks.quality.c99 import C99
from benchmarks.quality.chapter_count import chapter_count
from benchmarks.quality.episodes import Episode
from benchmarks.quality.texttiling import TextTiling


class Segmenter(Protocol):
    """Something that cuts an episode; it sees its cues, and is not to look at its chapters."""

    name: str

    def segment(self, episode: Episode) -> Sequence[float]:
        """Return the starts of the chapters in seconds."""


UNIFORM = "uniform"


class Uniform:
    """Chapters of one length, as many as the rule says."""

    name = UNIFORM

    def segment(self, episode: Episode) -> list[float]:
        count = chapter_count(episode.duration)
        return [episode.duration * number / count for number in range(count)]


SEGMENTERS: Mapping[str, Callable[[], Segmenter]] = {
    UNIFORM: Uniform,
    TextTiling.name: TextTiling,
    C99.name: C99,
}
"""Makes each segmenter that Segue's is compared with, by its name."""
