"""Untrusted words are tidied, measured and cut the same way for every platform."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import markdown
from adapters.slack import mrkdwn
from adapters.text import (
    MAX_READ,
    address,
    fit,
    is_blank,
    is_plain_words,
    label,
    plain,
    tidy,
    title_of,
    units,
)
from bot.core.wording import ELLIPSIS
from tests.strategies_replies import hostile_text

each_way = pytest.mark.parametrize("written", [plain, markdown.escape, mrkdwn.escape])


@each_way
@given(text=hostile_text(), limit=st.integers(0, 300))
def test_fit_never_exceeds_its_limit(written: Callable[[str], str], text: str, limit: int) -> None:
    assert units(fit(tidy(text), limit, written)) <= limit


@pytest.mark.parametrize(
    ("written", "read"),
    [(plain, plain), (markdown.escape, markdown.shown), (mrkdwn.escape, mrkdwn.decode)],
)
@given(text=hostile_text(), limit=st.integers(20, 300))
def test_fit_shows_the_text_or_a_beginning_with_a_mark(
    written: Callable[[str], str], read: Callable[[str], str], text: str, limit: int
) -> None:
    wanted, seen = tidy(text), read(fit(tidy(text), limit, written))
    assert seen == wanted or (
        seen.endswith(ELLIPSIS) and wanted.startswith(seen.removesuffix(ELLIPSIS).rstrip())
    )


def test_fit_cuts_at_a_word() -> None:
    assert fit("several words that are cut", 15, plain) == "several words…"


@given(hostile_text())
def test_tidy_leaves_one_line_without_invisible_characters(text: str) -> None:
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u2028\u202e\ud800-\udfff]", tidy(text))


@given(hostile_text(), st.booleans())
def test_tidy_of_tidy_text_changes_nothing(text: str, lines: bool) -> None:
    once = tidy(text, lines=lines)
    assert tidy(once, lines=lines) == once


def test_tidy_keeps_paragraphs_but_no_empty_stretches() -> None:
    assert tidy(" a\r\n\n\n \n b\u2028c ", lines=True) == "a\n\nb\nc"


def test_tidy_of_far_too_much_text_says_that_it_is_cut() -> None:
    assert tidy("x" * 50_000) == "x" * MAX_READ + ELLIPSIS


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u200d", "\x00"])
def test_title_of_nothing_to_see_says_so(text: str) -> None:
    assert is_blank(text)
    assert title_of(text) == "(untitled)"
    assert label(text, 80, "Open") == "Open"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://a.example", "https://", "https:///x", "", "https://a b",
     "//a.example", " https://a.example", "https://a.example\n"],
)  # fmt: skip
def test_address_of_anything_but_http_is_none(url: str) -> None:
    assert address(url) is None


def test_address_encodes_what_would_break_it() -> None:
    assert address("https://a.example/b|c?d=<e>", "<>|") == "https://a.example/b%7Cc?d=%3Ce%3E"


@pytest.mark.parametrize("text", ["KV Cache (R&D)", "o3-mini: 2.0", "कृत्रिम", "Ünïcode, “quoted”"])
def test_is_plain_words_of_words_and_punctuation_is_true(text: str) -> None:
    assert is_plain_words(text)


@pytest.mark.parametrize("text", ["", "a*b", "a_b", "`x`", "🎙️", "#️⃣", "<x>", "@here", "https://a"])
def test_is_plain_words_of_anything_with_a_meaning_is_false(text: str) -> None:
    assert not is_plain_words(text)
