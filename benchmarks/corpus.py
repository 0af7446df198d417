"""Made-up episodes whose words follow Zipf's law, as those of a language do."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bot.core.catalog import EpisodeDraft, SegmentDraft
from bot.core.media import Media
from bot.core.timecode import Timecode

VOCABULARY = 50_000
PER_EPISODE = 100
SECONDS_APART = 120
WORDS_OF_TITLE = 4
WORDS_OF_TEXT = 60


class Corpus:
    """Draws words; the same seed draws the same corpus."""

    def __init__(self, seed: int, vocabulary: int = VOCABULARY) -> None:
        self._random = random.Random(seed)
        letters = "abcdefghijklmnoprstuvwy"
        self._words = [
            "".join(self._random.choices(letters, k=self._random.randint(3, 10)))
            for _ in range(vocabulary)
        ]
        total = 0.0
        self._weights = [total := total + 1 / rank for rank in range(1, vocabulary + 1)]

    def text(self, count: int) -> str:
        """Return ``count`` words."""
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=count))

    def title(self) -> str:
        """Return a title: its words are rarer than those of running text."""
        return " ".join(self._random.choices(self._words[200:], k=WORDS_OF_TITLE))

    def episodes(self, segments: int) -> Iterator[EpisodeDraft]:
        """Yield episodes that hold ``segments`` notes together."""
        for number, start in enumerate(range(0, segments, PER_EPISODE)):
            notes = tuple(
                SegmentDraft(
                    at=Timecode(index * SECONDS_APART),
                    title=self.title(),
                    text=self.text(WORDS_OF_TEXT),
                )
                for index in range(min(PER_EPISODE, segments - start))
            )
            video = f"v{number:010}"
            media = Media(f"youtube:{video}", f"https://youtu.be/{video}")
            yield EpisodeDraft(title=f"Episode {number}", media=media, segments=notes)
