"""What is asked: human chapter titles, the same with a slip, and queries judged by reading."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.quality.episodes import Episode
from benchmarks.quality.passages import Grid, Passage

TITLE, TYPO, OFF = "title", "typo", "off"
"""Kinds of questions; a judged query's kind is its type in the file."""

SHORTEST_SLIP = 4
"""Letters of a word that a slip is made in: a shorter one becomes another word."""

_GENERIC = re.compile(
    r"(?:intro(?:duction)?s?|outros?|sponsor(?:s|ed|ship)?|ads?|advert(?:s|isements?)?|"
    r"conclusions?|closing(?: (?:thoughts|remarks))?|(?:podcast )?wrap(?:ping)?[ -]?up|welcome|"
    r"start|begin(?:ning)?|the end|end|ending|credits|preview|teaser|trailer|summary|recap|"
    r"other|misc(?:ellaneous)?|q ?& ?a|questions|(?:intro|outro|theme) music|untitled)\W*"
    r"|(?:our |a word from our )?sponsors?\b.*",
    re.IGNORECASE,
)
"""Titles that do not say what is talked about."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and where its answer is: ``stretches`` in seconds of one episode.

    A question off the catalog has neither episode nor stretches.
    """

    text: str
    kind: str
    show: str
    episode: str = ""
    stretches: tuple[tuple[float, float], ...] = ()

    @property
    def of_title(self) -> bool:
        """Return whether a chapter's title is asked for, as it is or with a slip."""
        return self.kind in (TITLE, TYPO)


def is_generic(title: str) -> bool:
    """Return whether a chapter's title says nothing of what is talked about."""
    return not re.search(r"\w", title) or bool(_GENERIC.fullmatch(title.strip()))


def title_questions(episodes: Sequence[Episode], grid: Grid) -> list[Question]:
    """Return a question for each chapter that has a telling title and a passage of its own."""
    asked = (
        Question(chapter.title, TITLE, episode.show, episode.id, ((chapter.start, chapter.end),))
        for episode in episodes
        for chapter in episode.chapters
        if not is_generic(chapter.title)
    )
    return [question for question in asked if relevant(question, grid)]


def with_slips(questions: Sequence[Question], seed: int) -> Iterator[Question]:
    """Yield each question with one letter of its longest word wrong; short words have none."""
    for question in questions:
        # Each has its own dice, so that other data beside it changes nothing.
        dice = random.Random(f"{seed}\n{question.episode}\n{question.text}")
        slipped = with_slip(question.text, dice)
        if slipped != question.text:
            yield replace(question, text=slipped, kind=TYPO)


def with_slip(text: str, dice: random.Random) -> str:
    """Return a text with one edit inside its longest word (the first of equals)."""
    words = list(re.finditer(r"[^\W\d_]+", text))
    longest = max(words, key=lambda found: len(found[0]), default=None)
    if longest is None or len(longest[0]) < SHORTEST_SLIP:
        return text
    word = longest[0]
    return text[: longest.start()] + _slipped(word, dice) + text[longest.end() :]


def _slipped(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word))
    edit = dice.choice(["drop", "double", "swap", "other"])
    if edit == "swap":
        swappable = [i for i in range(1, len(word) - 1) if word[i] != word[i + 1]]
        if swappable:
            at = dice.choice(swappable)
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        edit = "drop"
    if edit == "drop":
        return word[:at] + word[at + 1 :]
    if edit == "double":
        return word[:at] + word[at] + word[at:]
    letter = dice.choice([c for c in string.ascii_lowercase if c != word[at].lower()])
    return word[:at] + letter + word[at + 1 :]


def answered_by(question: Question, passage: Passage) -> bool:
    """Return whether a passage of the question's episode answers it.

    It answers a title if its middle lies in the chapter, and a judged query if it overlaps one of
    the stretches.
    """
    if question.of_title:
        return any(start <= passage.middle < end for start, end in question.stretches)
    return any(passage.start < end and passage.end > start for start, end in question.stretches)


def relevant(question: Question, grid: Grid) -> frozenset[int]:
    """Return the numbers of the passages that answer a question."""
    passages = grid.passages[question.episode]
    return frozenset(
        number for number, passage in enumerate(passages) if answered_by(question, passage)
    )
