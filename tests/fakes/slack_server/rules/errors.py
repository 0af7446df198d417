"""What the rules raise, and the collector of what is wrong in a payload."""

from __future__ import annotations


class Refused(Exception):
    """Slack does not take a call; ``error`` is its code, ``messages`` say what and where."""

    def __init__(self, error: str, messages: list[str] | None = None) -> None:
        self.error = error
        self.messages: list[str] = messages or []
        super().__init__("; ".join([error, *self.messages]))
