"""Made-up rows whose words follow Zipf's law, as those of a language do.

The commonest words are English stop-words, as they are in talk, the next ones English too. Every
word is its own stem.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from bot.core.stemming import stem
from bot.core.stopwords import STOP_WORDS
from bot.providers.minilm.files import tokenizer_bytes

VOCABULARY = 50_000
WORDS_OF_TITLE = 4
SHORT = 2
COMMON = 200
"""Words of running text that no title has."""

COMMONEST = ("the", "a", "to", "and", "of", "in", "is", "that", "it", "you", "for", "on", "with")


@dataclass(frozen=True)
class Rows:
    """Titles and texts, and which words they are of: by number, the commonest first."""

    words: Sequence[str]
    titles: Sequence[str]
    texts: Sequence[str]
    numbers: np.ndarray

    def frequencies(self, groups: Sequence[int]) -> Iterator[tuple[int, list[tuple[str, int]]]]:
        """Yield each group of rows with the words it has, and how many of its rows have each."""
        group_of = np.asarray(groups)
        ordered = np.sort(self.numbers, axis=1)
        first = np.ones(ordered.shape, bool)
        first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
        for group in np.unique(group_of):
            mine = group_of == group
            counts = np.bincount(ordered[mine][first[mine]], minlength=len(self.words))
            found = np.flatnonzero(counts)
            yield int(group), [(self.words[n], int(counts[n])) for n in found]


@cache
def vocabulary() -> tuple[str, ...]:
    """Return the words, the commonest first: stop-words, others of English, made-up ones.

    Those of English are the ones that the model's tokenizer knows, which come by their frequency.
    """
    others = sorted(STOP_WORDS - set(COMMONEST))
    stops = [word for word in (*COMMONEST, *others) if stem(word) == word][:COMMON]
    chance = random.Random(1)
    found = dict.fromkeys((*stops, *_english()))
    while len(found) < VOCABULARY:
        letters = chance.choices("abcdefghijklmnoprstuvwy", k=chance.randint(3, 10))
        word = "".join(letters)
        if word not in STOP_WORDS and stem(word) == word:
            found[word] = None
    return tuple(found)


def _english() -> list[str]:
    pieces = json.loads(tokenizer_bytes())["model"]["vocab"]
    known = sorted(pieces, key=pieces.__getitem__)
    return [
        word
        for word in known
        if len(word) > SHORT
        and word.isascii()
        and word.isalpha()
        and word.islower()
        and word not in STOP_WORDS
        and stem(word) == word
    ]


def made_rows(seed: int, count: int, words: int) -> Rows:
    """Return so many rows, each with a title and so many words of text."""
    chance = np.random.default_rng(seed)
    known = np.array(vocabulary(), dtype=object)
    weights = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
    in_text = np.searchsorted(weights, chance.random((count, words)) * weights[-1])
    in_title = chance.integers(COMMON, VOCABULARY, (count, WORDS_OF_TITLE))
    numbers = np.concatenate([in_title, in_text], axis=1).astype(np.int32)
    titles = [" ".join(known[row]) for row in in_title]
    texts = [" ".join(known[row]) for row in in_text]
    return Rows(vocabulary(), titles, texts, numbers)
