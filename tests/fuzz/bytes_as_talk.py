"""Makes of any bytes what readers return: cues and chapters, for what comes after the reading."""

from __future__ import annotations

from bot.core.transcript import Chapter, Cue, Transcript
from bot.ingest.timed_text import clean


def cues_in(data: bytes) -> Transcript | None:
    """Return the transcript that lines of ``start length speaker text`` make, None without one.

    Whatever the bytes, it is as readers make them; a speaker ``+`` is none, and times each word.
    """
    cues: list[Cue] = []
    start = 0
    for line in data.decode("utf-8", "ignore").splitlines():
        at, _, rest = line.partition(" ")
        length, _, rest = rest.partition(" ")
        speaker, _, text = rest.partition(" ")
        text = " ".join(clean(text).split())
        if not (_is_ms(at) and _is_ms(length)) or not any(map(str.isalnum, text)):
            continue
        start = max(start, int(at))
        end = start + int(length)
        timed = speaker == "+"
        cues.append(
            Cue(start, end, text, "" if timed else speaker, _marks(text, start, end, timed=timed))
        )
    return Transcript(tuple(cues), rolling=data.startswith(b"rolling")) if cues else None


def _is_ms(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7


def _marks(text: str, start: int, end: int, *, timed: bool) -> tuple[tuple[int, int], ...]:
    if not timed:
        return ()
    places = [place + 1 for place, letter in enumerate(text) if letter == " "]
    return tuple(
        (place, start + (end - start) * number // (len(places) + 1))
        for number, place in enumerate(places, 1)
    )


def chapters_at(data: bytes) -> list[Chapter]:
    """Return chapters at the numbers in some bytes; a number below 0 is an end."""
    found: list[Chapter] = []
    for word in data.decode("ascii", "ignore").split():
        if word.isdigit() and len(word) < 10:
            found.append(Chapter(int(word), "T"))
        elif word[:1] == "-" and found and word[1:].isdigit() and len(word) < 10:
            found[-1] = Chapter(found[-1].start_ms, "T", end_ms=found[-1].start_ms + int(word[1:]))
    return found
