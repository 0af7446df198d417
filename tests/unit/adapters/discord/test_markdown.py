"""Untrusted text shows as it is, and nothing in it takes effect."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.markdown import (
    Kind,
    code,
    code_block,
    escape,
    link,
    pieces,
    shown,
    target,
)
from adapters.text import is_blank, tidy, units
from tests.strategies_replies import hostile_text

MENTIONS = re.compile(r"@everyone|@here|<(?:[@#:/]|a:|t:|id:)[^<>\\]*>")
"""A whole one: the server reads them without knowing of backslashes."""


def readable(text: str) -> str:
    """Return a text as tidy() leaves it: what its reader is owed."""
    return tidy(text, lines=True)


@given(hostile_text())
def test_escape_of_any_text_is_shown_as_the_text(text: str) -> None:
    assert shown(escape(readable(text))) == readable(text)


@given(hostile_text())
def test_escape_of_any_text_leaves_no_link_and_no_markup(text: str) -> None:
    kinds = {piece.kind for piece in pieces(escape(readable(text)))}
    assert kinds <= {Kind.TEXT}


@given(hostile_text())
def test_escape_of_any_text_mentions_nobody(text: str) -> None:
    assert not MENTIONS.search(escape(readable(text)))
    assert not MENTIONS.search(code_block(readable(text)))
    assert not MENTIONS.search(code(tidy(text)))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2 * 3", r"2 \* 3"),
        ("snake_case", r"snake\_case"),
        ("[a](https://b.example)", r"\[a\](https\://b.example)"),
        ("# head", r"\# head"),
        ("C# and #459", "C# and #459"),
        ("- item\n1. one", "\\- item\n1\\. one"),
        ("o3-mini 2.0", "o3-mini 2.0"),
        ("<@42>", r"\<\@42\>"),
        ("R&D: 4:08", "R&D: 4:08"),
    ],
)
def test_escape_disarms_markup_and_leaves_plain_text(text: str, written: str) -> None:
    assert escape(text) == written


def test_link_of_plain_words_links_all_of_them() -> None:
    written = link("2:00:32", "KV Cache (R&D)", "https://a.example/x?t=7232", 300)
    assert written == "[2:00:32 · KV Cache (R&D)](https://a.example/x?t=7232)"


@pytest.mark.parametrize(
    "title",
    ["a [b", "a ](https://b.example)", "🎙️ live", "2 * 3", "a_b", "||x||", "see https://b.example"],
)
def test_link_of_a_title_that_would_break_its_label_links_the_time_alone(title: str) -> None:
    written = link("2:00:32", title, "https://a.example", 300)
    assert written.startswith("[2:00:32](https://a.example) · ")
    assert shown(written) == f"2:00:32 · {title}"
    assert [piece.url for piece in pieces(written) if piece.kind is Kind.LINK] == [
        "https://a.example"
    ]


def test_link_without_room_for_its_address_keeps_the_title() -> None:
    assert link("0:01", "KV Cache", "https://a.example/" + "x" * 300, 120) == "0:01 · KV Cache"


@given(hostile_text(), st.integers(80, 400))
def test_link_of_any_title_fits_and_opens_its_address_alone(title: str, limit: int) -> None:
    written = link("2:00:32", title, "https://a.example/b", limit)
    assert units(written) <= limit
    opened = {piece.url for piece in pieces(written) if piece.kind is Kind.LINK}
    assert opened == {"https://a.example/b"}


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "https://", "", "https://a b",
     "discord://x", "//a.example", " https://a.example", "https://a.example\n"],
)  # fmt: skip
def test_target_of_anything_but_a_plain_address_is_none(url: str) -> None:
    assert target(url) is None


def test_target_encodes_what_would_end_it() -> None:
    assert target("https://a.example/b_(c)") == "https://a.example/b_%28c%29"


def test_code_holds_a_command_and_escapes_one_that_would_end_it() -> None:
    assert code("/topic kv_cache") == "`/topic kv_cache`"
    assert code("a `b` c") == r"a \`b\` c"


@given(hostile_text())
def test_code_block_of_any_text_is_shown_as_the_text(text: str) -> None:
    wanted = readable(text)
    if not is_blank(wanted):
        assert shown(code_block(wanted)) == wanted
