"""Judges what a model wrote by the one text it was given: what is not in there is not said.

A model's words are untrusted. A sentence is kept only if every name, number, amount and date in
it stands in the source, and most of its words do; one with a link, a mention or markup never
is. The rules err on the side of silence: what they drop is still in the note itself.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from bot.core.analysis import analyse, fold
from bot.core.grounding_words import AMOUNTS, EXACT, OPENERS, UNITS, VALUES, may_be_a_name
from bot.core.sentences import sentences
from bot.core.stemming import stem
from bot.core.stopwords import STOP_WORDS

MOST_SENTENCES = 3
MOST_CHARACTERS = 450

MOST_READ = 8_000
"""Characters of a source, and of what was written, that are looked at: as many as are sent."""

BORNE_OUT = 0.5
"""Share of a sentence's telling words that must stand in the source."""

_FOREIGN = re.compile(r"://|@|[<>`|#*_\[\]{}\\]")
"""What no shortened note needs: links, mentions, markup of any platform."""

_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PERCENT = re.compile(r"(?<=\d) ?(?:percent|per cent)\b", re.IGNORECASE)
_DOLLARS = re.compile(
    # From where digits begin: a long number is looked at once, not once from each digit.
    r"(?<![\d.,])([.,]*+)(\d[\d.,]*+)((?: (?:hundred|thousand|million|billion|trillion))?)"
    r" (?:US )?dollars?\b",
    re.IGNORECASE,
)
_AROUND = "\"'“”‘’„«»‹›()[]¿¡.,;:!?…–—。，、；：！？「」『』（）《》"
_OWNERS = re.compile(r"['’]s?$")
_HYPHENS = re.compile(r"[-‐‑–/]")
_SINGLE = frozenset({"a", "an", "1"})
_SPACE = re.compile(r"[ \t\n\r]+")

_TO_A_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}"
    r"\b(?:instructions?|prompts?|above|previous|prior|earlier|everything)\b"
    r"|\b(?:system|developer|hidden)\s+(?:prompt|message|instruction)"
    r"|\b(?:your|my)\s+(?:new\s+)?(?:instructions?|task\s+is|guidelines?|system\s+prompt)\b"
    r"|\bfrom\s+now\s+on\b.{0,20}\byou\b|\byou\s+must\s+(?:now|only|always|never|say|write|praise)"
    r"|\byou\s+are\s+(?:now|an?\s+(?:ai|assistant|language|helpful|chat))"
    r"|\b(?:respond|reply|answer)\s+(?:only|exactly|verbatim|with\s+(?:only|nothing|exactly))\b"
    r"|\b(?:write|say|print|output|repeat)\s+(?:only|exactly|verbatim|the\s+following|instead)\b"
    r"|\bas\s+an\s+ai\b|\bwhen\s+(?:you\s+)?summari[sz]|\bin\s+(?:your|the)\s+summary\b"
    r"|\bsummari[sz]e\s+(?:this|it|everything)\b|\btl;?dr\b"
    r"|</?(?:system|user|assistant|instructions?)>|<\||\[/?inst\]|\bnew\s+task\b"
    # The last line's end before the word, so that a thousand of them are looked at once.
    r"|(?:^|\n)[^\S\n]*+(?:system|assistant|human|user)\s*:|\bdear\s+(?:llm|ai|model|assistant)\b"
    r"|\b(?:ai\s+models?|llms?|assistants?)\s+(?:reading|processing|seeing)\s+this\b"
    r"|\bend\s+of\s+(?:the\s+)?note\b|\b(?:when|while)\s+shortening\b"
    r"|\bprompt\s+injection\b",
    re.IGNORECASE | re.DOTALL,
)


def speaks_to_a_model(text: str) -> bool:
    """Return whether a text seems to tell whoever shortens it what to write.

    Such a text is shown as it is and given to no model. It is a net with holes: what slips
    through is data in the request, and its answer is judged like any other.
    """
    return _TO_A_MODEL.search(fold(_visible(text[:MOST_READ]))) is not None


def grounded(written: str, source: str) -> str:
    """Return what of a model's text the source bears out, a few sentences; "" for nothing."""
    known = _Known.of(source)
    kept: list[str] = []
    length = 0
    # What is judged is what is shown: without the characters that nobody sees.
    for sentence in sentences(_visible(written[:MOST_READ])):
        line = _SPACE.sub(" ", sentence)
        if len(kept) == MOST_SENTENCES or length + len(line) > MOST_CHARACTERS:
            break
        if known.bears_out(line):
            kept.append(line)
            length += len(line) + 1
    return " ".join(kept)


def _visible(text: str) -> str:
    """Return text without marks that join or hide letters, and with few of those above them."""
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if (
            category not in {"Cf", "Co", "Cn", "Cs"}
            and marks <= 2
            and (category != "Cc" or char.isspace())
        ):
            kept.append(char)
    return "".join(kept)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What stands between spaces, without the punctuation around it.

    ``goes_on`` is whether nothing but a space stands between it and the next one.
    """

    word: str
    goes_on: bool


def _chunks(text: str) -> list[_Chunk]:
    text = _INITIALS.sub(lambda found: found.group().replace(".", ""), text)
    text = _DOLLARS.sub(r"\1$\2\3", _PERCENT.sub("%", _THOUSANDS.sub("", text)))
    # Spaces of other widths may stand inside a number: they do not part it.
    found: list[_Chunk] = []
    for written in _SPACE.split(text):
        word = _OWNERS.sub("", written.strip(_AROUND))
        if not word:
            continue
        if found and not written.startswith(word[0]):
            found[-1] = _Chunk(found[-1].word, goes_on=False)
        found.append(_Chunk(word, written.endswith(word)))
    return found


def _value(folded: str) -> str:
    return VALUES.get(folded, folded)


def _pieces(chunk: str) -> list[str]:
    return [piece for piece in _HYPHENS.split(chunk) if piece]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a source holds: chunks and their pieces, folded; those with a capital; pairs; stems."""

    chunks: frozenset[str]
    pieces: frozenset[str]
    capitals: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    stems: frozenset[str]

    @classmethod
    def of(cls, source: str) -> _Known:
        visible = _visible(source[:MOST_READ])
        chunks = [chunk.word for chunk in _chunks(visible)]
        pieces = [piece for chunk in chunks for piece in _pieces(chunk)]
        capitals = {fold(piece) for piece in (*pieces, *chunks) if _has_capital(piece)}
        return cls(
            frozenset(map(fold, chunks)),
            frozenset(_value(fold(piece)) for piece in pieces) | {fold(piece) for piece in pieces},
            frozenset(capitals | {stem(one) for one in capitals}),
            frozenset(_pairs(chunks)),
            frozenset(term.stem for term in analyse(visible)),
        )

    def bears_out(self, sentence: str) -> bool:
        """Return whether a sentence says nothing that the source does not."""
        if _FOREIGN.search(sentence):
            return False
        chunks = _chunks(sentence)
        if not all(self._has(chunk.word, opens=place == 0) for place, chunk in enumerate(chunks)):
            return False
        side_by_side = [(a.word, b.word) for a, b in pairwise(chunks) if a.goes_on]
        if not all(self._has_pair(first, second) for first, second in side_by_side):
            return False
        telling = [term for term in analyse(sentence) if term.surface not in STOP_WORDS]
        shared = sum(term.stem in self.stems for term in telling)
        return bool(telling) and shared >= BORNE_OUT * len(telling)

    def _has(self, chunk: str, *, opens: bool) -> bool:
        """Return whether a word may stand: the source has it, or it is no name and no number."""
        folded = fold(chunk)
        if not folded or not any(char.isalnum() for char in chunk):
            # A lone sign: a dash says nothing, a currency or a percent does.
            return all(unicodedata.category(char)[0] == "P" for char in chunk) or (
                folded in self.chunks
            )
        if _counts(folded) and ("'" in chunk or "’" in chunk):
            return False
        if _counts(folded) or _is_odd(chunk):
            return folded in self.chunks or folded in self.pieces or self._parted(chunk)
        pieces = _pieces(chunk)
        if len(pieces) > 1 and all(fold(piece) in VALUES for piece in pieces):
            return folded in self.chunks or _sum(pieces) in self.pieces
        joined = len(pieces) > 1 and any(map(_has_capital, pieces[1:]))
        if joined and folded not in self.chunks:
            return False
        return all(
            self._has_word(piece, opens=opens and place == 0) for place, piece in enumerate(pieces)
        )

    def _parted(self, chunk: str) -> bool:
        """Return whether a number with a word, ``10-year``, stands in the source as its parts."""
        pieces = _pieces(chunk)
        return (
            len(pieces) == 2
            and chunk[:1].isdigit()
            and pieces[0].isdigit()
            and pieces[1].isalpha()
            and pieces[1].islower()
            and pieces[0] in self.pieces
            and stem(fold(pieces[1])) in self.stems
        )

    def _has_word(self, word: str, *, opens: bool) -> bool:
        folded = fold(word)
        root = stem(folded)
        if folded in VALUES and folded != "one":
            return VALUES[folded] in self.pieces or folded in self.pieces
        if root in AMOUNTS or root in EXACT or folded.endswith("fold"):
            return root in self.stems
        if _has_no_case(word):
            return self._has_run(word)
        if not _has_capital(word):
            return True
        if folded in self.capitals or root in self.capitals:
            return True
        titled = word[1:].islower() or len(word) == 1
        if not (opens and titled):
            return False
        return folded in OPENERS or (folded in self.pieces and not may_be_a_name(folded))

    def _has_run(self, word: str) -> bool:
        """Return whether the source has a word of a script that has no capitals.

        A script without spaces comes in pairs of letters: where phrases of the source meet, one
        pair is new; a word that is not in the source brings two or more.
        """
        missing = [term.stem not in self.stems for term in analyse(word)]
        if len(missing) < 2:
            return not any(missing)
        return not any(one and other for one, other in pairwise(missing))

    def _has_pair(self, first: str, second: str) -> bool:
        """Return whether two words may stand side by side: an amount, a measure, a full name."""
        pair = _value(fold(first)), stem(fold(second))
        if pair[0] in _SINGLE and pair[1] in AMOUNTS:
            return any((one, pair[1]) in self.pairs for one in _SINGLE)
        if _is_number(pair[0]) and (pair[1] in AMOUNTS or pair[1] in UNITS):
            return pair in self.pairs or first == "one"
        if stem(pair[0]) in AMOUNTS and pair[1] in UNITS:
            return pair in self.pairs
        if _counts(pair[0]) and _counts(pair[1]):
            return pair in self.pairs
        both = _has_capital(first) and _has_capital(second)
        if both and fold(first) in self.capitals and fold(second) in self.capitals:
            return pair in self.pairs
        return True


def _pairs(chunks: list[str]) -> list[tuple[str, str]]:
    plain = [(first, second) for first, second in pairwise(chunks)]
    # ``10-year`` is ten of years.
    inside = [(pieces[0], pieces[1]) for one in chunks if len(pieces := _pieces(one)) > 1]
    return [(_value(fold(first)), stem(fold(second))) for first, second in (*plain, *inside)]


def _sum(pieces: list[str]) -> str:
    return str(sum(int(VALUES[fold(piece)]) for piece in pieces))


def _counts(folded: str) -> bool:
    return any(unicodedata.category(char)[0] == "N" for char in folded)


def _is_number(folded: str) -> bool:
    return _counts(folded) or stem(folded) in AMOUNTS


def _is_odd(chunk: str) -> bool:
    """Return whether a word holds more than letters, apostrophes and hyphens."""
    inner = _HYPHENS.sub("", chunk)
    return not all(
        char.isalpha() or unicodedata.category(char)[0] == "M" or char in "'’" for char in inner
    )


def _has_capital(word: str) -> bool:
    return any(char.isupper() or char.istitle() for char in word)


def _has_no_case(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return any(char.upper() == char.lower() for char in letters)
