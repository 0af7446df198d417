"""Headers that hold a secret go to the address they are for, and nowhere else."""

from __future__ import annotations

import logging

import pytest

from bot.providers.fetch import WebFetcher
from tests.fakes.web_server import WebServer, pages
from tests.integration.fetching import NAME, SOME, fetch, refusal

SECRET = "Bearer xoxb-secret"
TOKEN = {"Authorization": SECRET}


def told(web: WebServer) -> list[str | None]:
    """Return the token that each request brought."""
    return [asked.headers.get("authorization") for asked in web.asked]


async def test_token_goes_to_its_address_and_along_redirects_there(
    fetcher: WebFetcher, web: WebServer
) -> None:
    web.pages["/"] = pages.leading_to("/next")
    web.pages["/next"] = pages.answer(SOME)
    assert (await fetch(fetcher, web.url(), headers=TOKEN)).body == SOME
    assert told(web) == [SECRET, SECRET]
    assert {asked.headers["user-agent"] for asked in web.asked} == {"Segue/0.2.0"}


async def test_token_never_goes_to_another_host(fetcher: WebFetcher, web: WebServer) -> None:
    web.pages["/"] = pages.leading_to(web.url("/next", host=NAME))
    web.pages["/next"] = pages.answer(SOME)
    assert (await fetch(fetcher, web.url(), headers=TOKEN)).body == SOME
    assert told(web) == [SECRET, None]


async def test_token_never_goes_to_another_port(fetcher: WebFetcher, web: WebServer) -> None:
    async with WebServer() as other:
        web.pages["/"] = pages.leading_to(other.url("/next"))
        other.pages["/next"] = pages.answer(SOME)
        assert (await fetch(fetcher, web.url(), headers=TOKEN)).body == SOME
        assert (told(web), told(other)) == ([SECRET], [None])


async def test_token_does_not_come_back_from_elsewhere(fetcher: WebFetcher, web: WebServer) -> None:
    web.pages["/"] = pages.leading_to(web.url("/there", host=NAME))
    web.pages["/there"] = pages.leading_to(web.url("/back"))
    web.pages["/back"] = pages.answer(SOME)
    await fetch(fetcher, web.url(), headers=TOKEN)
    assert told(web) == [SECRET, None, None]


async def test_header_that_would_begin_another_is_not_sent(
    fetcher: WebFetcher, web: WebServer
) -> None:
    web.pages["/"] = pages.answer(SOME)
    await fetch(fetcher, web.url(), headers={"Authorization": "x\r\nX-Other: y", "X-More": ""})
    assert {"authorization", "x-other", "x-more"}.isdisjoint(web.asked[0].headers)


async def test_own_headers_are_not_replaced(fetcher: WebFetcher, web: WebServer) -> None:
    web.pages["/"] = pages.answer(SOME)
    await fetch(fetcher, web.url(), headers={"User-Agent": "Mozilla"})
    assert web.asked[0].headers["user-agent"] == "Segue/0.2.0"


@pytest.mark.parametrize("answer", [b"HTTP/9 what\r\n\r\n", b"", pages.head(500)])
async def test_log_of_a_failure_holds_no_token(
    fetcher: WebFetcher, web: WebServer, caplog: pytest.LogCaptureFixture, answer: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    web.pages["/"] = pages.raw(answer)
    assert "secret" not in (await refusal(fetcher, web.url(), headers=TOKEN)).sentence
    assert "secret" not in caplog.text
