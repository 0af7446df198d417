"""Asks the whole search: a real core over notes and talk, by words and by meaning, and drawn."""

import asyncio
import atexit
import shutil
import tempfile
import threading
from contextlib import AsyncExitStack
from functools import cache

from adapters.discord.render import render as on_discord
from adapters.slack.render import render as on_slack
from bot.core.catalog import PUBLIC
from bot.core.reply import Notice, Tone
from bot.services.embedding_worker import EmbeddingWorker
from tests.fakes.core import opened_core
from tests.fakes.drafts import recording_draft, transcript_draft
from tests.fakes.embedder import FakeEmbedder

SAID = (
    "We went on about deep seek, and what it cost.",
    "An export control on chips; TSMC makes them in Taiwan, or so they say.",
    "The key value cache is compressed, that is the trick of it.",
    "I'd say Jevons' paradox is why, isn't it? C++ and R&D, 3.5% of all.",
    "日本語 is spoken there, naïve café, and a wi fi that does not work.",
)
SEEDS = tuple(
    text.encode()
    for text in (
        "kv cache",
        "deepseek",
        "TSMC and R&D",
        "who makes the chips in taiwan?",
        r"exprot-contorls \tiwan caché-compresed thier cihps 35pct",
        *SAID,
    )
)


def asked(data):
    """Return what ``/topic`` answers to some bytes, as text."""
    return _Asked.once().topic(data.decode("utf-8", "ignore"))


def check(reply):
    """Fail where a reply is an error of ours, or a platform cannot draw it."""
    assert not (isinstance(reply, Notice) and (reply.tone is Tone.ERROR or reply.reference)), reply
    on_discord(reply)
    on_slack(reply)


class _Asked:
    """A core that lives as long as its process.

    Its loop runs in a daemon thread, whose own threads are none that the process waits for.
    """

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._open = AsyncExitStack()
        self._core = self._run(self._opened())

    @classmethod
    @cache
    def once(cls):
        return cls()

    def topic(self, text):
        core = self._core
        return self._run(core.run(core.invocation("topic", {"words": text})))

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _opened(self):
        folder = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        embedder = FakeEmbedder()
        core = await self._open.enter_async_context(opened_core(folder, embedder=embedder))
        said = transcript_draft([(20 * place, text) for place, text in enumerate(SAID * 40)])
        await core.store.put_recording(PUBLIC, recording_draft("sssssssssss", transcript=said))
        worker = EmbeddingWorker(core.store, embedder)
        while await worker.round():
            continue
        return core
