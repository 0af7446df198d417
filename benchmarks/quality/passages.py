"""Cuts a transcript into the passages that every system is judged by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.quality.episodes import Cue, Episode

WORDS = 80


@dataclass(frozen=True, slots=True)
class Passage:
    """Some cues in a row, in seconds."""

    start: float
    end: float
    text: str

    @property
    def middle(self) -> float:
        """Return the second halfway between its ends."""
        return (self.start + self.end) / 2


def cut(cues: Sequence[Cue], words: int = WORDS) -> list[Passage]:
    """Return consecutive cues taken together until they have ``words`` words or more."""
    found: list[Passage] = []
    held: list[Cue] = []
    count = 0
    for cue in cues:
        held.append(cue)
        count += len(cue.text.split())
        if count >= words:
            found.append(_together(held))
            held, count = [], 0
    if held:
        found.append(_together(held))
    return found


def _together(cues: Sequence[Cue]) -> Passage:
    return Passage(cues[0].start, cues[-1].end, " ".join(cue.text for cue in cues))


class Grid:
    """The passages of each episode, and which of them a second lies in."""

    def __init__(self, episodes: Sequence[Episode]) -> None:
        self.passages = {episode.id: cut(episode.cues) for episode in episodes}
        self._starts = {
            ident: [passage.start for passage in passages]
            for ident, passages in self.passages.items()
        }

    def place(self, episode: str, second: float) -> int:
        """Return the number of the passage that holds a second: the last that began by then."""
        return max(bisect_right(self._starts[episode], second) - 1, 0)
