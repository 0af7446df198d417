"""Fetching from a real server: what comes of it, and what is asked."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import zlib
from collections import Counter
from collections.abc import Callable

import pytest

from bot.core.fetching import Fetched, Trouble
from bot.providers.addresses import Allowed
from bot.providers.fetch import AT_ONCE, AT_ONE_HOST, WebFetcher
from tests.fakes.web_server import Asked, WebServer, Wire, pages
from tests.integration.fetching import (
    A_LOT,
    LOOPBACK,
    NAME,
    SOME,
    Names,
    fetch,
    refusal,
)


async def test_page_comes_with_what_its_headers_say(fetcher: WebFetcher, web: WebServer) -> None:
    headers = ("Content-Type: text/vtt; charset=UTF-8", 'ETag: "v1"', "Last-Modified: some day")
    web.pages["/a"] = pages.answer(SOME, *headers)
    assert await fetch(fetcher, web.url("/a?b=c#d")) == Fetched(
        url=web.url("/a?b=c"),
        status=200,
        body=SOME,
        content_type="text/vtt",
        charset="utf-8",
        etag='"v1"',
        last_modified="some day",
    )


async def test_request_says_who_asks_and_what_for_and_no_more(
    fetcher: WebFetcher, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    cookie = ("Set-Cookie: a=b; Path=/", "Set-Cookie: \x01")
    web.pages["/"] = pages.leading_to("/next", *cookie)
    web.pages["/next"] = pages.answer(SOME, *cookie)
    await fetch(fetcher, web.url(host=NAME), accept="text/vtt")
    await fetch(fetcher, web.url(host=NAME), accept="text/vtt")
    sent = {
        "host": f"{NAME}:{web.port}",
        "user-agent": "Segue/0.2.0",
        "accept": "text/vtt",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
    }
    assert [asked.headers for asked in web.asked] == [sent] * 4


@pytest.mark.parametrize("validators", [{"etag": '"v1"'}, {"last_modified": "some day"}])
async def test_unchanged_page_comes_without_its_body_through_redirects_too(
    fetcher: WebFetcher, web: WebServer, validators: dict[str, str]
) -> None:
    web.pages["/"] = pages.leading_to("/now", status=307)
    web.pages["/now"] = pages.validated(SOME, etag='"v1"', modified="some day")
    assert (await fetch(fetcher, web.url())).body == SOME
    unchanged = await fetch(fetcher, web.url(), **validators)
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert (unchanged.etag, unchanged.last_modified) == ('"v1"', "some day")


async def test_unchanged_is_no_answer_where_nobody_asked(
    fetcher: WebFetcher, web: WebServer
) -> None:
    web.pages["/"] = pages.raw(pages.head(304))
    told = await refusal(fetcher, web.url(), etag="a\r\nX-Header: b")
    assert told.sentence == Trouble.REFUSED.format(status=304)


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def two_members(data: bytes) -> bytes:
    return gzip.compress(data[:7]) + gzip.compress(data[7:])


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", two_members),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", bare_deflate),
        ("identity", bytes),
        ("identity, gzip", gzip.compress),
    ],
)
async def test_packed_page_is_unpacked_however_it_is_cut(
    fetcher: WebFetcher, web: WebServer, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(SOME)
    web.pages["/"] = pages.packed(packed, coding)
    chunks = [b"1\r\n" + packed[at : at + 1] + b"\r\n" for at in range(len(packed))]
    start = pages.head(200, f"Content-Encoding: {coding}", "Transfer-Encoding: chunked")
    web.pages["/chunks"] = pages.raw(start, *chunks, b"0\r\n\r\n")
    assert (await fetch(fetcher, web.url())).body == SOME
    assert (await fetch(fetcher, web.url("/chunks"))).body == SOME


async def test_page_of_exactly_the_bound_comes(fetcher: WebFetcher, web: WebServer) -> None:
    web.pages["/"] = pages.answer(SOME)
    web.pages["/open"] = pages.raw(pages.head(200), SOME)
    web.pages["/packed"] = pages.packed(gzip.compress(SOME), "gzip")
    for path in ("/", "/open", "/packed"):
        assert (await fetch(fetcher, web.url(path), max_bytes=len(SOME))).body == SOME
        told = await refusal(fetcher, web.url(path), max_bytes=len(SOME) - 1)
        assert told.sentence == Trouble.LARGE


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


if has_ipv6():

    async def test_page_comes_by_ipv6_by_address_and_by_name(names: Names) -> None:
        fetcher = WebFetcher(LOOPBACK, lookup=names)
        names.answers["six.test"] = [["::1"]]
        async with WebServer("::1") as web:
            web.pages["/"] = pages.answer(SOME)
            assert (await fetch(fetcher, web.url())).body == SOME
            assert (await fetch(fetcher, web.url(host="six.test"))).body == SOME
            told = await refusal(WebFetcher(Allowed()), web.url())
            assert told.sentence == Trouble.PRIVATE


async def test_second_address_of_a_name_is_tried_where_the_first_is_dead(names: Names) -> None:
    names.answers[NAME] = [["::1", "127.0.0.1"]]
    async with WebServer() as web:
        web.pages["/"] = pages.answer(SOME)
        fetcher = WebFetcher(LOOPBACK, lookup=names)
        assert (await fetch(fetcher, web.url(host=NAME))).body == SOME


async def test_cancelled_fetch_leaves_nothing_open(fetcher: WebFetcher, web: WebServer) -> None:
    web.pages["/"] = pages.hanging(pages.head(200, A_LOT), b"half")
    fetching = asyncio.create_task(fetch(fetcher, web.url()))
    await web.wait_asked(1)
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    await web.wait_alone()
    web.pages["/"] = pages.answer(SOME)
    assert (await fetch(fetcher, web.url())).body == SOME


async def test_one_host_gets_few_requests_at_a_time_and_all_hosts_some_more(
    fetcher: WebFetcher, names: Names, web: WebServer
) -> None:
    release = asyncio.Event()

    async def page(asked: Asked, wire: Wire) -> None:
        await release.wait()
        await pages.answer(SOME)(asked, wire)

    web.pages["/"] = page
    names.answers.update((f"{n}.test", [["127.0.0.1"]]) for n in range(6))
    at_one = [asyncio.create_task(fetch(fetcher, web.url(host=NAME))) for _ in range(6)]
    await web.wait_asked(AT_ONE_HOST)
    others = [
        asyncio.create_task(fetch(fetcher, web.url(host=f"{number}.test"))) for number in range(6)
    ]
    await web.wait_asked(AT_ONCE)
    assert Counter(asked.headers["host"] for asked in web.asked)[f"{NAME}:{web.port}"] == 2
    release.set()
    assert {fetched.body for fetched in await asyncio.gather(*at_one, *others)} == {SOME}
    assert web.busiest == AT_ONCE


async def test_secrets_of_an_address_are_not_logged(
    fetcher: WebFetcher, web: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    web.pages["/"] = pages.raw(b"nonsense\r\n\r\n")
    with caplog.at_level(logging.INFO):
        told = await refusal(fetcher, web.url("/?token=s3cret"))
        await refusal(fetcher, "http://127.0.0.1:6379/?token=s3cret")
    assert "s3cret" not in caplog.text + str(told)
    assert told.__cause__ is None
