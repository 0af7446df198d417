"""Reads WebVTT, as the W3C writes it and as YouTube, Zoom and podcast hosts do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.errors import BadDocument
from bot.core.transcript import Cue, Transcript
from bot.ingest.cue_markup import marked_up
from bot.ingest.speakers import with_speakers
from bot.ingest.timed_text import language_tag, read_lines, timing, transcript_of

_HEADER = "WEBVTT"


def read_webvtt(document: str | bytes) -> Transcript:
    """Return the cues of a WebVTT document; raise BadDocument, with the line, for anything else.

    Blocks without times are notes, styles and regions, and are not read. A line with ``-->`` and
    without times is something said about an arrow.
    """
    lines = read_lines(document)
    head = next(index for index, line in enumerate(lines) if line.strip())
    if not is_webvtt(lines[head].lstrip()):
        raise BadDocument("A WebVTT file begins with WEBVTT.", line=head + 1)
    cues: list[Cue] = []
    times: tuple[int, int] | None = None
    text: list[str] = []
    began = 0
    # A last blank line closes the last cue.
    for number, line in enumerate([*lines[head + 1 :], ""], head + 2):
        opened = timing(line, number) if ">" in line else None
        if line and not opened:
            text.append(line)
            continue
        if times:
            cues += marked_up("\n".join(text), *times, line=began)
        times, text, began = opened, [], number
    language = _language(lines[head + 1 :])
    # Of a long talk they take as much memory as its cues, which are gone through from here on.
    del lines
    return transcript_of(with_speakers(cues), language)


def is_webvtt(line: str) -> bool:
    """Return whether a document that begins with this line says that it is WebVTT."""
    return line.startswith(_HEADER) and not line[len(_HEADER) :][:1].strip()


def _language(lines: Sequence[str]) -> str:
    """Return the language that the header's lines name, as YouTube's does."""
    for line in lines:
        name, colon, value = line.partition(":")
        if not line or not colon:
            break
        if name.strip().lower() == "language":
            return language_tag(value)
    return ""
