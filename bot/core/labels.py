"""Whose a layer of an episode is: the labels that Segue gives itself, and how an export says them.

What a document says of itself is a stranger's word: only these labels are believed, whole.
"""

from __future__ import annotations

import re

NOTES, CHAPTERS, TRANSCRIPT, AUTOMATIC = "Notes", "Chapters", "Transcript", "Automatic"

BELIEVED = frozenset({CHAPTERS, AUTOMATIC})
"""Labels that an exported document may give its rows, when it is imported."""

_CHOSEN = ", its sentences chosen by rule"
_SOURCE = re.compile(rf"Source: ([^·.]{{1,60}}?)(?: · [^\n]{{1,120}}{_CHOSEN})?\.")


def source_sentence(made: str, said: str = "") -> str:
    """Return the sentence by which an export says whose its rows are, and what is quoted there."""
    return f"Source: {made} · {said}{_CHOSEN}." if said else f"Source: {made}."


def believed_source(intro: str) -> str | None:
    """Return whose the rows of an exported document are; None for any other document's intro."""
    for paragraph in intro.split("\n\n"):
        found = _SOURCE.fullmatch(paragraph)
        if found and found[1] in BELIEVED:
            return found[1]
    return None
