"""The port to one SDK of Gemini: one call, one answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

MOST_TOKENS = 1_024
"""Of an answer. Two sentences take 80; a model that thinks counts its thoughts with them."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told, and the text it is told it about."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Generated:
    """A model's answer. ``text`` is empty where it gave none; ``ended`` says why it ended.

    ``whole`` is whether it ended by itself.
    """

    text: str
    whole: bool
    ended: str
    tokens_in: int = 0
    tokens_out: int = 0


class Trouble(StrEnum):
    """What a failed call means: it may pass, or lasts until it is mended, or is of this note."""

    PASSING = "passing"
    REFUSED = "refused"
    OF_NOTE = "of the note"


class CallFailed(Exception):
    """A call without an answer; the text is for the log, and holds no key.

    ``pause_s`` is how long Gemini asks to wait, 0 where it does not say. ``paid`` is whether it
    may have answered all the same.
    """

    def __init__(
        self, trouble: Trouble, why: str, *, pause_s: float = 0.0, paid: bool = False
    ) -> None:
        super().__init__(why)
        self.trouble = trouble
        self.pause_s = pause_s
        self.paid = paid


class ModelCalls(Protocol):
    """One SDK, as thin as can be: one call, one answer, no patience of its own."""

    async def generate(self, prompt: Prompt, *, within_s: float) -> Generated:
        """Return a model's answer; raise CallFailed."""

    async def describe(self, *, within_s: float) -> str:
        """Return the model's name as Gemini knows it; raise CallFailed."""

    async def close(self) -> None:
        """Let go of connections."""
