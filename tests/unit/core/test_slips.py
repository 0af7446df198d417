"""Which edit a slip took, and what speaks against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.slips import ANY, BESIDE, LIKELY, cost, likelihood

LETTERS = st.text("abcdefgh", min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("roast", "roasst"),  # lost
        ("swtch", "switch"),
        ("atch", "catch"),
        ("switc", "switch"),
        ("switcch", "switch"),  # doubled
        ("switchh", "switch"),
        ("sswitch", "switch"),
        ("swicth", "switch"),  # swapped
        ("wsitch", "switch"),
        ("swithc", "switch"),
    ],
)
def test_letter_lost_doubled_or_swapped_is_likely(typed, meant):
    assert cost(typed, meant) == LIKELY


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("swotch", "switch"),
        ("switcg", "switch"),
        ("awitch", "switch"),
        ("swiutch", "switch"),
        ("switchj", "switch"),
        ("dswitch", "switch"),
    ],
)
def test_key_beside_the_right_one_is_likelier_than_any_other(typed, meant):
    assert cost(typed, meant) == BESIDE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("swatch", "switch"),
        ("switct", "switch"),
        ("swimtch", "switch"),
        ("switchz", "switch"),
        ("wetch", "switch"),
        ("swicthh", "switch"),
        ("", "switch"),
        ("жук", "лук"),
    ],
)
def test_what_takes_more_is_as_unlikely_as_any_letter(typed, meant):
    assert cost(typed, meant) == ANY


@given(LETTERS, st.data())
def test_slips_that_are_made_are_told(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    assert cost(word[:at] + word[at + 1 :], word) == LIKELY
    assert cost(word[: at + 1] + word[at:], word) == LIKELY
    swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    assert swapped == word or cost(swapped, word) == LIKELY


@given(st.text(max_size=9), st.text(max_size=9), st.integers(0, 10**9))
def test_anything_has_a_likelihood(typed, meant, times):
    assert cost(typed, meant) in (LIKELY, BESIDE, ANY)
    assert likelihood(typed, meant, times) <= likelihood(typed, meant, times + 1)


@pytest.mark.parametrize(
    ("typed", "meant", "other"),
    [
        ("rast", ("roast", 16), ("rest", 90)),
        ("jasn", ("jason", 7), ("jass", 7)),
        ("grnid", ("grind", 6), ("grid", 60)),
        ("fost", ("frost", 31), ("fast", 400)),
        ("gead", ("gear", 90), ("glad", 10)),
    ],
)
def test_likely_edit_of_a_rarer_word_is_meant_before_an_unlikely_one_of_a_common_word(
    typed, meant, other
):
    assert likelihood(typed, *meant) > likelihood(typed, *other)
