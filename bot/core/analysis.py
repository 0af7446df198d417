"""Turns text into terms, the same way for what is indexed and for what is asked.

One analyser in the core, and stores that index opaque terms, keep every store's answers equal.
A term is compared by its stem; its surface (the word as written, folded) is kept for exact
phrases and for spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.core.stemming import stem

ANALYSER_VERSION = 2
"""Raised with every change of what ``analyse`` returns: stores then rebuild their index."""

MAX_WORD = 64
"""Longest word indexed, in characters; the rest of a longer run is left out."""

_FOLD = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "_": " "})
_APOSTROPHE_S = re.compile(r"'s\b")
# A word, with the marks that are part of a name (C++, C#, F#) where nothing follows them.
_WORD = re.compile(r"[^\W_]+(?:\+\+|\#)?(?![^\W_])|[^\W_]+")
_UNSPACED = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1780-\u17ff]+"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word: ``surface`` as written (folded), ``stem`` as compared."""

    surface: str
    stem: str


def fold(text: str) -> str:
    """Return text folded for comparison: compatibility forms, case, accents, apostrophes."""
    if text.isascii():
        # As most is, and nothing but these two is folded there.
        folded = text.replace("`", "'").replace("_", " ").lower()
    else:
        folded = unicodedata.normalize("NFKC", text).translate(_FOLD).casefold()
        if not folded.isascii():
            folded = _without_accents(folded)
    if "'" in folded:
        folded = _APOSTROPHE_S.sub("", folded).replace("'", "")
    return folded


def _without_accents(text: str) -> str:
    """Return text without the accents of Latin, Greek and Cyrillic letters.

    Marks of other scripts carry vowels and stay.
    """
    kept: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.category(char) == "Mn":
            if base and base < "\u0530":
                continue
        else:
            base = char
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def words(text: str) -> list[str]:
    """Return the surface words of text in order.

    Scripts written without spaces are cut into overlapping pairs of characters.
    """
    folded = fold(text)
    found = _WORD.findall(folded)
    if folded.isascii():
        return [word[:MAX_WORD] for word in found]
    cut: list[str] = []
    for word in found:
        cut += [word[:MAX_WORD]] if word.isascii() else _unspaced(word)
    return cut


def _unspaced(word: str) -> Iterator[str]:
    position = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > position:
            yield word[position : run.start()][:MAX_WORD]
        chars = run.group()
        if len(chars) == 1:
            yield chars
        for index in range(len(chars) - 1):
            yield chars[index : index + 2]
        position = run.end()
    # A mark such as that of C# belongs to a name of letters; after these it is none.
    if any(char.isalnum() for char in word[position:]):
        yield word[position:][:MAX_WORD]


@lru_cache(maxsize=65_536)
def _term(word: str) -> Term:
    return Term(word, stem(word))


def analyse(text: str) -> list[Term]:
    """Return the terms of text in order."""
    return [_term(word) for word in words(text)]


def stems(text: str) -> str:
    """Return the stems of text, a space between: what a store indexes."""
    return " ".join([_term(word).stem for word in words(text)])
