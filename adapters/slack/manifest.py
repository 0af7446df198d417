"""The app manifest: what Slack is told, once and by hand, of the app and its commands."""

from __future__ import annotations

import re

from adapters.contract import JsonObject
from adapters.payload import listed
from adapters.slack.credentials import check_mode, looks_up_posts
from adapters.slack.files import SCOPE as FILES_SCOPE
from adapters.slack.names import Names, names
from adapters.slack.translate import FIND_MOMENT, SUMMARIZE_MESSAGE
from bot.core.commands import COMMANDS, COMMANDS_BY_NAME
from bot.core.errors import ConfigError
from bot.core.settings import SlackSettings

PATH = "/slack/events"
"""Where Slack, in mode http, sends commands, interactions and events alike."""

NAME = "Segue"
DESCRIPTION = "Knows what was said, and when, in long podcasts and videos."

SCOPES = ("app_mentions:read", "chat:write", "commands", FILES_SCOPE, "users:read")
"""Mentions; answers in threads and shared cards; slash commands; files that somebody uploads in a
form; who asks, and are they admin."""

LOOK_UP_SCOPES = ("channels:history", "groups:history")
"""To look, in the channels that the bot is in, for a post of its own: ``slack.look_up_posts``."""

_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?", re.ASCII)


def scopes(settings: SlackSettings) -> tuple[str, ...]:
    """Return the scopes that the app needs; raise ConfigError for settings that say neither."""
    return SCOPES + LOOK_UP_SCOPES if looks_up_posts(settings) else SCOPES


def manifest(settings: SlackSettings, address: str = "") -> JsonObject:
    """Return the manifest for the settings' mode and names.

    ``address`` is where Slack reaches the bot in mode http, such as ``https://bot.example``.
    Raise ConfigError for names that Slack would not take, or an address that it cannot use.
    """
    check_mode(settings)
    url = _url(settings, address)
    events: JsonObject = {"bot_events": ["app_mention"]}
    interactivity: JsonObject = {"is_enabled": True}
    if url:
        events["request_url"] = url
        interactivity["request_url"] = interactivity["message_menu_options_url"] = url
    return {
        "display_information": {"name": NAME, "description": DESCRIPTION},
        "features": {
            "bot_user": {"display_name": NAME, "always_online": True},
            "app_home": {
                "home_tab_enabled": False,
                # Read-only: the bot may tell somebody something, and nothing is typed there.
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "shortcuts": listed(
                [
                    _shortcut("message", SUMMARIZE_MESSAGE, "Summarize this moment"),
                    _shortcut("global", FIND_MOMENT, "Find a moment"),
                ]
            ),
            "slash_commands": listed(_commands(names(settings), url)),
        },
        "oauth_config": {"scopes": {"bot": [*scopes(settings)]}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _url(settings: SlackSettings, address: str) -> str:
    if settings.mode != "http":
        return ""
    address = address.rstrip("/")
    if not _HTTPS.fullmatch(address):
        raise ConfigError(
            "In mode http the manifest needs the address where Slack reaches the bot: "
            "--url https://bot.example."
        )
    return address + PATH


def _shortcut(kind: str, callback_id: str, name: str) -> JsonObject:
    meaning = {"message": "of a link in a message", "global": "by words, in what was said"}[kind]
    return {
        "type": kind,
        "callback_id": callback_id,
        "name": name,
        "description": f"{name}, {meaning}",
    }


def _commands(chosen: Names, url: str) -> list[JsonObject]:
    hint = " | ".join(example.removeprefix("/") for spec in COMMANDS for example in
                      spec.examples[:1])  # fmt: skip
    made = [_command(chosen.main, "Ask what was said, and when, in podcasts and videos", hint, url)]
    for name, command in chosen.shortcuts.items():
        spec = COMMANDS_BY_NAME[command]
        example = spec.examples[0].removeprefix(f"/{command}").strip() if spec.examples else ""
        made.append(_command(name, spec.description, example, url))
    return made


def _command(name: str, description: str, hint: str, url: str) -> JsonObject:
    command: JsonObject = {
        "command": f"/{name}",
        "description": description,
        # Words arrive as they are typed; what Slack would make of @ and # is not wanted.
        "should_escape": False,
    }
    if hint:
        command["usage_hint"] = hint
    if url:
        command["url"] = url
    return command
