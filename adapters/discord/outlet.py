"""Posts to Discord by itself: to a channel under a key, once, or to one person."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from datetime import datetime

import discord

from adapters.discord.attempts import Attempts, watched
from adapters.discord.limits import NONCE
from adapters.discord.publish import (
    LOCKED,
    NETWORK_ERRORS,
    NO_MESSAGES,
    NOT_TAKEN,
    edit_message,
    is_passing,
    persist,
    post_under,
    refusal_of,
)
from adapters.discord.translate import missing_permission, tenant_of
from adapters.running import Running
from adapters.sentences import POST_FAULT
from bot.core.catalog import Tenant
from bot.core.outlet import Outcome, Posted
from bot.core.reply import Reply

log = logging.getLogger(__name__)

_SNOWFLAKE = re.compile(r"[0-9]{1,20}")

ASK_WITHIN_S = 5.0
TELL_WITHIN_S = 15.0

NOT_SAID = "Discord did not say whether the post arrived."
NOT_KNOWN = "Discord does not say just now whether I may post there. Please try again."
NOT_HERE = "That is no channel of this server."
LOCKED_OUT = "Discord does not take my token any more. Whoever runs me has to renew it."


class DiscordOutlet:
    """Posts through a client that is connected. A stop waits for what was begun."""

    repeatable = True

    def __init__(self, client: discord.Client, running: Running) -> None:
        self._client = client
        self._running = running

    async def post(self, channel: str, reply: Reply, *, key: str, within_s: float) -> Posted:
        """Post a reply, with ``key`` as the nonce; at most 25 characters, as Discord keeps it."""
        work = self._post(channel, reply, key, within_s)
        return await self._running.finished(work) or _in_doubt()

    async def _post(self, channel: str, reply: Reply, key: str, within_s: float) -> Posted:
        until = asyncio.get_running_loop().time() + within_s
        if self._client.is_closed():
            return _later()
        with watched() as attempts:
            try:
                message = await post_under(
                    self._client, int(channel), reply, nonce=key, until=until
                )
            except (discord.HTTPException, *NETWORK_ERRORS) as error:
                return _not_posted(error, attempts, key)
            except Exception:
                log.exception("not posted (%s)", key)
                return _in_doubt() if attempts.may_have_posted else _fault()
        return Posted(Outcome.POSTED, message)

    async def edit(self, channel: str, message: str, reply: Reply, *, within_s: float) -> bool:
        """Show a reply in the place of a message; False where it is gone, or Discord does not."""
        if not (_SNOWFLAKE.fullmatch(channel) and _SNOWFLAKE.fullmatch(message)):
            return False
        work = self._edit(int(channel), int(message), reply, within_s)
        return await self._running.finished(work) or False

    async def _edit(self, channel: int, message: int, reply: Reply, within_s: float) -> bool:
        until = asyncio.get_running_loop().time() + within_s
        if self._client.is_closed():
            return False
        try:
            await edit_message(self._client, channel, message, reply, until=until)
        except (discord.HTTPException, *NETWORK_ERRORS) as error:
            log.info("a message was not changed: %r", error)
            return False
        except Exception:
            log.exception("a message was not changed")
            return False
        return True

    async def refusal(self, tenant: Tenant, channel: str, *, user: str = "") -> str | None:
        """Return why nothing can be posted in a channel, or cannot be known; None where it can.

        One call: the channel is asked for, and with it who may do what there. The rest, the
        bot's own roles above all, is kept up to date by the gateway.
        """
        if not _SNOWFLAKE.fullmatch(channel):
            return NOT_HERE
        try:
            async with asyncio.timeout(ASK_WITHIN_S):
                found = await self._client.fetch_channel(int(channel))
        except (discord.HTTPException, *NETWORK_ERRORS) as error:
            log.info("not known whether posts may be made: %r", error)
            too_long = isinstance(error, discord.HTTPException) and error.status == 400
            return refusal_of(error) or (NOT_HERE if too_long else NOT_KNOWN)
        except discord.InvalidData:
            return NO_MESSAGES
        return _refusal_in(found, tenant)

    async def find(
        self, channel: str, *, key: str, since: datetime, within_s: float
    ) -> Posted | None:
        """Return nothing: here a post is made again under its key, and found so."""
        return None

    async def tell(self, user: str, reply: Reply) -> bool:
        """Send somebody a direct message; False where they take none, or Discord does not."""
        return await self._running.finished(self._tell(user, reply)) or False

    async def _tell(self, user: str, reply: Reply) -> bool:
        until = asyncio.get_running_loop().time() + TELL_WITHIN_S
        opened: list[discord.DMChannel] = []

        async def open_channel() -> None:
            opened.append(await self._client.create_dm(discord.Object(int(user))))

        try:
            await persist(open_channel, until=until)
            nonce = secrets.token_hex(NONCE // 2)
            await post_under(self._client, opened[-1].id, reply, nonce=nonce, until=until)
        except (discord.HTTPException, *NETWORK_ERRORS) as error:
            log.info("somebody could not be told: %r", error)
            return False
        except Exception:
            log.exception("somebody could not be told")
            return False
        return True


def _in_doubt() -> Posted:
    return Posted(Outcome.UNKNOWN, reason=NOT_SAID)


def _later(retry_after_s: float = 0.0) -> Posted:
    return Posted(Outcome.LATER, reason=NOT_TAKEN, retry_after_s=retry_after_s)


def _fault() -> Posted:
    return Posted(Outcome.REFUSED, reason=POST_FAULT)


def _not_posted(error: Exception, attempts: Attempts, key: str) -> Posted:
    """Return what a failed post came to; call it where the error is handled."""
    if attempts.may_have_posted:
        log.warning("perhaps posted: %r (%s)", error, key)
        return _in_doubt()
    log.warning("not posted: %r (%s)", error, key)
    if not isinstance(error, discord.HTTPException) or is_passing(error):
        return _later(attempts.retry_after_s)
    refusal = LOCKED_OUT if error.status == 401 else refusal_of(error)
    if refusal is not None:
        return Posted(Outcome.REFUSED, reason=refusal)
    log.exception("a post that Discord does not take (%s)", key)
    return _fault()


def _refusal_in(found: object, tenant: Tenant) -> str | None:
    """Return why nothing can be posted in a channel that the bot could ask for."""
    if not isinstance(found, (discord.abc.GuildChannel, discord.Thread)):
        return NOT_HERE
    if tenant_of(found.guild.id) != tenant:
        return NOT_HERE
    if not isinstance(found, discord.abc.Messageable):
        return NO_MESSAGES
    thread = found if isinstance(found, discord.Thread) else None
    if found.guild.me is None or (thread and thread.parent is None):
        return None  # What is not known here, the first post tells.
    may = found.permissions_for(found.guild.me)
    missing = missing_permission(may.value, in_thread=thread is not None)
    if missing:
        return f"I may not post in this channel: I lack the permission {missing}."
    return LOCKED if thread and thread.locked and not may.manage_threads else None
