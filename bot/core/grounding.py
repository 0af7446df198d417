"""Judges what a model wrote by the one text it was given: what is not in there is not said.

A model's words are untrusted. A sentence is kept only if every name and every number in it
stands in the source, and most of its words do; one with a link, a mention or markup never is.
The rules err on the side of silence: what they drop is still in the note itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.core.analysis import analyse, fold
from bot.core.sentences import sentences
from bot.core.stopwords import STOP_WORDS

MOST_SENTENCES = 3
MOST_CHARACTERS = 450

BORNE_OUT = 0.5
"""Share of a sentence's telling words that must stand in the source."""

_FOREIGN = re.compile(r"://|www\.|@\w|[<>`|#*_\[\]{}\\]|\.(?:com|net|org|io|ai|gg|ly)\b", re.I)
"""What no shortened note needs: links, mentions, markup of any platform."""

_TOKEN = re.compile(r"[$€£¥₹]?\w(?:[\w’'&+.,:]*[\w+])?%?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_OPEN = re.compile(r"[\"'“”‘’«»(\s]*")

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_VALUES = {word: str(value) for value, word in enumerate(_UNITS.split())}
_VALUES |= {
    word: str(value)
    for value, word in zip(
        range(30, 100, 10), "thirty forty fifty sixty seventy eighty ninety".split(), strict=True
    )
}
_AMOUNTS = frozenset(
    "hundred hundreds thousand thousands million millions billion billions trillion trillions "
    "dozen dozens half halves third thirds quarter quarters double triple twice percent".split()
)
_PRONOUN = "one"
"""More often a pronoun than a number."""

_OPENERS = STOP_WORDS | frozenset(
    "according although among another argues asks because claims compares concerns considers "
    "covers debates describes despite discusses discussing examines explains explores following "
    "focuses guest guests highlights host hosts however instead looks mentions moreover notes "
    "outlines overall people points questions speaker speakers suggests therefore thus together "
    "unlike".split()
)
"""Words that begin an honest sentence with a capital and name nobody."""

_TO_A_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}"
    r"\b(?:instructions?|prompts?|rules?|above|previous|prior|earlier|everything)\b"
    r"|\b(?:system|developer|hidden)\s+(?:prompt|message|instruction)"
    r"|\b(?:new|following|these)\s+instructions?\b"
    r"|\byou\s+are\s+(?:now|an?\s+(?:ai|assistant|language|helpful|chat))"
    r"|\b(?:respond|reply|answer|output|print|repeat|write|say)\b.{0,24}"
    r"\b(?:only|exactly|verbatim|the\s+following|nothing\s+else|instead)\b"
    r"|\bas\s+an\s+ai\b|\bsummar(?:y|ies|i[sz])|\btl;?dr\b"
    r"|</?(?:system|user|assistant|instructions?)>|\bprompt\s+injection\b",
    re.IGNORECASE | re.DOTALL,
)


def speaks_to_a_model(text: str) -> bool:
    """Return whether a text seems to tell whoever shortens it what to write.

    Such a text is shown as it is and given to no model. It is a net with holes: what slips
    through is data in the request, and its answer is judged like any other.
    """
    return _TO_A_MODEL.search(fold(text)) is not None


def grounded(written: str, source: str) -> str:
    """Return what of a model's text the source bears out, a few sentences; "" for nothing."""
    known = _Known.of(source)
    kept: list[str] = []
    length = 0
    for sentence in (" ".join(one.split()) for one in sentences(written)):
        if len(kept) == MOST_SENTENCES or length + len(sentence) > MOST_CHARACTERS:
            break
        if known.bears_out(sentence):
            kept.append(sentence)
            length += len(sentence) + 1
    return " ".join(kept)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a source holds: its words and numbers, folded, and the stems of its words."""

    parts: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def of(cls, source: str) -> _Known:
        parts = frozenset(fold(part) for part in _parts(source))
        return cls(parts, frozenset(term.stem for term in analyse(source)))

    def bears_out(self, sentence: str) -> bool:
        """Return whether a sentence says nothing that the source does not."""
        if _FOREIGN.search(sentence):
            return False
        start = _OPEN.match(sentence)
        begins = start.end() if start else 0
        if not all(
            self._has(part, opens=place == 0)
            for place, part in enumerate(_parts(sentence[begins:]))
        ):
            return False
        telling = [term for term in analyse(sentence) if term.surface not in STOP_WORDS]
        shared = sum(term.stem in self.stems for term in telling)
        return bool(telling) and shared >= BORNE_OUT * len(telling)

    def _has(self, part: str, *, opens: bool) -> bool:
        """Return whether a word may stand: it is in the source, or is neither name nor number."""
        folded = fold(part)
        if folded in self.parts or not folded:
            return True
        if any(char.isdigit() for char in folded):
            return False
        if folded in _VALUES and folded != _PRONOUN:
            return _VALUES[folded] in self.parts
        if folded in _AMOUNTS:
            return False
        if not _is_name(part):
            return True
        if opens and folded in _OPENERS:
            return True
        missing = [term.stem not in self.stems for term in analyse(part)]
        if len(missing) < 2:
            return not any(missing)
        # A script without spaces comes in pairs of letters: where phrases of the source meet,
        # one pair is new; a word that is not in the source brings two or more.
        return not any(one and other for one, other in pairwise(missing))


def _is_name(part: str) -> bool:
    """Return whether a word may be a name: it has a capital, or its script has none."""
    letters = [char for char in part if char.isalpha()]
    return any(char.isupper() or char.upper() == char.lower() for char in letters)


def _parts(text: str) -> Iterator[str]:
    """Yield words and numbers; a hyphened word is yielded in its parts."""
    for found in _TOKEN.finditer(_THOUSANDS.sub("", text)):
        yield found.group()
