"""Makes sentences of cues: each word once, with the times that the source gives it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain
from typing import NamedTuple

from bot.core.sentences import sentences
from bot.core.transcript import Cue, Sentence, Transcript
from bot.ingest.rolling import repeated, touching

MAX_CLAUSE = 25
"""Words of the longest clause made where nothing but pauses tells where one ends."""

MAX_CLAUSE_TEXT = 240
"""Characters of the longest such clause: scripts without spaces have no words to count."""

MAX_SENTENCE = 80
"""Words of the longest sentence left whole; what is longer has points missing."""

PAUSE_MS = 1_000
"""A pause that ends a clause where nobody wrote points."""

SILENCE_MS = 5_000
"""A pause that ends a sentence even so: whoever goes on after it begins anew."""

_LEAST_CLAUSE = 8
"""Words of the shortest clause that is cut off a longer one for want of a better place."""

_RARE = 40
"""Words to each point, above which points are the exception."""

_STRETCHES, _STRETCH = 16, 100
"""How many times so many cues in a row are read to know whether a talk has points."""

_HELD = 4_000
"""Words in a row that are held before those of whole sentences are passed on."""

_GROWS = 4
"""How many times as many are held where no sentence had ended."""

_SOUND_WORDS = (
    "music|musik|musique|música|musica|muziek|音楽|applause|applaus|aplausos|拍手|laughter|laughs?|"
    "laughing|chuckles?|chuckling|lachen|rires|risas|笑い|cheers?|cheering|clapping|clears throat|"
    "coughs?|coughing|sighs?|sighing|sniffs?|gasps?|silence|noise|foreign"
)
_SOUND = re.compile(
    rf"[\[(](?:[\w'-]{{1,20}} ){{0,3}}(?:{_SOUND_WORDS})(?: [\w'-]{{1,20}}){{0,3}}[\])]|[♪♫♩♬]++",
    re.IGNORECASE,
)
"""What is heard and not said; ``[inaudible]`` and ``[ __ ]`` stand for words and stay."""

_SOUND_BEGINS = re.compile(r"[\[(♪♫♩♬]")
_ALL_SOUND = re.compile(r"\[[^\[\]]{1,60}\]")
_WORDLESS = re.compile(r"\[(?:\W|_)*\]|\[inaudible\b[^\]]*\]|\[unintelligible\b[^\]]*\]", re.I)

_BREAK = "\0"
"""Stands where a sound was left out: never in a cue's text, and no word."""

_BREAKS = frozenset({_BREAK, ">>", ">>>"})
"""Words that only say that something new begins, such as captions' mark of a new speaker."""

_WORD = re.compile(r"\0|[^\s\0。！？]*+[。！？][\"'”’」』）]*+|[^\s\0。！？]++")
"""A word ends as a sentence does: after a full stop that no space follows, too. So does a break."""

_MORE_THAN_WORDS = re.compile(r"[\[(♪♫♩♬。！？]")
"""Where a sound may begin, or a word end without a space; most cues have none of these."""


class _Run(NamedTuple):
    """What one person says in a row: each word, and when it starts and ends."""

    speaker: str
    texts: list[str]
    starts: list[int]
    ends: list[int]

    def extend(self, other: _Run) -> None:
        """Add what the same person says next."""
        self.texts.extend(other.texts)
        self.starts.extend(other.starts)
        self.ends.extend(other.ends)

    def part(self, start: int, stop: int | None = None) -> _Run:
        """Return the words from a place to another."""
        wanted = slice(start, stop)
        return _Run(self.speaker, self.texts[wanted], self.starts[wanted], self.ends[wanted])

    def sentence(self, start: int, stop: int) -> Sentence:
        """Return the words from a place to another as a sentence."""
        text = " ".join(self.texts[start:stop])
        return Sentence(self.starts[start], max(self.ends[start:stop]), text, self.speaker)


def sentences_of(transcript: Transcript) -> tuple[Sentence, ...]:
    """Return what was said, in sentences by their start, each with its first and last word's time.

    What rolling captions show again is said once. A word has the time of its mark, or else its
    share of the cue by letters: no time lies outside its cue. A sentence ends with its point,
    where another person speaks, where a sound is noted and in a long silence. Where points are
    missing, pauses and lengths cut it into clauses.
    """
    # Cue by cue: all the words of a long talk at once take hundreds of megabytes.
    punctuated = _is_punctuated(transcript)
    timed = (_timed(cue, words, end) for cue, words, end in _said(transcript))
    found = [run.sentence(*part) for run in _runs(timed) for part in _cut(run, punctuated)]
    return tuple(sorted(found, key=lambda sentence: sentence.start_ms))


_POINTS = frozenset({".", "?", "!", "…", "。", "？", "！"})


def _is_punctuated(transcript: Transcript) -> bool:
    words = points = 0
    for _, said, _ in chain.from_iterable(map(_said, _stretches(transcript))):
        texts = [text for text in said.texts if text not in _BREAKS]
        words += len(texts)
        points += sum(text.rstrip("\"'”’」』）)]")[-1:] in _POINTS for text in texts)
    return points * _RARE >= words


def _stretches(transcript: Transcript) -> Iterator[Transcript]:
    """Yield a short talk whole, and of a long one what is said here and there."""
    cues = transcript.cues
    if len(cues) <= _STRETCHES * _STRETCH:
        yield transcript
        return
    for number in range(_STRETCHES):
        start = number * (len(cues) - _STRETCH) // (_STRETCHES - 1)
        yield replace(transcript, cues=cues[start : start + _STRETCH])


class _Words(NamedTuple):
    """Words of a cue, and where in its text each of them begins."""

    texts: list[str]
    places: list[int]


def _said(transcript: Transcript) -> Iterator[tuple[Cue, _Words, int]]:
    """Yield each cue with the words that are new in it and when they are over."""
    cues = transcript.cues
    shown: list[str] = []
    for number, cue in enumerate(cues):
        after = cues[number + 1] if number + 1 < len(cues) else None
        words = _words(cue.text)
        if transcript.rolling:
            texts, places = words
            again = repeated(shown, texts) if number and touching(cues[number - 1], cue) else 0
            words, shown = _Words(texts[again:], places[again:]), texts
        if words.texts:
            yield cue, words, _end(cue, after)


def _words(text: str) -> _Words:
    """Return the words of a cue's text, and a break for each sound in it."""
    if not _MORE_THAN_WORDS.search(text):
        texts = text.split()
        places = list(accumulate([len(word) + 1 for word in texts], initial=0))
        if places.pop() == len(text) + 1:  # one space between any two
            return _Words(texts, places)
    found = list(_WORD.finditer(_without_sounds(text)))
    return _Words([word.group() for word in found], [word.start() for word in found])


def _without_sounds(text: str) -> str:
    """Return a text of the same length with a mark of a break for each sound in it."""
    if not _SOUND_BEGINS.search(text):
        return text
    if _ALL_SOUND.fullmatch(text) and not _WORDLESS.fullmatch(text):
        return _blank(text)
    return _SOUND.sub(lambda sound: _blank(sound.group()), text)


def _blank(sound: str) -> str:
    return f" {_BREAK} "[: len(sound)].ljust(len(sound))


def _end(cue: Cue, after: Cue | None) -> int:
    """Return when a cue's words are over: captions stay on while the same person goes on."""
    if after is None or after.speaker != cue.speaker or after.start_ms == cue.start_ms:
        return cue.end_ms
    latest = cue.marks[-1][1] if cue.marks else cue.start_ms
    return min(cue.end_ms, max(after.start_ms, latest))


def _timed(cue: Cue, words: _Words, end: int) -> _Run:
    """Return words of a cue with their times: its marks', and between these by the letters."""
    texts, places = words
    if cue.marks:
        starts = _marked(places, cue, end)
    else:
        starts = _shared(places, cue.start_ms, len(cue.text), end)
    return _Run(cue.speaker, texts, starts, [*starts[1:], end])


def _shared(places: Sequence[int], start: int, length: int, end: int) -> list[int]:
    """Return the time of each place, between the first one's and the end of the text."""
    first = places[0]
    letters, lasts = length - first, end - start
    return [start + (lasts * (place - first) + letters // 2) // letters for place in places]


def _marked(places: Sequence[int], cue: Cue, end: int) -> list[int]:
    """Return the time of each place, between the marks of a cue."""
    # Letter, time: from one of these to the next, words take as long as they are.
    known = [(places[0], cue.start_ms)]
    for mark in cue.marks:
        if mark[0] == places[0]:
            known[0] = mark
        elif mark[0] > places[0]:
            known.append(mark)
    known.append((len(cue.text), end))
    times: list[int] = []
    at = 0
    for place in places:
        while at + 2 < len(known) and known[at + 1][0] <= place:
            at += 1
        (letter, time), (next_letter, next_time) = known[at], known[at + 1]
        share = (place - letter) / (next_letter - letter) if next_letter > letter else 0.0
        times.append(time + round((next_time - time) * share))
    return times


def _runs(cues: Iterable[_Run]) -> Iterator[_Run]:
    """Yield words in a row that may be one sentence: one person's, without a break.

    A long row comes in parts, each of whole sentences.
    """
    run = _Run("", [], [], [])
    most = _HELD
    for cue in cues:
        for number, part in enumerate(_between_breaks(cue)):
            if number or _begins_anew(run, part):
                if run.texts:
                    yield run
                run, most = _Run(cue.speaker, [], [], []), _HELD
            run.extend(part)
        if len(run.texts) >= most:
            begun = len(sentences(" ".join(run.texts))[-1].split())
            if begun < len(run.texts):
                yield run.part(0, -begun)
                run = run.part(-begun)
            most = _GROWS * len(run.texts) + _HELD
    if run.texts:
        yield run


def _between_breaks(cue: _Run) -> Iterator[_Run]:
    """Yield the words before, between and after the breaks in a cue; there may be none."""
    if _BREAKS.isdisjoint(cue.texts):
        yield cue
        return
    start = 0
    for place, text in enumerate(cue.texts):
        if text in _BREAKS:
            yield cue.part(start, place)
            start = place + 1
    yield cue.part(start)


def _begins_anew(run: _Run, after: _Run) -> bool:
    """Return whether another person goes on, or the same one after a silence."""
    if not run.texts or not after.texts:
        return after.speaker != run.speaker
    return after.speaker != run.speaker or after.starts[0] - run.ends[-1] >= SILENCE_MS


def _cut(run: _Run, punctuated: bool) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a run starts and stops; one that is too long, in clauses."""
    start = 0
    for sentence in sentences(" ".join(run.texts)):
        stop = start + len(sentence.split())
        if punctuated and stop - start <= MAX_SENTENCE:
            yield start, stop
        else:
            yield from _clauses(run.part(start, stop), start)
        start = stop


def _clauses(run: _Run, offset: int) -> Iterator[tuple[int, int]]:
    """Yield clauses of at most MAX_CLAUSE words: to a pause, or the likeliest place before that."""
    rests = _rests(run)
    pauses = [place for place, rest in enumerate(rests, 1) if rest >= PAUSE_MS]
    pauses.append(len(run.texts))
    letters = list(accumulate([len(text) + 1 for text in run.texts], initial=0))
    start = 0
    while start < len(run.texts):
        too_long = bisect_right(letters, letters[start] + MAX_CLAUSE_TEXT)
        most = min(start + MAX_CLAUSE, too_long, len(run.texts))
        stop = pauses[bisect_right(pauses, start)]
        if stop > most:
            # Not so near its end that only a scrap is left; of equal places the last.
            least = min(start + _LEAST_CLAUSE, most)
            places = rests[least - 1 : most]
            stop = most - places[::-1].index(max(places))
        yield offset + start, offset + stop
        start = stop


def _rests(run: _Run) -> list[int]:
    """Return how long nothing is said after each word but the last, and a mark's worth.

    Where the source gives only starts, a word that takes long for its letters has a pause in it.
    """
    worth = _WORTH.get
    return [
        (following - end if following > end else 0)
        + (slow if (slow := end - start - 200 - 90 * len(text)) > 0 else 0)
        + worth(text[-1], 0)
        for text, start, end, following in zip(
            run.texts, run.starts, run.ends, run.starts[1:], strict=False
        )
    ]


_WORTH = dict.fromkeys(_POINTS, PAUSE_MS) | dict.fromkeys(",;:、，", PAUSE_MS // 2)
"""What a mark at the end of a word is worth as a pause, in milliseconds."""
