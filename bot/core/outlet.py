"""What the core asks of a platform that it posts to by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.catalog import Tenant
from bot.core.reply import Reply


class Outcome(StrEnum):
    """What a platform made of a post."""

    POSTED = "posted"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a post: its ``message`` id, or the ``reason`` it is not there, a sentence.

    REFUSED is for good: the channel, or the permission to post in it, is gone. LATER is surely
    not there, and may be tried again after ``retry_after_s``. UNKNOWN may be there.
    """

    outcome: Outcome
    message: str = ""
    reason: str = ""
    retry_after_s: float = 0.0


class Outlet(Protocol):
    """A platform's way to post by itself, while it is connected.

    ``repeatable`` is whether posting again under the same key shows one message.
    """

    repeatable: bool

    async def post(self, channel: str, reply: Reply, *, key: str, within_s: float) -> Posted:
        """Post a reply for a channel to see; never raises, except CancelledError."""

    async def edit(self, channel: str, message: str, reply: Reply, *, within_s: float) -> bool:
        """Show a reply in the place of a message of the bot's own; return whether it is there.

        ``message`` is what ``post`` returned. Never raises, except CancelledError.
        """

    async def refusal(self, tenant: Tenant, channel: str, *, user: str = "") -> str | None:
        """Return why nothing can be posted in a tenant's channel, a sentence; None where it can.

        ``channel`` may be any text: what is no channel of the tenant's is refused. A platform
        that can tell only by a try makes one if it is given the ``user``, who alone sees it.
        """

    async def find(
        self, channel: str, *, key: str, since: datetime, within_s: float
    ) -> Posted | None:
        """Look for what may have been posted under a key, first ``since`` then; never raises.

        POSTED where it is there, UNKNOWN with a reason where it is not seen: it may come yet.
        None where the platform does not look: it knows keys, or may not read.
        """

    async def tell(self, user: str, reply: Reply) -> bool:
        """Tell one person something in private; return whether it could be."""
