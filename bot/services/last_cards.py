"""Remembers the episode of the last card a person was shown in a channel, or a thread saw."""

from __future__ import annotations

from collections import OrderedDict

from bot.core.catalog import Tenant
from bot.core.commands import Invocation
from bot.core.reply import Audience, MomentCard, MomentList, Reply
from bot.services.registry import Ports
from bot.services.sharing import SHARE

AGAIN_AFTER_S = 60.0
"""How long the same note is not written anew: who reads on presses buttons in quick succession,
and a write costs as much as an answer. A minute less of fifteen is no loss."""

MOST = 10_000
"""Notes known without asking the store; beyond it the oldest is written again when it recurs."""


def of_thread(invocation: Invocation) -> tuple[str, str]:
    """Return the (channel, user) under which a thread's own last card is remembered."""
    return f"thread {invocation.thread}", ""


class LastCards:
    """Notes what was shown, once it is there."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._noted: OrderedDict[tuple[Tenant, str, str], tuple[int, float]] = OrderedDict()

    async def note(self, invocation: Invocation, reply: Reply) -> None:
        """Note the episode of a reply, for its caller and for the thread that all can read."""
        episode = _episode_shown(reply)
        if episode is None:
            return
        aloud = reply.audience is Audience.CHANNEL
        if not aloud or invocation.command != SHARE:
            await self._note(invocation.tenant, invocation.channel, invocation.user.id, episode)
        if aloud and invocation.thread:
            await self._note(invocation.tenant, *of_thread(invocation), episode)

    async def _note(self, tenant: Tenant, channel: str, user: str, episode: int) -> None:
        clock, place = self._ports.clock, (tenant, channel, user)
        before, since = self._noted.get(place, (0, 0.0))
        if before == episode and clock.monotonic() - since < AGAIN_AFTER_S:
            return
        await self._ports.store.remember_card(tenant, channel, user, episode, clock.now())
        self._noted[place] = (episode, clock.monotonic())
        self._noted.move_to_end(place)
        if len(self._noted) > MOST:
            self._noted.popitem(last=False)


def _episode_shown(reply: Reply) -> int | None:
    if isinstance(reply, MomentCard):
        return reply.moment.episode.id
    if isinstance(reply, MomentList) and len(reply.groups) == 1:
        return reply.groups[0].episode.id
    return None
