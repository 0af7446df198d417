"""Fetching from a real server that answers nonsense, too much, or not in time."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from bot.core.fetching import Trouble
from bot.providers.fetch import WebFetcher
from tests.fakes.web_server import Asked, WebServer, Wire, pages
from tests.integration.fetching import (
    A_LOT,
    CHUNKED,
    HASTE_S,
    NAME,
    SOME,
    Names,
    fetch,
    refusal,
)

# What it answers instead.


@pytest.mark.parametrize(
    ("status", "trouble", "passing"),
    [
        (404, Trouble.NOT_FOUND, False),
        (410, Trouble.NOT_FOUND, False),
        (403, Trouble.REFUSED, False),
        (429, Trouble.REFUSED, True),
        (503, Trouble.REFUSED, True),
        (206, Trouble.REFUSED, False),
        (302, Trouble.REFUSED, False),
    ],
)
async def test_other_status_is_said_as_it_is(
    fetcher: WebFetcher, web: WebServer, status: int, trouble: Trouble, passing: bool
) -> None:
    web.pages["/"] = pages.answer(b"<h1>No</h1>", status=status)
    told = await refusal(fetcher, web.url())
    assert (told.sentence, told.passing) == (trouble.format(status=status), passing)


PACKED = gzip.compress(os.urandom(1_000))


@pytest.mark.parametrize(
    ("page", "trouble"),
    [
        (pages.raw(), Trouble.BROKEN),
        (pages.raw(b"SSH-2.0-OpenSSH_9.9\r\n"), Trouble.BROKEN),
        (pages.raw(b"HTTP/1.1 200 OK\r\nno header\r\n\r\n"), Trouble.BROKEN),
        (pages.raw(b"HTTP/1.1 200 OK\r\n"), Trouble.BROKEN),
        (pages.raw(pages.head(200, A_LOT), b"short"), Trouble.BROKEN),
        (pages.raw(pages.head(200, "Content-Length: -1"), b"x"), Trouble.BROKEN),
        (pages.raw(pages.head(200, A_LOT, "Content-Length: 5"), b"short"), Trouble.BROKEN),
        (pages.raw(pages.head(200, "Content-Length: 5") + b"short and more"), Trouble.BROKEN),
        (pages.raw(pages.head(200, CHUNKED), b"zz\r\nabc\r\n"), Trouble.BROKEN),
        (pages.raw(pages.head(200, CHUNKED), b"5\r\nabc"), Trouble.BROKEN),
        (pages.raw(pages.head(200, CHUNKED), b"1\r\nabc\r\n0\r\n\r\n"), Trouble.BROKEN),
        (pages.raw(pages.head(200, "X: " + "x" * 10_000_000)), Trouble.BROKEN),
        (pages.raw(pages.head(200, *["X: " + "x" * 8_000] * 1_000)), Trouble.BROKEN),
        (pages.packed(PACKED[:-9], "gzip"), Trouble.GARBLED),
        (pages.packed(PACKED[:5], "gzip"), Trouble.GARBLED),
        (pages.packed(PACKED[:-8] + b"\0" * 8, "gzip"), Trouble.GARBLED),
        (pages.packed(PACKED + b"more", "gzip"), Trouble.GARBLED),
        (pages.packed(zlib.compress(SOME) + b"more", "deflate"), Trouble.GARBLED),
        (pages.packed(SOME, "gzip"), Trouble.GARBLED),
        (pages.packed(SOME, "br"), Trouble.GARBLED),
        (pages.packed(gzip.compress(gzip.compress(SOME)), "gzip, gzip"), Trouble.GARBLED),
        (pages.packed(pages.members(3_000), "gzip"), Trouble.GARBLED),
    ],
)  # fmt: skip
async def test_answer_that_makes_no_sense_is_told_from_none(
    fetcher: WebFetcher, web: WebServer, page: Callable[[Asked, Wire], Any], trouble: Trouble
) -> None:
    web.pages["/"] = page
    assert (await refusal(fetcher, web.url())).sentence == trouble
    await web.wait_alone()


# How large.


@pytest.mark.parametrize(
    "page",
    [
        pages.hanging(pages.head(200, "Content-Length: 100001")),  # refused before it comes
        pages.endless(pages.head(200, "Content-Length: 99999999999")),
        pages.endless(pages.head(200)),
        pages.endless(pages.head(200, CHUNKED), b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
        pages.packed(pages.gzip_bomb(10), "gzip"),
        pages.packed(zlib.compress(bytes(9_000_000)), "deflate"),
    ],
)
async def test_body_beyond_the_bound_is_left(
    fetcher: WebFetcher, web: WebServer, page: Callable[[Asked, Wire], Any]
) -> None:
    web.pages["/"] = page
    assert (await refusal(fetcher, web.url())).sentence == Trouble.LARGE
    await web.wait_alone()


@pytest.mark.parametrize("location", ["", "Location: /small"])
async def test_body_that_nobody_needs_is_not_read(
    fetcher: WebFetcher, web: WebServer, location: str
) -> None:
    async def page(_: Asked, wire: Wire) -> None:
        status = 302 if location else 404
        await wire.send(pages.head(status, "Content-Length: 99999999999", location or "X: y"))
        while True:
            await wire.send(bytes(65_536))

    web.pages["/"] = page
    web.pages["/small"] = pages.answer(SOME)
    if location:
        assert (await fetch(fetcher, web.url())).body == SOME
    else:
        assert (await refusal(fetcher, web.url())).sentence == Trouble.NOT_FOUND
    await web.wait_alone()


# How long.


@pytest.mark.parametrize(
    "page",
    [
        pages.hanging(),
        pages.hanging(b"HTTP/1.1 200 OK\r\nContent-Le"),
        pages.hanging(pages.head(200, A_LOT)),
        pages.hanging(pages.head(200, A_LOT), b"half"),
        pages.hanging(pages.head(200, CHUNKED), b"5\r\nshort\r\n"),
        pages.dripping(start=b"HTTP/1.1 200 OK\r\n", drop=b"X: y\r\n"),
        pages.dripping(start=pages.head(200, A_LOT), drop=b"x"),
        pages.endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100),
    ],
)
async def test_server_that_takes_its_time_is_left(
    fetcher: WebFetcher, web: WebServer, page: Callable[[Asked, Wire], Any]
) -> None:
    web.pages["/"] = page
    told = await refusal(fetcher, web.url(), within_s=HASTE_S)
    assert (told.sentence, told.passing) == (Trouble.SLOW, True)
    await web.wait_alone()


async def test_time_is_for_all_redirects_together(fetcher: WebFetcher, web: WebServer) -> None:
    async def page(asked: Asked, wire: Wire) -> None:
        if not await wire.client_left(HASTE_S / 3):
            await pages.leading_to("/")(asked, wire)

    web.pages["/"] = page
    assert (await refusal(fetcher, web.url(), within_s=HASTE_S)).sentence == Trouble.SLOW


async def test_name_service_that_does_not_answer_is_left(
    fetcher: WebFetcher, names: Names, web: WebServer
) -> None:
    names.hang = True
    told = await refusal(fetcher, web.url(host=NAME), within_s=HASTE_S)
    assert told.sentence == Trouble.SLOW


async def test_server_that_never_ends_its_handshake_is_left(
    fetcher: WebFetcher, web: WebServer
) -> None:
    told = await refusal(fetcher, f"https://127.0.0.1:{web.port}/", within_s=HASTE_S)
    assert told.sentence == Trouble.SLOW
    await web.wait_alone()
