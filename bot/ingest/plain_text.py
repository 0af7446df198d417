"""Turns what feeds and chapter files hold (text, with HTML or without) into plain text.

Unlike Markdown, line breaks count here unless the text has HTML blocks of its own.
"""

from __future__ import annotations

import html
import re

from bot.core.wording import shorten
from bot.ingest.inline_markdown import one_line, tidy

MAX_TITLE = 300
"""Longest title kept, in characters: twice what the directories of podcasts show."""

MAX_TEXT = 50_000
"""Longest description kept, in characters: ten times what Apple Podcasts takes."""

_PARAGRAPHS = frozenset(
    "p div ul ol dl table h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer "
    "figure".split()
)
_LINES = frozenset("br li tr dt dd".split())
_SILENT = frozenset(
    "a abbr audio b big body center cite code del em embed figcaption font head html i iframe img "
    "ins kbd link mark meta object param picture q s samp small source span strike strong sub sup "
    "svg tbody td th thead time tt u var video wbr".split()
)
"""Tags a browser would not show. Any other ``<word>`` is somebody's text, such as List<int>."""

ENTITY = r"&(?:\#[0-9]{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});"
"""A reference with its semicolon, and with no more digits than a character has."""

BREAK_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(_PARAGRAPHS | _LINES))})(?![\w-])[^<>]*>", re.IGNORECASE
)
"""A tag at which a browser begins a new line."""

# What opens and never closes reaches to the end, so that no place is looked at twice.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<hidden>script|style|template)(?![\w-])[^<>]*>.*?(?:</(?P=hidden)[^<>]*>|\Z)"
    r"|</?(?P<tag>[a-z][a-z0-9]{0,20})(?![\w-])[^<>]*>"
    rf"|{ENTITY}",
    re.IGNORECASE | re.DOTALL,
)
_GAPS = re.compile(r"\n{3,}")


def plain_text(source: str, limit: int = MAX_TEXT) -> str:
    """Return text without its HTML, paragraphs apart by a blank line, cut at a word."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    if BREAK_TAG.search(text):
        text = text.replace("\n", " ")
    shown = _TOKEN.sub(_shown, text)
    lines = "\n".join(map(tidied, shown.split("\n")))
    return shorten(_GAPS.sub("\n\n", lines).strip(), limit)


def plain_line(source: str, limit: int = MAX_TITLE) -> str:
    """Return text without its HTML on one line, cut at a word."""
    # A title is short: what is far beyond it need not be read.
    return shorten(one_line(plain_text(source[: 20 * limit])), limit)


def tidied(line: str) -> str:
    """Return a line with one space for each run of white space and no unseen characters."""
    # Most lines are tidy; seeing so takes a tenth of the time of making sure.
    return line.strip() if line.isprintable() and "  " not in line else tidy(line)


def storable(text: str) -> str:
    """Return text without halves of characters, which no file or database can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _shown(token: re.Match[str]) -> str:
    if token[0].startswith("&"):
        return html.unescape(token[0])
    tag = (token["tag"] or "").lower()
    if tag in _LINES:
        return "\n"
    if tag in _PARAGRAPHS:
        return "\n\n"
    return "" if tag in _SILENT or not tag else token[0]
