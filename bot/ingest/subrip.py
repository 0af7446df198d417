"""Reads SubRip (SRT), however carelessly it was written."""

from __future__ import annotations

from bot.core.errors import BadDocument
from bot.core.transcript import Cue, Transcript
from bot.ingest.cue_markup import marked_up
from bot.ingest.speakers import with_speakers
from bot.ingest.timed_text import read_lines, timing, transcript_of


def read_subrip(document: str | bytes) -> Transcript:
    """Return the cues of a SubRip document; raise BadDocument, with the line, for anything else.

    A cue goes from its times to the next ones, over blank lines too; the counter before those is
    left out. What stands before the first times has none, and is not read.
    """
    cues: list[Cue] = []
    times: tuple[int, int] | None = None
    text: list[str] = []
    began, counter = 0, None
    for number, line in enumerate(read_lines(document), 1):
        opened = timing(line, number)
        if opened is None:
            text.append(line)
            continue
        counter = _take_counter(text, counter, first=times is None)
        if times:
            cues += marked_up("\n".join(text), *times, line=began)
        times, text, began = opened, [], number
    if times is None:
        raise BadDocument("There are no times in this transcript.")
    cues += marked_up("\n".join(text), *times, line=began)
    return transcript_of(with_speakers(cues))


def _take_counter(lines: list[str], before: int | None, *, first: bool) -> int | None:
    """Take the next cue's counter off the lines above its times, and return it.

    A number is a counter if a blank line parts it from the text and none from the times, if it
    is the one that follows ``before``, or if it stands above the ``first`` times.
    """
    last = len(lines) - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last < 0:
        return None
    bare = lines[last].strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) < 10):
        return None
    placed = last == len(lines) - 1 and last > 0 and not lines[last - 1].strip()
    if not (first or placed) and (before is None or int(bare) != before + 1):
        return None
    del lines[last:]
    return int(bare)
