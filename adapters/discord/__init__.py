"""Discord: slash commands, Components V2 cards and buttons that outlive the process.

Importing this package does not import the SDK; serving does.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.contract import Host, JsonObject
from adapters.discord import body as bodies
from adapters.discord import limits
from adapters.discord.render import render
from bot.core.reply import Reply
from bot.core.settings import Settings


class Discord:
    """The platform, as the contract asks for it."""

    name = "discord"

    def render(self, reply: Reply) -> JsonObject:
        """Return the message body that Discord is sent."""
        return render(reply)

    def violations(self, body: JsonObject) -> list[str]:
        """Return what Discord would refuse in a body."""
        return limits.violations(body)

    def visible_text(self, body: JsonObject) -> str:
        """Return the text a person sees, unescaped and without markup."""
        return bodies.visible_text(body)

    def links(self, body: JsonObject) -> set[str]:
        """Return every address that can be opened."""
        return bodies.links(body)

    def actions(self, body: JsonObject) -> set[str]:
        """Return every encoded action that can be pressed."""
        return bodies.actions(body)

    def command_names(self, settings: Settings) -> Mapping[str, str]:
        """Return nothing: commands are typed as they are called."""
        return {}

    async def diagnose(self, settings: Settings) -> str:
        """Return who the bot is there; raise ConfigError, Unreachable."""
        from adapters.discord.diagnosis import diagnose

        return await diagnose(settings.discord)

    def configured(self, settings: Settings) -> bool:
        """Return whether there is a bot token."""
        return bool(settings.discord.token)

    async def serve(self, host: Host) -> None:
        """Serve until the host stops; raise ConfigError for a token that Discord refuses."""
        from adapters.discord.app import serve

        await serve(host)


PLATFORM = Discord()
