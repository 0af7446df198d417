"""How the loopback Slack keeps what people type and bots send."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.slack_server.text import rich_text, sent, typed

WORDS = st.text(alphabet="ab <>&;|@#!/.:\nhtps", max_size=60)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a & b <c>", "a &amp; b &lt;c&gt;"),
        ("&amp;", "&amp;amp;"),
        ("<@U1> hi <!here>", "<@U1> hi <!here>"),
        ("see https://a.io/x?a=1&b=2.", "see <https://a.io/x?a=1&amp;b=2.>"),
        ("see a.io/x", "see <http://a.io/x|a.io/x>"),
        ("me@a.io", "me@a.io"),
    ],
)
def test_typed_text_when_kept_is_escaped_and_linked(text: str, kept: str) -> None:
    assert typed(text) == kept


@given(WORDS.filter(lambda text: "<" not in text and "http" not in text))
def test_typed_text_when_without_marks_is_read_back_whole(text: str) -> None:
    assert html.unescape(typed(text)) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a & b &amp; c", "a &amp; b &amp; c"),
        ("<https://a.io|A> < >", "<https://a.io|A> &lt; &gt;"),
    ],
)
def test_sent_text_when_kept_loses_stray_marks_only(text: str, kept: str) -> None:
    assert sent(text) == kept


@given(WORDS)
def test_sent_text_when_kept_twice_stays_as_it_is(text: str) -> None:
    assert sent(sent(text)) == sent(text)


def test_rich_text_when_typed_holds_people_links_and_words() -> None:
    (section,) = rich_text("<@U1> see https://a.io now", "b1")["elements"]
    assert section["elements"] == [
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " see "},
        {"type": "link", "url": "https://a.io"},
        {"type": "text", "text": " now"},
    ]
