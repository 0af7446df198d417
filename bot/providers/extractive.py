"""Shortens a note by its own sentences: no model, no network, no cost."""

from __future__ import annotations

from collections import Counter

from bot.core.summarizing import NotWritten, Source, Summarizer, Written
from bot.core.wording import EXCERPT

MOST_READ = 20_000
"""Characters of a note that are read."""

MOST_SENTENCES = 2
MOST_CHARACTERS = 400


class Extractive(Summarizer):
    """Quotes the sentences that share most of their words with the rest of a long note.

    A note that its card shows whole has nothing to be shortened.
    """

    label = "In short (sentences of this note)"
    identity = "extractive"
    at_once = True

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()

    async def summarize(self, source: Source, *, within_s: float) -> Written:
        """Return one or two sentences, verbatim and in order."""
        if len(source.text) <= EXCERPT:
            raise NotWritten("it is short", lasting=True)
        extract = telling_sentences(source)
        if not extract:
            raise NotWritten("no sentence is short enough", lasting=True)
        return Written(extract)

    async def check(self) -> str:
        """Return that nothing is needed."""
        return "no key, so no model is asked; long notes are shortened by their own sentences."

    async def close(self) -> None:
        """Do nothing."""


def telling_sentences(source: Source) -> str:
    """Return the sentences that tell most of a note; "" where none is short enough."""
    # Imported for the first long note: few have any.
    from bot.core.extract import telling
    from bot.core.sentences import sentences

    found = sentences(source.text[:MOST_READ])
    chosen = telling(found, source.title, most=MOST_SENTENCES, room=MOST_CHARACTERS)
    return " ".join(found[place] for place in chosen)
