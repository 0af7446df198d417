"""The Porter stemmer: "caching", "cached" and "caches" are compared as one.

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the departures its
author lists for the published algorithm (``bli`` -> ``ble``, ``logi`` -> ``log``). The tests
hold it against the implementation inside SQLite's FTS5.
"""

from __future__ import annotations

_STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("logi", "log"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"),
    ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
    ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"),
    ("ful", ""), ("ness", ""),
)  # fmt: skip
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip


def stem(word: str) -> str:
    """Return the stem of a folded word; words that are not plain English letters stay."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    for step in (_step_1a, _step_1b, _step_1c, _step_2, _step_3, _step_4, _step_5):
        word = step(word)
    return word


def _is_consonant(word: str, index: int) -> bool:
    letter = word[index]
    if letter in "aeiou":
        return False
    if letter == "y":
        return index == 0 or not _is_consonant(word, index - 1)
    return True


def _measure(part: str) -> int:
    """Return Porter's m: how often a vowel run is followed by a consonant run."""
    count, after_vowel, consonant = 0, False, False
    for index, letter in enumerate(part):
        # A "y" is a consonant at the start and after a vowel.
        consonant = letter not in "aeiou" and (letter != "y" or index == 0 or not consonant)
        if consonant and after_vowel:
            count += 1
        after_vowel = not consonant
    return count


def _has_vowel(part: str) -> bool:
    return any(not _is_consonant(part, index) for index in range(len(part)))


def _ends_double(part: str) -> bool:
    return len(part) > 1 and part[-1] == part[-2] and _is_consonant(part, len(part) - 1)


def _ends_short(part: str) -> bool:
    """Return whether part ends consonant, vowel, consonant other than w, x, y."""
    last = len(part) - 1
    return (
        last >= 2
        and part[last] not in "wxy"
        and _is_consonant(part, last)
        and not _is_consonant(part, last - 1)
        and _is_consonant(part, last - 2)
    )


def _step_1a(word: str) -> str:
    if (word.endswith("sses") and len(word) > 4) or (word.endswith("ies") and len(word) > 3):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _step_1b(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        if word.endswith(suffix):
            part = word[: -len(suffix)]
            return _tidy(part) if _has_vowel(part) else word
    return word


def _tidy(part: str) -> str:
    if part.endswith(("at", "bl", "iz")):
        return part + "e"
    if _ends_double(part) and part[-1] not in "lsz":
        return part[:-1]
    if _measure(part) == 1 and _ends_short(part):
        return part + "e"
    return part


def _step_1c(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and _has_vowel(word[:-1]) else word


def _replace(word: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for suffix, replacement in pairs:
        if word.endswith(suffix):
            part = word[: -len(suffix)]
            return part + replacement if _measure(part) > 0 else word
    return word


def _step_2(word: str) -> str:
    return _replace(word, _STEP_2)


def _step_3(word: str) -> str:
    return _replace(word, _STEP_3)


def _step_4(word: str) -> str:
    endings = [suffix for suffix in _STEP_4 if word.endswith(suffix)]
    if not endings:
        return word
    part = word[: -len(max(endings, key=len))]
    if word.endswith("ion") and not part.endswith(("s", "t")):
        return word
    return part if _measure(part) > 1 else word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        part = word[:-1]
        measure = _measure(part)
        if measure > 1 or (measure == 1 and not _ends_short(part)):
            word = part
    if word.endswith("ll") and _measure(word) > 1:
        return word[:-1]
    return word
