"""Reads a transcript in whichever format it is: what it holds tells, then its name or type."""

from __future__ import annotations

import re

from bot.core.errors import BadDocument
from bot.core.transcript import Transcript
from bot.ingest.json_transcripts import read_json_transcript
from bot.ingest.subrip import read_subrip
from bot.ingest.timed_text import read_text
from bot.ingest.webvtt import is_webvtt, read_webvtt

KNOWN = "Segue reads WebVTT, SRT and JSON transcripts."

_JSON = re.compile(r"\s*+(?:\{\s*+[\"}]|\[\s*+[\[{\]])")
_MARKUP = re.compile(r"\s*+<(?:!|\?|/?[a-z])", re.IGNORECASE)
_TIMES = re.compile(r"^[^\S\n]*+-?[0-9]++\s?:\s?[0-9][^\n]{0,40}?->", re.MULTILINE)


def read_transcript(document: str | bytes, name: str = "", media_type: str = "") -> Transcript:
    """Return the cues of a transcript; raise BadDocument where it is none with times.

    ``name`` is a file's name or address, ``media_type`` what a feed or a server calls it. They
    count only where the document itself does not tell.
    """
    text = read_text(document)
    if is_webvtt(text.lstrip().partition("\n")[0]):
        return read_webvtt(text)
    if _JSON.match(text):
        return read_json_transcript(text)
    if _TIMES.search(text):
        return read_subrip(text)
    raise BadDocument(_refusal(text, name, media_type))


def _refusal(text: str, name: str, media_type: str) -> str:
    """Return why a document without a cue cannot be read, and what to do."""
    kind = f"{media_type.partition(';')[0].strip().lower()} {name.lower().partition('?')[0]}"
    if "vtt" in kind:
        return "A WebVTT file begins with WEBVTT."
    if "json" in kind:
        return "This is not JSON."
    if "html" in kind or _MARKUP.match(text):
        return f"A web page has no times that can be relied on. {KNOWN}"
    if "subrip" in kind or kind.endswith(".srt"):
        return "There are no times in this transcript."
    return f"Plain text has no times. {KNOWN}"
