"""The real core over a real database, asked as a person would ask it."""

from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count

from bot.core.catalog import PUBLIC, Tenant
from bot.core.commands import Invocation, User, action_command, parse_plain
from bot.core.settings import LimitSettings, StorageSettings
from bot.providers.extractive import Extractive
from bot.services.dispatch import Dispatcher
from bot.services.ingestion import import_document
from bot.services.registry import Ports
from storage import open_store
from tests.fakes.clock import FakeClock
from tests.fakes.databases import fresh_database
from tests.fakes.fetcher import FakeFetcher

GUILD = Tenant("discord:1")
UNLIMITED = LimitSettings(commands_per_minute=0)


class Core:
    """``ask`` types a line, ``press`` presses a button of the last reply."""

    def __init__(
        self,
        store,
        limits=UNLIMITED,
        summarizer=None,
        summaries_per_day=0,
        fetcher=None,
        embedder=None,
    ):
        self.store = store
        self.clock = FakeClock()
        ids = count(1)
        self.ports = Ports(
            store,
            self.clock,
            lambda: f"id{next(ids)}",
            summarizer or Extractive(),
            summaries_per_day,
            fetcher=fetcher or FakeFetcher(),
            embedder=embedder,
        )
        self.dispatch = Dispatcher(self.ports, limits)
        self.reply = self.asked = None
        self._references = count(1)

    def invocation(self, command, args, **changes):
        base = Invocation(
            command,
            args,
            tenant=GUILD,
            channel="general",
            user=User("7", "Alice"),
            deadline=self.clock.monotonic() + 7,
            reference=f"ref{next(self._references)}",
            can_share=True,
        )
        return replace(base, **changes)

    async def ask(self, line, **changes):
        parsed = parse_plain(line)
        assert parsed is not None, line
        return await self.run(self.invocation(parsed.command, parsed.args, **changes))

    async def run(self, invocation):
        self.reply = await self.dispatch(invocation)
        await self.dispatch.sent(invocation, self.reply)
        self.asked = invocation
        return self.reply

    async def finish(self):
        """Return the last reply with what was missing, None where nothing is added."""
        return await self.dispatch.finish(self.asked, self.reply)

    async def press(self, label, **changes):
        button = next(b for b in self.reply.buttons if b.label == label)
        command, args = action_command(button.action.encode())
        return await self.run(self.invocation(command, args, **changes))

    async def add(self, document, tenant=PUBLIC):
        return await import_document(self.store, tenant, document, name="test.md")


@asynccontextmanager
async def opened_core(folder, *, sample=True, **options):
    path = f"{folder}/segue.db"
    await fresh_database(path, sample=sample)
    store = open_store(StorageSettings(url=f"sqlite:///{path}"))
    try:
        yield Core(store, **options)
    finally:
        await store.close()
