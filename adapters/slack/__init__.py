"""Slack: slash commands, mentions in threads, Block Kit cards and modals.

Importing this package does not import the SDK; serving does.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.contract import Host, JsonObject
from adapters.slack import body as bodies
from adapters.slack import limits
from adapters.slack.manifest import manifest
from adapters.slack.names import names
from adapters.slack.render import render
from bot.core.reply import Reply
from bot.core.settings import Settings


class Slack:
    """The platform, as the contract asks for it."""

    name = "slack"

    def render(self, reply: Reply) -> JsonObject:
        """Return the message body that Slack is sent."""
        return render(reply)

    def violations(self, body: JsonObject) -> list[str]:
        """Return what Slack would refuse in a body or a view."""
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
        """Return how commands are typed: ``topic`` as ``/segue-topic``."""
        return names(settings.slack).typed()

    def manifest(self, settings: Settings, address: str) -> JsonObject:
        """Return the app manifest; raise ConfigError for names that Slack would not take."""
        return manifest(settings.slack, address)

    async def diagnose(self, settings: Settings) -> str:
        """Return who the bot is there; raise ConfigError, Unreachable."""
        from adapters.slack.diagnosis import diagnose

        return await diagnose(settings.slack)

    def configured(self, settings: Settings) -> bool:
        """Return whether there is a bot token."""
        return bool(settings.slack.bot_token)

    async def serve(self, host: Host) -> None:
        """Serve until the host stops; raise ConfigError for a token that Slack refuses."""
        from adapters.slack.app import serve

        await serve(host)


PLATFORM = Slack()
