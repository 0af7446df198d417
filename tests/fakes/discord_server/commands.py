"""Discord's rules for application commands, and the list it keeps of them."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord_server.errors import Problems, Spot
from tests.fakes.discord_server.world import World

SLASH, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, CHANNEL, NUMBER, ATTACHMENT = 1, 2, 3, 4, 5, 7, 10, 11
CHANNEL_TYPES = frozenset({0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16})
LIMITS = {SLASH: 100, USER: 15, MESSAGE: 15}
MOST_TEXT = 8000
MOST_NUMBER = 2**53

# The letters of \p{sc=Deva}\p{sc=Thai} are in \w already.
_NAME = re.compile(r"^[-_'\w]{1,32}$")


def check_commands(body: Any) -> None:
    """Raise Refused for a set of commands that Discord does not take."""
    problems = Problems()
    if not isinstance(body, list):
        problems.add((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        problems.refuse()
    seen: set[tuple[int, str]] = set()
    counts: dict[int, int] = {}
    for index, value in enumerate(body):
        command = Spot(value, problems, (index,))
        if not isinstance(value, dict):
            command.wrong("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            continue
        kind = value.get("type", SLASH)
        _check_command(command, kind)
        key = (kind, str(value.get("name")))
        if key in seen:
            command.at("name").wrong(
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            )
        seen.add(key)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] > LIMITS.get(kind, 1):
            command.wrong("APPLICATION_COMMANDS_LIMIT", f"more than {LIMITS.get(kind, 1)}")
    problems.refuse()


def _check_command(command: Spot, kind: int) -> None:
    if kind not in LIMITS:
        command.at("type").wrong("BASE_TYPE_CHOICES", f"Value must be one of {set(LIMITS)}.")
    elif kind == SLASH:
        _check_name(command)
        command.text("description", 1, 100)
        _check_options(command)
    else:
        command.text("name", 1, 32)
        for name in ("description", "options"):
            if command.get(name):
                command.at(name).wrong(
                    "APPLICATION_COMMAND_CONTEXT_MENU", f"context menus take no {name}"
                )
    _check_places(command, "contexts", {0, 1, 2})
    _check_places(command, "integration_types", {0, 1})
    size = sum(map(len, _texts(command.value)))
    if size > MOST_TEXT:
        command.wrong("APPLICATION_COMMAND_TOO_LARGE", f"{size} characters, more than {MOST_TEXT}")


def _check_name(part: Spot) -> None:
    name = part.get("name")
    part.text("name", 1, 32)
    if isinstance(name, str) and (not _NAME.fullmatch(name) or name != name.lower()):
        part.at("name").wrong(
            "APPLICATION_COMMAND_INVALID_NAME", f"Command name is invalid: {name!r}"
        )


def _check_places(command: Spot, name: str, known: set[int]) -> None:
    places = command.items(name)
    for place in places:
        if place.value not in known:
            place.wrong("BASE_TYPE_CHOICES", f"Value must be one of {known}.")
    if len({place.value for place in places}) < len(places):
        command.at(name).wrong("SET_TYPE_ALREADY_CONTAINS_VALUE", "a value occurs twice")


def _check_options(parent: Spot) -> None:
    parent.count("options", 0, 25)
    options = parent.items("options")
    names = [option.get("name") for option in options]
    optional_before = False
    for option in options:
        _check_option(option)
        if names.count(option.get("name")) > 1:
            option.at("name").wrong(
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "two options have one name"
            )
        if option.get("required") and optional_before:
            option.wrong(
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_before |= not option.get("required")


def _check_option(option: Spot) -> None:
    _check_name(option)
    option.text("description", 1, 100)
    option.number("type", 1, 11, required=True)
    option.truth("required")
    option.truth("autocomplete")
    option.number("min_length", 0, 6000)
    option.number("max_length", 1, 6000)
    option.count("choices", 0, 25)
    kind = option.get("type")
    _check_channel_types(option, kind)
    for name in ("min_length", "max_length"):
        if option.get(name) is not None and kind != STRING:
            option.at(name).wrong("APPLICATION_COMMAND_OPTIONS_TYPE", "not with this type")
    if kind in (SUBCOMMAND, GROUP):
        _check_options(option)
    for choice in option.items("choices"):
        choice.text("name", 1, 100)
        if kind == STRING:
            choice.text("value", 0, 100)
        elif kind == INTEGER:
            choice.number("value", -MOST_NUMBER, MOST_NUMBER, required=True)
    for lowest, highest in (("min_length", "max_length"), ("min_value", "max_value")):
        low, high = option.get(lowest), option.get(highest)
        if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
            option.at(lowest).wrong("NUMBER_TYPE_MAX", f"{lowest} must not be more than {high}")
    if option.get("autocomplete") and (option.get("choices") or kind not in _COMPLETABLE):
        option.at("autocomplete").wrong(
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "not with choices or this type"
        )


def _check_channel_types(option: Spot, kind: Any) -> None:
    for one in option.items("channel_types"):
        if one.value not in CHANNEL_TYPES:
            one.wrong("BASE_TYPE_CHOICES", f"Value must be one of {set(CHANNEL_TYPES)}.")
    if option.get("channel_types") and kind != CHANNEL:
        option.at("channel_types").wrong("APPLICATION_COMMAND_OPTIONS_TYPE", "not with this type")
    if option.get("choices") and kind not in _COMPLETABLE:
        option.at("choices").wrong("APPLICATION_COMMAND_OPTIONS_TYPE", "not with this type")


_COMPLETABLE = (STRING, INTEGER, NUMBER)


def _texts(part: dict[str, Any]) -> list[str]:
    found = [part.get("name"), part.get("description"), part.get("value")]
    texts = [text for text in found if isinstance(text, str)]
    for name in ("options", "choices"):
        for inner in part.get(name) or []:
            texts += _texts(inner)
    return texts


class Commands:
    """The global commands, as Discord gives them back: with its own fields, in its own order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: list[dict[str, Any]] = []

    def replace(self, body: Any) -> None:
        """Check a whole set and put it in the place of the one before; names keep their ids."""
        check_commands(body)
        ids = {(one["type"], one["name"]): one["id"] for one in self.all}
        made = [self._stored(value, ids) for value in body]
        self.all = sorted(made, key=lambda one: (one["type"], one["name"]))

    def named(self, name: str, kind: int) -> dict[str, Any] | None:
        """Return a command by its name and type."""
        found = (one for one in self.all if one["name"] == name and one["type"] == kind)
        return next(found, None)

    def _stored(self, value: dict[str, Any], ids: dict[tuple[int, str], str]) -> dict[str, Any]:
        kind = value.get("type", SLASH)
        places = value.get("integration_types") or [0]
        made = {
            "id": ids.get((kind, value["name"])) or self._world.ids.new(),
            "application_id": self._world.app_id,
            "version": self._world.ids.new(),
            "default_member_permissions": value.get("default_member_permissions"),
            "type": kind,
            "name": value["name"],
            "name_localizations": value.get("name_localizations"),
            "description": value.get("description") or "",
            "description_localizations": value.get("description_localizations"),
            "dm_permission": value.get("contexts") is None or 1 in value["contexts"],
            "contexts": value.get("contexts"),
            "integration_types": places,
            "nsfw": value.get("nsfw") or False,
        }
        if value.get("options"):
            made["options"] = [_stored_option(option) for option in value["options"]]
        return made


def _stored_option(option: dict[str, Any]) -> dict[str, Any]:
    """Return an option as Discord stores it: what is false is left out."""
    made = {
        name: value
        for name, value in option.items()
        if value is not False and value is not None and value != []
    }
    made.setdefault("name_localizations", None)
    made.setdefault("description_localizations", None)
    if option.get("options"):
        made["options"] = [_stored_option(inner) for inner in option["options"]]
    return made
