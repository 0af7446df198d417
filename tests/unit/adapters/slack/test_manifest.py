"""The app manifest keeps Slack's rules, and asks for no more than the bot uses.

The rules are those of Slack's manifest reference and of the schema that Slack publishes with it
(slackapi/manifest-schema): fields that are not in it are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import adapters.slack
from adapters.slack.manifest import SCOPES, manifest
from adapters.slack.names import names
from adapters.slack.translate import FIND_MOMENT, SUMMARIZE_MESSAGE
from bot.core.commands import COMMANDS
from bot.core.errors import ConfigError
from bot.core.settings import SlackSettings
from tests.fakes.slack_server.rules import SCOPES as SCOPE_OF

URL = "https://bot.example/slack/events"

FIELDS = {
    "": "display_information features oauth_config settings",
    "/display_information": "name description",
    "/features": "bot_user app_home shortcuts slash_commands",
    "/features/bot_user": "display_name always_online",
    "/features/app_home": "home_tab_enabled messages_tab_enabled messages_tab_read_only_enabled",
    "/features/shortcuts/*": "type callback_id name description",
    "/features/slash_commands/*": "command description usage_hint should_escape url",
    "/oauth_config": "scopes",
    "/oauth_config/scopes": "bot",
    "/settings": "event_subscriptions interactivity org_deploy_enabled socket_mode_enabled "
    "token_rotation_enabled",
    "/settings/event_subscriptions": "request_url bot_events",
    "/settings/interactivity": "is_enabled request_url message_menu_options_url",
}
"""The fields of each object, as far as the bot has a use for them."""

LENGTHS = {
    "/display_information/name": 35,
    "/display_information/description": 140,
    "/features/bot_user/display_name": 80,
    "/features/shortcuts": 10,
    "/features/shortcuts/*/type": 7,
    "/features/shortcuts/*/name": 24,
    "/features/shortcuts/*/callback_id": 255,
    "/features/shortcuts/*/description": 150,
    "/features/slash_commands": 50,
    "/features/slash_commands/*/command": 32,
    "/features/slash_commands/*/description": 2_000,
    "/features/slash_commands/*/usage_hint": 1_000,
    "/features/slash_commands/*/url": 3_000,
    "/oauth_config/scopes/bot": 255,
    "/oauth_config/scopes/bot/*": 50,
    "/settings/event_subscriptions/request_url": 3_500,
    "/settings/event_subscriptions/bot_events": 100,
    "/settings/event_subscriptions/bot_events/*": 50,
    "/settings/interactivity/request_url": 3_500,
    "/settings/interactivity/message_menu_options_url": 3_500,
}
"""The most characters of each text and items of each list; none may be empty."""

Parts = Iterator[tuple[str, Any]]


def parts(value: Any, where: str = "") -> Parts:
    """Yield everything in a manifest with its place."""
    yield where, value
    inside = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inside = [("*", one) for one in value]
    for name, one in inside:
        yield from parts(one, f"{where}/{name}")


def problems(made: Any) -> list[str]:
    found = []
    for where, value in parts(made):
        if isinstance(value, dict):
            unknown = set(value) - set(FIELDS.get(where, "").split())
            found += [f"{where}: {name} is unknown" for name in sorted(unknown)]
        elif isinstance(value, (str, list)) and not 1 <= len(value) <= LENGTHS.get(where, 0):
            found.append(f"{where}: {len(value)} long")
        if where.endswith("url") and not str(value).startswith("https://"):
            found.append(f"{where}: {value} is no address")
    return found


MANY = SlackSettings(
    command="x" * 31, shortcuts=" ".join(f"{'y' * 29}{n}=topic" for n in range(10, 59))
)
HTTP = SlackSettings(mode="http")


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (SlackSettings(), ""),
        (SlackSettings(shortcuts=""), ""),
        (SlackSettings(shortcuts="h=help e=episodes s=summarize"), ""),
        (MANY, ""),
        (HTTP, "https://bot.example"),
        (HTTP, "https://" + "b" * 250 + ".example:65535/"),
    ],
)
def test_manifest_of_any_settings_keeps_slacks_rules(settings: SlackSettings, address: str) -> None:
    assert problems(manifest(settings, address)) == []


def test_rules_see_what_is_too_long_too_much_or_unknown() -> None:
    made: Any = manifest(SlackSettings())
    made["features"]["shortcuts"][0]["name"] = "x" * 25
    made["features"]["slash_commands"] *= 20
    made["features"]["slash_commands"][0]["usage_hint"] = ""
    made["settings"]["extra"] = True
    made["settings"]["event_subscriptions"]["request_url"] = "http://bot.example"
    assert set(problems(made)) == {
        "/features/shortcuts/*/name: 25 long",
        "/features/slash_commands: 60 long",
        "/features/slash_commands/*/usage_hint: 0 long",
        "/settings: extra is unknown",
        "/settings/event_subscriptions/request_url: http://bot.example is no address",
    }


def test_commands_are_those_that_the_settings_name() -> None:
    made: Any = manifest(SlackSettings(command="pod", shortcuts="find=topic"))
    listed = {one["command"]: one for one in made["features"]["slash_commands"]}
    assert list(listed) == ["/pod", "/find"]
    assert listed["/find"]["description"] == COMMANDS[0].description
    assert listed["/find"]["usage_hint"] == "kv cache"
    for spec in COMMANDS:
        assert spec.name in listed["/pod"]["usage_hint"]


def test_commands_are_each_listed_once() -> None:
    made: Any = manifest(MANY)
    listed = [one["command"] for one in made["features"]["slash_commands"]]
    assert len(set(listed)) == len(listed) == 50
    assert {f"/{name}" for name in (names(MANY).main, *names(MANY).shortcuts)} == set(listed)


def test_shortcuts_have_the_ids_that_are_read() -> None:
    made: Any = manifest(SlackSettings())
    kinds = {one["callback_id"]: one["type"] for one in made["features"]["shortcuts"]}
    assert kinds == {SUMMARIZE_MESSAGE: "message", FIND_MOMENT: "global"}


def test_manifest_in_socket_mode_needs_no_address() -> None:
    made: Any = manifest(SlackSettings(), "https://ignored.example")
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["settings"]["interactivity"] == {"is_enabled": True}
    assert "ignored.example" not in str(made)


@pytest.mark.parametrize("address", ["https://bot.example", "https://bot.example/"])
def test_manifest_in_http_mode_sends_everything_to_the_one_address(address: str) -> None:
    made: Any = manifest(HTTP, address)
    assert made["settings"]["socket_mode_enabled"] is False
    found = [value for where, value in parts(made) if where.endswith("url")]
    assert found == [URL] * (len(made["features"]["slash_commands"]) + 3)


@pytest.mark.parametrize(
    "address",
    ["", "bot.example", "http://bot.example", "https://", "https://bot.example/x", "https://a b",
     "https://bot.example?x", "https://u@bot.example", "https://bot.example\n"],
)  # fmt: skip
def test_manifest_in_http_mode_without_an_address_says_what_to_give(address: str) -> None:
    with pytest.raises(ConfigError, match=r"--url https://bot\.example"):
        manifest(HTTP, address)


@pytest.mark.parametrize("changes", [{"command": "topic"}, {"shortcuts": "status=topic"}])
def test_manifest_with_a_name_of_slacks_own_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="is a command of Slack's own"):
        manifest(SlackSettings(**changes))


# What the bot may do.


def called() -> set[str]:
    """Return the methods of the Web API that the adapter calls, as Slack names them."""
    folder = Path(adapters.slack.__file__).parent
    sources = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.py")))
    return {name.replace("_", ".") for name in re.findall(r"client\.([a-z]+_\w+)\(", sources)}


def test_methods_called_are_found_in_the_source() -> None:
    assert {"chat.postMessage", "views.open", "users.info", "apps.connections.open"} <= called()


def test_scopes_are_those_that_calls_and_features_need() -> None:
    made: Any = manifest(SlackSettings())
    needed = {SCOPE_OF[method] for method in called() if method in SCOPE_OF}
    # The app-level token has this one; it is no scope of the bot's.
    needed -= {"connections:write"}
    # Called where the operator lets it alone.
    needed -= {"channels:history"}
    if made["features"]["slash_commands"] or made["features"]["shortcuts"]:
        needed.add("commands")
    if any(option.is_file for spec in COMMANDS for option in spec.options):
        needed.add("files:read")
    if "app_mention" in made["settings"]["event_subscriptions"]["bot_events"]:
        needed.add("app_mentions:read")
    assert set(SCOPES) == needed
    assert made["oauth_config"]["scopes"]["bot"] == list(SCOPES)


def test_scopes_to_look_posts_up_are_asked_for_only_where_that_is_on() -> None:
    made: Any = manifest(SlackSettings(look_up_posts="on"))
    asked = ["channels:history", "groups:history"]
    assert made["oauth_config"]["scopes"]["bot"] == [*SCOPES, *asked]
    assert problems(made) == []


@pytest.mark.parametrize("word", ["", "yes", "ON"])
def test_setting_to_look_posts_up_takes_on_or_off(word: str) -> None:
    with pytest.raises(ConfigError, match="look_up_posts must be one of off, on"):
        manifest(SlackSettings(look_up_posts=word))


def test_events_are_mentions_alone() -> None:
    made: Any = manifest(SlackSettings())
    assert made["settings"]["event_subscriptions"]["bot_events"] == ["app_mention"]
