"""What outlining knows of a talk: its sentences as numbers, bounded whatever came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.core.stopwords import STOP_WORDS
from bot.core.transcript import Sentence

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_READ = 600
"""Characters of a sentence that are looked at; a longer one has points missing."""

MOST_WEIGHED = 12_000_000
_LEAST = 60
"""Characters of all sentences that are weighed, but for some of each: thirty days of talk."""


@dataclass(frozen=True, slots=True, eq=False)
class Talk:
    """The sentences of a talk by their start.

    ``starts`` are in seconds and never go back; ``end_s`` is when the last one is over. ``heads``
    are what is weighed of the texts, nearly always all of it, and ``weights`` the words of each
    that carry a meaning of their own. ``new_turn`` is, of each, whether another person spoke
    before it: None where the source names nobody, or one person.
    """

    texts: tuple[str, ...]
    heads: tuple[str, ...]
    starts: Floats
    end_s: float
    weights: Floats
    new_turn: npt.NDArray[np.bool_] | None

    @property
    def words(self) -> float:
        """Return how many words with a meaning of their own were said."""
        return float(self.weights.sum())


def talk_of(sentences: Sequence[Sentence]) -> Talk:
    """Return sentences, by their start, as a talk."""
    texts = tuple(sentence.text[:MOST_READ].replace("’", "'") for sentence in sentences)
    weighed = max(_LEAST, MOST_WEIGHED // max(len(texts), 1))
    heads = texts if weighed >= MOST_READ else tuple(text[:weighed] for text in texts)
    starts = np.fromiter((s.start_ms / 1_000 for s in sentences), np.float64, len(sentences))
    end = max((s.end_ms / 1_000 for s in sentences), default=0.0)
    return Talk(
        texts=texts,
        heads=heads,
        starts=np.maximum.accumulate(np.maximum(starts, 0.0)),
        end_s=end,
        weights=np.fromiter(map(_meaningful, heads), np.float64, len(heads)),
        new_turn=_turns(sentences),
    )


def _meaningful(text: str) -> int:
    return sum(
        word.strip(".,?!'\"").replace("'", "") not in STOP_WORDS for word in text.lower().split()
    )


def _turns(sentences: Sequence[Sentence]) -> npt.NDArray[np.bool_] | None:
    if len({sentence.speaker for sentence in sentences if sentence.speaker}) < 2:
        return None
    changes = (one.speaker != other.speaker for one, other in pairwise(sentences))
    return np.array([True, *changes])
