"""Cuts a transcript into the passages that every system is judged by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.quality.episodes import Cue, Episode

WORDS = 80

ROUNDED = 0.001
"""Seconds by which a time may differ from the one it was made of: systems keep milliseconds."""


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
    first = 0
    while first < len(cues):
        after = _end(cues, first, words)
        found.append(_together(cues[first:after]))
        first = after
    return found


def _end(cues: Sequence[Cue], first: int, words: int) -> int:
    """Return the place after the cue with which those from the first on have so many words."""
    count = 0
    for place in range(first, len(cues)):
        count += len(cues[place].text.split())
        if count >= words:
            return place + 1
    return len(cues)


def _together(cues: Sequence[Cue]) -> Passage:
    return Passage(cues[0].start, cues[-1].end, " ".join(cue.text for cue in cues))


class Grid:
    """The passages of each episode, which of them a second lies in, and what is heard from one."""

    def __init__(self, episodes: Sequence[Episode]) -> None:
        self.passages = {episode.id: cut(episode.cues) for episode in episodes}
        self._starts = {
            ident: [passage.start for passage in passages]
            for ident, passages in self.passages.items()
        }
        self._cues = {episode.id: episode.cues for episode in episodes}
        self._cue_starts = {episode.id: [cue.start for cue in episode.cues] for episode in episodes}

    def place(self, episode: str, second: float) -> int:
        """Return the number of the passage that holds a second: the last that began by then."""
        return max(bisect_right(self._starts[episode], second) - 1, 0)

    def heard(self, episode: str, second: float) -> Passage:
        """Return what somebody hears who opens a second: as many words as a passage has.

        They are those of whole cues, the first of which holds the second. From where a passage
        begins it is that passage.
        """
        cues = self._cues[episode]
        first = bisect_left(self._cue_starts[episode], second - ROUNDED)
        if first == len(cues) or cues[first].start > second + ROUNDED:
            first = max(first - 1, 0)
        return replace(_together(cues[first : _end(cues, first, WORDS)]), start=second)
