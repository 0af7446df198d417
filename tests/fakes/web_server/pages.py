"""Pages for the server: honest ones, and every way that a stranger's may be bad."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

from tests.fakes.web_server.server import Asked, Page, Wire

MEGABYTE = 1_000_000


def head(status: int = 200, *headers: str) -> bytes:
    """Return the head of an answer."""
    lines = [f"HTTP/1.1 {status} Whatever", *headers]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def raw(*parts: bytes) -> Page:
    """Send exactly that, and hang up."""

    async def page(_: Asked, wire: Wire) -> None:
        for part in parts:
            await wire.send(part)

    return page


def answer(body: bytes = b"", *headers: str, status: int = 200) -> Page:
    """Answer as a good server does."""
    return raw(head(status, f"Content-Length: {len(body)}", *headers), body)


def packed(body: bytes, coding: str) -> Page:
    """Answer with a body that is packed already."""
    return answer(body, f"Content-Encoding: {coding}")


def leading_to(location: str, *headers: str, status: int = 302) -> Page:
    """Lead elsewhere."""
    return answer(b"", f"Location: {location}", *headers, status=status)


def hanging(*parts: bytes) -> Page:
    """Send that much, and then nothing until the client hangs up."""

    async def page(_: Asked, wire: Wire) -> None:
        for part in parts:
            await wire.send(part)
        await wire.hang()

    return page


def dripping(*, start: bytes, drop: bytes) -> Page:
    """Send a drop every 10 ms, so that no pause is ever long."""

    async def page(_: Asked, wire: Wire) -> None:
        await wire.send(start)
        while not await wire.client_left(0.01):
            await wire.send(drop)

    return page


def endless(start: bytes, chunk: bytes = b"x" * 65_536) -> Page:
    """Send what does not end, as fast as it is taken."""

    async def page(_: Asked, wire: Wire) -> None:
        await wire.send(start)
        while True:
            await wire.send(chunk)

    return page


def validated(body: bytes, *, etag: str, modified: str) -> Page:
    """Answer 304 to whoever has this version."""

    async def page(asked: Asked, wire: Wire) -> None:
        known = asked.headers.get("if-none-match") == etag
        headers = (f"ETag: {etag}", f"Last-Modified: {modified}")
        if known or asked.headers.get("if-modified-since") == modified:
            await wire.send(head(304, *headers))
        else:
            await answer(body, *headers)(asked, wire)

    return page


def gzip_bomb(megabytes: int) -> bytes:
    """Return zeros packed with gzip: a thousand times smaller, and as quickly made."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(_bomb(packer, megabytes)) + packer.flush()


def _bomb(packer: zlib._Compress, megabytes: int) -> Iterator[bytes]:
    zeros = bytes(MEGABYTE)
    yield packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush nothing refers back, so that one block may stand any number of times.
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    yield from [block] * (megabytes - 1)


def members(number: int) -> bytes:
    """Return a gzip file of that many empty members."""
    return gzip.compress(b"", mtime=0) * number
