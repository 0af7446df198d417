"""Text is made harmless, measured and wrapped."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.console.text import (
    is_url,
    safe_line,
    safe_text,
    safe_url,
    unsafe,
    width,
    wrap,
)
from tests.strategies_replies import hostile_text


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("KV Cache", 8),
        ("“quoted”", 8),
        ("漢字", 4),
        ("👨‍👩‍👧", 2),
        ("👍🏽🇩🇪", 4),
        ("⚠️", 2),
        ("e\u0301", 1),
        ("", 0),
    ],
)
def test_width_of_wide_and_joined_characters_is_in_columns(text, columns):
    assert width(text) == columns


@pytest.mark.parametrize("pause", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_line_break_of_any_kind_becomes_a_line_feed_and_one_space_in_a_line(pause):
    assert safe_text(f"a{pause}b") == "a\nb"
    assert safe_line(f" a{pause}{pause}b ") == "a b"


def test_right_to_left_words_without_overrides_stay_as_they_are():
    assert safe_text("מחשוב קוונטי · الذكاء الاصطناعي") == "מחשוב קוונטי · الذكاء الاصطناعي"


@given(hostile_text())
@example("\x1b\x9b\x7f\u202e\ud800\x85")
def test_safe_text_is_harmless_and_changes_nothing_twice(text):
    harmless = safe_text(text)
    assert not unsafe(harmless)
    assert not any(ord(char) < 32 and char != "\n" for char in harmless)
    harmless.encode()


def test_wrap_breaks_between_words_and_keeps_line_breaks():
    assert wrap("one two  three\n\nfour", 8) == ["one two", "three", "", "four"]


def test_wrap_breaks_a_long_word_without_parting_what_is_joined():
    assert wrap("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧 x", 5) == ["👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧 x"]


def test_wrap_of_a_cluster_wider_than_the_line_still_ends():
    assert [width(line) for line in wrap("ᄀ" * 10, 4)] == [4] * 5


@pytest.mark.parametrize(
    "part", ["\u0301", "漢", "x\u200b", "\u200b", "a\u200d ", "ᄀ", "\n", "x "]
)
def test_wrap_of_many_characters_takes_no_quadratic_step(part):
    # One that does would run into the time limit of every test.
    assert wrap("x" * 99 + part * (300_000 // len(part)), 80)


@given(hostile_text(), st.integers(4, 100))
@example("\u0600" * 9 + "\u200d👩\ufe0f 1\ufe0f\u20e3", 4)
def test_wrap_keeps_every_character_within_the_columns(text, columns):
    text = safe_text(text)
    lines = wrap(text, columns)
    assert all(width(line) <= columns or is_url(line) for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(hostile_text())
def test_safe_url_of_any_text_is_nothing_or_a_link_to_keep_whole(text):
    for address in (text, f"https://{text}"):
        found = safe_url(address)
        assert found is None or (is_url(found) and not unsafe(found))
