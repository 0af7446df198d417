"""Finds phrases that may name what a stretch of talk is about: nouns, by the words around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from bot.core.stemming import stem
from bot.core.stopwords import STOP_WORDS
from bot.outlining.filler_words import FILLER_WORDS

MOST_WORDS = 4
LONGEST_WORD = 24
LONGEST_PHRASE = 60

_ADDRESS = re.compile(r"\(?(?:https?://|www\.)\S*|\S+@\S+")
_TOKEN = re.compile(r"[^\W_](?:[\w'.+#&-]{0,60}[\w+#])?|[^\w\s]")
_INNER = frozenset("of for in on vs".split())
"""Words that may stand inside a phrase: *cost of training*."""

_QUALITY = re.compile(r"(?:ial|ical|ural|onal|ive|ous|ful|able|ible|ier|iest)$")
"""How words end that say how something is: alone they name nothing."""

_MARKS_NOUN = frozenset(
    """
    the a an this that these those my your our their its his her some any each every no of about
    with for from into between without
    """.split()
)
_MARKS_VERB = frozenset(
    """
    to you we they i it he she who can could will would should may might must shall let lets don't
    didn't doesn't can't won't not never just always i'll you'll we'll they'll i'd you'd we'd
    they'd please and then
    """.split()
)
_MARKS_QUALITY = frozenset(
    "is are was were be been very so too really more most pretty quite super as how".split()
)


@dataclass(slots=True)
class Phrase:
    """A phrase of a stretch: how often and where it is first said, and in which forms."""

    first: int
    count: int = 0
    forms: Counter[str] = field(default_factory=Counter)

    @property
    def form(self) -> str:
        """Return its commonest form, of equals the first."""
        return self.forms.most_common(1)[0][0]


Key = tuple[str, ...]


def tokens(text: str) -> list[str]:
    """Return words and marks of a text in order, without addresses."""
    return _TOKEN.findall(_ADDRESS.sub(" ", text)) if text else []


def is_word(token: str) -> bool:
    """Return whether a token is a word and no mark."""
    return token[0].isalnum()


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """Return a word in small letters without the ``'s`` behind it."""
    small = word.lower().replace("’", "'")
    return small.removesuffix("'s")


@lru_cache(maxsize=65_536)
def names_something(word: str) -> bool:
    """Return whether a word may be the subject of a talk."""
    small = plain(word)
    return (
        2 <= len(small) <= LONGEST_WORD
        and not small.isdigit()
        and "'" not in small
        and ".com" not in small
        and small not in STOP_WORDS
        and small not in FILLER_WORDS
        and not (small.endswith("ly") and len(small) > 4)
    )


@lru_cache(maxsize=65_536)
def stem_of(word: str) -> str:
    """Return what a word is compared by."""
    return stem(plain(word))


class Grammar:
    """What a talk shows of its words: which are said as names of things, and which as verbs."""

    def __init__(self, texts: Iterable[list[str]]) -> None:
        self._noun: Counter[str] = Counter()
        self._verb: Counter[str] = Counter()
        self._head: Counter[str] = Counter()
        self._said: Counter[str] = Counter()
        for words in texts:
            self._read(words)

    def _read(self, words: list[str]) -> None:
        before = ""
        for place, word in enumerate(words):
            small = plain(word)
            if is_word(word) and names_something(word):
                after = words[place + 1] if place + 1 < len(words) else "."
                self._said[small] += 1
                self._noun[small] += before in _MARKS_NOUN
                self._verb[small] += before in _MARKS_VERB
                ends = not names_something(after) and before not in _MARKS_QUALITY
                self._head[small] += ends and before not in _MARKS_VERB
            before = small

    def is_name(self, words: list[str]) -> bool:
        """Return whether words that name something begin like a name and end like one."""
        first, last = plain(words[0]), plain(words[-1])
        if len(words) == 1 and _QUALITY.search(first):
            return False
        if self._verb[first] > self._noun[first] or self._verb[last] > self._noun[last]:
            return False
        return self._head[last] * 3 >= self._said[last]


def phrases_in(words: list[str], grammar: Grammar) -> Iterator[tuple[Key, str]]:
    """Yield the phrases of a sentence's tokens, each with the stems it is compared by."""
    for start, word in enumerate(words):
        if not is_word(word) or not names_something(word):
            continue
        for stop in range(start + 1, min(start + MOST_WORDS, len(words)) + 1):
            part = words[start:stop]
            last = plain(part[-1])
            if not is_word(part[-1]) or not (names_something(part[-1]) or last in _INNER):
                break
            if last in _INNER:
                if stop - start > 1 and plain(part[-2]) in _INNER:
                    break
                continue
            form = " ".join(part)
            if len(form) <= LONGEST_PHRASE and grammar.is_name(part):
                yield tuple(stem_of(each) for each in part), form
