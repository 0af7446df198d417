"""Looks in a channel's history for a post of the bot's own, where the operator lets it.

The one exception to "nothing is read that was not addressed to the bot" (docs/promises.md): off
by default, made only after a post of which nothing is known. Of what comes back only the bot's
own messages' metadata and times are looked at; nothing of it is kept or logged.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from adapters.contract import JsonObject
from adapters.payload import flag, obj, objects, text
from adapters.slack.credentials import looks_up_posts
from adapters.slack.identity import Identity
from adapters.slack.publish import NOT_SAID, TROUBLE, Web, code_of
from bot.core.outlet import Outcome, Posted
from bot.core.settings import SlackSettings

log = logging.getLogger(__name__)

EVENT = "segue_delivery"
"""The type of the metadata by which a post is found again."""

BEFORE, AFTER = timedelta(seconds=30), timedelta(minutes=5)
"""How far around the first try is looked: two clocks differ, and Slack may have taken its time."""

MOST = 15
"""Messages of one page, all that Slack gives some apps (PLATFORM 4.4)."""

_TS = re.compile(r"[0-9]{1,15}\.[0-9]{1,10}")

NOT_SHOWN = f"{NOT_SAID} The channel's history does not show it."
TOO_MUCH = f"{NOT_SAID} Too much was said in the channel since to look through."
NOT_READ = f"{NOT_SAID} The channel's history could not be read."
_REFUSED = {
    "missing_scope": f"{NOT_SAID} To look for it I lack a scope; `doctor` says which.",
    "not_in_channel": f"{NOT_SAID} To look for it I would have to be in the channel.",
    "channel_not_found": f"{NOT_SAID} To look for it I would have to be in the channel.",
}


class History:
    """The channels' history, as far as it may be looked into."""

    def __init__(self, web: Web, identity: Identity, settings: SlackSettings) -> None:
        self._web = web
        self._identity = identity
        self.is_open = looks_up_posts(settings)

    async def find(self, channel: str, key: str, since: datetime, within_s: float) -> Posted:
        """Return the bot's own post under a key, or why it is not seen."""
        until = asyncio.get_running_loop().time() + within_s
        try:
            page = await self._web.history(
                channel,
                oldest=(since - BEFORE).timestamp(),
                latest=(since + AFTER).timestamp(),
                limit=MOST,
                until=until,
            )
            return self._read(page, key)
        except TROUBLE as error:
            code = code_of(error)
            log.warning("not looked up: %s (%s)", code or type(error).__name__, key)
            return Posted(Outcome.UNKNOWN, reason=_REFUSED.get(code, NOT_READ))
        except Exception as error:
            # Its text and its frames may hold what people wrote.
            log.error("not looked up: a fault of mine, %s (%s)", type(error).__name__, key)
            return Posted(Outcome.UNKNOWN, reason=NOT_READ)

    def _read(self, page: JsonObject, key: str) -> Posted:
        found = next(self._own(page, key), "")
        if found:
            return Posted(Outcome.POSTED, found)
        if not isinstance(page.get("messages"), list):
            return Posted(Outcome.UNKNOWN, reason=NOT_READ)
        reason = TOO_MUCH if flag(page, "has_more") else NOT_SHOWN
        return Posted(Outcome.UNKNOWN, reason=reason)

    def _own(self, page: JsonObject, key: str) -> Iterator[str]:
        """Yield the times of the bot's own messages under a key. Anybody may send its metadata."""
        for message in objects(page, "messages"):
            author = (text(message, "user"), text(message, "bot_id"))
            if author != (self._identity.bot_user, self._identity.bot) or not all(author):
                continue
            metadata, ts = obj(message, "metadata"), text(message, "ts")
            named = (text(metadata, "event_type"), text(obj(metadata, "event_payload"), "key"))
            if named == (EVENT, key) and _TS.fullmatch(ts):
                yield ts
