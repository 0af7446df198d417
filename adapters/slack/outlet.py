"""Posts to Slack by itself: to a channel, once, or to one person."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from adapters.contract import JsonObject
from adapters.running import Running
from adapters.sentences import POST_FAULT
from adapters.slack.channels import may_be_posted_in
from adapters.slack.credentials import refusal_of
from adapters.slack.history import EVENT, History
from adapters.slack.identity import Identity
from adapters.slack.place import Place
from adapters.slack.publish import (
    NOT_SAID,
    NOT_TAKEN,
    TROUBLE,
    Unknown,
    Web,
    code_of,
    is_passing,
    pause_asked_for,
    refusal_of_post,
)
from adapters.slack.render import render
from bot.core.catalog import Tenant
from bot.core.outlet import Outcome, Posted
from bot.core.reply import Notice, Reply

log = logging.getLogger(__name__)

TELL_WITHIN_S = 15.0
ASK_WITHIN_S = 3.0

MAY_POST = Notice(text="The daily digest is being turned on here. Only you see this.")
NOT_HERE = "That is no channel of this workspace."
NOT_KNOWN = "Slack does not say just now whether I may post there. Please try again."
YOU_ARE_NOT = "You are not in that channel yourself."


class SlackOutlet:
    """Posts with the bot's token. A stop waits for what was begun.

    Slack knows no keys: what may be there is not posted again, but may be looked for.
    """

    repeatable = False

    def __init__(self, web: Web, identity: Identity, running: Running, history: History) -> None:
        self._history = history
        self._web = web
        self._identity = identity
        self._running = running

    async def post(self, channel: str, reply: Reply, *, key: str, within_s: float) -> Posted:
        """Post a reply, with ``key`` in its metadata."""
        work = self._post(channel, reply, key, within_s)
        return await self._running.finished(work) or _in_doubt()

    async def _post(self, channel: str, reply: Reply, key: str, within_s: float) -> Posted:
        metadata: JsonObject = {"event_type": EVENT, "event_payload": {"key": key}}
        try:
            body = render(reply) | {"metadata": metadata}
        except Exception:
            log.exception("not rendered (%s)", key)
            return Posted(Outcome.REFUSED, reason=POST_FAULT)
        try:
            message = await self._web.post(Place(channel), body, until=_until(within_s))
        except Unknown as error:
            log.warning("perhaps posted: %r (%s)", error.__cause__, key)
            return _in_doubt()
        except TROUBLE as error:
            log.warning("not posted: %r (%s)", error, key)
            return self._not_posted(error, key)
        except Exception:
            log.exception("perhaps posted (%s)", key)
            return _in_doubt()
        return Posted(Outcome.POSTED, message)

    def _not_posted(self, error: Exception, key: str) -> Posted:
        """Return what came of a post that is surely not there; call it where that is handled."""
        bad_token = refusal_of(code_of(error), "SLACK_BOT_TOKEN")
        refusal = refusal_of_post(error, self._identity.bot_name)
        if bad_token or refusal:
            return Posted(Outcome.REFUSED, reason=refusal or str(bad_token))
        if is_passing(error):
            return Posted(Outcome.LATER, reason=NOT_TAKEN, retry_after_s=pause_asked_for(error))
        log.exception("a post that Slack does not take (%s)", key)
        return Posted(Outcome.REFUSED, reason=POST_FAULT)

    async def edit(self, channel: str, message: str, reply: Reply, *, within_s: float) -> bool:
        """Show a reply in the place of a message; False where it is gone, or Slack does not."""
        work = self._edit(Place(channel), message, reply, within_s)
        return await self._running.finished(work) or False

    async def _edit(self, place: Place, message: str, reply: Reply, within_s: float) -> bool:
        try:
            await self._web.change(place, message, render(reply), until=_until(within_s))
        except TROUBLE as error:
            log.info("a message was not changed: %r", error)
            return False
        except Exception:
            log.exception("a message was not changed")
            return False
        return True

    async def refusal(self, tenant: Tenant, channel: str, *, user: str = "") -> str | None:
        """Return why nothing can be posted in a channel, or cannot be known; None where it can.

        To look a channel up takes scopes (channels:read, groups:read) that nothing else needs.
        So ``user`` is shown a word there: Slack takes it only if the bot is in the channel, and
        the user too. Without a user the first post tells.
        """
        if tenant != self._identity.tenant or not may_be_posted_in(channel):
            return NOT_HERE
        if not user:
            return None
        try:
            await self._web.whisper(
                Place(channel), user, render(MAY_POST), until=_until(ASK_WITHIN_S)
            )
        except TROUBLE as error:
            log.info("not known whether posts may be made: %r", error)
            gone = code_of(error) == "user_not_in_channel"
            refusal = YOU_ARE_NOT if gone else refusal_of_post(error, self._identity.bot_name)
            return refusal or NOT_KNOWN
        return None

    async def find(
        self, channel: str, *, key: str, since: datetime, within_s: float
    ) -> Posted | None:
        """Look for a post in the channel's history, where the operator lets it; else None."""
        if not self._history.is_open:
            return None
        work = self._history.find(channel, key, since, within_s)
        return await self._running.finished(work) or _in_doubt()

    async def tell(self, user: str, reply: Reply) -> bool:
        """Send somebody a direct message; False where Slack does not take it, or does not say."""
        return await self._running.finished(self._tell(user, reply)) or False

    async def _tell(self, user: str, reply: Reply) -> bool:
        try:
            # A person's id stands for the direct messages with them, and needs no other scope.
            await self._web.post(Place(user), render(reply), until=_until(TELL_WITHIN_S))
        except (Unknown, *TROUBLE) as error:
            log.info("somebody could not be told: %r", error.__cause__ or error)
            return False
        except Exception:
            log.exception("somebody could not be told")
            return False
        return True


def _in_doubt() -> Posted:
    return Posted(Outcome.UNKNOWN, reason=NOT_SAID)


def _until(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds
