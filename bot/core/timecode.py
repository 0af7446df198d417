"""Offsets into a recording: the value, how it is written, and how far two lie apart."""

from __future__ import annotations

from dataclasses import dataclass

MAX_SECONDS = 100 * 3600 - 1
"""The last second a two-digit hour can name, 99:59:59: longer than any episode known."""


@dataclass(frozen=True, slots=True, order=True)
class Timecode:
    """A media offset in whole seconds, from 0 to MAX_SECONDS.

    Raises ValueError outside that range: callers that read text check before they build one.
    """

    seconds: int

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= MAX_SECONDS:
            raise ValueError(f"a media offset lies between 0 and {MAX_SECONDS} s")

    def __str__(self) -> str:
        """Return ``h:mm:ss`` from one hour on, else ``m:ss``."""
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def distance(one: Timecode, other: Timecode) -> str:
    """Return how far two offsets lie apart, written as a time: ``49:28``, ``0:50``."""
    return str(Timecode(abs(one.seconds - other.seconds)))
