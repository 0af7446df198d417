"""A file is asked for where its platform keeps files, in bounds, or refused in one sentence."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.contract import Host
from adapters.uploads import (
    EMPTY,
    GONE,
    MOST_BYTES,
    NOT_KNOWN,
    TOO_LARGE,
    Shelf,
    Upload,
    origin_here,
    read_upload,
    with_document,
)
from bot.core.catalog import Tenant
from bot.core.commands import Document, Invocation, User
from bot.core.errors import UserError
from bot.core.fetching import Fetched, Fetcher, Trouble, not_fetched
from bot.core.settings import Settings
from tests.fakes.clock import FakeClock

BASE = "https://files.test"
URL = f"{BASE}/a.vtt"
LOCKED = "I may not read files."
TOKEN = {"Authorization": "Bearer secret"}
SHELF = Shelf("Testcord", (BASE,), TOKEN, LOCKED)


@dataclass
class Shelves(Fetcher):
    """Gives ``found`` to whoever asks, or raises it; a minute later by the host's clock."""

    found: Fetched | Exception = field(default_factory=lambda: Fetched(URL, 200, b"x"))
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    async def fetch(self, url: str, **options: Any) -> Fetched:
        self.asked.append((url, options))
        self.clock.advance(60)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    async def close(self) -> None:
        pass


def asked_by(clock: FakeClock, *, is_admin: bool = True) -> Invocation:
    user = User("7", "Alice", is_admin=is_admin)
    deadline = clock.monotonic() + 7
    return Invocation("add", {}, Tenant("discord:1"), "c", user, deadline, "ref")


async def brought(shelves: Shelves, upload: Upload, *, is_admin: bool = True) -> Invocation:
    host = Host(
        dispatch=None,  # type: ignore[arg-type]
        settings=Settings(),
        clock=shelves.clock,
        stopping=asyncio.Event(),
        fetcher=shelves,
    )
    return await with_document(host, asked_by(shelves.clock, is_admin=is_admin), upload, SHELF)


async def refusal(shelves: Shelves, upload: Upload) -> str:
    with pytest.raises(UserError) as told:
        await brought(shelves, upload)
    return told.value.sentence


async def test_file_is_brought_in_with_bounds_and_time_left_to_answer() -> None:
    shelves = Shelves()
    made = await brought(shelves, Upload("a.vtt", 1, URL))
    assert made.document == Document("a.vtt", b"x")
    assert made.deadline == shelves.clock.monotonic() + 7
    bounds = {"max_bytes": 20_000_000, "within_s": 20.0, "headers": TOKEN}
    assert shelves.asked == [(URL, bounds)]


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (Upload("a.vtt", MOST_BYTES + 1, URL), TOO_LARGE),
        (Upload("a.vtt", 0, URL), EMPTY),
        (Upload(), NOT_KNOWN),
        (Upload("a.vtt", 1, "https://evil.test/a.vtt"), NOT_KNOWN),
        (Upload("a.vtt", 1, "http://files.test/a.vtt"), NOT_KNOWN),
        (Upload("a.vtt", 1, "https://files.test.evil.test/a.vtt"), NOT_KNOWN),
        (Upload("a.vtt", 1, "https://files.test@evil.test/a.vtt"), NOT_KNOWN),
        (Upload("a.vtt", 1, "https://files.test:444/a.vtt"), NOT_KNOWN),
        (Upload("a.vtt", 1, "https://files.test\\@evil.test/a.vtt"), NOT_KNOWN),
        (Upload("a.vtt", 1, "https://files.test/\\evil.test/a.vtt"), NOT_KNOWN),
        (Upload("a.vtt", 1, "https://files.test/a\r\nb"), NOT_KNOWN),
        (Upload("a.vtt", 1, "https://files.test\u3002evil.test/a.vtt"), NOT_KNOWN),
    ],
)
async def test_file_that_may_not_be_asked_for_is_refused_before(
    upload: Upload, sentence: str
) -> None:
    shelves = Shelves()
    assert await refusal(shelves, upload) == sentence
    assert shelves.asked == []


async def test_name_in_an_address_may_be_of_any_letters() -> None:
    url = f"{BASE}/bär.vtt"
    made = await brought(Shelves(Fetched(url, 200, b"x")), Upload("bär.vtt", 1, url))
    assert made.document == Document("bär.vtt", b"x")


async def test_file_of_somebody_who_is_no_admin_is_not_asked_for() -> None:
    shelves = Shelves()
    made = await brought(shelves, Upload("a.vtt", 1, URL), is_admin=False)
    assert (made.document, shelves.asked) == (None, [])


@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [
        (Trouble.NOT_FOUND, 404, GONE),
        (Trouble.LARGE, 0, GONE),
        (Trouble.SLOW, 0, "Testcord did not give me that file just now"),
        (Trouble.REFUSED, 503, "Testcord did not give me that file just now"),
        (Trouble.REFUSED, 403, GONE),
    ],
)
async def test_file_that_does_not_come_is_one_sentence_that_speaks_of_no_address(
    trouble: Trouble, status: int, words: str
) -> None:
    sentence = await refusal(Shelves(not_fetched(trouble, status=status)), Upload("a.vtt", 1, URL))
    assert words in sentence
    assert "Nothing was changed" in sentence
    assert "address" not in sentence


async def test_file_that_comes_from_elsewhere_is_not_read() -> None:
    shelves = Shelves(Fetched("https://evil.test/a.vtt", 200, b"x"))
    assert await refusal(shelves, Upload("a.vtt", 1, URL)) == NOT_KNOWN


@pytest.mark.parametrize("led_to", [URL, "https://somewhere.test/login"])
async def test_page_in_the_place_of_a_file_is_told_apart(led_to: str) -> None:
    shelves = Shelves(Fetched(led_to, 200, b"<html>Sign in", "text/html"))
    assert await refusal(shelves, Upload("a.vtt", 5, URL)) == LOCKED


async def test_page_that_somebody_attached_is_a_file() -> None:
    page = b"<html>"
    made = await brought(
        Shelves(Fetched(URL, 200, page, "text/html")), Upload("a.html", len(page), URL)
    )
    assert made.document == Document("a.html", page)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\nb.vtt", "a b.vtt"), ("", "file"), ("x" * 300 + ".vtt", "x" * 196 + ".vtt")],
)
async def test_name_is_tidied_and_keeps_its_end(name: str, shown: str) -> None:
    made = await brought(Shelves(), Upload(name, 1, URL))
    assert made.document is not None
    assert made.document.name == shown


@pytest.mark.parametrize(
    "about",
    [{}, {"size": "5"}, {"size": True}, {"size": -1}, {"size": 5.0}, {"size": 5, "url": 1}],
)
def test_what_tells_of_no_file_is_one_without_an_address(about: dict[str, Any]) -> None:
    whole = {"name": "a", "url": URL} | about
    assert read_upload(whole, "name", "url").url == ""


def test_file_is_read_from_the_fields_that_are_named() -> None:
    about: dict[str, Any] = {"title": "a", "size": 5, "download": URL}
    assert read_upload(about, "title", "download") == Upload("a", 5, URL)


@pytest.mark.parametrize(
    ("api", "origins"),
    [
        ("http://127.0.0.1:8000/api/v10", ("http://127.0.0.1:8000",)),
        ("http://localhost:1/api/", ("http://localhost:1",)),
        ("http://[::1]:1/api/", ("http://[::1]:1",)),
        ("https://discord.com/api/v10", ()),
        ("https://127.0.0.1.evil.test/api", ()),
        ("http://[bad", ()),
    ],
)
def test_origin_of_an_api_counts_where_it_is_on_this_machine(
    api: str, origins: tuple[str, ...]
) -> None:
    assert origin_here(api) == origins
