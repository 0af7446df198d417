"""Reads what a person searches for into clauses, so that no text can be a query error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.analysis import Term, analyse, words
from bot.core.stopwords import STOP_WORDS

MAX_TEXT = 1_000
"""Characters of a query that are read; Discord's option holds 6,000, nobody types them."""

MAX_CLAUSES = 16
"""Clauses kept: beyond that a pasted paragraph only makes the search slower."""

MAX_PHRASE = 24
"""Words kept of one phrase."""

SPONSORS = frozenset(
    {"sponsor", "sponsors", "sponsored", "sponsorship", "ad", "ads", "advert", "adverts"}
    | {"advertisement", "advertisements", "advertising", "werbung"}
)
"""Words that ask for what sponsors say, which is left out otherwise."""

_QUOTES = re.compile(r'["“”„«»]')
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
_COMPOUND = re.compile(r"[\s/,;:|()\[\]{}<>—–…!?]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for. Any of ``alternatives``, each a phrase of one or more terms, is it.

    ``exact`` asks for the words as written instead of their stems. ``correction`` is what was
    probably meant by ``typed``, where spelling added that to the alternatives.
    """

    typed: str
    alternatives: tuple[tuple[Term, ...], ...]
    exact: bool = False
    correction: str | None = None

    @property
    def word(self) -> str | None:
        """Return the one word of letters and digits asked for, if it is one: it may be two."""
        if self.exact or len(self.alternatives[0]) > 1:
            return None
        surface = self.alternatives[0][0].surface
        return surface if surface.isalnum() else None

    @property
    def words(self) -> tuple[str, ...]:
        """Return the plain words asked for, those of a compound too: what spelling may correct.

        Scripts without spaces are cut into pairs of characters, which are no words.
        """
        if self.exact or (len(self.alternatives[0]) > 1 and not self.as_one_word.isascii()):
            return ()
        return tuple(term.surface for term in self.alternatives[0] if term.surface.isalpha())

    @property
    def meant(self) -> str | None:
        """Return the one word that one was corrected to."""
        (*_, last) = self.alternatives
        return last[0].surface if self.correction and self.word and len(last) == 1 else None

    @property
    def as_one_word(self) -> str:
        """Return the words of a compound without what stands between them."""
        return "".join(term.surface for term in self.alternatives[0])

    def corrected(self, corrections: Mapping[str, str]) -> Clause:
        """Return this clause with further alternatives, in which words are other ones."""
        surfaces = [term.surface for term in self.alternatives[0]]
        meant = " ".join(corrections.get(surface, surface) for surface in surfaces)
        shown = _replaced(self.typed, corrections)
        if words(shown) != words(meant):
            shown = meant  # What was typed with accents is not found as it was folded.
        further = _ways(tuple(analyse(meant)))
        return replace(self, alternatives=(*self.alternatives, *further), correction=shown)

    def said_as(self, phrase: tuple[Term, ...]) -> Clause:
        """Return this clause with a phrase of the same letters as a further alternative."""
        return replace(self, alternatives=(*self.alternatives, phrase))


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A parsed search. ``common`` are the stop-words that were left out.

    ``quoted`` are the phrases in quotes, where these alone ask for words as written. ``misspelled``
    are stop-words with a slip, left out as well; the correction of each is the stop-word.
    """

    typed: str
    clauses: tuple[Clause, ...]
    common: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    misspelled: tuple[Clause, ...] = ()

    @property
    def asks_for_sponsors(self) -> bool:
        """Return whether what sponsors say is meant too."""
        return any(
            term.surface in SPONSORS
            for clause in self.clauses
            for phrase in clause.alternatives
            for term in phrase
        )

    @property
    def stems(self) -> frozenset[str]:
        """Return every stem that any clause mentions."""
        return frozenset(
            term.stem
            for clause in self.clauses
            for phrase in clause.alternatives
            for term in phrase
        )

    @property
    def as_written(self) -> bool:
        """Return whether anything is asked for word by word: what it means does not matter."""
        return any(clause.exact for clause in self.clauses)

    @property
    def quoted_in_part(self) -> bool:
        """Return whether there are words in quotes, and others."""
        every = (*self.clauses, *self.misspelled, *self.common)
        return bool(self.quoted) and len(self.quoted) < len(every)

    @property
    def typed_plainly(self) -> str:
        """Return what was typed without its quotes."""
        return " ".join(_QUOTES.sub(" ", self.typed).split())

    def unquoted(self) -> SearchQuery:
        """Return the same search with nothing asked for as it is written."""
        return replace(parse_query(self.typed_plainly), typed=self.typed)

    def correction(self) -> str | None:
        """Return the query as corrected, or None where nothing was."""
        every = (*self.clauses, *self.misspelled)
        meant = {clause.typed: clause.correction for clause in every if clause.correction}
        shown = _replaced(self.typed, meant)
        return shown if shown != self.typed else None


def parse_query(text: str, *, exact: bool = False) -> SearchQuery:
    """Return the clauses of ``text``; every text is a query, if perhaps an empty one.

    Quoted phrases are exact. A compound such as ``R&D`` or ``o3-mini`` is a phrase, or its
    parts written as one word. Stop-words outside quotes are left out. With ``exact`` every
    word is taken as written.
    """
    text = " ".join(text[:MAX_TEXT].split())
    clauses: list[Clause] = []
    common: list[str] = []
    for quoted in _QUOTED.finditer(text):
        terms = tuple(analyse(quoted.group(1)))[:MAX_PHRASE]
        if terms:
            clauses.append(Clause(quoted.group(1).strip(), (terms,), exact=True))
    for chunk in _COMPOUND.split(_QUOTED.sub(" ", text)):
        terms = tuple(analyse(chunk))[:MAX_PHRASE]
        if not terms:
            continue
        if len(terms) == 1 and terms[0].surface in STOP_WORDS:
            common.append(terms[0].surface)
            continue
        clauses.append(_clause(chunk, terms, exact=exact))
    kept = _distinct(clauses)[:MAX_CLAUSES]
    phrases = () if exact else tuple(clause.typed for clause in kept if clause.exact)
    return SearchQuery(text, kept, tuple(common), phrases)


def _clause(chunk: str, terms: tuple[Term, ...], *, exact: bool) -> Clause:
    typed = chunk.strip("\"'“”„«»‘’.&-+*")
    return Clause(typed or chunk, (terms,) if exact else _ways(terms), exact=exact)


def _ways(terms: tuple[Term, ...]) -> tuple[tuple[Term, ...], ...]:
    """Return how words that were typed as one may be written: as they are, or as one word."""
    joined = "".join(term.surface for term in terms)
    if len(terms) > 1 and joined.isascii() and joined.isalnum():
        return terms, tuple(analyse(joined))
    return (terms,)


def _replaced(text: str, meant: Mapping[str, str]) -> str:
    """Return a text with other words for some of its words, however these are capitalized.

    All at once, the longer before what it contains: what was put in is not looked through again.
    """
    if not meant:
        return text
    folded = {word.casefold(): other for word, other in meant.items()}
    any_of = "|".join(map(re.escape, sorted(meant, key=len, reverse=True)))
    return re.sub(
        rf"(?<!\w)(?:{any_of})(?!\w)",
        lambda found: folded.get(found[0].casefold(), found[0]),
        text,
        flags=re.IGNORECASE,
    )


def _distinct(clauses: list[Clause]) -> tuple[Clause, ...]:
    seen: dict[tuple[tuple[Term, ...], ...], Clause] = {}
    for clause in clauses:
        seen.setdefault(clause.alternatives, clause)
    return tuple(seen.values())
