"""Untrusted text takes no effect in mrkdwn, and what Slack makes of typed text is undone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.mrkdwn import (
    decode,
    escape,
    escape_lines,
    faults,
    is_plain,
    link,
    shown,
    target,
    targets,
)
from adapters.text import tidy, units
from tests.fakes.slack_server.rules import mrkdwn as slacks
from tests.strategies_replies import hostile_text, urls

URL = "https://a.example/b?c=1&d=2"

looks_encoded = st.lists(
    st.sampled_from(["&", "amp;", "lt;", "&lt;", "&amp;amp;", "<", ">", "|", "<@U1>", "<!here>"])
).map("".join)


@given(hostile_text() | looks_encoded | st.text())
def test_decode_of_escaped_text_is_the_text(text: str) -> None:
    assert decode(escape(text)) == tidy(text)
    assert decode(escape_lines(text)) == tidy(text, lines=True)


@given(hostile_text() | looks_encoded)
def test_escape_of_any_text_leaves_nothing_live(text: str) -> None:
    written = escape_lines(text)
    assert faults(written) == []
    assert not re.search("@(everyone|here|channel)", written, re.IGNORECASE)
    assert slacks.pings_in(written, verbatim=False) == slacks.links_in(written) == []


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("kv cache", "kv cache"),
        ("<https://youtu.be/x?t=1&amp;a=2>", "https://youtu.be/x?t=1&a=2"),
        ("<https://youtu.be/x|youtu.be/x> please", "https://youtu.be/x please"),
        ("<http://node.js|node.js>", "node.js"),
        ("<http://node.js|another>", "http://node.js"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<mailto:a@b.example>", "a@b.example"),
        ("<tel:123|1-2-3>", "1-2-3"),
        ("<@U1|ada> and <@U2>", "@ada and @U2"),
        ("<#C1|general> and <#C2>", "#general and #C2"),
        ("<#C1|>", "#C1"),
        ("<!here|here> <!channel> <!everyone|@everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@team> <!subteam^S2>", "@team @S2"),
        ("<!date^1392734382^{date}|Feb 18, 2014>", "Feb 18, 2014"),
        ("R&amp;D &lt;b&gt;", "R&D <b>"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("&quot; &nbsp; & ;", "&quot; &nbsp; & ;"),
        ("<>", "<>"),
        ("a < b > c <", "a < b > c <"),
        ("<b|c> <i>", "<b|c> <i>"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_decode_undoes_what_slack_makes_of_typed_text(typed: str, plain: str) -> None:
    assert decode(typed) == plain


@given(st.text(alphabet="<>@#!|&;ampltgU1^ \n", max_size=60) | hostile_text())
def test_decode_takes_any_text(text: str) -> None:
    assert len(decode(text)) <= len(text)


@pytest.mark.parametrize("unit", ["<", "<a", "<a|", "&", "&lt", "|", "<@", "<!date^", "a"])
def test_decode_of_much_text_is_bounded(unit: str) -> None:
    assert len(decode(unit * 1_000_000)) <= 120_000


@pytest.mark.parametrize(
    "title", ["KV Cache", "R&D (part 2): “caches”", "2:00:32", "#459", "日本語"]
)
def test_link_of_plain_words_links_all_of_them(title: str) -> None:
    written = link("1:00", title, URL, 300)
    assert written == f"<https://a.example/b?c=1&amp;d=2|1:00 · {title.replace('&', '&amp;')}>"
    assert slacks.shown(written) == shown(written) == f"1:00 · {title}"


@pytest.mark.parametrize(
    "title", ["A | B", "a *b* c", "_x_", "`x`", "~x~", ":tada:", "<https://b.example|x>", "@here"]
)
def test_link_of_a_title_that_would_break_its_label_links_the_time_alone(title: str) -> None:
    written = link("1:00", title, URL, 300)
    assert written.startswith("<https://a.example/b?c=1&amp;d=2|1:00> · ")
    assert targets(written) == slacks.links_in(written) == [URL]


def test_link_without_room_for_its_address_keeps_the_title() -> None:
    assert link("0:01", "KV Cache", "https://a.example/" + "x" * 300, 120) == "0:01 · KV Cache"


@given(hostile_text(), urls(), st.integers(80, 3_000))
def test_link_of_any_title_fits_and_opens_its_address_alone(
    title: str, url: str, limit: int
) -> None:
    written = link("2:00:32", title, url, limit)
    assert units(written) <= limit
    assert faults(written) == []
    assert set(targets(written)) <= {target(url)}
    assert targets(written) == slacks.links_in(written)


@given(hostile_text())
def test_plain_text_is_what_mrkdwn_shows_as_it_is(text: str) -> None:
    words = tidy(text)
    if is_plain(words):
        assert slacks.shown(escape(words)) == words


@pytest.mark.parametrize("text", [":x:", "a :) b", "at :100: now", "D:x", "*", "a|b@c", ""])
def test_is_plain_of_what_becomes_a_picture_or_a_mark_is_false(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize("text", ["at 2:00:32", "Part two: caches", "The end:", "A | B"])
def test_is_plain_of_times_and_colons_is_true(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x|y", "https://a.example/x%7Cy"),
        ("https://a.example/<x>", "https://a.example/%3Cx%3E"),
        ("https://a.example/@everyone", "https://a.example/%40everyone"),
        ("javascript:alert(1)", None),
        ("https://a b", None),
        ("https://a.example\n", None),
    ],
)
def test_target_is_an_address_that_nothing_can_end(url: str, expected: str | None) -> None:
    assert target(url) == expected


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("<!channel>", "<!channel> is no plain link"),
        ("<@U1>", "no plain link"),
        ("<javascript:alert(1)|x>", "no plain link"),
        ("a < b", "< is not escaped"),
        ("a > b", "> is not escaped"),
        ("R&D", "& is not escaped"),
        ("@here", "notify"),
        ("@Channel", "notify"),
    ],
)
def test_faults_of_live_content_name_it(content: str, word: str) -> None:
    assert any(word in one for one in faults(content)), faults(content)


def test_faults_of_a_link_and_escaped_text_are_none() -> None:
    assert faults("*<https://a.example/?b=1&amp;c=2|R&amp;D>* &lt;!here&gt;") == []


def test_shown_is_without_markup_and_entities() -> None:
    assert shown("*<https://a.example|1:00 · R&amp;D>*\n&lt;b&gt;") == "1:00 · R&D\n<b>"
