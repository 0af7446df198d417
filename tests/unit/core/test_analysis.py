"""Text becomes the same terms whether it is indexed or asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.analysis import MAX_WORD, analyse, fold, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TSMC and R&D Locations", ["tsmc", "and", "r", "d", "locations"]),
        ("O3-mini", ["o3", "mini"]),
        ("C++ and C# or F#", ["c++", "and", "c#", "or", "f#"]),
        ("a+b", ["a", "b"]),
        ("Intel’s they’re don't", ["intel", "theyre", "dont"]),
        ("Café Ünïcode ﬁne", ["cafe", "unicode", "fine"]),
        ("snake_case", ["snake", "case"]),
        ("“quoted” … 2 or 4 GPUs", ["quoted", "2", "or", "4", "gpus"]),
        ("键值缓存", ["键值", "值缓", "缓存"]),
        ("GPU缓存", ["gpu", "缓存"]),
        ("中# 2", ["中", "2"]),
        ("中文C#", ["中文", "c#"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("ВСЁ", ["все"]),
        ("🚀", []),
        ("", []),
    ],
)
def test_words_of_text_are_folded_in_order(text, expected):
    assert list(words(text)) == expected


def test_stems_are_separated_by_one_space():
    assert stems("The caches,  caching!") == "the cach cach"


def test_word_longer_than_the_bound_is_cut():
    assert list(words("x" * 1_000)) == ["x" * MAX_WORD]


@given(st.text(max_size=200))
def test_terms_never_hold_a_space_or_a_quote(text):
    for term in analyse(text):
        assert term.stem
        assert not set(term.stem) & set(" \"'\n\t")
        assert len(term.surface) <= MAX_WORD


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing_more(text):
    assert list(words(fold(text))) == list(words(text))
