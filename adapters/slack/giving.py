"""Gives an answer the way its request came: in a thread, as a message, in a modal or over it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import assert_never

from adapters.contract import JsonObject
from adapters.entry import form_of
from adapters.sentences import fault
from adapters.slack import views
from adapters.slack.asked import Request, Way
from adapters.slack.pace import Pace, until
from adapters.slack.publish import TROUBLE, Unknown, Web, is_gone, is_passing
from adapters.slack.render import render
from bot.core.reply import Notice, Reply, Tone

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the work on a request came to: the reply to show, and the core's own.

    ``posted`` is None for a reply to the caller, else whether the shared post is there (or may
    be there: it is not made again).
    """

    request: Request
    shown: Reply
    reply: Reply
    posted: bool | None = None


class Giver:
    """Gives answers by the Web API and at response addresses."""

    def __init__(self, web: Web, pace: Pace) -> None:
        self._web = web
        self._pace = pace

    async def give(self, outcome: Outcome, by: float) -> str:
        """Show a reply the way its request came; raise Unknown or one of TROUBLE.

        Return the id of its message, where all see it, else "".
        """
        request, reply = outcome.request, outcome.shown
        match request.way:
            case Way.MENTION:
                return await self._web.post(request.place, render(reply), until=by)
            case Way.VIEW:
                await self._give_in_view(request, reply, by)
            case Way.SUBMIT:
                view = submitted(request, reply)
                await self._web.update(view, until=by, external_id=_external_id(request))
            case Way.CLICK | Way.MENU | Way.SLASH:
                await self._give_as_message(request, reply, by)
            case _:
                assert_never(request.way)
        return ""

    async def _give_as_message(self, request: Request, reply: Reply, by: float) -> None:
        form = views.form(reply, request.place)
        if form is not None and request.trigger:
            soon = min(by, until(self._pace.opening))
            if await attempt(
                lambda: self._web.open(request.trigger, form, until=soon),
                request.invocation.reference,
            ):
                return
        await self._web.respond(
            request.response_url,
            request.place,
            render(reply),
            # A sentence must not take the place of the card: the card would be lost for it.
            in_place=request.on_private and not isinstance(reply, Notice) and form is None,
            until=by,
        )

    async def _give_in_view(self, request: Request, reply: Reply, by: float) -> None:
        form = views.form(reply, request.place)
        view = form or _result(request, reply, clears=request.clears)
        if (form is not None or isinstance(reply, Notice)) and not request.on_notice:
            soon = min(by, until(self._pace.opening))
            if await attempt(
                lambda: self._web.push(request.trigger, view, until=soon),
                request.invocation.reference,
            ):
                return
        await self._web.update(view, until=by, view_id=request.view)


def submitted(request: Request, reply: Reply) -> JsonObject:
    """Return the view that answers a submitted one.

    Once a command's form is done with, closing the answer closes the form below it too; after a
    sentence about what is wrong with it, the form is there to be mended.
    """
    is_trouble = isinstance(reply, Notice) and reply.tone in {Tone.ERROR, Tone.USAGE}
    is_done = form_of(request.invocation.command) is not None and not is_trouble
    return _result(request, reply, clears=is_done)


def _result(request: Request, reply: Reply, *, clears: bool) -> JsonObject:
    view = views.result(reply, request.place)
    return view | {"clear_on_close": True} if clears else view


def failed(outcome: Outcome) -> Outcome:
    """Return an outcome as the plain sentence for a fault of ours."""
    return replace(outcome, shown=fault(outcome.request.invocation.reference), posted=None)


def _external_id(request: Request) -> str:
    return f"segue-{request.invocation.reference}"


def waiting(request: Request) -> JsonObject:
    """Return the answer to a submitted view that stands until there is another."""
    words = "Reading…" if request.upload else "Still looking…"
    return after_submit(request, views.waiting(_external_id(request), request.place, words))


def after_submit(request: Request, view: JsonObject) -> JsonObject:
    """Return what shows a view after a submitted one: over it, or in its place.

    What a search or a command's form was filled in with stays below, to go on from there.
    """
    is_kept = request.invocation.command == "topic" or form_of(request.invocation.command)
    action = "push" if is_kept else "update"
    return {"response_action": action, "view": view}


async def attempt(send: Callable[[], Awaitable[object]], reference: str) -> bool:
    """Send; return whether it is there."""
    try:
        await send()
    except (Unknown, *TROUBLE) as error:
        quiet = isinstance(error, Unknown) or is_gone(error) or is_passing(error)
        log.log(logging.WARNING if quiet else logging.ERROR, "not sent: %r (%s)", error, reference)
        return False
    except Exception:
        log.exception("not sent (%s)", reference)
        return False
    return True
