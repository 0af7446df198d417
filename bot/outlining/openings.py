"""How a chapter opens: with a short question that can be its title, or just with some words."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.core.wording import shorten
from bot.outlining.phrases import is_word, names_something, plain, stem_of, tokens
from bot.outlining.talk import Talk

LONGEST_TITLE = 60

_OPENING_S = 25.0
_OPENING_SENTENCES = 8
_FEWEST_WORDS = 3

_LEAD_IN = re.compile(
    r"(?:(?:so|and|but|or|okay|ok|yeah|yes|no|well|now|um|uh|all right|alright|right|cool|great"
    r"|nice|awesome|oh|hey|like|i mean|you know|i guess|then|also|because|maybe|actually|again"
    r"|first of all|(?:my |the |our )?(?:first|next|last|final|other|another|one) question"
    r"(?: here)?(?: is)?|i (?:wanted|want) to ask(?: you)?|i'm (?:curious|wondering))\b"
    r"[\s,.:—-]*)+",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|how|why|where|when|who|which|is|are|was|does|do|did|should)"
    r"(?:'s|n't|'re)?\b",
    re.IGNORECASE,
)
_LEANS = frozenset("that it this those these they them he she him her there one".split())
"""Words that mean something only after what was said before."""


def opening_question(talk: Talk, start: int, stop: int, about: Collection[str]) -> str:
    """Return a short question that opens a chapter and can stand alone, or "".

    ``about`` are the stems of what the chapter is about: it must name one of them.
    """
    for place in range(start, min(stop, start + _OPENING_SENTENCES)):
        if talk.starts[place] > talk.starts[start] + _OPENING_S:
            break
        text = talk.texts[place].strip()
        if not text.endswith("?"):
            continue
        text = _without_lead_in(re.split(r"(?<=[.!?])\s+", text)[-1])
        if _stands_alone(text, about):
            return _capital(text)
    return ""


def opening_words(talk: Talk, start: int, stop: int) -> str:
    """Return how a chapter begins, shortened where it is long."""
    last = min(stop, start + _OPENING_SENTENCES)
    texts = [" ".join(text.split()) for text in talk.texts[start:last]]
    found = (
        short for text in texts if len((short := _without_lead_in(text)).split()) >= _FEWEST_WORDS
    )
    return _capital(shorten(next(found, texts[0]), LONGEST_TITLE))


def _without_lead_in(text: str) -> str:
    lead = _LEAD_IN.match(text)
    return text[lead.end() :] if lead else text


def _stands_alone(text: str, about: Collection[str]) -> bool:
    words = [word for word in tokens(text) if is_word(word)]
    if len(text) > LONGEST_TITLE or len(words) < _FEWEST_WORDS or not _ASKS.match(text):
        return False
    if any(plain(word) in _LEANS for word in words):
        return False
    return any(names_something(word) and stem_of(word) in about for word in words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
