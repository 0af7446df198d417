"""Brings in the file that comes with a request: from its platform's own hosts, with bounds."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from adapters.contract import Host, JsonObject
from adapters.payload import text
from adapters.text import is_blank, tidy
from bot.core.commands import Document, Invocation
from bot.core.errors import NotFetched, UserError

log = logging.getLogger(__name__)

MOST_BYTES = 20_000_000
WITHIN_S = 20.0

LONGEST_NAME = 200
"""Characters that are kept of a file's name: the last ones, which say of what kind it is."""

TOO_LARGE = "That file is larger than 20 MB, the most that I read. Nothing was changed."
EMPTY = "That file is empty. Nothing was changed."
NOT_KNOWN = "I cannot tell where that file is. Nothing was changed; please attach it again."
GONE = "That file is not there any more. Nothing was changed; please attach it again."

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_PAGE = "text/html"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as its platform tells of it: an untrusted name, bytes and where they are.

    Without an address it is one that the platform tells of in no way that is known.
    """

    name: str = ""
    size: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a platform keeps what people upload.

    ``bases`` are what every address there begins with, up to the path. ``headers`` are for
    those alone. ``locked`` is what to say where a page comes in the place of a file.
    """

    platform: str
    bases: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    locked: str = ""

    def holds(self, url: str) -> bool:
        """Return whether an address is on this shelf, by whatever rules it is read."""
        plain = url.isprintable() and " " not in url and "\\" not in url
        return plain and any(url.startswith(f"{base}/") for base in self.bases)


def origin_here(api_url: str) -> tuple[str, ...]:
    """Return the origin of an API that this machine offers, as in tests; nothing for another."""
    try:
        parts = urlsplit(api_url)
        is_here = parts.hostname in _HERE
    except ValueError:
        return ()
    return (f"{parts.scheme}://{parts.netloc}",) if is_here else ()


def read_upload(file: JsonObject, name: str, url: str) -> Upload:
    """Return the file that an object tells of, its name and address in the fields called so."""
    size = file.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return Upload()
    return Upload(text(file, name), size, text(file, url))


def refusal_of(upload: Upload) -> str | None:
    """Return why a file is not even asked for, a sentence; None where it may be."""
    if not upload.url:
        return NOT_KNOWN
    if upload.size > MOST_BYTES:
        return TOO_LARGE
    return None if upload.size else EMPTY


async def with_document(
    host: Host, invocation: Invocation, upload: Upload, shelf: Shelf
) -> Invocation:
    """Return an invocation with its file, and with the time for an answer counted from then.

    Only an admin's file is asked for: whoever is none is refused without it. Raise UserError,
    with the sentence to show.
    """
    refusal = refusal_of(upload)
    if refusal:
        raise UserError(refusal)
    if not invocation.user.is_admin:
        return invocation
    document = Document(_named(upload.name), await _download(host, upload, shelf))
    deadline = host.clock.monotonic() + host.settings.limits.answer_within_s
    return replace(invocation, document=document, deadline=deadline)


async def _download(host: Host, upload: Upload, shelf: Shelf) -> bytes:
    if not shelf.holds(upload.url):
        log.warning("a file of %s is where none of its files are", shelf.platform)
        raise UserError(NOT_KNOWN)
    try:
        found = await host.fetcher.fetch(
            upload.url, max_bytes=MOST_BYTES, within_s=WITHIN_S, headers=shelf.headers
        )
    except NotFetched as error:
        # Its own sentence speaks of an address, and nobody typed one.
        log.info("a file of %s was not downloaded: %s", shelf.platform, error.sentence)
        again = f"{shelf.platform} did not give me that file just now. Nothing was changed; please"
        raise UserError(f"{again} try again." if error.passing else GONE) from None
    if shelf.locked and found.content_type == _PAGE and len(found.body) != upload.size:
        log.warning("%s shows a page in the place of a file", shelf.platform)
        raise UserError(shelf.locked)
    if not shelf.holds(found.url):
        log.warning("a file of %s leads elsewhere", shelf.platform)
        raise UserError(NOT_KNOWN)
    return found.body


def _named(name: str) -> str:
    tidied = tidy(name)
    return "file" if is_blank(tidied) else tidied[-LONGEST_NAME:]
