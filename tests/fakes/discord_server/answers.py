"""What a person gets back, and what they cannot do."""

from __future__ import annotations

from typing import Any

from tests.fakes.changes import Changes
from tests.fakes.discord_server.interactions import CHOICES, MODAL, Interaction
from tests.fakes.discord_server.messages import MessageRecord


class NotPossible(AssertionError):
    """Discord's own application would not let a person do this."""


class NotAnswered(AssertionError):
    """The bot did not answer in time; the person sees "The application did not respond"."""


class Answer:
    """What came of one interaction. ``callback`` is the payload the bot sent first."""

    def __init__(self, interaction: Interaction, changes: Changes) -> None:
        self.interaction = interaction
        self._changes = changes

    @property
    def ack_seconds(self) -> float:
        """Seconds from the interaction to the first answer."""
        assert self.interaction.acknowledged is not None
        return self.interaction.acknowledged - self.interaction.created

    @property
    def callback(self) -> dict[str, Any]:
        """The first answer: {"type": …, "data": …}."""
        assert self.interaction.callback is not None
        return self.interaction.callback

    @property
    def type(self) -> int:
        """The type of the first answer."""
        kind: int = self.callback["type"]
        return kind

    @property
    def followups(self) -> list[MessageRecord]:
        """The further messages."""
        return self.interaction.followups

    @property
    def message(self) -> MessageRecord:
        """The message that holds the answer: the newest one, as it is now."""
        found = [*self.followups[-1:], self.interaction.original]
        if found[0] is None:
            raise NotPossible("this answer is not a message")
        return found[0]

    @property
    def modal(self) -> dict[str, Any] | None:
        """The form that opened, None where none did."""
        data: dict[str, Any] | None = self.callback.get("data") if self.type == MODAL else None
        return data

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The completions that were offered."""
        if self.type != CHOICES:
            raise NotPossible("this answer offers no completions")
        found: list[dict[str, Any]] = self.callback["data"]["choices"]
        return found

    async def settled(self, timeout: float = 10.0) -> MessageRecord:  # noqa: ASYNC109
        """Return the message once a deferred answer has become one."""
        interaction = self.interaction
        await self._changes.until(lambda: interaction.settled, timeout, "the deferred answer")
        return self.message
