"""What went wrong: by the bot's own doing, or as the world is."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.slack_server.rules import Refused

# What a bot cannot know beforehand, or what a test arranged.
CIRCUMSTANCES = frozenset(
    """
    not_in_channel channel_not_found is_archived user_not_found message_not_found ratelimited
    missing_scope invalid_auth expired_trigger_id expired_url hash_conflict not_found
    user_not_in_channel channel_is_archived is_inactive push_limit_reached
    """.split()
)


@dataclass(frozen=True)
class Violation:
    """What was refused; ``what`` is a method, "response_url", or what was acknowledged."""

    what: str
    error: str
    messages: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "; ".join([f"{self.what}: {self.error}", *self.messages])


@dataclass
class Problems:
    """Violations are the bot's, refusals those that the state of the world explains."""

    violations: list[Violation] = field(default_factory=list)
    refusals: list[Violation] = field(default_factory=list)

    def refused(self, what: str, refused: Refused) -> None:
        """Put down a refusal as what it is."""
        told = Violation(what, refused.error, tuple(refused.messages))
        # A view that never was is the bot's mistake; one that was closed is not.
        excused = refused.error in CIRCUMSTANCES and not refused.messages
        (self.refusals if excused else self.violations).append(told)

    def wrong(self, what: str, error: str, *messages: str) -> None:
        """Put down a violation."""
        self.violations.append(Violation(what, error, messages))
