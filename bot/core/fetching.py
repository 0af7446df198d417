"""What comes of fetching an address that somebody else chose, and why nothing may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from bot.core.errors import NotFetched


class Trouble(StrEnum):
    """Why an address was not fetched: the sentence a person sees."""

    NOT_WEB = "I can only fetch addresses that begin with http:// or https://."
    MALFORMED = "That is not an address I can read. Copy it whole, from http on."
    USERINFO = "That address has a name or password in it. I only fetch what anybody can."
    PORT = "That address names a port that I do not fetch from."
    PRIVATE = "That address leads into a private network, and I do not go there."
    UNREACHABLE = "Nothing answers at that address. Check it, or try again later."
    UNTRUSTED = "The certificate of that address is not one I can trust."
    REDIRECTS = "That address sends me from one place to the next too often."
    LARGE = "What is at that address is too large."
    SLOW = "That address took too long to answer. Try again later."
    NOT_FOUND = "There is nothing at that address any more, or never was."
    REFUSED = "The server of that address would not give it to me (status {status})."
    GARBLED = "What that address sends is compressed in a way that I cannot undo."
    BROKEN = "What that address sends breaks off, or is not HTTP."


_PASSING = frozenset({Trouble.UNREACHABLE, Trouble.SLOW, Trouble.BROKEN})
_PASSING_STATUSES = frozenset({408, 425, 429, *range(500, 600)})


def not_fetched(trouble: Trouble, *, status: int = 0) -> NotFetched:
    """Return the error of a trouble; ``status`` is what the server answered."""
    passing = trouble in _PASSING or status in _PASSING_STATUSES
    return NotFetched(trouble.format(status=status), passing=passing)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at an address: untrusted bytes.

    ``url`` is where redirects led. ``status`` is 200, or 304 without a body: nothing changed
    since the answer that ``etag`` and ``last_modified`` are of. What the server does not say, or
    says oddly, is empty; ``charset`` is one of the web's, by Python's name.
    """

    url: str
    status: int
    body: bytes
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""


NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Fetcher(Protocol):
    """Fetches what anybody on the internet can, and nothing else."""

    async def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        within_s: float,
        accept: str = "",
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Fetched:
        """Return what is at an address; raise NotFetched, and nothing else but CancelledError.

        ``max_bytes`` bounds the body as it comes and as it unpacks, ``within_s`` all of it,
        waiting for a turn too. ``etag`` and ``last_modified`` are an earlier answer's.
        ``headers`` may hold a secret: they go to the address's own scheme, host and port alone,
        and to nothing that comes after a redirect away from there.
        """

    async def close(self) -> None:
        """Let go of what look-ups hold."""


class NoFetcher(Fetcher):
    """Fetches nothing, where nothing is to be fetched."""

    async def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        within_s: float,
        accept: str = "",
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Fetched:
        """Raise NotFetched."""
        raise not_fetched(Trouble.UNREACHABLE)

    async def close(self) -> None:
        """Hold nothing."""
