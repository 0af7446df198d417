"""Cuts a transcript into the passages that are asked for, and those that somebody hears."""

from __future__ import annotations

from bisect import bisect_right
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

        Where a passage begins it is that passage. Elsewhere it goes on to the end of the cue that
        fills it; of the cue that it opens in only what is left counts, and a silence is waited out.
        """
        passage = self.passages[episode][self.place(episode, second + ROUNDED)]
        if abs(passage.start - second) <= ROUNDED:
            return passage
        cues = self._cues[episode]
        first = max(bisect_right(self._cue_starts[episode], second) - 1, 0)
        if cues[first].end <= second and first + 1 < len(cues):
            first += 1
        end = _end(cues, first, WORDS + _said_before(cues[first], second))
        heard = _together(cues[first:end])
        return replace(heard, start=second, end=max(second, heard.end))


def _said_before(cue: Cue, second: float) -> int:
    """Return how many words of a cue are over by a second, as if all took as long."""
    share = (second - cue.start) / (cue.end - cue.start) if cue.end > cue.start else 0.0
    return round(len(cue.text.split()) * min(max(share, 0.0), 1.0))
