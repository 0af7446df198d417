"""Opens the modals that somebody asks for, or says how to do without."""

from __future__ import annotations

from adapters.contract import JsonObject
from adapters.running import Running
from adapters.slack import views
from adapters.slack.asked import Filling, Opening
from adapters.slack.giving import attempt
from adapters.slack.pace import Pace, until
from adapters.slack.publish import Web
from adapters.slack.render import render
from bot.core.reply import Notice, Tone


class Opener:
    """Opens modals, in work that a stop waits for."""

    def __init__(self, web: Web, running: Running, pace: Pace) -> None:
        self._web = web
        self._running = running
        self._pace = pace

    async def search(self, asked: Opening, reference: str) -> JsonObject | None:
        """Open the search; where it cannot be, say how to do without, if it can be said."""
        view = views.search(asked.place, episode=asked.episode)
        by = until(self._pace.opening)
        opened = self._running.start(
            attempt(lambda: self._web.open(asked.trigger, view, until=by), reference)
        )
        if await opened or not asked.typed:
            return None
        words = f"If the search did not open, type what you look for: {asked.typed} kv cache"
        return render(Notice(text=words, tone=Tone.ERROR, reference=reference))

    async def form(self, asked: Filling, by: float) -> JsonObject | None:
        """Open the form of a command; where it cannot be, say how to do without."""
        request = asked.request
        reference = request.invocation.reference

        async def opened(*, with_file: bool) -> bool:
            view = views.entry(asked.spec, request.place, with_file=with_file)
            return await attempt(lambda: self._web.open(asked.trigger, view, until=by), reference)

        async def show() -> bool:
            # An app that was not yet given the scope to read files may not ask for any.
            return await opened(with_file=True) or await opened(with_file=False)

        if await self._running.start(show()):
            return None
        words = f"If the form did not open, type what you have: {asked.typed} https://…"
        return render(Notice(text=words, tone=Tone.ERROR, reference=reference))
