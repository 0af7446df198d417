"""What the slash commands are called in a workspace, as the settings say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.commands import COMMANDS_BY_NAME
from bot.core.errors import ConfigError
from bot.core.settings import SlackSettings

RESERVED = frozenset(
    "active apps archive away call collapse dm dnd expand feed feedback invite join keys leave me "
    "msg mute open prefs remind remove rename search shortcuts shrug star status topic unarchive "
    "who".split()
)
"""Slack's own commands (PLATFORM 4.1b): one of them in a manifest invalidates the whole list."""

MAX_NAME = 32
"""Characters of a name, its slash included (Slack's page on slash commands)."""

MAX_COMMANDS = 50
"""Slash commands of one app (Slack's manifest reference)."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_USER = re.compile(r"[UW][A-Z0-9]{1,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Names:
    """``main`` takes every command as its first word; ``shortcuts`` map a name to its command."""

    main: str
    shortcuts: Mapping[str, str]

    def line(self, slash: str, text: str) -> str:
        """Return what was typed after ``/slash`` as a line that begins with its command.

        A name that is not ours any more is read like the main one.
        """
        command = self.shortcuts.get(slash.removeprefix("/"))
        return f"{command} {text}" if command else text

    def typed(self) -> Mapping[str, str]:
        """Return how each command is typed: ``topic`` as ``/segue topic``, or by its own name."""
        typed = {name: f"/{self.main} {name}" for name in COMMANDS_BY_NAME}
        return typed | {command: f"/{name}" for name, command in self.shortcuts.items()}


def mentioned(bot: str) -> Mapping[str, str]:
    """Return how each command is typed in a thread, where no slash command works."""
    return {name: f"@{bot} {name}" for name in COMMANDS_BY_NAME}


def names(settings: SlackSettings) -> Names:
    """Return the names; raise ConfigError for one that Slack, or this bot, would not take."""
    main = _checked(settings.command, "slack.command")
    shortcuts: dict[str, str] = {}
    for pair in settings.shortcuts.split():
        name, equals, command = pair.partition("=")
        if not equals or command not in COMMANDS_BY_NAME:
            known = ", ".join(COMMANDS_BY_NAME)
            raise ConfigError(f"slack.shortcuts: {pair} is not name=command, of {known}.")
        if name in shortcuts or name == main:
            raise ConfigError(f"slack.shortcuts: /{name} is there twice.")
        shortcuts[_checked(name, "slack.shortcuts")] = command
    if len(shortcuts) >= MAX_COMMANDS:
        raise ConfigError(f"slack.shortcuts: Slack takes {MAX_COMMANDS} commands.")
    return Names(main, shortcuts)


def admins(settings: SlackSettings) -> frozenset[str]:
    """Return the ids that the settings name as admins; raise ConfigError for what is no id."""
    idents = frozenset(settings.admins.replace(",", " ").split())
    for ident in sorted(idents):
        if not _USER.fullmatch(ident):
            raise ConfigError(f"slack.admins: {ident!r} is no user id, such as U012AB3CD.")
    return idents


def _checked(name: str, setting: str) -> str:
    if not _NAME.fullmatch(name) or len(name) >= MAX_NAME:
        raise ConfigError(
            f"{setting}: {name!r} is not a name that Slack takes: small letters, digits, - and _ "
            f"after the first, fewer than {MAX_NAME} of them, without the slash."
        )
    if name in RESERVED:
        raise ConfigError(
            f"{setting}: /{name} is a command of Slack's own. With it in the manifest, Slack "
            "refuses all commands; choose another name."
        )
    return name
