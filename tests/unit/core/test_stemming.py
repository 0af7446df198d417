"""The stemmer against the independent one inside SQLite's FTS5."""

import re
import sqlite3
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.stemming import stem

ENDINGS = """
    s es ed ing er ers ly ational tional enci anci izer bli alli entli eli ousli ization ation ator
    alism iveness fulness ousness aliti iviti biliti logi icate ative alize iciti ical ful ness al
    ance ence ic able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e ee ll y ies
    eed ated izing hopping
""".split()
BEGINNINGS = "cach by sky toy happ rela contr fall hiss fizz trouble abil y ab ee syz box".split()


def fts5_stems(words: list[str]) -> dict[str, str]:
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE VIRTUAL TABLE f USING fts5(x, tokenize='porter unicode61')")
        database.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, 'instance')")
        database.executemany("INSERT INTO f(rowid, x) VALUES (?, ?)", list(enumerate(words)))
        found = dict(database.execute("SELECT doc, term FROM v").fetchall())
    finally:
        database.close()
    return {word: found[index] for index, word in enumerate(words)}


def test_stem_of_every_ending_agrees_with_fts5():
    words = sorted({head + tail for head, tail in product(BEGINNINGS, ENDINGS)})
    expected = fts5_stems(words)
    assert {word: stem(word) for word in words} == expected


# FTS5 reads a doubled y, and "eed" where nothing measures before it, unlike Porter's paper;
# neither makes an English word.
ODD = re.compile(r".*yy.*|[^aeiou]*[aeiouy]*eeds?")
WORDS = st.from_regex(r"[a-z]{1,14}", fullmatch=True).filter(lambda word: not ODD.fullmatch(word))


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=1, unique=True))
def test_stem_of_any_letters_agrees_with_fts5(words):
    assert {word: stem(word) for word in words} == fts5_stems(words)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("caches", "cach"), ("caching", "cach"), ("cache", "cach"), ("paradoxes", "paradox")],
)
def test_stem_of_inflections_is_one(word, expected):
    assert stem(word) == expected


@pytest.mark.parametrize("word", ["c++", "o3", "kv", "ключ", "缓存", "naïve"])
def test_stem_of_what_is_not_an_english_word_is_the_word(word):
    assert stem(word) == word
