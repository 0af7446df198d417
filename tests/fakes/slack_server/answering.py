"""What an interaction lets a bot do: use its response_url and its trigger_id."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack_server.acts import Act, Acts
from tests.fakes.slack_server.messages import Message, Messages
from tests.fakes.slack_server.rules import Refused, check_message
from tests.fakes.slack_server.world import Channel, Ids

MOST_USES = 5


@dataclass(eq=False)
class ResponseUrl:
    """A response_url; ``source`` is the message that it can replace or delete."""

    act: Act
    channel: Channel
    source: Message | None
    created: float = field(default_factory=time.monotonic)
    uses: int = 0


class ResponseUrls:
    """The response_urls that were given out; ``valid`` is how many seconds one lives."""

    def __init__(self, messages: Messages, acts: Acts, ids: Ids, valid: float) -> None:
        self._messages, self._acts, self._ids = messages, acts, ids
        self.valid = valid
        self._known: dict[str, ResponseUrl] = {}

    def new(self, act: Act, channel: Channel, source: Message | None = None) -> str:
        """Return the last part of a new address."""
        token = self._ids.new("r")
        self._known[token] = ResponseUrl(act, channel, source)
        return token

    def post(self, token: str, body: object) -> None:
        """Do what a body asks for, or raise Refused."""
        known = self._known.get(token)
        if known is None:
            raise Refused("no_such_url")
        if time.monotonic() - known.created > self.valid:
            raise Refused("expired_url")
        if known.uses >= MOST_USES:
            raise Refused("used_url")
        known.uses += 1
        if not isinstance(body, dict):
            raise Refused("invalid_payload", ["the body must be a JSON object"])
        self._do(known, body)

    def _do(self, known: ResponseUrl, body: dict[str, Any]) -> None:
        source = known.source
        check_message(body, way="response_url")
        if body.get("delete_original"):
            self._delete(source)
            return
        # Slack's pages do not agree on what is done with a click's message when this is left
        # out, so a bot has to say it.
        if source is not None and "replace_original" not in body:
            raise Refused("unclear", ["say whether the message is replaced: replace_original"])
        if source is not None and body.get("replace_original"):
            self._replace(known.act, source, body)
            return
        self._acts.show(known.act, self._new(known, body))

    def _delete(self, source: Message | None) -> None:
        if source is None:
            raise Refused("no_original", ["there is no message that could be deleted"])
        source.deleted = True

    def _replace(self, act: Act, source: Message, body: dict[str, Any]) -> None:
        if source.deleted:
            raise Refused("message_not_found")
        if source.ephemeral_for is None and body.get("response_type") == "ephemeral":
            raise Refused("unclear", ["a private answer in place of a public message"])
        self._messages.edit(source, body)
        self._acts.show(act, source)

    def _new(self, known: ResponseUrl, body: dict[str, Any]) -> Message:
        """Return a new message: what a slash command was answered with is never replaced."""
        public = body.get("response_type") == "in_channel"
        person = None if public else known.act.person
        return self._messages.post(known.channel, body, only_for=person)


@dataclass(eq=False)
class Trigger:
    """A trigger_id."""

    act: Act
    created: float = field(default_factory=time.monotonic)
    exchanged: bool = False


class Triggers:
    """The trigger_ids that were given out; ``valid`` is how many seconds one lives."""

    def __init__(self, ids: Ids, valid: float) -> None:
        self._ids = ids
        self.valid = valid
        self._known: dict[str, Trigger] = {}

    def new(self, act: Act) -> str:
        """Return a new trigger_id."""
        ident = f"{self._ids.new('')}.{self._ids.new('')}.{self._ids.new('x')}"
        self._known[ident] = Trigger(act)
        return ident

    def exchange(self, ident: object) -> Act:
        """Return the act that a trigger_id came with and spend it, or raise Refused."""
        known = self._known.get(ident) if isinstance(ident, str) else None
        if known is None:
            raise Refused("invalid_trigger_id")
        if known.exchanged:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - known.created > self.valid:
            raise Refused("expired_trigger_id")
        known.exchanged = True
        return known.act
