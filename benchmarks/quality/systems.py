"""What a system must offer to be compared, and what it may say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.quality.episodes import Episode


class QueryError(Exception):
    """A text was not taken as a query. ``fallback`` are the answers to it asked otherwise."""

    def __init__(self, fallback: Sequence[Found] = ()) -> None:
        super().__init__("The text is no query.")
        self.fallback = fallback


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: ``start`` is the second that its link opens; the larger ``score`` the better."""

    episode: str
    start: float
    score: float


class SearchSystem(Protocol):
    """Something that finds what is said."""

    name: str

    def index(self, episodes: Sequence[Episode]) -> None:
        """Take these episodes in the place of all others."""

    def search(self, query: str, episode: str | None, limit: int) -> Sequence[Found]:
        """Return the best answers in one episode or in all; raise QueryError."""

    def confidence(self, found: Sequence[Found]) -> float:
        """Return how sure it is that the answers to the last search answer it at all."""

    def close(self) -> None:
        """Let go of what it holds."""
