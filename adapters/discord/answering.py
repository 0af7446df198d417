"""Takes one interaction from its arrival to its answer, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import discord
from discord import app_commands

from adapters.contract import Host, JsonObject
from adapters.discord.form import entry_form
from adapters.discord.limits import SUGGESTION_TEXT, SUGGESTIONS
from adapters.discord.publish import (
    NETWORK_ERRORS,
    TOO_LATE,
    Answer,
    PrerenderedForm,
    PrerenderedView,
    persist,
    post,
    why_not_posted,
)
from adapters.discord.render import render
from adapters.discord.translate import Completing, Request, translate
from adapters.running import unless_stopping
from adapters.sentences import SHARED, fault, restarting
from adapters.text import label, units
from adapters.uploads import Shelf, origin_here, with_document
from bot.core.commands import CommandSpec, Invocation
from bot.core.errors import UserError
from bot.core.reply import Audience, Notice, Reply, Suggestion, Tone

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

CDN = ("https://cdn.discordapp.com", "https://media.discordapp.net")
"""Where Discord keeps what people attach."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds. Discord gives 3 s for the first answer (PLATFORM)."""

    defer_after: float = 1.5
    first_answer: float = 2.8
    completions: float = 2.0
    later_answer: float = 60.0
    shared_post: float = 30.0
    drain: float = 8.0
    apology: float = 1.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the work on a request came to: the reply to show, and the core's own.

    ``posted`` is None for a private reply, else whether the shared post is there.
    """

    shown: Reply
    reply: Reply
    posted: bool | None = None


def payload_of(interaction: Interaction) -> JsonObject:
    """Return the parts of an interaction that translate() reads, as Discord's own payload."""
    person = interaction.user
    user: JsonObject = {
        "id": str(person.id),
        "username": person.name,
        "global_name": person.global_name,
    }
    payload: JsonObject = {
        "type": interaction.type.value,
        "locale": interaction.locale.value,
        "app_permissions": str(interaction.app_permissions.value),
        "user": user,
    }
    data: Any = interaction.data
    payload["data"] = data
    if interaction.guild_id is not None:
        payload["guild_id"] = str(interaction.guild_id)
        payload["member"] = {
            "nick": getattr(person, "nick", None),
            "permissions": str(interaction.permissions.value),
            "user": user,
        }
    if interaction.channel is not None:
        payload["channel"] = {
            "id": str(interaction.channel.id),
            "type": interaction.channel.type.value,
        }
    if interaction.message is not None:
        payload["message"] = {"flags": interaction.message.flags.value}
    return payload


class Answering:
    """Answers interactions for one client."""

    def __init__(
        self, client: discord.Client, host: Host, pace: Pace, new_reference: Callable[[], str]
    ) -> None:
        self._client = client
        self._host = host
        self._pace = pace
        self._new_reference = new_reference
        self._replaced: dict[int, asyncio.Event] = {}
        self._shelf = Shelf("Discord", (*CDN, *origin_here(host.settings.discord.api_url)))

    async def answer(self, interaction: Interaction) -> None:
        """Answer an interaction; raise nothing but CancelledError."""
        arrived, reference = asyncio.get_running_loop().time(), self._new_reference()
        deadline = self._host.clock.monotonic() + self._host.settings.limits.answer_within_s
        try:
            asked = translate(payload_of(interaction), reference=reference, deadline=deadline)
            if isinstance(asked, Completing):
                await self._complete(interaction, asked, arrived)
            elif asked is not None and asked.opens is not None:
                await self._open(interaction, asked.opens, arrived, reference)
            elif asked is not None:
                await self._reply(interaction, asked, arrived)
        except Exception:
            log.exception("interaction not answered (%s)", reference)
            await self._excuse(interaction, reference)

    async def _excuse(self, interaction: Interaction, reference: str) -> None:
        """Say that a fault of ours kept an interaction from being read, if it can be said."""
        response = interaction.response
        if interaction.type is discord.InteractionType.autocomplete or response.is_done():
            return
        view = PrerenderedView(render(fault(reference)))
        await _attempt(lambda: response.send_message(view=view, ephemeral=True), reference)

    async def _complete(self, interaction: Interaction, asked: Completing, arrived: float) -> None:
        suggestions: list[Suggestion] = []
        try:
            async with asyncio.timeout_at(arrived + self._pace.completions):
                suggestions = await self._host.dispatch.complete(asked.invocation, asked.option)
        except TimeoutError:
            log.warning("no completions in time (%s)", asked.invocation.reference)
        offered = choices(suggestions)
        await _attempt(
            lambda: persist(
                lambda: interaction.response.autocomplete(offered),
                until=arrived + self._pace.first_answer,
            ),
            asked.invocation.reference,
        )

    async def _open(
        self, interaction: Interaction, spec: CommandSpec, arrived: float, reference: str
    ) -> None:
        """Show the form of a command."""
        shown = PrerenderedForm(entry_form(spec))
        until = arrived + self._pace.first_answer
        opened = await _attempt(
            lambda: persist(lambda: interaction.response.send_modal(shown), until=until), reference
        )
        if opened is Result.REFUSED:
            await self._excuse(interaction, reference)

    async def _reply(self, interaction: Interaction, request: Request, arrived: float) -> None:
        answer = Answer(
            interaction,
            request,
            until=arrived + self._pace.first_answer,
            later=self._pace.later_answer,
        )
        work = asyncio.create_task(self._work(request))
        reference = request.invocation.reference
        loop = asyncio.get_running_loop()
        try:
            # A file takes its time: what brings one is acknowledged at once.
            patience = 0.0 if request.upload else self._pace.defer_after
            await asyncio.wait({work}, timeout=arrived + patience - loop.time())
            if not work.done():
                await _attempt(answer.defer, reference)
            outcome = await work
            delivered = await self._deliver(answer, outcome.shown, reference)
        except asyncio.CancelledError:
            work.cancel()
            await self._apologise(answer, work, reference)
            raise
        if outcome.posted is True:
            return
        dispatch = self._host.dispatch
        done = delivered and outcome.posted is None
        await (dispatch.sent if done else dispatch.unsent)(request.invocation, outcome.reply)
        if done:
            await self._finish(answer, request.invocation, outcome.reply)

    async def _finish(self, answer: Answer, invocation: Invocation, reply: Reply) -> None:
        """Add what comes later to a card, unless something else stands in its place by then."""
        message = answer.message
        if message is None:
            return
        replaced = self._replaced[message] = asyncio.Event()
        try:
            work = self._host.dispatch.finish(invocation, reply)
            finished = await unless_stopping(self._host.stopping, work)
            if finished and not replaced.is_set():
                change = _attempt(lambda: answer.change(finished), invocation.reference)
                # The SDK, too, sends it again, which would take the place of what is newer.
                await unless_stopping(replaced, change)
        finally:
            if self._replaced.get(message) is replaced:
                del self._replaced[message]

    async def _work(self, request: Request) -> Outcome:
        reference = request.invocation.reference
        try:
            reply = request.answer or await self._ask(request)
        except UserError as error:
            reply = Notice(text=error.sentence, tone=Tone.ERROR, reference=reference)
        except Exception:
            log.exception("dispatch failed (%s)", reference)
            reply = fault(reference)
        if reply.audience is not Audience.CHANNEL:
            return Outcome(reply, reply)
        posted = await self._post(request, reply)
        if isinstance(posted, Notice):
            return Outcome(posted, reply, posted=False)
        # At once, and whatever comes: the post is there, and must not be made again.
        await asyncio.shield(self._host.dispatch.sent(_of_thread(request, posted), reply))
        return Outcome(SHARED, reply, posted=True)

    async def _ask(self, request: Request) -> Reply:
        """Return the core's reply; raise UserError for a file that cannot be brought in."""
        invocation = request.invocation
        if request.upload:
            invocation = await with_document(self._host, invocation, request.upload, self._shelf)
        return await self._host.dispatch(invocation)

    async def _post(self, request: Request, reply: Reply) -> Notice | str:
        """Post a shared reply; return its message's id, or why it is not there."""
        invocation = request.invocation
        missing = request.missing_permission()
        if missing:
            return Notice(
                text=f"I may not post here: I lack the permission {missing}. Nothing was "
                "shared; an admin of this server can allow it.",
                tone=Tone.ERROR,
            )
        until = asyncio.get_running_loop().time() + self._pace.shared_post
        try:
            return await post(self._client, invocation, reply, until=until)
        except (discord.HTTPException, *NETWORK_ERRORS) as error:
            log.warning("not shared: %r (%s)", error, invocation.reference)
            return why_not_posted(error, invocation.reference) or fault(invocation.reference)
        except Exception:
            log.exception("not shared (%s)", invocation.reference)
            return fault(invocation.reference)
        except asyncio.CancelledError:
            await asyncio.shield(self._host.dispatch.unsent(invocation, reply))
            raise

    async def _deliver(self, answer: Answer, reply: Reply, reference: str) -> bool:
        """Show a reply, or else a plain sentence; return whether the reply is there."""
        message = answer.replaces(reply)
        replaced = None if message is None else self._replaced.pop(message, None)
        if replaced is not None:
            replaced.set()
        result = await _attempt(lambda: answer.give(reply), reference)
        if result is Result.REFUSED:
            await _attempt(lambda: answer.give(fault(reference)), reference)
        return result is Result.TAKEN

    async def _apologise(self, answer: Answer, work: asyncio.Task[Outcome], reference: str) -> None:
        """Say, while the process winds down, that this will not be finished."""
        notice = restarting(reference)
        try:
            async with asyncio.timeout(self._pace.apology):
                await asyncio.wait({work})
                await _attempt(lambda: answer.give(notice), reference)
        except TimeoutError:
            log.warning("no time left to say that it will not be finished (%s)", reference)


def _of_thread(request: Request, message: str) -> Invocation:
    """Return the invocation of a share as that of the thread which its post is in, or starts."""
    return replace(request.invocation, thread=request.invocation.thread or message)


class Result(Enum):
    """What became of an attempt to send."""

    TAKEN = "taken"
    GONE = "gone"
    REFUSED = "refused"


async def _attempt(send: Callable[[], Awaitable[object]], reference: str) -> Result:
    """Send; GONE where nothing can be sent any more, REFUSED where something else might be."""
    try:
        await send()
    except discord.HTTPException as error:
        if error.code in TOO_LATE:
            log.info("too late to answer: code %s (%s)", error.code, reference)
            return Result.GONE
        log.exception("not accepted (%s)", reference)
        return Result.REFUSED
    except NETWORK_ERRORS as error:
        log.warning("Discord is out of reach: %r (%s)", error, reference)
        return Result.GONE
    except Exception:
        log.exception("not sent (%s)", reference)
        return Result.REFUSED
    return Result.TAKEN


def choices(suggestions: Sequence[Suggestion]) -> list[app_commands.Choice[str]]:
    """Return completions as Discord takes them; one whose value cannot be sent is left out."""
    return [
        app_commands.Choice(
            name=label(suggestion.line(SUGGESTION_TEXT), SUGGESTION_TEXT, suggestion.value),
            value=suggestion.value,
        )
        for suggestion in suggestions
        if 1 <= units(suggestion.value) <= SUGGESTION_TEXT
    ][:SUGGESTIONS]
