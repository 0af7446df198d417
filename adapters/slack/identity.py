"""Who the bot is in a workspace, as Slack says."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.catalog import Tenant

NAME = "slack"
"""The platform's own, under which its host knows it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The workspace's id (``T…``), and the bot user's id (``U…``) and name there.

    ``bot`` (``B…``) is what the bot's own messages hold besides.
    """

    team: str
    bot_user: str
    bot_name: str
    bot: str = ""

    @property
    def tenant(self) -> Tenant:
        """Return the workspace as a tenant."""
        return Tenant(f"{NAME}:{self.team}")
