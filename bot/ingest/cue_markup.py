"""Reads what is written inside a cue: tags, voices, entities and times; what is left is text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import groupby

from bot.core.errors import BadDocument
from bot.core.transcript import Cue
from bot.ingest.timed_text import MAX_TEXT, clean, clock, is_blank

MAX_SPEAKER = 100
"""Longest name of a speaker, in characters; what is longer is no name."""

_TAG = re.compile(
    r"</?(?:c|i|b|u|s|lang|ruby|rt|em|strong|font)(?:\.[^\s<>]*+)?(?:\s[^<>]*+)?>|\{\\[^{}<>]*+\}",
    re.IGNORECASE,
)
"""The tags of WebVTT and SubRip: any other ``<word>`` is what somebody said."""

_READING = re.compile(r"<rt(?:[.\s][^<>]*+)?>[^<]*+", re.IGNORECASE)
"""How a word is pronounced, in ruby: it is not said a second time."""

_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)

_TURN = re.compile(r"<(?:([0-9][0-9:.,]{3,20}+)|v(?:\.[^\s<>]*+)?(\s[^<>]*+)?|/v)>")
"""A time, or a voice with its name; a closed voice has none."""

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}+|#[xX][0-9a-fA-F]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);")

Piece = tuple[int | None, str]
"""Some text, and the time from which it is said where the source gives one."""


def marked_up(raw: str, start: int, end: int, *, line: int | None = None) -> list[Cue]:
    """Return the cues that a cue's markup makes: one for each voice, none where it is blank.

    Raise BadDocument where the text is longer than MAX_TEXT.
    """
    if "<" not in raw and "{" not in raw:
        return plain(unescaped(raw) if "&" in raw else raw, start, end, line=line)
    cues: list[Cue] = []
    for speaker, group in groupby(_pieces(raw), key=lambda each: each[0]):
        pieces = [(at, unescaped(text)) for _, at, text in group]
        cues += joined(pieces, start, end, speaker, line=line)
    return cues


def plain(
    text: str,
    start: int,
    end: int,
    speaker: str = "",
    marks: tuple[tuple[int, int], ...] = (),
    *,
    line: int | None = None,
    what: str = "This cue",
) -> list[Cue]:
    """Return the cue that plain text makes, or none; raise BadDocument as ``marked_up`` does."""
    flat = " ".join(text.split())
    if len(flat) > MAX_TEXT:
        raise BadDocument(f"{what} is longer than {MAX_TEXT:,} characters.", line=line)
    return [] if is_blank(flat) else [Cue(start, end, flat, speaker, marks)]


def joined(
    pieces: Iterable[Piece],
    start: int,
    end: int,
    speaker: str = "",
    *,
    line: int | None = None,
    what: str = "This cue",
) -> list[Cue]:
    """Return the cue that plain pieces make, with the times of those that have one; or none."""
    parts: list[str] = []
    marks: list[tuple[int, int]] = []
    length, apart, pending, latest = 0, False, None, start
    for at, text in pieces:
        pending = pending if at is None else at
        flat = " ".join(text.split())
        if not flat:
            apart = apart or bool(text)
            continue
        if parts and (apart or text[0].isspace()):
            parts.append(" ")
            length += 1
        if pending is not None and latest <= pending <= end:
            marks.append((length, pending))
            latest = pending
        parts.append(flat)
        length += len(flat)
        apart, pending = text[-1].isspace(), None
    return plain("".join(parts), start, end, speaker, tuple(marks), line=line, what=what)


def speaker_name(text: str) -> str:
    """Return a speaker's name on one line, or nothing for what can be no name."""
    name = " ".join(text.split())
    return name if len(name) <= MAX_SPEAKER and not is_blank(name) else ""


def unescaped(text: str) -> str:
    """Return text with its complete entities resolved; ``R&D`` and ``AT&T`` stay."""
    if "&" not in text:
        return text
    return clean(_ENTITY.sub(lambda found: unescape(found.group()), text))


def _pieces(raw: str) -> Iterator[tuple[str, int | None, str]]:
    """Yield the text between times and voices, with those that hold for it."""
    texts = _TURN.split(_without_tags(raw))
    yield "", None, texts[0]
    speaker = shown = ""
    at: int | None = None
    for time, name, text in zip(texts[1::3], texts[2::3], texts[3::3], strict=True):
        if time:
            at = clock(time)
        else:
            speaker = speaker_name(unescaped(name or ""))
        # The space between two voices is nobody's.
        shown = speaker if text.strip() else shown
        yield shown, at, text
        at = at if not text.strip() else None


def _without_tags(raw: str) -> str:
    # First what stands around each word of automatic captions.
    raw = raw.replace("<c>", "").replace("</c>", "")
    return _TAG.sub("", _BREAK.sub(" ", _READING.sub("", raw)))
