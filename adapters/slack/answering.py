"""Takes one payload from its arrival to its answer, whatever goes wrong on the way.

What ``take`` returns acknowledges the payload and, where Slack allows it, is the answer already.
Slack waits 3 seconds for it; what takes longer goes on in a task of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import assert_never

from adapters.contract import Host, Json, JsonObject
from adapters.payload import listed, text
from adapters.running import Running, unless_stopping
from adapters.sentences import SHARED, added, fault, restarting
from adapters.slack import views
from adapters.slack.asked import Completing, Filling, Incomplete, Opening, Request, Way
from adapters.slack.files import shelf
from adapters.slack.giving import Giver, Outcome, after_submit, attempt, failed, submitted, waiting
from adapters.slack.limits import OPTION_VALUE, SELECT_OPTIONS
from adapters.slack.opening import Opener
from adapters.slack.pace import Pace, until
from adapters.slack.parts import value_part
from adapters.slack.people import People
from adapters.slack.place import Place
from adapters.slack.publish import IN_DOUBT, TROUBLE, Unknown, Web, why_not_shared
from adapters.slack.render import render
from adapters.slack.translate import Reader
from adapters.uploads import with_document
from bot.core.actions import Action
from bot.core.catalog import PUBLIC
from bot.core.errors import UserError
from bot.core.reply import Audience, Button, Notice, Reply, Suggestion, Tone

log = logging.getLogger(__name__)

STILL_LOOKING = Notice(text="Still looking. The answer comes as a second message.")


class Answering:
    """Answers the payloads of one workspace."""

    def __init__(
        self,
        web: Web,
        reader: Reader,
        people: People,
        host: Host,
        running: Running,
        pace: Pace,
        new_reference: Callable[[], str],
    ) -> None:
        self._web = web
        self._reader = reader
        self._people = people
        self._host = host
        self._running = running
        self._pace = pace
        self._new_reference = new_reference
        self._shelf = shelf(host.settings.slack)
        self._giver = Giver(web, pace)
        self._opener = Opener(web, running, pace)

    async def take(self, payload: JsonObject) -> JsonObject | None:
        """Return what to acknowledge a payload with, None for nothing but that it arrived."""
        reference = self._new_reference()
        deadline = self._host.clock.monotonic() + self._host.settings.limits.answer_within_s
        try:
            asked = self._reader.read(payload, reference=reference, deadline=deadline)
            match asked:
                case None:
                    return None
                case Request():
                    return await self._answer(asked)
                case Completing():
                    return await self._complete(asked)
                case Opening():
                    return await self._opener.search(asked, reference)
                case Filling():
                    return await self._fill(asked)
                case Incomplete():
                    return views.errors(asked.field, asked.sentence)
                case _:
                    assert_never(asked)
        except Exception:
            log.exception("payload not answered (%s)", reference)
            return render(fault(reference)) if "command" in payload else None

    async def give_again(self, payload: JsonObject, answer: JsonObject) -> None:
        """Give the answer to a command once more, where its acknowledgement was lost."""
        url = text(payload, "response_url")
        if "command" in payload and url:
            by = until(self._pace.later_answer)
            await attempt(
                lambda: self._web.respond(url, Place(), answer, in_place=False, until=by),
                "given again",
            )

    async def _complete(self, asked: Completing) -> JsonObject:
        suggestions: list[Suggestion] = []
        try:
            async with asyncio.timeout(self._pace.completions):
                suggestions = await self._host.dispatch.complete(asked.invocation, asked.option)
        except TimeoutError:
            log.warning("no completions in time (%s)", asked.invocation.reference)
        return {"options": choices(suggestions)}

    async def _fill(self, asked: Filling) -> JsonObject | None:
        """Open the form of a command for a workspace's admin; whoever is none is told at once."""
        soon = until(self._pace.opening)
        caller = await self._people.introduce(asked.request.invocation)
        if not caller.user.is_admin or caller.tenant == PUBLIC:
            return await self._answer(asked.request)
        return await self._opener.form(asked, soon)

    async def _answer(self, request: Request) -> JsonObject | None:
        work = self._running.start(self._work(request))
        if request.way in {Way.SLASH, Way.SUBMIT}:
            stopping = self._host.stopping.is_set()
            wait = self._pace.wait_when_stopping if stopping else self._pace.wait
            await asyncio.wait({work}, timeout=wait)
            if work.done():
                outcome = work.result()
                answer = self._acknowledgement(outcome)
                given = None if answer is None else ""
                self._running.start(self._settle(outcome, given))
                return answer or self._acknowledgement(failed(outcome))
        self._running.start(self._later(request, work))
        if request.way is Way.SLASH:
            return render(STILL_LOOKING)
        return waiting(request) if request.way is Way.SUBMIT else None

    def _acknowledgement(self, outcome: Outcome) -> JsonObject | None:
        """Return an outcome as the answer that goes with the acknowledgement; None if it cannot."""
        request, reply = outcome.request, outcome.shown
        try:
            if request.way is Way.SLASH:
                return render(reply)
            if outcome.posted is False and isinstance(reply, Notice):
                # The picker stays: another channel may do.
                return views.errors(views.CHANNEL, reply.text)
            return after_submit(request, submitted(request, reply))
        except Exception:
            log.exception("reply not rendered (%s)", request.invocation.reference)
            return None

    async def _later(self, request: Request, work: asyncio.Task[Outcome]) -> None:
        try:
            outcome = await work
            given = await self._deliver(outcome)
        except asyncio.CancelledError:
            work.cancel()
            await self._interrupted(request, work)
            raise
        await self._settle(outcome, given)

    async def _settle(self, outcome: Outcome, given: str | None) -> None:
        """Do the bookkeeping of a reply that was not shared, and add what comes to it later.

        ``given`` is as ``_deliver`` returns it.
        """
        if outcome.posted is not None:
            return
        dispatch, invocation = self._host.dispatch, outcome.request.invocation
        await (dispatch.unsent if given is None else dispatch.sent)(invocation, outcome.reply)
        if given is None or outcome.request.way in {Way.VIEW, Way.SUBMIT}:
            # What is in a modal may be something else by then.
            return
        work = dispatch.finish(invocation, outcome.reply)
        finished = await unless_stopping(self._host.stopping, work)
        if finished:
            await self._add(outcome.request, finished, given)

    async def _add(self, request: Request, finished: Reply, given: str) -> None:
        """Show what came later: in a message of ours that all see, or by a second private one."""
        by = until(self._pace.later_answer)
        late = added(finished)
        if given:
            public = render(replace(finished, audience=Audience.CHANNEL))
            changed = self._web.change(request.place, given, public, until=by)
        elif late is not None:
            # The answer to a slash command cannot be changed at its response_url.
            changed = self._web.respond(
                request.response_url, request.place, render(late), in_place=False, until=by
            )
        else:
            return
        await attempt(lambda: changed, request.invocation.reference)

    async def _work(self, request: Request) -> Outcome:
        reference = request.invocation.reference
        try:
            invocation = await self._people.introduce(request.invocation)
            request = replace(request, invocation=invocation)
            if request.upload:
                invocation = await with_document(
                    self._host, invocation, request.upload, self._shelf
                )
            reply = request.answer or await self._host.dispatch(invocation)
        except UserError as error:
            reply = Notice(text=error.sentence, tone=Tone.ERROR, reference=reference)
        except Exception:
            log.exception("dispatch failed (%s)", reference)
            reply = fault(reference)
        if request.way is Way.MENTION:
            reply = replace(reply, audience=Audience.CHANNEL)
        elif reply.audience is Audience.CHANNEL:
            return await self._share(request, reply)
        return Outcome(request, reply, reply)

    async def _share(self, request: Request, reply: Reply) -> Outcome:
        """Post a shared reply, and note at once what came of it; the outcome says it in words."""
        reference = request.invocation.reference
        by = until(self._pace.shared_post)
        try:
            posted = await self._web.post(request.place, render(reply), until=by)
        except (Unknown, asyncio.CancelledError) as error:
            # Interrupted or not, it may be there. It is not posted again.
            log.warning("perhaps shared: %r (%s)", error.__cause__ or error, reference)
            in_doubt = Notice(text=IN_DOUBT, tone=Tone.ERROR, reference=reference)
            return await self._shared(request, reply, in_doubt)
        except TROUBLE as error:
            log.warning("not shared: %r (%s)", error, reference)
            refusal = why_not_shared(error, self._reader.identity.bot_name, reference)
            refusal = replace(refusal or fault(reference), buttons=_back(request))
            return await self._not_shared(request, reply, refusal)
        except Exception:
            log.exception("not shared (%s)", reference)
            return await self._not_shared(request, reply, fault(reference))
        place = replace(request.place, thread=request.place.thread or posted)
        invocation = replace(request.invocation, thread=place.key())
        return await self._shared(replace(request, invocation=invocation), reply, SHARED)

    async def _shared(self, request: Request, reply: Reply, shown: Notice) -> Outcome:
        """Note, whatever comes, that a post is or may be there, and must not be made again."""
        await asyncio.shield(self._host.dispatch.sent(request.invocation, reply))
        return Outcome(request, shown, reply, posted=True)

    async def _not_shared(self, request: Request, reply: Reply, shown: Notice) -> Outcome:
        """Take the claim back before its sharer is told to press again."""
        await asyncio.shield(self._host.dispatch.unsent(request.invocation, reply))
        return Outcome(request, shown, reply, posted=False)

    async def _deliver(self, outcome: Outcome) -> str | None:
        """Show a reply, or else a plain sentence; return None where the reply is not there.

        Else the id of its message, where all see it, or "".
        """
        reference = outcome.request.invocation.reference
        by = until(self._pace.later_answer)
        given = ""

        async def give() -> None:
            nonlocal given
            given = await self._giver.give(outcome, by)

        if await attempt(give, reference):
            return given
        # A mention's plain sentence would be read by all, and help nobody.
        if outcome.request.way is not Way.MENTION:
            await attempt(lambda: self._giver.give(failed(outcome), by), reference)
        return None

    async def _interrupted(self, request: Request, work: asyncio.Task[Outcome]) -> None:
        """Say, while the process winds down, what came of a request, or that nothing will."""
        reference = request.invocation.reference
        notice = restarting(reference)
        try:
            async with asyncio.timeout(self._pace.apology):
                await asyncio.wait({work})
                outcome = Outcome(request, notice, notice)
                if not work.cancelled():
                    if request.way is Way.MENTION:
                        return  # Its answer may be there, and would be there twice.
                    outcome = work.result()
                await self._deliver(outcome)
        except TimeoutError:
            log.warning("no time left to say that it will not be finished (%s)", reference)


def _back(request: Request) -> tuple[Button, ...]:
    """Return the way back to the card and its picker, from a modal that a refusal replaces."""
    moment = request.invocation.args.get("moment", "")
    back = Button("Back to the card", Action("moment", (moment,)))
    return (back,) if request.way is Way.SUBMIT and moment else ()


def choices(suggestions: Sequence[Suggestion]) -> list[Json]:
    """Return completions as options of a select; one whose value cannot be sent is left out."""
    fitting = [one for one in suggestions if 1 <= len(one.value) <= OPTION_VALUE]
    return listed(value_part(o.label, o.value, o.detail) for o in fitting[:SELECT_OPTIONS])
