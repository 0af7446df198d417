"""Makes sentences of cues: each word once, with the times that the source gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
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

_STRETCHES, _STRETCH = 8, 400
"""How many times so many cues in a row are read to know whether a talk has points."""

_HELD = 4_000
"""Words in a row that are held before those of whole sentences are passed on."""

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


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    speaker: str


def sentences_of(transcript: Transcript) -> tuple[Sentence, ...]:
    """Return what was said, in sentences by their start, each with its first and last word's time.

    What rolling captions show again is said once. A word has the time of its mark, or else its
    share of the cue by letters: no time lies outside its cue. A sentence ends with its point,
    where another person speaks, where a sound is noted and in a long silence. Where points are
    missing, pauses and lengths cut it into clauses.
    """
    # Word by word: all the words of a long talk at once take hundreds of megabytes.
    punctuated = _is_punctuated(transcript)
    words = (word for cue, found, end in _said(transcript) for word in _timed(cue, found, end))
    found = [_sentence(part) for run in _runs(words) for part in _cut(run, punctuated)]
    return tuple(sorted(found, key=lambda sentence: sentence.start_ms))


_POINTS = frozenset({".", "?", "!", "…", "。", "？", "！"})


def _is_punctuated(transcript: Transcript) -> bool:
    words = points = 0
    for _, found, _ in chain.from_iterable(map(_said, _stretches(transcript))):
        texts = [text for word in found if (text := word.group()) not in _BREAKS]
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


def _said(transcript: Transcript) -> Iterator[tuple[Cue, list[re.Match[str]], int]]:
    """Yield each cue with the words that are new in it and when they are over."""
    cues = transcript.cues
    shown: list[str] = []
    for number, cue in enumerate(cues):
        after = cues[number + 1] if number + 1 < len(cues) else None
        found = list(_WORD.finditer(_without_sounds(cue.text)))
        again = 0
        if transcript.rolling:
            texts = [word.group() for word in found]
            if number and touching(cues[number - 1], cue):
                again = repeated(shown, texts)
            shown = texts
        if again < len(found):
            yield cue, found[again:], _end(cue, after)


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


def _timed(cue: Cue, found: Sequence[re.Match[str]], end: int) -> list[_Word]:
    """Return words of a cue with their times, between its marks by the letters before them."""
    begin = found[0].start()
    # Letter, time: from one of these to the next, words take as long as they are.
    known = [(begin, cue.start_ms)]
    for mark in cue.marks:
        if mark[0] == begin:
            known[0] = mark
        elif mark[0] > begin:
            known.append(mark)
    known.append((len(cue.text), end))
    times = [*_times([each.start() for each in found], known), end]
    speaker = cue.speaker
    return [
        _Word(word.group(), start, stop, speaker)
        for word, start, stop in zip(found, times, times[1:], strict=False)
    ]


def _times(places: Sequence[int], known: Sequence[tuple[int, int]]) -> list[int]:
    """Return the time of each place, both in ascending order, between the known ones."""
    if len(known) == 2:
        # No mark, as most have none.
        (letter, time), (last, end) = known
        lasts, letters = end - time, max(last - letter, 1)
        return [time + round(lasts * ((place - letter) / letters)) for place in places]
    times: list[int] = []
    at = 0
    for place in places:
        while at + 2 < len(known) and known[at + 1][0] <= place:
            at += 1
        (letter, time), (next_letter, next_time) = known[at], known[at + 1]
        share = (place - letter) / (next_letter - letter) if next_letter > letter else 0.0
        times.append(time + round((next_time - time) * share))
    return times


def _runs(words: Iterable[_Word]) -> Iterator[list[_Word]]:
    """Yield words in a row that may be one sentence: one person's, without a break.

    A long row comes in parts, each of whole sentences.
    """
    run: list[_Word] = []
    most = _HELD
    for word in words:
        new = word.text in _BREAKS
        if run:
            before = run[-1]
            if new or word.speaker != before.speaker or word.start - before.end >= SILENCE_MS:
                yield run
                run, most = [], _HELD
        if not new:
            run.append(word)
        if len(run) == most:
            begun = len(sentences(" ".join(word.text for word in run))[-1].split())
            if begun < most:
                yield run[:-begun]
                run = run[-begun:]
            most = 2 * len(run) + _HELD
    if run:
        yield run


def _cut(run: list[_Word], punctuated: bool) -> Iterator[list[_Word]]:
    """Yield the sentences of a run, in clauses where they are longer than any sentence."""
    start = 0
    for sentence in sentences(" ".join(word.text for word in run)):
        stop = start + len(sentence.split())
        if punctuated and stop - start <= MAX_SENTENCE:
            yield run[start:stop]
        else:
            yield from _clauses(run[start:stop])
        start = stop


def _clauses(words: list[_Word]) -> Iterator[list[_Word]]:
    """Yield clauses of at most MAX_CLAUSE words: to a pause, or the likeliest place before that."""
    rests = [_rest(one, other) for one, other in pairwise(words)]
    start = 0
    while start < len(words):
        stop = _clause_end(words, rests, start)
        yield words[start:stop]
        start = stop


def _clause_end(words: list[_Word], rests: list[int], start: int) -> int:
    """Return where the clause that begins at ``start`` ends."""
    most, letters = start, 0
    while most < len(words) and most - start < MAX_CLAUSE and letters <= MAX_CLAUSE_TEXT:
        letters += len(words[most].text) + 1
        most += 1
        if most == len(words) or rests[most - 1] >= PAUSE_MS:
            return most
    least = min(start + _LEAST_CLAUSE, most)
    # Not so near its end that only a scrap is left.
    return max(range(least, most + 1), key=lambda stop: (rests[stop - 1], stop))


def _rest(one: _Word, other: _Word) -> int:
    """Return how long nothing was said between two words, and a point's or comma's worth.

    Where the source gives only starts, a word that takes long for its letters has a pause in it.
    """
    text, start, end, _ = one
    silent, slow = other.start - end, end - start - 200 - 90 * len(text)
    rest = (silent if silent > 0 else 0) + (slow if slow > 0 else 0)
    if text[-1] in _POINTS:
        return rest + PAUSE_MS
    return rest + (PAUSE_MS // 2 if text[-1] in ",;:、，" else 0)


def _sentence(words: list[_Word]) -> Sentence:
    text = " ".join(word.text for word in words)
    return Sentence(words[0].start, max(word.end for word in words), text, words[0].speaker)
