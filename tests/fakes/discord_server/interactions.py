"""Discord's rules for answering interactions: in time, once, and with what fits."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_server.components import check_modal
from tests.fakes.discord_server.errors import (
    ALREADY_ACKNOWLEDGED,
    INVALID_WEBHOOK_TOKEN,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    Problems,
    Refused,
    Spot,
)
from tests.fakes.discord_server.messages import EPHEMERAL, MessageRecord, Messages
from tests.fakes.discord_server.world import Channel, Person, World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
"""Kinds of interaction."""

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
"""Kinds of callback."""

_ALLOWED = {
    COMMAND: {MESSAGE, DEFER, MODAL},
    COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {MESSAGE, DEFER},
}


@dataclass(eq=False)
class Interaction:
    """One thing a person did, and what the bot made of it.

    ``source`` is the message of the component. ``original`` is the message that "@original"
    means. Times are those of time.monotonic().
    """

    id: str
    token: str
    kind: int
    person: Person
    channel: Channel
    source: MessageRecord | None = None
    created: float = field(default_factory=time.monotonic)
    acknowledged: float | None = None
    callback: dict[str, Any] | None = None
    original: MessageRecord | None = None
    followups: list[MessageRecord] = field(default_factory=list)
    settled: bool = False

    @property
    def type(self) -> int | None:
        """The type of the callback."""
        return self.callback["type"] if self.callback else None

    def allowed(self) -> set[int]:
        """Return the callback types that fit."""
        more = {DEFER_UPDATE, UPDATE} if self.kind == MODAL_SUBMIT and self.source else set()
        return _ALLOWED[self.kind] | more


class Interactions:
    """Every interaction, and the answers to them."""

    def __init__(
        self, world: World, messages: Messages, answer_within: float, token_valid: float
    ) -> None:
        self._world = world
        self._messages = messages
        self.answer_within = answer_within
        self.token_valid = token_valid
        self.all: dict[str, Interaction] = {}

    def create(
        self, kind: int, person: Person, channel: Channel, source: MessageRecord | None = None
    ) -> Interaction:
        """Return a new interaction, whose time runs from now."""
        ident = self._world.ids.new()
        made = Interaction(ident, f"token-{ident}", kind, person, channel, source)
        self.all[made.token] = made
        return made

    def answer(self, ident: str, token: str, body: dict[str, Any]) -> Interaction:
        """Take the callback of an interaction, or raise Refused."""
        interaction = self.all.get(token)
        if interaction is None or interaction.id != ident:
            raise Refused(404, UNKNOWN_INTERACTION, "Unknown interaction")
        if interaction.callback is not None:
            raise Refused(400, ALREADY_ACKNOWLEDGED, "Interaction has already been acknowledged.")
        now = time.monotonic()
        if now - interaction.created > self.answer_within:
            raise Refused(404, UNKNOWN_INTERACTION, "Unknown interaction")
        self._check_type(interaction, body)
        self._carry_out(interaction, body["type"], body.get("data") or {})
        interaction.callback = body
        interaction.acknowledged = now
        return interaction

    def _check_type(self, interaction: Interaction, body: dict[str, Any]) -> None:
        problems = Problems()
        if body.get("type") not in interaction.allowed():
            problems.add(
                ("type",),
                "INTERACTION_CALLBACK_TYPE_INVALID",
                f"{body.get('type')} does not answer an interaction of type {interaction.kind}",
            )
        problems.refuse()

    def _carry_out(self, interaction: Interaction, kind: int, data: dict[str, Any]) -> None:
        channel, person = interaction.channel, interaction.person
        if kind == MESSAGE:
            interaction.original = self._messages.create(channel, data, person, at=("data",))
            interaction.original.interaction_id = interaction.id
        elif kind == DEFER:
            flags = data.get("flags") or 0
            interaction.original = self._messages.loading(channel, person, flags)
            interaction.original.interaction_id = interaction.id
        elif kind == CHOICES:
            _check_choices(data)
        elif kind == MODAL:
            problems = Problems()
            check_modal(Spot(data, problems, ("data",)))
            problems.refuse()
        else:
            interaction.original = interaction.source
            if kind == UPDATE and interaction.source is not None:
                self._messages.edit(interaction.source, data, at=("data",))
        interaction.settled = kind not in (DEFER, DEFER_UPDATE)

    def by_token(self, token: str) -> Interaction:
        """Return the acknowledged interaction of a token, or raise Refused."""
        interaction = self.all.get(token)
        if interaction is None or interaction.callback is None:
            raise Refused(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
        if time.monotonic() - interaction.created > self.token_valid:
            raise Refused(401, INVALID_WEBHOOK_TOKEN, "Invalid Webhook Token")
        return interaction

    def message(self, interaction: Interaction, ident: str) -> MessageRecord:
        """Return a message that an interaction's token gives access to, or raise Refused."""
        known = [one for one in (interaction.original, *interaction.followups) if one]
        for message in known:
            named = message.id == ident or (
                ident == "@original" and message is interaction.original
            )
            if named and not message.deleted:
                return message
        raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")

    def edit(self, interaction: Interaction, ident: str, body: dict[str, Any]) -> MessageRecord:
        """Edit one of an interaction's messages."""
        message = self.message(interaction, ident)
        self._messages.edit(message, body)
        interaction.settled = True
        return message

    def follow_up(self, interaction: Interaction, body: dict[str, Any]) -> MessageRecord:
        """Send a further message; the first after a deferral takes the place of the waiting one."""
        original = interaction.original
        if original and original.loading:
            return self.edit(interaction, "@original", body)
        made = self._messages.create(interaction.channel, body, interaction.person)
        made.interaction_id = interaction.id
        interaction.followups.append(made)
        interaction.settled = True
        return made

    def delete(self, interaction: Interaction, ident: str) -> None:
        """Delete one of an interaction's messages."""
        self.message(interaction, ident).deleted = True
        interaction.settled = True


def _check_choices(data: dict[str, Any]) -> None:
    problems = Problems()
    body = Spot(data, problems, ("data",))
    body.count("choices", 0, 25)
    if data.get("choices") is None:
        body.at("choices").wrong("BASE_TYPE_REQUIRED", "This field is required")
    for choice in body.items("choices"):
        choice.text("name", 1, 100)
        if isinstance(choice.get("value"), str):
            choice.text("value", 1, 100)
        elif not isinstance(choice.get("value"), (int, float)):
            choice.at("value").wrong("BASE_TYPE_REQUIRED", "This field is required")
    problems.refuse()


def response(interaction: Interaction) -> dict[str, Any]:
    """Return what Discord answers to a callback that asks for a response."""
    assert interaction.callback is not None
    kind, message = interaction.callback["type"], interaction.original
    about: dict[str, Any] = {"id": interaction.id, "type": interaction.kind}
    resource: dict[str, Any] = {"type": kind}
    if message is not None:
        about["response_message_id"] = message.id
        about["response_message_loading"] = message.loading
        about["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
    if message is not None and kind in (MESSAGE, DEFER, UPDATE):
        resource["message"] = message.payload()
    return {"interaction": about, "resource": resource}
