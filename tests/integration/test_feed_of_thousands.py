"""A feed of 5,000 items comes in over HTTP without a post, bounded, and beside the answers."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.catalog import Tenant
from bot.core.following import ItemCounts
from bot.providers.addresses import Allowed
from bot.providers.fetch import WebFetcher
from bot.services.import_worker import ImportWorker
from tests.fakes.core import Core, opened_core
from tests.fakes.imports import ADMIN, VTT, feed, item
from tests.fakes.outlet import FakeOutlet
from tests.fakes.web_server import WebServer, pages

ITEMS = 5_000
GUILD = Tenant("discord:1")


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    fetcher = WebFetcher(Allowed.read("127.0.0.1/32"))
    async with opened_core(tmp_path, fetcher=fetcher) as opened:
        yield opened
    await fetcher.close()


@pytest.fixture
def outlet(core: Core) -> FakeOutlet:
    core.ports.outlets["discord"] = connected = FakeOutlet()
    return connected


async def followed(core: Core, url: str) -> None:
    await core.ask(f"/follow {url}", user=ADMIN)
    await core.press("Follow", user=ADMIN)


async def settled(worker: ImportWorker) -> None:
    while await worker.round():
        pass


@pytest.mark.timeout(300)
async def test_feed_of_five_thousand_items_posts_nothing_and_holds_up_nobody(
    core: Core, outlet: FakeOutlet, web: WebServer
) -> None:
    await core.ask("/digest on 9:00 UTC", user=ADMIN)
    document = feed(*(item(n, chapters="" if n % 5 else True) for n in range(ITEMS)))
    web.pages["/feed"] = pages.validated(document, etag='"a"', modified="")
    worker, slowest = ImportWorker(core.ports), 0.0
    await followed(core, web.url("/feed"))
    working = asyncio.create_task(settled(worker))
    while not working.done():
        began = time.perf_counter()
        await core.ask("/topic kv cache")
        slowest = max(slowest, time.perf_counter() - began)
        await asyncio.sleep(0.05)
    await working
    (known,) = await core.store.feeds(GUILD)
    assert known.counts == ItemCounts(done=ITEMS // 5, skipped=ITEMS - ITEMS // 5)
    assert (outlet.posts, outlet.edits, outlet.told) == ([], [], [])
    schedule = await core.store.schedule(GUILD, "general")
    assert schedule is not None
    fresh = await core.store.fresh(GUILD, schedule.id, 99)
    assert all(moment.episode.tenant == "public" for moment in fresh.moments)
    assert slowest < 3
    core.clock.advance(2 * 3_600)
    await settled(worker)
    assert worker.looks == {"read": 1, "unchanged": 1}


async def test_bomb_in_the_place_of_a_feed_is_a_sentence_and_leaves_what_was_there(
    core: Core, outlet: FakeOutlet, web: WebServer
) -> None:
    worker = ImportWorker(core.ports)
    web.pages["/feed"] = pages.answer(feed(item(1)))
    await followed(core, web.url("/feed"))
    await settled(worker)
    before = await core.store.known_items(GUILD, 1)
    hostile = {
        "packed": pages.packed(pages.gzip_bomb(100), "gzip"),
        "around": pages.leading_to("/around"),
        "inside": pages.leading_to("http://169.254.169.254/latest/meta-data/"),
        "half": pages.answer(feed(item(1))[:300]),
    }
    for name, page in hostile.items():
        web.pages[f"/{name}"] = web.pages["/feed"] = page
        core.clock.advance(30 * 3_600)
        await settled(worker)
        told = (await core.store.feeds(GUILD))[0].reason
        reply: Any = await core.ask(f"/follow {web.url(f'/{name}')}", user=ADMIN)
        assert told.endswith(".")
        assert reply.text.endswith(".")
        assert reply.buttons == ()
    assert await core.store.known_items(GUILD, 1) == before
    assert outlet.posts == []


MEASURE = """
import asyncio, sys
from pathlib import Path
from bot.core.commands import Document
from bot.services.import_worker import ImportWorker
from tests.fakes.core import opened_core
from tests.fakes.imports import ADMIN, feed, item
from tests.fakes.memory import peak_megabytes
from tests.integration.test_feed_of_thousands import big

async def main(folder, what):
    async with opened_core(folder) as core:
        worker = ImportWorker(core.ports)
        if what == "feed":
            core.ports.fetcher.pages["https://f"] = feed(*(item(n) for n in range(5_000)))
            await core.ask("/follow https://f", user=ADMIN)
            await core.press("Follow", user=ADMIN)
            await worker.round()
        else:
            file = Document("a", big(what))
            asked = core.invocation("add", {"title": "T"}, user=ADMIN, document=file)
            reply = await core.run(asked)
            if what == "transcript":
                await core.press("Add silently", user=ADMIN)
                await worker.round()
                assert worker.jobs == {"done": 1}, reply
    print(peak_megabytes())

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


def big(what: str) -> bytes:
    """Return a transcript of as many cues as are read, one of far more, or 20 MB of nothing."""
    if what == "cues":
        return b"WEBVTT\n\n" + b"0:01.0 --> 0:02.0\na\n\n" * 800_000
    if what == "transcript":
        return VTT + b"".join(
            b"%d:%02d.000 --> %d:%02d.900\nZebra number %d has stripes of its own, and so on.\n\n"
            % (n // 60, n % 60, n // 60, n % 60, n)
            for n in range(9, 60_000)
        )
    return b"x" * 20_000_000


@pytest.mark.parametrize("what", ["feed", "transcript", "cues", "noise"])
@pytest.mark.timeout(300)
async def test_import_of_the_largest_documents_takes_less_than_300_megabytes(
    tmp_path: Path, what: str
) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MEASURE, str(tmp_path), what, stdout=asyncio.subprocess.PIPE
    )
    output = (await child.communicate())[0]
    assert child.returncode == 0
    assert float(output) < 300
