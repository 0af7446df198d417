"""Tells a speaker's name before a colon from other words there: only a clear one is taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.core.transcript import Cue

_PREFIX = re.compile(
    r"(?<!\S)(?:>>>?\s?|[-–—]\s?)?(?P<name>[\w.'’&-]{1,30}+(?: [\w.'’&-]{1,30}+){0,3}+):(?=\s)"
)
"""``Lex Fridman: `` at the beginning of a word: four words at most."""

_LEAST_CUES = 2
_LEAST_NAMED = 3
"""Cues that begin with one name, and with any: a name that comes once may be a heading."""

_LABELS = frozenset(
    """
    note question answer warning example tip step problem solution result summary chapter part
    section title topic intro outro update disclaimer caution important remember today number first
    second third finally also but and so yes no well okay ok http https
    """.split()
)
"""Words that a colon follows and that nobody is called."""


def with_speakers(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues with the names that begin them as their speakers, and no more in the text.

    A name is one to four words with capitals that begin several cues. Nothing is done where the
    source marks its speakers otherwise.
    """
    if any(cue.speaker for cue in cues):
        return list(cues)
    begun = (_PREFIX.match(cue.text) for cue in cues if ":" in cue.text)
    counts = Counter(found["name"] for found in begun if found)
    names = {name for name, count in counts.items() if count >= _LEAST_CUES and _is_name(name)}
    if sum(counts[name] for name in names) < _LEAST_NAMED:
        return list(cues)
    return [part for cue in cues for part in _parts(cue, names)]


def _is_name(text: str) -> bool:
    words = text.split()
    capital = all(word[0].isupper() or word[0].isdigit() for word in words)
    return capital and len(text) > 1 and not text.isdigit() and words[0].lower() not in _LABELS


def _parts(cue: Cue, names: set[str]) -> Iterator[Cue]:
    """Yield a cue's parts, cut before each known name; a cue of two people has two."""
    turns = list(_turns(cue.text, names)) if ":" in cue.text else []
    if not turns:
        yield cue
        return
    if turns[0].start:
        yield _part(cue, 0, turns[0].start, "")
    for turn, stop in zip(turns, [*(turn.start for turn in turns[1:]), len(cue.text)], strict=True):
        if cue.text[turn.end : stop].strip():
            yield _part(cue, turn.end, stop, turn.name)


class _Turn(NamedTuple):
    """Where a known name and what stands around it starts and ends."""

    start: int
    end: int
    name: str


def _turns(text: str, names: set[str]) -> Iterator[_Turn]:
    for found in _PREFIX.finditer(text):
        words = found["name"].split(" ")
        for skipped in range(len(words)):
            name = " ".join(words[skipped:])
            if name in names:
                dash = skipped > 0 and words[skipped - 1] in {"-", "--"}
                before = sum(len(word) + 1 for word in words[: skipped - dash])
                start = found.start("name") + before if skipped else found.start()
                yield _Turn(start, found.end(), name)
                break


def _part(cue: Cue, start: int, stop: int, speaker: str) -> Cue:
    text = cue.text[start:stop]
    start += len(text) - len(text.lstrip())
    marks = tuple((index - start, at) for index, at in cue.marks if start <= index < stop)
    return Cue(cue.start_ms, cue.end_ms, text.strip(), speaker, marks)
