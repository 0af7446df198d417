"""Small rules of wording that replies share: counts, excerpts, pages, spoken times."""

from __future__ import annotations

from bot.core.timecode import Timecode


def count(number: int, noun: str) -> str:
    """Return ``1 moment``, ``3 moments``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def spoken(at: Timecode) -> str:
    """Return a time with its units, ``4 h 8 min``, so that no reading is left open."""
    hours, rest = divmod(at.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        f"{value} {unit}"
        for value, unit in ((hours, "h"), (minutes, "min"), (seconds, "s"))
        if value
    ]
    return " ".join(parts) or "0 s"


ELLIPSIS = "…"

EXCERPT = 600
"""Characters of a moment's text on its card; the rest is behind Full text."""


def shorten(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of text, cut at a word, the cut made visible."""
    if len(text) <= limit:
        return text
    if limit <= 1:
        return ELLIPSIS[:limit]
    kept = text[: limit - 1]
    space = max(kept.rfind(" "), kept.rfind("\n"))
    if space > limit // 2:
        kept = kept[:space]
    return kept.rstrip(" \n,;:") + ELLIPSIS


def excerpt(text: str, limit: int) -> tuple[str, bool]:
    """Return (text shortened to ``limit`` characters, whether any were cut)."""
    return shorten(text, limit), len(text) > limit


def pages(text: str, size: int) -> list[str]:
    """Return text in pieces of at most ``size`` characters, cut at paragraphs or words."""
    pieces: list[str] = []
    start = 0
    while len(text) - start > size:
        window = text[start : start + size]
        cut = max(window.rfind("\n\n"), window.rfind(". ") + 1)
        if cut < size // 2:
            cut = max(window.rfind(" "), window.rfind("\n"))
        if cut < size // 2:
            cut = size
        pieces.append(window[:cut].strip())
        start += cut
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece] or [""]
