"""Fetching goes where was checked, hop by hop, and nowhere else."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.core.fetching import Trouble
from bot.providers.addresses import Allowed
from bot.providers.fetch import MOST_REDIRECTS, WebFetcher
from tests.fakes.web_server import WebServer, pages
from tests.fakes.web_server.certificates import contexts
from tests.integration.fetching import (
    LOOPBACK,
    NAME,
    SOME,
    Names,
    fetch,
    refusal,
)


@pytest.mark.parametrize("allowed", ["", "127.0.0.2/32 10.0.0.0/8", "localhost:1 127.0.0.1:1"])
async def test_own_network_is_not_fetched_unless_the_operator_says_so(
    web: WebServer, allowed: str
) -> None:
    fetcher = WebFetcher(Allowed.read(allowed))
    for host in ("127.0.0.1", "localhost"):
        told = await refusal(fetcher, web.url(host=host))
        assert told.sentence == Trouble.PRIVATE
    await fetcher.close()
    assert web.asked == []


async def test_allowed_place_is_fetched_by_the_machines_own_look_up(web: WebServer) -> None:
    web.pages["/"] = pages.answer(SOME)
    fetcher = WebFetcher(Allowed.read(f"localhost:{web.port}"))
    assert (await fetch(fetcher, web.url(host="localhost"))).body == SOME
    assert (await refusal(fetcher, web.url())).sentence == Trouble.PRIVATE
    assert (await refusal(fetcher, "http://nobody.invalid/")).sentence == Trouble.UNREACHABLE
    await fetcher.close()


@pytest.mark.parametrize(
    ("location", "trouble"),
    [
        ("http://169.254.169.254/latest/meta-data/", Trouble.PRIVATE),
        ("http://127.0.0.2/", Trouble.PRIVATE),
        ("//10.0.0.1/", Trouble.PRIVATE),
        ("http://[::ffff:127.0.0.1]/", Trouble.PRIVATE),
        ("http://inside.test/", Trouble.PRIVATE),
        ("http://127.0.0.1:6379/", Trouble.PORT),
        ("http://2130706433/", Trouble.MALFORMED),
        ("http://name:word@feeds.test/", Trouble.USERINFO),
        ("file:///etc/passwd", Trouble.NOT_WEB),
        ("http://[::1", Trouble.BROKEN),
        ("http://nobody.test/", Trouble.UNREACHABLE),
    ],
)
async def test_redirect_is_checked_like_what_a_person_wrote(
    fetcher: WebFetcher, names: Names, web: WebServer, location: str, trouble: Trouble
) -> None:
    names.answers["inside.test"] = [["192.168.0.7"]]
    web.pages["/"] = pages.leading_to(location)
    assert (await refusal(fetcher, web.url())).sentence == trouble


async def test_redirects_are_followed_a_few_times_and_not_for_ever(
    fetcher: WebFetcher, web: WebServer
) -> None:
    for step, status in enumerate((301, 302, 303, 307, 308, 302)):
        web.pages[f"/{step}"] = pages.leading_to(f"{step + 1}?a=%26b", status=status)
    web.pages[f"/{MOST_REDIRECTS + 1}"] = pages.answer(SOME)
    web.pages["/loop"] = pages.leading_to("/loop")
    assert (await fetch(fetcher, web.url("/1"))).url == web.url("/6?a=%26b")
    assert (await refusal(fetcher, web.url("/0"))).sentence == Trouble.REDIRECTS
    del web.asked[:]
    assert (await refusal(fetcher, web.url("/loop"))).sentence == Trouble.REDIRECTS
    assert len(web.asked) == MOST_REDIRECTS + 1


async def test_connection_goes_where_was_checked_though_the_name_moves(
    fetcher: WebFetcher, names: Names, web: WebServer
) -> None:
    names.answers[NAME] = [["127.0.0.1"], ["127.0.0.2"]]
    web.pages["/"] = pages.answer(SOME)
    assert (await fetch(fetcher, web.url(host=NAME))).body == SOME
    assert names.asked == {NAME: 1}


async def test_name_is_checked_anew_at_every_hop(
    fetcher: WebFetcher, names: Names, web: WebServer
) -> None:
    names.answers[NAME] = [["127.0.0.1"], ["127.0.0.2"]]
    web.pages["/"] = pages.leading_to("/again")
    told = await refusal(fetcher, web.url(host=NAME))
    assert told.sentence == Trouble.PRIVATE
    assert [asked.path for asked in web.asked] == ["/"]


@pytest.mark.parametrize("other", ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1%lo", "nonsense"])
async def test_name_with_one_private_address_is_not_fetched(
    fetcher: WebFetcher, names: Names, web: WebServer, other: str
) -> None:
    names.answers[NAME] = [["127.0.0.1", other]]
    assert (await refusal(fetcher, web.url(host=NAME))).sentence == Trouble.PRIVATE
    assert web.asked == []


async def test_name_without_an_address_is_not_there(
    fetcher: WebFetcher, names: Names, web: WebServer
) -> None:
    names.answers[NAME] = [[]]
    told = await refusal(fetcher, web.url(host=NAME))
    assert (told.sentence, told.passing) == (Trouble.UNREACHABLE, True)


async def test_port_where_nobody_listens_is_unreachable(fetcher: WebFetcher) -> None:
    async with WebServer() as gone:
        pass
    with socket.socket() as taken:  # bound, so that nobody else begins to listen there
        taken.bind(("127.0.0.1", 0))
        told = await refusal(fetcher, f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert told.sentence == Trouble.UNREACHABLE
    assert gone.asked == []


async def test_certificate_is_held_against_the_name(names: Names, tmp_path: Path) -> None:
    server, client = contexts(NAME, tmp_path)
    names.answers["other.test"] = [["127.0.0.1"]]
    trusting = WebFetcher(LOOPBACK, lookup=names, tls=client)
    as_usual = WebFetcher(LOOPBACK, lookup=names)
    async with WebServer(tls=server) as web, WebServer() as plain:
        web.pages["/"] = pages.answer(SOME)
        web.pages["/down"] = pages.leading_to(plain.url())
        plain.pages["/"] = pages.answer(SOME)
        assert (await fetch(trusting, web.url(host=NAME))).body == SOME
        assert (await fetch(trusting, web.url("/down", host=NAME))).url == plain.url()
        for fetcher, host in ((trusting, "other.test"), (trusting, ""), (as_usual, NAME)):
            told = await refusal(fetcher, web.url(host=host))
            assert (told.sentence, told.passing) == (Trouble.UNTRUSTED, False)
        await web.wait_alone()
