"""Sends: answers to interactions, edits and shared posts, through the SDK, again where it helps.

discord.py repeats a request on 429 and most 5xx itself. What it does not repeat is a dropped
connection and a 429 that Cloudflare answers; and it knows nothing of the 3 seconds an
interaction has. Both are looked after here.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any

import aiohttp
import discord

from adapters.contract import JsonObject
from adapters.discord.form import form
from adapters.discord.limits import NONCE
from adapters.discord.render import render
from adapters.discord.translate import Kind, Request
from adapters.payload import text
from bot.core.commands import Invocation
from bot.core.reply import Choice, Notice, Reply, Tone

TOO_LATE = frozenset({10008, 10015, 10062, 40060, 50027})
"""Codes of an interaction that is over: expired, answered elsewhere, or its message deleted."""

ALREADY_ACKNOWLEDGED = 40060

TRIES = 4
CHANGE_WITHIN_S = 10.0
"""Seconds to add to a card what came later; after that it is left as it is."""

PAUSE_S = 0.25
"""Before the second try; doubled before each further one."""

NETWORK_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)


class PrerenderedView(discord.ui.LayoutView):
    """Components that are data already. Finished from the start: the SDK keeps nothing of it."""

    def __init__(self, body: JsonObject) -> None:
        super().__init__(timeout=None)
        parts = body["components"]
        self._parts = (
            [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
        )
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        """Return the components as they were rendered."""
        return list(self._parts)

    def has_components_v2(self) -> bool:
        """Return that these are Components V2, which sets the message's flag."""
        return True


class PrerenderedForm(discord.ui.Modal):
    """A form that is data already; its answer comes back like any other interaction."""

    def __init__(self, data: JsonObject) -> None:
        super().__init__(title=text(data, "title"), custom_id=text(data, "custom_id"))
        self._data = data
        self.stop()

    def to_dict(self) -> dict[str, Any]:
        """Return the form as it was rendered."""
        return self._data


class _Deferred(Enum):
    """How an answer was put off: a new message is awaited, or the pressed one stays."""

    NEW = "new"
    IN_PLACE = "in place"


class Answer:
    """The one answer an interaction may be given, in whatever form is still allowed.

    ``until`` is on the event loop's clock: the end of the time for the first callback.
    ``message`` is the id of the message that it can still change, None until it is known.
    """

    def __init__(
        self, interaction: discord.Interaction[Any], request: Request, *, until: float, later: float
    ) -> None:
        self._interaction = interaction
        self._request = request
        self._until = until
        self._later = later
        self._deferred: _Deferred | None = None
        self.message: int | None = None

    async def defer(self) -> None:
        """Acknowledge now and answer later."""
        in_place = self._request.on_private and self._request.kind is not Kind.COMMAND
        response = self._interaction.response
        # Noted before it is sent: where its answer is lost, a later edit still finds its message.
        self._deferred = _Deferred.IN_PLACE if in_place else _Deferred.NEW
        await persist(
            lambda: response.defer(ephemeral=True, thinking=not in_place), until=self._until
        )

    def replaces(self, reply: Reply) -> int | None:
        """Return the id of the private message whose place a reply takes; None for none."""
        message = self._interaction.message
        return message.id if message is not None and self._in_place(reply) else None

    async def change(self, reply: Reply) -> None:
        """Show a reply in the place of the one that was given; raise as ``give`` does."""
        view = PrerenderedView(render(reply))
        until = asyncio.get_running_loop().time() + min(self._later, CHANGE_WITHIN_S)
        await persist(lambda: self._interaction.edit_original_response(view=view), until=until)

    async def give(self, reply: Reply) -> None:
        """Show a reply to the caller alone; raise HTTPException or a network error."""
        if self._deferred is None:
            await persist(lambda: self._callback(reply), until=self._until)
            return
        until = asyncio.get_running_loop().time() + self._later
        await persist(lambda: self._follow_up(reply), until=until)

    def _in_place(self, reply: Reply) -> bool:
        """Return whether a reply may take the place of the private card that was pressed.

        A notice or a form must not: the card would be lost for a sentence.
        """
        asks_for_words = isinstance(reply, Choice) and reply.comment is not None
        return self._request.on_private and not isinstance(reply, Notice) and not asks_for_words

    async def _callback(self, reply: Reply) -> None:
        response = self._interaction.response
        asked = form(reply) if self._request.may_open_form else None
        if asked is not None:
            await response.send_modal(PrerenderedForm(asked))
            return
        view = PrerenderedView(render(reply))
        if self._in_place(reply):
            await response.edit_message(view=view)
            self.message = self.replaces(reply)
        else:
            # Left out, or the SDK would add an empty ``content`` to the body that was rendered;
            # its types know only of leaving it to that default.
            sent = await response.send_message(  # type: ignore[call-overload]
                discord.utils.MISSING, view=view, ephemeral=True
            )
            self.message = sent.message_id

    async def _follow_up(self, reply: Reply) -> None:
        view = PrerenderedView(render(reply))
        if self._deferred is _Deferred.IN_PLACE and not self._in_place(reply):
            await self._interaction.followup.send(view=view, ephemeral=True)
        else:
            self.message = (await self._interaction.edit_original_response(view=view)).id


async def persist(call: Callable[[], Awaitable[object]], *, until: float) -> None:
    """Make a call, again after a passing failure, until a time on the event loop's clock.

    Raise HTTPException, or a network error, when it still fails then.
    """
    loop = asyncio.get_running_loop()
    pause = PAUSE_S
    async with asyncio.timeout_at(until):
        for attempt in range(1, TRIES + 1):
            try:
                await call()
            except discord.HTTPException as error:
                if error.code == ALREADY_ACKNOWLEDGED and attempt > 1:
                    return  # An earlier try arrived after all; only its answer was lost.
                if not is_passing(error) or attempt == TRIES:
                    raise
            except NETWORK_ERRORS:
                if attempt == TRIES or loop.time() >= until:
                    raise
            else:
                return
            await asyncio.sleep(pause)
            pause *= 2


def is_passing(error: discord.HTTPException) -> bool:
    """Return whether a refusal may be gone in a moment."""
    return error.status == 429 or error.status >= 500


def nonce_of(invocation: Invocation) -> str:
    """Return the same nonce for the same press in the same channel, so it is posted once."""
    args = sorted(invocation.args.items())
    text = repr((invocation.tenant, invocation.channel, invocation.command, args))
    return hashlib.blake2b(text.encode(), digest_size=NONCE // 2).hexdigest()


async def post(
    client: discord.Client, invocation: Invocation, reply: Reply, *, until: float
) -> str:
    """Post a reply to the invocation's channel, once; return the message's id.

    Raise HTTPException or a network error.
    """
    channel = int(invocation.channel)
    return await post_under(client, channel, reply, nonce=nonce_of(invocation), until=until)


async def post_under(
    client: discord.Client, ident: int, reply: Reply, *, nonce: str, until: float
) -> str:
    """Post a reply to a channel, once under a nonce; return the message's id.

    Raise HTTPException or a network error.
    """
    channel, view = client.get_partial_messageable(ident), PrerenderedView(render(reply))
    sent: list[discord.Message] = []

    async def send() -> None:
        sent.append(await channel.send(view=view, nonce=nonce))

    await _persist_for(client, send, until=until)
    # A thread that is started from a message has the message's id.
    return str(sent[-1].id)


async def edit_message(
    client: discord.Client, channel: int, message: int, reply: Reply, *, until: float
) -> None:
    """Show a reply in the place of a message of the bot's own that all see.

    Raise HTTPException or a network error.
    """
    place, view = client.get_partial_messageable(channel), PrerenderedView(render(reply))
    # An edit that names no content is sent without the client's own word on mentions.
    nobody = discord.AllowedMentions.none()
    await _persist_for(
        client,
        lambda: place.get_partial_message(message).edit(view=view, allowed_mentions=nobody),
        until=until,
    )


async def _persist_for(
    client: discord.Client, call: Callable[[], Awaitable[object]], *, until: float
) -> None:
    """Make a call of a client, again after a passing failure; raise as ``persist`` does."""
    try:
        await persist(call, until=until)
    except TimeoutError:
        # Interrupted while it waits out a global rate limit, the SDK would let no request of
        # this client through any more.
        client.http._global_over.set()
        raise


LOCKED = "This thread is locked."
NO_MESSAGES = "This kind of channel takes no messages."

_REFUSED = {
    50001: "I cannot see this channel: I lack the permission View Channel.",
    50013: "I may not post in this channel: I lack a permission such as Send Messages.",
    10003: "This channel is gone.",
    50083: "This thread is archived.",
    160005: LOCKED,
    50008: NO_MESSAGES,
    50024: NO_MESSAGES,
}

NOT_TAKEN = "Discord did not take the post just now."


def refusal_of(error: Exception) -> str | None:
    """Return why a post was refused for good; None for other trouble, or a fault of our own."""
    return _REFUSED.get(error.code) if isinstance(error, discord.HTTPException) else None


def why_not_posted(error: Exception, reference: str) -> Notice | None:
    """Return what to tell the sharer about a failed post; None where it is our own fault."""
    if isinstance(error, discord.HTTPException) and not is_passing(error):
        cause = refusal_of(error)
        text = f"{cause} Nothing was shared." if cause else None
    else:
        text = f"{NOT_TAKEN} Nothing was lost; please press Share again."
    return Notice(text=text, tone=Tone.ERROR, reference=reference) if text else None
