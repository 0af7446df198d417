"""Markdown and HTML to plain text, and back."""

from __future__ import annotations

import pytest

from bot.ingest import document_lines
from bot.ingest.export import cell_of, escape, heading_of, link_of, paragraphs_of
from bot.ingest.inline_markdown import Link, plain, read_inline


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** *em* _em_ __bold__ ~~gone~~", "bold em em bold gone"),
        ("***both*** **a *b* c**", "both a b c"),
        ("a*b*c and a_b_c", "abc and a_b_c"),
        ("2 * 3 * 4, f(*args, **kwargs)", "2 * 3 * 4, f(*args, **kwargs)"),
        ("**half", "half"),
        ("half**", "half"),
        ("int **p", "int **p"),
        ("`**`", "**"),
        ("`a` ``b ` c`` ```d", "a b ` c ```d"),
        (r"\*not\* \[a\](b) \`c\` \\ \q", r"*not* [a](b) `c` \ \q"),
        ("[a](https://x.org) [b]( <https://x.org> 'title' ) [c](#frag)", "a b c"),
        ("[a](https://x.org/a_(b)_c) z", "a z"),
        ("[a] [b](c d) [e", "[a] [b](c d) [e"),
        ("![alt](https://x.org/i.png) and [![in](i)](https://x.org)", "alt and in"),
        ("[[1:00](https://x.org)]", "[1:00]"),
        ("&amp;lt; &copy; &#8211; &#x1F600; &nosuch; &amp", "&lt; © – 😀 &nosuch; &amp"),
        ("&#xD800; &#0; &#x110000; &#9999999;", "\ufffd \ufffd \ufffd \ufffd"),
        ("a&#7;b&#129;c&shy;d&#8203;e", "abcde"),
        ("a&#10;b&nbsp;&nbsp;c", "a b c"),
        ("&#" + "1" * 5_000 + ";", "&#" + "1" * 5_000 + ";"),
        ("a<br>b<br/><br />c<BR>", "a\n\nb\n\nc"),
        ("<p>a</p><ul><li>b</li></ul>", "a\n\nb"),
        ("<b>a</b> <span class='x'>b</span> x<sup>2</sup>", "a b x2"),
        ("Map<K, V> x<y a > b <3", "Map<K, V> x<y a > b <3"),
        ("a <!-- hidden **x** --> b", "a b"),
        ("a <!-- open *b*", "a <!-- open *b*"),
        ("https://x.org/_a_/*b*. Then", "https://x.org/_a_/*b*. Then"),
        ("**https://x.org/a**", "https://x.org/a"),
        ("(see https://en.example.org/a_(b)) now", "(see https://en.example.org/a_(b)) now"),
        ("", ""),
    ],
)
def test_plain_takes_off_markup_and_nothing_else(markdown: str, text: str):
    assert plain(markdown) == text


@pytest.mark.parametrize(
    ("markdown", "links"),
    [
        ("[a *b*](https://x.org/?a=1&amp;b=2)", [Link("a b", "https://x.org/?a=1&b=2")]),
        ("<https://x.org/a>", [Link("https://x.org/a", "https://x.org/a")]),
        ("see http://x.org/a, b", [Link("http://x.org/a", "http://x.org/a")]),
        ('<a class=x href="https://x.org">a</a>', [Link("a", "https://x.org")]),
        ("<a href=https://x.org>open", [Link("open", "https://x.org")]),
        ("[a](youtu.be/abcdefghijk)", [Link("a", "https://youtu.be/abcdefghijk")]),
        ("[a][x] [b][] [X]", [Link("a", "https://d.org"), Link("X", "https://d.org")]),
        ("[a](javascript:alert(1)) [b](mailto:a@b.c) [c](notes.md) [d](//x.org) [e](#t)", []),
        ("[a](https://user:pw@x.org) [b](https://local) [c](https://[x) [d](data:a.b,c)", []),
        ("[a](https://x.org:99999) ![b](https://x.org/i.png) [c](ftp://x.org)", []),
        ("[a](https://x.org/" + "a" * 2_000 + ")", []),
    ],
)
def test_read_inline_keeps_http_links_alone(markdown: str, links: list[Link]):
    assert list(read_inline(markdown, {"x": "https://d.org"}).links) == links


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("R&D, AT&T; snake_case 50%", "R&D, AT\\&T; snake_case 50%"),
        ("a | b", r"a \| b"),
        ("*a* `b` [c] \\", r"\*a\* \`b\` \[c\] \\"),
        ("a < b <c> &amp; ~~d~~ ~e", r"a < b \<c> \&amp; \~\~d\~\~ ~e"),
        ("_a_ b_c", r"\_a\_ b_c"),
    ],
)
def test_escape_escapes_what_would_be_markup_and_no_more(text: str, markdown: str):
    assert escape(text) == markdown
    assert plain(markdown) == text


def test_cell_writes_paragraphs_as_breaks():
    assert cell_of("a\n\nb\nc  d") == "a<br><br>b<br><br>c d"


@pytest.mark.parametrize("text", ["C#", "#", "a # b", "## x", "1. a"])
def test_heading_and_paragraph_show_the_same_text(text: str):
    found = document_lines.heading(heading_of(2, text))
    assert found is not None
    assert (found[0], plain(found[1])) == (2, text)
    (line,) = paragraphs_of(text)
    assert document_lines.heading(line) is None
    assert plain(line) == text


def test_link_keeps_addresses_that_hold_brackets_and_pipes():
    found = read_inline(link_of("a", "https://x.org/a_(b)|c")).links
    assert found == (Link("a", "https://x.org/a_(b)%7Cc"),)
