"""Vectors of what can be searched, as a store keeps them: ports and their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.catalog import Tenant
from bot.core.ranking import Candidate, Spoken


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that has no vector yet. All passages with the same text share its id."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Meant:
    """What somebody asks for, as the vector that a model gives it."""

    model: str
    vector: bytes


@dataclass(frozen=True, slots=True)
class Near:
    """A passage and how close it is in its context; ``spoken`` is whether it is of a transcript."""

    spoken: bool
    passage: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """The passages that are closest, the closest first.

    ``complete`` is false where not everything has been looked at, because so much is still on
    its way into memory. ``noted`` and ``spoken`` are the passages themselves, in no order, as a
    search by words has them; their bm25 is 0. ``further`` is how close others are that were asked
    about, in no order; those without a vector are not among them.
    """

    near: tuple[Near, ...] = ()
    complete: bool = True
    noted: tuple[Candidate, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    further: tuple[Near, ...] = ()


class Vectors(Protocol):
    """Vectors of passages, kept in step with what is stored.

    The first three are for the worker, over every tenant; they take a model by its name.
    """

    async def use_model(self, model: str) -> None:
        """Make a model the one in use: what has vectors of those before is waiting.

        Texts that have a vector of a later one are not, so that two versions of the bot that run
        side by side for a while do not undo each other's work.
        """

    async def waiting_texts(self, model: str, limit: int) -> list[Waiting]:
        """Return texts without a vector of a model, the newest first; quick however many.

        Empty for a model that was never in use.
        """

    async def put_vectors(self, model: str, made: Sequence[tuple[int, bytes]]) -> int:
        """Store (id, vector) of texts that were waiting; return how many were stored.

        Left out is what is not waiting any more: a text that is gone, or was embedded by
        another process.
        """

    async def vector_counts(self, model: str) -> tuple[int, int]:
        """Return how many texts have a vector of the model, and how many texts there are."""

    async def has_vectors(self, model: str) -> bool:
        """Return whether any text has, or had since the store was opened, a vector of the model.

        So whoever asks for the nearest need not wait for this again and again.
        """

    async def nearest(
        self,
        tenant: Tenant,
        meant: Meant,
        *,
        sponsors: bool = False,
        episode_id: int | None = None,
        limit: int = 60,
        patience_s: float = 1.0,
        said: Sequence[int] = (),
    ) -> Nearest:
        """Return the passages that are closest to what is meant.

        What sponsors say is left out unless ``sponsors``. For ``patience_s`` at most it is waited
        until everything is in memory. ``said`` are passages of talk that are at hand already: they
        are not read again, and measured whether they are among the closest or not.
        """
