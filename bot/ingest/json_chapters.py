"""Reads the chapters file of Podcasting 2.0: JSON with a list of ``startTime`` and ``title``."""

from __future__ import annotations

import json
import math

from bot.core.errors import BadDocument
from bot.core.transcript import Chapter
from bot.ingest.chapter_times import MAX_CHAPTERS, MAX_MS, clock_ms
from bot.ingest.plain_text import plain_line, storable
from bot.ingest.recordings import absolute

MAX_BYTES = 5_000_000
"""Largest file: a thousand bytes for each of the most chapters."""

MIME_TYPE = "application/json+chapters"


def read_json_chapters(document: str | bytes) -> tuple[Chapter, ...]:
    """Return a file's chapters by their start; raise BadDocument for what is no such file.

    Chapters without a title are left out, an end that lies before its start does not count,
    and times may be written as text. A start that cannot be read is refused: what it names
    would be found nowhere or, worse, somewhere else.
    """
    listed = _listed(_parsed(document))
    if len(listed) > MAX_CHAPTERS:
        raise BadDocument(f"This file has more than {MAX_CHAPTERS:,} chapters.")
    read = (_chapter(number, each) for number, each in enumerate(listed, 1))
    # The same chapter twice says nothing more than once.
    chapters = dict.fromkeys(chapter for chapter in read if chapter is not None)
    return tuple(sorted(chapters, key=lambda chapter: chapter.start_ms))


def _parsed(document: str | bytes) -> object:
    if len(document) > MAX_BYTES:
        raise BadDocument("This chapters file is larger than 5 MB.")
    text = document
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text))
        parsed: object = json.loads(text.removeprefix("\ufeff"), strict=False)
    except json.JSONDecodeError as error:
        raise BadDocument("This is no valid JSON.", line=error.lineno) from None
    except (ValueError, RecursionError):
        # Bytes of no encoding, a number of thousands of digits, brackets without an end.
        raise BadDocument("This is no valid JSON.") from None
    return parsed


def _listed(parsed: object) -> list[object]:
    # Some tools write the bare list.
    chapters = parsed.get("chapters") if isinstance(parsed, dict) else parsed
    if not isinstance(chapters, list):
        raise BadDocument("This JSON has no list of chapters.")
    return chapters


def _chapter(number: int, written: object) -> Chapter | None:
    """Return a chapter, None without a title; raise BadDocument if it cannot be one."""
    if not isinstance(written, dict):
        raise BadDocument(f"Chapter {number} of this file is not written as one.")
    start = _milliseconds(written.get("startTime"))
    if start is None:
        raise BadDocument(f"Chapter {number} of this file has no start that can be read.")
    title = _line(written.get("title"))
    if not title:
        return None
    end = _milliseconds(written.get("endTime"))
    url = written.get("url")
    return Chapter(
        start_ms=start,
        title=title,
        end_ms=end if end is not None and end > start else None,
        url=(absolute(storable(url)) or "") if isinstance(url, str) else "",
        silent=_is_no(written.get("toc")),
    )


def _line(written: object) -> str:
    return plain_line(storable(written)) if isinstance(written, str) else ""


def _milliseconds(written: object) -> int | None:
    if isinstance(written, str):
        return clock_ms(written)
    if isinstance(written, bool) or not isinstance(written, int | float):
        return None
    # Compared before it is multiplied: an integer may be longer than any float.
    if not 0 <= written <= MAX_MS / 1_000 or not math.isfinite(written):
        return None
    return round(written * 1_000)


def _is_no(written: object) -> bool:
    return written is False or (isinstance(written, str) and written.strip().lower() == "false")
