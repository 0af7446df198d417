"""Makes untrusted text harmless on a terminal, measures it in columns and wraps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from bot.core.media import MAX_URL

MAX_LINK = 10 * MAX_URL
"""Longest word kept whole as a link, in characters: MAX_URL with all of it percent-encoded."""

REPLACEMENT = "\ufffd"

# A terminal obeys C0 and C1 controls (ECMA-48); a lone surrogate cannot be encoded at all.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_BREAK = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
# Embeddings, overrides and isolates reorder what follows them, other people's text included.
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_UNSAFE_IN_URL = re.compile(r"[\s\x00-\x20\x7f-\xa0\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_URL = re.compile(rf"https?://\S{{1,{MAX_LINK}}}", re.IGNORECASE)


def safe_text(text: str) -> str:
    """Return text that can only be read: no control but line feeds, no bidi control."""
    text = _BREAK.sub("\n", text).replace("\t", " ")
    return _BIDI.sub("", _CONTROL.sub(REPLACEMENT, text))


def safe_line(text: str) -> str:
    """Return text made harmless, on one line, with single spaces."""
    return " ".join(safe_text(text).split())


def safe_url(url: str) -> str | None:
    """Return an http(s) address without a character a terminal obeys or breaks at, else None."""
    encoded = _UNSAFE_IN_URL.sub(lambda found: quote(found[0], errors="replace"), url.strip())
    return encoded if is_url(encoded) else None


def is_url(word: str) -> bool:
    """Return whether a word is an address to keep whole."""
    return _URL.fullmatch(word) is not None


def unsafe(text: str) -> bool:
    """Return whether text holds a character that ``safe_text`` would not have let through."""
    return safe_text(text) != text


def width(text: str) -> int:
    """Return how many terminal columns harmless text takes: wide characters take two."""
    if text.isascii():
        return len(text)
    # Its tables take longer to load than most answers to make, and English rarely needs them.
    from wcwidth import wcswidth

    return max(0, wcswidth(text))


def wrap(text: str, columns: int) -> list[str]:
    """Return harmless text as lines of at most ``columns``, kept apart where it breaks.

    A link that is longer stands alone on its line, whole; any other long word is broken.
    """
    return [line for part in text.split("\n") for line in _fill(part.split(), columns)]


def _fill(words: list[str], columns: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for word in words:
        size = width(word)
        if line and used + 1 + size <= columns:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        whole = size <= columns or is_url(word)
        *full, line = [word] if whole else _break_word(word, columns)
        lines += full
        used = width(line)
    return [*lines, line]


def _break_word(word: str, columns: int) -> Iterator[str]:
    from wcwidth import iter_graphemes

    piece: list[str] = []
    used = 0
    for cluster in iter_graphemes(word):
        # A cluster has no longest: a run of Hangul jamo is one. Such a one is no word either.
        for part in cluster if width(cluster) > columns else (cluster,):
            size = width(part)
            if used + size > columns:
                yield "".join(piece)
                piece, used = [], 0
            piece.append(part)
            used += size
    yield "".join(piece)
