"""Where somebody asks: a channel, perhaps a thread in it; a modal carries it along."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from adapters.contract import JsonObject
from adapters.payload import text
from adapters.slack.limits import METADATA
from bot.core.actions import decode_name

_CHANNEL_ID = re.compile(r"[A-Z0-9]{2,30}")
_THREAD_ID = re.compile(r"[0-9]{1,15}\.[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asks: a channel's id and a thread's ts, either may be empty."""

    channel: str = ""
    thread: str = ""

    def key(self) -> str:
        """Return what tells the thread from all others of the workspace; empty outside one."""
        return f"{self.channel}:{self.thread}" if self.thread else ""

    def is_direct(self) -> bool:
        """Return whether this is a direct message with the bot or between people."""
        return self.channel.startswith("D")

    def metadata(self, share: str = "") -> str:
        """Return the private_metadata of a view opened here; ``share`` is an encoded action."""
        held = {"channel": self.channel, "thread": self.thread} | (
            {"share": share} if share else {}
        )
        return json.dumps(held)

    @classmethod
    def read(cls, private_metadata: str) -> Place:
        """Return the place in a view's metadata; an empty one for text that is not ours."""
        held = _held(private_metadata)
        channel, thread = text(held, "channel"), text(held, "thread")
        if not _CHANNEL_ID.fullmatch(channel):
            return cls()
        return cls(channel, thread if _THREAD_ID.fullmatch(thread) else "")


def shared_action(private_metadata: str) -> str:
    """Return the encoded action that a view's Share stands for; empty where it has none."""
    share = text(_held(private_metadata), "share")
    named = decode_name(share)
    return share if named and named[0] == "share" else ""


def _held(private_metadata: str) -> JsonObject:
    if len(private_metadata) > METADATA:
        return {}
    try:
        held = json.loads(private_metadata)
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}
