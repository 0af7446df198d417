"""Names chapters by words of the talk: a short question that opens one, or its own phrases.

A phrase counts by how often it is said in its chapter and in how few others (class-based TF-IDF),
more the sooner it is said; with a model, by how near its meaning is to the chapter's, too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

import numpy as np

from bot.core.analysis import analyse
from bot.core.stopwords import STOP_WORDS
from bot.outlining.openings import LONGEST_TITLE, opening_question, opening_words
from bot.outlining.phrases import (
    MOST_WORDS,
    Grammar,
    Key,
    Phrase,
    phrases_in,
    plain,
    tokens,
)
from bot.outlining.talk import Talk
from bot.outlining.vectors import ModelVectors, Rows, unit_rows, unpacked

Embed = Callable[[Sequence[str]], Sequence[bytes]]

MOST_READ = 60_000
"""Characters of a chapter that are read for its title: an hour of talk."""

_WEIGHT_BY_LENGTH = (1.0, 1.7, 1.7, 1.5)
_OFTEN = 0.7
_EARLY = 3.0
_EARLY_S = 12.0
_NEAR = 5.0
"""How much the cosine of a phrase and its chapter counts beside the logarithm of the rest."""

_CANDIDATES = 14
_FEWEST_TIMES = 2
_SHORT = 2
"""Words of a title up to which a second phrase is added."""

_SECOND_AMONG = 3
"""Phrases of which the second may be one."""

_COMMON = 0.5
"""Share of the chapters of a talk in which a phrase says little of one."""

_WHOLE = 0.5
"""A word that is said this often beside a phrase is part of the name."""


class _Chapter:
    """What is known of one chapter for its title."""

    def __init__(self, talk: Talk, start: int, stop: int) -> None:
        self.start, self.stop = start, stop
        self.begins = float(talk.starts[start])
        self.words: list[list[str]] = []
        room = MOST_READ
        for text in talk.texts[start:stop]:
            room -= len(text)
            if room < 0:
                break
            self.words.append(tokens(text))
        self.phrases: dict[Key, Phrase] = {}

    def read(self, grammar: Grammar) -> None:
        for place, words in enumerate(self.words, self.start):
            for key, form in phrases_in(words, grammar):
                phrase = self.phrases.setdefault(key, Phrase(place))
                phrase.count += 1
                phrase.forms[form] += 1


def titles(
    talk: Talk,
    starts: Sequence[int],
    vectors: ModelVectors | None = None,
    embed: Embed | None = None,
) -> list[str]:
    """Return a title for each chapter, given the places of their first sentences.

    Each is at most LONGEST_TITLE characters of what is said in it, no two alike where there is
    a choice.
    """
    chapters = [_Chapter(talk, *edges) for edges in pairwise([*starts, len(talk.texts)])]
    grammar = Grammar(words for chapter in chapters for words in chapter.words)
    for chapter in chapters:
        chapter.read(grammar)
    forms = _forms(chapters)
    spread = Counter(key for chapter in chapters for key in chapter.phrases)
    ranked = [_ranked(talk, chapter, spread, len(chapters)) for chapter in chapters]
    if vectors is not None and embed is not None:
        ranked = _by_meaning(talk, chapters, ranked, vectors, embed)
    used: set[str] = set()
    found: list[str] = []
    common = {key for key, held in spread.items() if held > _COMMON * len(chapters)}
    for chapter, keys in zip(chapters, ranked, strict=True):
        title = _title(talk, chapter, [key for key, _ in keys], common, forms, used)
        used.add(title.casefold())
        found.append(title)
    return found


def _ranked(
    talk: Talk, chapter: _Chapter, spread: Counter[Key], chapters: int
) -> list[tuple[Key, float]]:
    """Return the best phrases of a chapter, each with the logarithm of its weight."""

    def weight(key: Key) -> float:
        phrase = chapter.phrases[key]
        rarity = math.log((chapters + 1) / spread[key]) + 0.3
        after = max(float(talk.starts[phrase.first]) - chapter.begins, 0.0)
        early = 1 + _EARLY * math.exp(-after / _EARLY_S)
        return math.log(phrase.count**_OFTEN * rarity * early * _WEIGHT_BY_LENGTH[len(key) - 1])

    weighed = [(key, weight(key)) for key in chapter.phrases]
    weighed.sort(key=lambda each: (-each[1], chapter.phrases[each[0]].first, each[0]))
    return weighed[:_CANDIDATES]


def _by_meaning(
    talk: Talk,
    chapters: Sequence[_Chapter],
    ranked: Sequence[list[tuple[Key, float]]],
    vectors: ModelVectors,
    embed: Embed,
) -> list[list[tuple[Key, float]]]:
    """Return the phrases of each chapter anew, those that mean what it means before others."""
    forms = sorted(
        {c.phrases[key].form for c, keys in zip(chapters, ranked, strict=True) for key, _ in keys}
    )
    if not forms:
        return list(ranked)
    meaning = dict(zip(forms, unpacked(embed(forms)), strict=True))
    found: list[list[tuple[Key, float]]] = []
    for chapter, keys in zip(chapters, ranked, strict=True):
        centre = _centre(talk, chapter, vectors)
        near = [
            (key, weight + _NEAR * float(meaning[chapter.phrases[key].form] @ centre))
            for key, weight in keys
        ]
        found.append(sorted(near, key=lambda each: -each[1]))
    return found


def _centre(talk: Talk, chapter: _Chapter, vectors: ModelVectors) -> Rows:
    """Return the direction of a chapter, in which its opening counts for more."""
    places = np.arange(chapter.start, chapter.start + len(chapter.words))
    after = talk.starts[places] - chapter.begins
    weights = talk.weights[places] * (1 + 2 * np.exp(-after / 20))
    total = (vectors.of(places) * weights[:, None]).sum(axis=0, keepdims=True)
    centre: Rows = unit_rows(total.astype(np.float32))[0]
    return centre


def _forms(chapters: Sequence[_Chapter]) -> dict[str, str]:
    """Return words with the capitals that the talk gives them anywhere: captions seldom do."""
    said: dict[str, Counter[str]] = {}
    for chapter in chapters:
        for words in chapter.words:
            for word in words:
                if not word.islower() and sum(map(str.isupper, word)) > 1:
                    said.setdefault(word.lower(), Counter())[word] += 1
    return {word: forms.most_common(1)[0][0] for word, forms in said.items() if forms.total() > 1}


def _title(
    talk: Talk,
    chapter: _Chapter,
    keys: Sequence[Key],
    common: Collection[Key],
    forms: Mapping[str, str],
    used: set[str],
) -> str:
    about = {
        key[0] for key, phrase in chapter.phrases.items() if len(key) == 1 and phrase.count > 1
    }
    question = opening_question(talk, chapter.start, chapter.stop, about)
    if question and question.casefold() not in used:
        return question
    for key in keys:
        title = _in_title_case(_whole(chapter, key), forms)
        if title.casefold() not in used:
            return _with_second(chapter, title, keys, common, forms)
    return opening_words(talk, chapter.start, chapter.stop)


def _with_second(
    chapter: _Chapter,
    title: str,
    keys: Sequence[Key],
    common: Collection[Key],
    forms: Mapping[str, str],
) -> str:
    """Return a short title with what the chapter is about beside it, if that is clear."""
    if len(title.split()) > _SHORT:
        return title
    named = {term.stem for term in analyse(title)}
    for key in keys[:_SECOND_AMONG]:
        second = _in_title_case(_whole(chapter, key), forms)
        both = f"{title}, {second}"
        if (
            chapter.phrases[key].count >= _FEWEST_TIMES
            and key not in common
            and named.isdisjoint(term.stem for term in analyse(second))
            and len(both) <= LONGEST_TITLE
        ):
            return both
    return title


def _whole(chapter: _Chapter, key: Key) -> str:
    """Return a phrase in its commonest form, with the words that it is mostly said with.

    *source* may be called *open source*, of which the first word alone names nothing.
    """
    form = chapter.phrases[key].form
    for _ in range(MOST_WORDS - len(key)):
        longer = _longer(chapter, form)
        if not longer or len(longer) > LONGEST_TITLE:
            break
        form = longer
    return form


def _longer(chapter: _Chapter, form: str) -> str:
    """Return a phrase with the word that it is mostly said with, or ""."""
    phrase = [plain(word) for word in form.split()]
    size, said = len(phrase), 0
    around: Counter[str] = Counter()
    for words in chapter.words:
        small = [plain(word) for word in words]
        for at in range(len(words) - size + 1):
            if small[at] != phrase[0] or small[at : at + size] != phrase:
                continue
            said += 1
            if at and _belongs(words[at - 1]):
                around[f"{words[at - 1]} {form}"] += 1
            if at + size < len(words) and _belongs(words[at + size]):
                around[f"{form} {words[at + size]}"] += 1
    for longer, times in around.most_common(1):
        if times >= max(_FEWEST_TIMES, _WHOLE * said):
            return longer
    return ""


def _belongs(word: str) -> bool:
    """Return whether a word may be part of a name."""
    small = plain(word)
    return (
        small.isalpha() and len(small) > 2 and small not in STOP_WORDS and not small.endswith("ly")
    )


def _in_title_case(form: str, forms: Mapping[str, str]) -> str:
    """Return a phrase with capitals, but for small words inside; what has capitals keeps them."""
    words = [forms.get(word, word) for word in form.split()]
    return " ".join(
        word[0].upper() + word[1:]
        if word.islower() and (place == 0 or word not in STOP_WORDS)
        else word
        for place, word in enumerate(words)
    )
