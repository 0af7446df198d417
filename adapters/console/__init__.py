"""The console platform: the whole bot in a terminal, without any token."""

from __future__ import annotations

import re
from collections.abc import Mapping

from adapters.console import limits
from adapters.console.render import render
from adapters.contract import Host, JsonObject, Platform
from bot.core.reply import Reply
from bot.core.settings import Settings

_LINK = re.compile(r"(?<!\S)https?://\S+", re.IGNORECASE)


class Console:
    """Renders replies as text and chats with whoever sits at the terminal."""

    name = "console"

    def render(self, reply: Reply) -> JsonObject:
        """Return ``{"text", "actions"}``: plain lines, and the encoded action of each number."""
        return render(reply)

    def violations(self, body: JsonObject) -> list[str]:
        """Return what is wrong with a body; [] when a terminal can show it."""
        return limits.violations(body)

    def visible_text(self, body: JsonObject) -> str:
        """Return the text as it is printed."""
        return str(body["text"])

    def links(self, body: JsonObject) -> set[str]:
        """Return the addresses that stand whole in the text."""
        return set(_LINK.findall(str(body["text"])))

    def actions(self, body: JsonObject) -> set[str]:
        """Return the encoded actions that have a number in the text."""
        actions = body["actions"]
        return {str(action) for action in actions} if isinstance(actions, list) else set()

    def command_names(self, settings: Settings) -> Mapping[str, str]:
        """Return nothing: commands are typed as they are called."""
        return {}

    async def diagnose(self, settings: Settings) -> str:
        """Return that a terminal is always there."""
        return "open it with python -m bot chat."

    def configured(self, settings: Settings) -> bool:
        """Return False: ``run`` never takes the terminal it was started from, ``chat`` does."""
        return False

    async def serve(self, host: Host) -> None:
        """Chat until the person leaves, the input ends or ``host.stopping`` is set."""
        from adapters.console.app import serve  # it may load prompt_toolkit

        await serve(host)


PLATFORM: Platform = Console()
