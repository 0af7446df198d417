"""Every message that exists, and its JSON."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack_server import text as texts
from tests.fakes.slack_server.blocks import stored_blocks
from tests.fakes.slack_server.rules import Refused, pings
from tests.fakes.slack_server.world import Channel, Person, World

TS = re.compile(r"[0-9]{10}\.[0-9]{6}")


@dataclass(eq=False)
class Message:
    """One message, kept up to date by edits.

    ``author`` is None for the bot's. ``body`` is what the bot sent last, for the reading
    functions; ``edits`` holds the earlier bodies. ``ephemeral_for`` is the one person who sees
    it. ``pings`` is whom it notified, edits included. ``chosen`` is what stands in its
    selects, ``offered`` what their suggestions were.
    """

    ts: str
    channel: Channel
    world: World
    author: Person | None = None
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_for: Person | None = None
    body: dict[str, Any] = field(default_factory=dict)
    edits: list[dict[str, Any]] = field(default_factory=list)
    edited_ts: str = ""
    deleted: bool = False
    pings: list[str] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    chosen: dict[tuple[str, str], Any] = field(default_factory=dict)
    offered: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)

    @property
    def by_bot(self) -> bool:
        """Whether the bot sent it."""
        return self.author is None

    @property
    def root_ts(self) -> str:
        """The ts of the thread that it is in or would begin."""
        return self.thread_ts or self.ts

    def payload(self) -> dict[str, Any]:
        """Return the message object."""
        made: dict[str, Any] = {
            "type": "message",
            "user": self.world.bot_user.id if self.author is None else self.author.id,
            "ts": self.ts,
            "team": self.world.team.id if self.author is None else self.author.team.id,
            "text": self.text,
            "blocks": copy.deepcopy(self.blocks),
        }
        if self.author is None:
            made |= {"bot_id": self.world.bot_id, "app_id": self.world.app_id}
        elif self.author.is_bot:
            # Another app's bot, which may send whatever metadata it likes.
            made |= {"bot_id": f"B{self.author.id[1:]}", "app_id": f"A{self.author.id[1:]}"}
        if self.attachments:
            made["attachments"] = copy.deepcopy(self.attachments)
        if self.thread_ts:
            made["thread_ts"] = self.thread_ts
        if self.edits:
            made["edited"] = {"user": self.world.bot_user.id, "ts": self.edited_ts}
        if self.metadata:
            made["metadata"] = self.metadata
        return made


class Messages:
    """Every message, in the order in which they came to be."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: list[Message] = []

    def find(self, channel: Channel, ts: str) -> Message | None:
        """Return a message that all in the channel see, None where there is none."""
        found = (one for one in channel.messages if one.ts == ts and not one.deleted)
        return next((one for one in found if one.ephemeral_for is None), None)

    def said(
        self,
        person: Person,
        channel: Channel,
        typed: str,
        thread_ts: str | None = None,
        attachments: list[dict[str, Any]] | None = None,
    ) -> Message:
        """Return a new message that a person typed."""
        return self._add(
            Message(
                self._world.ids.ts(),
                channel,
                self._world,
                person,
                texts.typed(typed),
                [texts.rich_text(typed, self._world.ids.new("b"))],
                attachments or [],
                thread_ts,
            )
        )

    def post(
        self, channel: Channel, body: dict[str, Any], *, only_for: Person | None = None
    ) -> Message:
        """Return a new message of the bot, already checked."""
        thread_ts = body.get("thread_ts")
        if thread_ts is not None:
            self._check_thread(channel, thread_ts)
        made = Message(self._world.ids.ts(), channel, self._world)
        made.thread_ts, made.ephemeral_for = thread_ts, only_for
        self._fill(made, body)
        return self._add(made)

    def edit(self, message: Message, body: dict[str, Any]) -> None:
        """Put another body in place of a message's."""
        message.edits.append(message.body)
        message.edited_ts = self._world.ids.ts()
        self._fill(message, body)

    def _add(self, message: Message) -> Message:
        self.all.append(message)
        message.channel.messages.append(message)
        return message

    def _fill(self, message: Message, body: dict[str, Any]) -> None:
        message.body = copy.deepcopy(body)
        message.text = texts.sent(body.get("text") or "")
        message.blocks = stored_blocks(body.get("blocks") or [], self._world.ids)
        message.attachments = copy.deepcopy(body.get("attachments") or [])
        message.metadata = body.get("metadata") or message.metadata
        message.pings += [one for one in pings(body) if one not in message.pings]

    def _check_thread(self, channel: Channel, ts: object) -> None:
        """Refuse what no thread can begin with: a reply, a private message, no ts at all.

        Slack says to use the ts of the parent, never that of a reply.
        """
        if not isinstance(ts, str) or not TS.fullmatch(ts):
            raise Refused("invalid_thread_ts", [f"{ts!r} is not a ts"])
        parent = next((one for one in channel.messages if one.ts == ts), None)
        if parent and parent.ephemeral_for:
            raise Refused("invalid_thread_ts", ["a private message begins no thread"])
        if parent and parent.thread_ts not in (None, ts):
            raise Refused("invalid_thread_ts", ["the ts is that of a reply, not of its parent"])
