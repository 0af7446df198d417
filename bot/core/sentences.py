"""Cuts prose into sentences: what is quoted, and what is judged, is whole sentences."""

from __future__ import annotations

import re

_END = re.compile(r"""(?<![.!?…])[.!?…]++["'”’)\]»]*+(?=\s)|[。！？]["'”’」』）]*+|\n\s*\n""")
"""Where a sentence may end: its closing mark with what closes around it, or a paragraph's end."""

_ABBREVIATION = re.compile(
    r"(?:(?<![\w&'’])(?:[A-Za-z]|[A-Za-z]\.[A-Za-z]|mr|mrs|ms|dr|prof|st|jr|sr|vs|etc|e\.g|i\.e|no|vol|fig|"
    r"inc|ltd|co|corp|approx|dept|est|gen|gov|rep|sen|u\.s|u\.k|cf|al))\.$",
    re.IGNORECASE | re.ASCII,
)
"""A point that belongs to the word before it: an initial, or a shortened word."""

LONGEST_TAIL = 16
"""Characters before a point that are looked at: longer than any abbreviation."""


def sentences(text: str) -> list[str]:
    """Return the sentences of a text in order, without the space around them; none is empty."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if not _ends_there(text, end):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [one for one in found if one]


def _ends_there(text: str, end: re.Match[str]) -> bool:
    mark = end.group()
    if mark != ".":
        return True
    tail = text[max(end.start() - LONGEST_TAIL, 0) : end.end()]
    following = text[end.end() : end.end() + 8].lstrip()[:1]
    if not following or not _ABBREVIATION.search(tail):
        # "about 3 p.m. today" goes on; so does whatever is followed by a small letter.
        return not following.islower()
    return False
