"""Fetches what strangers name, from public addresses alone: the only way Segue does.

Every hop is looked up once, every address that its name has is checked, and the connection goes
to one of those. See docs/decisions/0013-only-public-addresses-are-fetched.md.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

from bot import __version__
from bot.core.errors import NotFetched
from bot.core.fetching import NO_HEADERS, Fetched, Fetcher, Trouble, not_fetched
from bot.providers.addresses import Allowed, is_public, is_safe_port, literal, read_address
from bot.providers.answer_headers import charset, content_type, validator
from bot.providers.looking_up import Lookup, Pinned, SystemLookup
from bot.providers.unpacking import CODINGS, Body

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Requests at one time."""

AT_ONE_HOST = 2

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})

LONGEST_LINE = 8_190
MOST_HEADERS = 100
"""Bounds of an answer's head."""


class WebFetcher(Fetcher):
    """Fetches over HTTP. ``lookup`` and ``tls`` stand in for the machine's own in tests."""

    def __init__(
        self, allowed: Allowed, *, lookup: Lookup | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._allowed = allowed
        self._system = SystemLookup()
        self._lookup = lookup or self._system
        self._tls = tls
        self._free = asyncio.Semaphore(AT_ONCE)
        # A host's own is there for as long as somebody waits for it or holds it.
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

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
        """Return what is at an address; raise NotFetched."""
        own = {
            "User-Agent": f"Segue/{__version__}",
            "Accept": accept or "*/*",
            "Accept-Encoding": CODINGS,
            "If-None-Match": etag,
            "If-Modified-Since": last_modified,
        }
        # Without a validator that is no header, the answer is only longer.
        asked, carried = _sendable(own), _sendable(headers)
        try:
            async with asyncio.timeout(within_s):
                return await self._follow(read_address(url), asked, carried, max_bytes)
        except NotFetched:
            raise
        except (aiohttp.ClientError, OSError) as error:
            # Also the time-out. The errors of aiohttp hold the address and what was sent there, and
            # either may hold a secret.
            log.debug("an address was not fetched: %s", type(error).__name__)
            raise not_fetched(_trouble(error)) from None

    async def close(self) -> None:
        """Let go of the threads of look-ups."""
        self._system.close()

    async def _follow(
        self, url: URL, asked: Mapping[str, str], carried: Mapping[str, str], max_bytes: int
    ) -> Fetched:
        origin = url.origin()
        for _ in range(MOST_REDIRECTS + 1):
            async with self._turn(url):
                addresses = await self._checked(url)
                async with (
                    self._session(addresses) as session,
                    session.get(url, headers={**carried, **asked}, allow_redirects=False) as answer,
                ):
                    if answer.status not in REDIRECTS or "Location" not in answer.headers:
                        return await _read(answer, asked, max_bytes)
                    url = _next(url, answer.headers["Location"])
            if url.origin() != origin:
                # Whoever is asked from here on chose where it goes, back to the start too.
                carried = NO_HEADERS
        raise not_fetched(Trouble.REDIRECTS)

    @asynccontextmanager
    async def _turn(self, url: URL) -> AsyncIterator[None]:
        """Wait for a turn: at the host first, so that a slow one holds up nobody else's."""
        host = url.raw_host or ""
        gate = self._hosts.setdefault(host, asyncio.Semaphore(AT_ONE_HOST))
        async with gate, self._free:
            yield

    async def _checked(self, url: URL) -> Sequence[str]:
        """Return the IP addresses that an address may be fetched from, all of them checked."""
        host, port = url.raw_host or "", url.port or 0
        is_place = self._allowed.is_place(url)
        if not is_place and not is_safe_port(port):
            raise not_fetched(Trouble.PORT)
        addresses = [host] if literal(host) is not None else await self._lookup(host, port)
        if not addresses:
            raise not_fetched(Trouble.UNREACHABLE)
        if not is_place and not all(map(self._may_reach, addresses)):
            raise not_fetched(Trouble.PRIVATE)
        return addresses

    def _may_reach(self, address: str) -> bool:
        known = literal(address)
        return known is not None and (is_public(known) or self._allowed.holds(known))

    def _session(self, addresses: Sequence[str]) -> aiohttp.ClientSession:
        """Return a session of one request: no proxy, no cookie and no connection outlives it."""
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=Pinned(addresses),
                use_dns_cache=False,
                force_close=True,
                ssl=self._tls or True,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            max_headers=MOST_HEADERS,
        )


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers without those that are none: a line break in one would begin another."""
    return {name: value for name, value in headers.items() if value and value.isprintable()}


def _next(url: URL, location: str) -> URL:
    """Return where a redirect leads, read as strictly as what a person wrote."""
    try:
        led_to = url.join(URL(location))
    except ValueError:
        raise not_fetched(Trouble.BROKEN) from None
    return read_address(str(led_to))


async def _read(
    answer: aiohttp.ClientResponse, asked: Mapping[str, str], max_bytes: int
) -> Fetched:
    """Return an answer that leads nowhere else."""
    unchanged = answer.status == 304 and ("If-None-Match" in asked or "If-Modified-Since" in asked)
    if answer.status in GONE:
        raise not_fetched(Trouble.NOT_FOUND)
    if answer.status != 200 and not unchanged:
        raise not_fetched(Trouble.REFUSED, status=answer.status)
    return Fetched(
        url=str(answer.url),
        status=answer.status,
        body=b"" if unchanged else await _body(answer, max_bytes),
        content_type=content_type(answer.headers),
        charset=charset(answer.headers),
        etag=validator(answer.headers, "ETag"),
        last_modified=validator(answer.headers, "Last-Modified"),
    )


async def _body(answer: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    if (answer.content_length or 0) > max_bytes:
        raise not_fetched(Trouble.LARGE)
    body = Body(",".join(answer.headers.getall("Content-Encoding", [])), max_bytes)
    async for chunk in answer.content.iter_any():
        body.take(chunk)
    return body.whole()


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, TimeoutError):
        return Trouble.SLOW
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Trouble.UNTRUSTED
    if isinstance(error, aiohttp.ClientConnectorError) or not isinstance(
        error, aiohttp.ClientError
    ):
        return Trouble.UNREACHABLE
    return Trouble.BROKEN
