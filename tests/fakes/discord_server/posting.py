"""Posts to channels: what the bot may do where, and nonces that keep a post from being doubled."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.discord_server.errors import (
    MISSING_PERMISSIONS,
    TAKES_NO_MESSAGES,
    THREAD_ARCHIVED,
    Refused,
)
from tests.fakes.discord_server.messages import EPHEMERAL, MessageRecord, Messages
from tests.fakes.discord_server.world import (
    ADMINISTRATOR,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    THREADS,
    Channel,
)


def check_may_post(channel: Channel) -> None:
    """Raise Refused where the bot may not write."""
    if channel.recipient and not channel.recipient.takes_messages:
        raise Refused(403, TAKES_NO_MESSAGES, "Cannot send messages to this user")
    needed = SEND_IN_THREADS if channel.type in THREADS else SEND_MESSAGES
    if not channel.permissions & (needed | ADMINISTRATOR):
        raise Refused(403, MISSING_PERMISSIONS, "Missing Permissions")
    if channel.archived:
        raise Refused(400, THREAD_ARCHIVED, "Thread is archived")


class Posting:
    """Takes posts; ``nonce_window`` is how many seconds an enforced nonce is remembered."""

    def __init__(self, messages: Messages, nonce_window: float) -> None:
        self._messages = messages
        self.nonce_window = nonce_window
        self._nonces: dict[str, tuple[float, MessageRecord]] = {}

    def post(self, channel: Channel, body: dict[str, Any]) -> MessageRecord:
        """Return the new message, or the one that was posted with the same nonce.

        A nonce counts for the bot as the author, in whatever channel (create message page).
        """
        nonce = str(body["nonce"]) if body.get("enforce_nonce") and "nonce" in body else None
        now = time.monotonic()
        if nonce is not None and nonce in self._nonces:
            at, earlier = self._nonces[nonce]
            if now - at <= self.nonce_window:
                return earlier
        # A post to a channel cannot be ephemeral; the flag is not one that can be set here.
        flags = (body.get("flags") or 0) & ~EPHEMERAL
        made = self._messages.create(channel, {**body, "flags": flags})
        if nonce is not None:
            self._nonces[nonce] = (now, made)
        return made
