"""What Slack tells of the person who asks: the name they show, whether they are an admin."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, replace

from slack_sdk.web.async_client import AsyncWebClient

from adapters.payload import flag, obj, text
from adapters.slack.publish import TROUBLE, answered
from adapters.text import is_blank, tidy
from bot.core.commands import Invocation
from bot.core.ports import Clock

log = logging.getLogger(__name__)

KEPT_S = 600.0
"""How long what is known of a person holds: so late is a new admin one here."""

KEPT_UNKNOWN_S = 30.0
"""How long it is not asked again where there was no answer: nobody should wait each time."""

MOST = 10_000
"""People remembered; beyond it the one unseen for longest is forgotten."""

WITHIN_S = 1.0
"""Seconds a question about a person may take; without an answer they are taken as they come."""


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    name: str = ""
    is_admin: bool = False
    locale: str = ""
    zone: str = ""


class People:
    """Asks ``users.info`` once in a while for each person, and remembers the answer."""

    def __init__(self, client: AsyncWebClient, clock: Clock, team: str) -> None:
        self._client = client
        self._team = team
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def introduce(self, invocation: Invocation) -> Invocation:
        """Return the invocation with what is known of its caller; never raises."""
        user = invocation.user
        known = await self._look_up(user.id)
        is_admin = user.is_admin or known.is_admin
        user = replace(user, name=known.name or user.name, is_admin=is_admin)
        locale = known.locale or invocation.locale
        return replace(invocation, user=user, locale=locale, zone=known.zone)

    async def _look_up(self, ident: str) -> _Known:
        if not ident:
            return _Known(0)
        known = self._known.get(ident)
        if known is None or known.until <= self._clock.monotonic():
            known = await self._ask(ident, known)
            self._known[ident] = known
        self._known.move_to_end(ident)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return known

    async def _ask(self, ident: str, before: _Known | None) -> _Known:
        """Return what Slack says of a person, or else what was known before."""
        try:
            async with asyncio.timeout(WITHIN_S):
                answer = await answered(self._client.users_info(user=ident, include_locale=True))
        except TROUBLE as error:
            log.warning("nothing is known of a caller: %r", error)
            until = self._clock.monotonic() + KEPT_UNKNOWN_S
            # Who was an admin may not be one any more; a name does no harm.
            return replace(before or _Known(0), until=until, is_admin=False)
        user = obj(answer.data if isinstance(answer.data, dict) else {}, "user")
        profile = obj(user, "profile")
        # An admin of another workspace, met in a shared channel, is none here.
        own = text(user, "team_id") in {"", self._team}
        return _Known(
            self._clock.monotonic() + KEPT_S,
            _name(text(profile, "display_name"), text(profile, "real_name"), text(user, "name")),
            own and (flag(user, "is_admin") or flag(user, "is_owner")),
            text(user, "locale"),
            text(user, "tz"),
        )


def _name(*names: str) -> str:
    """Return the first name that can be seen."""
    return next((name for name in map(tidy, names) if not is_blank(name)), "")
