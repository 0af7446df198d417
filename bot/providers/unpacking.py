"""The body of an answer as it comes: unpacked where it is packed, and never beyond its bound."""

from __future__ import annotations

import zlib

from bot.core.fetching import Trouble, not_fetched

CODINGS = "gzip, deflate"
"""What is asked for: what the standard library unpacks."""

MOST_MEMBERS = 100
"""A gzip body may be several, one after another; each costs time, however little is in it."""

_GZIP = 31
_DEFLATE = 15
_BARE_DEFLATE = -15


class Body:
    """Takes a body's bytes in turn; raises NotFetched where they are too many or garbled."""

    def __init__(self, coding: str, max_bytes: int) -> None:
        names = [name.strip().lower() for name in coding.split(",")]
        self._codings = [name for name in names if name not in ("", "identity")]
        if self._codings and self._codings not in (["gzip"], ["x-gzip"], ["deflate"]):
            raise not_fetched(Trouble.GARBLED)
        self._max = max_bytes
        self._came = 0
        self._body = bytearray()
        self._unpacker: zlib._Decompress | None = None
        self._members = 0

    def take(self, chunk: bytes) -> None:
        """Take what came next."""
        self._came += len(chunk)
        if self._came > self._max:
            raise not_fetched(Trouble.LARGE)
        if not self._codings:
            self._body += chunk
            return
        try:
            self._unpack(chunk)
        except zlib.error:
            raise not_fetched(Trouble.GARBLED) from None

    def _unpack(self, packed: bytes) -> None:
        while packed:
            if self._unpacker is None or self._unpacker.eof:
                self._unpacker = self._next_unpacker(packed)
            # One byte more than there is room for tells what is too large, and takes no memory.
            self._body += self._unpacker.decompress(packed, self._max - len(self._body) + 1)
            if len(self._body) > self._max:
                raise not_fetched(Trouble.LARGE)
            packed = self._unpacker.unused_data

    def _next_unpacker(self, packed: bytes) -> zlib._Decompress:
        self._members += 1
        if self._codings == ["deflate"]:
            if self._members > 1:
                raise not_fetched(Trouble.GARBLED)
            # Servers have long sent deflate both with zlib's header and without.
            return zlib.decompressobj(_DEFLATE if packed[0] & 0x0F == 8 else _BARE_DEFLATE)
        if self._members > MOST_MEMBERS:
            raise not_fetched(Trouble.GARBLED)
        return zlib.decompressobj(_GZIP)

    def whole(self) -> bytes:
        """Return the body, now that nothing more comes."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise not_fetched(Trouble.GARBLED)
        return bytes(self._body)
