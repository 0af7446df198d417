"""Ways of searching that Segue is compared with, each as its users have it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence

from benchmarks.quality.episodes import Episode
from benchmarks.quality.passages import Passage, cut
from benchmarks.quality.systems import Found, QueryError, SearchSystem

CAPTIONS, PORTER, TRIGRAMS = "captions FTS", "porter OR", "trigram OR"


def quoted(words: Sequence[str], operator: str) -> str:
    """Return words as FTS5 takes them, whatever is in them."""
    doubled = (word.replace('"', '""') for word in words)
    return operator.join(f'"{word}"' for word in doubled)


def distinct_words(text: str) -> list[str]:
    """Return the words of a text, each once."""
    return list(dict.fromkeys(re.findall(r"\w+", text.lower())))


class _Rows:
    """Passages in the order of their episodes, so that each episode's are a range of rows."""

    def __init__(self) -> None:
        self.all: list[tuple[str, Passage]] = []
        self._ranges: dict[str, tuple[int, int]] = {}

    def add(self, episode: str, passages: Sequence[Passage]) -> None:
        first = len(self.all)
        self.all += [(episode, passage) for passage in passages]
        self._ranges[episode] = (first, len(self.all))

    def within(self, episode: str | None) -> tuple[int, int]:
        """Return the first row of an episode, or of all, and the one after the last."""
        return (0, len(self.all)) if episode is None else self._ranges[episode]

    def found(self, row: int, score: float) -> Found:
        episode, passage = self.all[row]
        return Found(episode, passage.start, score)


class FullText:
    """SQLite's FTS5 over passages: every word of the query quoted, any of them is enough."""

    def __init__(self, name: str, tokenizer: str) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._connection = sqlite3.connect(":memory:")
        self._rows = _Rows()

    def index(self, episodes: Sequence[Episode]) -> None:
        self._rows = _Rows()
        self._connection.execute("DROP TABLE IF EXISTS words")
        self._connection.execute(
            f"CREATE VIRTUAL TABLE words USING fts5(text, tokenize='{self._tokenizer}')"
        )
        for episode in episodes:
            self._rows.add(episode.id, self._cut(episode))
        self._connection.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)",
            ((row, passage.text) for row, (_, passage) in enumerate(self._rows.all)),
        )
        self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.commit()

    def search(self, query: str, episode: str | None, limit: int) -> list[Found]:
        return self._matching(quoted(distinct_words(query), " OR "), episode, limit)

    def confidence(self, found: Sequence[Found]) -> float:
        return found[0].score if found else float("-inf")

    def close(self) -> None:
        self._connection.close()

    def _cut(self, episode: Episode) -> list[Passage]:
        return cut(episode.cues)

    def _matching(self, match: str, episode: str | None, limit: int) -> list[Found]:
        if not match.strip():
            return []
        first, end = self._rows.within(episode)
        found = self._connection.execute(
            "SELECT rowid, bm25(words) FROM words "
            "WHERE words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY bm25(words), rowid LIMIT ?",
            (match, first, end, limit),
        )
        return [self._rows.found(row, -score) for row, score in found]


class Trigrams(FullText):
    """FTS5 over pieces of three characters, of which any is enough: what survives a slip."""

    def __init__(self) -> None:
        super().__init__(TRIGRAMS, "trigram")

    def search(self, query: str, episode: str | None, limit: int) -> list[Found]:
        pieces = [
            word[place : place + 3]
            for word in distinct_words(query)
            for place in range(max(len(word) - 2, 0))
        ]
        return self._matching(quoted(list(dict.fromkeys(pieces)), " OR "), episode, limit)


class CaptionsFullText(FullText):
    """FTS5 over single cues that is handed the text as it was typed, as yt-fts does.

    What FTS5 refuses counts as an error; its answers are then those to the same words, quoted.
    """

    def __init__(self) -> None:
        super().__init__(CAPTIONS, "unicode61")

    def search(self, query: str, episode: str | None, limit: int) -> list[Found]:
        try:
            return self._matching(query, episode, limit)
        except sqlite3.OperationalError:
            words = quoted(distinct_words(query), " ")
            raise QueryError(self._matching(words, episode, limit)) from None

    def _cut(self, episode: Episode) -> list[Passage]:
        return [Passage(cue.start, cue.end, cue.text) for cue in episode.cues]


class TokenSet:
    """rapidfuzz's likeness of sets of words, measured against every passage."""

    name = "rapidfuzz token set"

    def __init__(self) -> None:
        self._rows = _Rows()
        self._texts: list[str] = []

    def index(self, episodes: Sequence[Episode]) -> None:
        from rapidfuzz.utils import default_process

        self._rows = _Rows()
        for episode in episodes:
            self._rows.add(episode.id, cut(episode.cues))
        self._texts = [default_process(passage.text) for _, passage in self._rows.all]

    def search(self, query: str, episode: str | None, limit: int) -> list[Found]:
        from rapidfuzz import fuzz, process
        from rapidfuzz.utils import default_process

        first, end = self._rows.within(episode)
        best = process.extract(
            default_process(query),
            self._texts[first:end],
            scorer=fuzz.token_set_ratio,
            processor=None,
            limit=limit,
        )
        return [self._rows.found(first + place, score) for _, score, place in best]

    def confidence(self, found: Sequence[Found]) -> float:
        return found[0].score if found else float("-inf")

    def close(self) -> None:
        self._texts = []


def porter() -> FullText:
    """Return full text over passages, compared by stems."""
    return FullText(PORTER, "porter unicode61")


BASELINES: Mapping[str, Callable[[], SearchSystem]] = {
    CAPTIONS: CaptionsFullText,
    TokenSet.name: TokenSet,
    PORTER: porter,
    TRIGRAMS: Trigrams,
}
"""Makes each system that Segue is compared with, by its name."""
