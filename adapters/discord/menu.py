"""The commands as Discord lists them in its menu, made from their declarations."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.contract import Json, JsonObject
from adapters.payload import listed, objects
from bot.core.commands import COMMANDS, CommandSpec, OptionSpec

SUMMARIZE_MESSAGE = "Summarize this moment"
"""The entry in a message's own menu."""

SLASH, MESSAGE = 1, 3
"""Command types."""

TEXT_OPTION, CHANNEL_OPTION, FILE_OPTION = 3, 7, 11
"""Option types."""

POSTABLE = (0, 5, 10, 11, 12)
"""Channel types that are offered: text, announcements, threads.

A voice channel's chat takes posts too; whoever wants them there types the command in it.
"""

_PLACES: JsonObject = {
    # Installed to servers; used in them and in direct messages with the bot.
    "integration_types": [0],
    "contexts": [0, 1],
}


def definitions() -> list[JsonObject]:
    """Return every command as Discord is told of it."""
    message: JsonObject = {"type": MESSAGE, "name": SUMMARIZE_MESSAGE, **_PLACES}
    return [*map(_slash, COMMANDS), message]


def _slash(spec: CommandSpec) -> JsonObject:
    # Discord refuses a required option after an optional one.
    offered = [option for option in spec.options if not option.is_long]
    ordered = sorted(offered, key=lambda option: not option.required)
    options: list[Json] = [_option(option) for option in ordered]
    return {
        "type": SLASH,
        "name": spec.name,
        "description": spec.description,
        "options": options,
        **_PLACES,
    }


def _option(spec: OptionSpec) -> JsonObject:
    option: JsonObject = {
        "type": TEXT_OPTION,
        "name": spec.name,
        "description": spec.description,
        "required": spec.required,
    }
    if spec.is_channel:
        return option | {"type": CHANNEL_OPTION, "channel_types": [*POSTABLE]}
    if spec.is_file:
        return option | {"type": FILE_OPTION}
    if spec.choices:
        return option | {"choices": listed({"name": one, "value": one} for one in spec.choices)}
    return option | {
        "max_length": spec.max_length,
        "autocomplete": spec.completion is not None,
    }


def differ(current: Iterable[JsonObject], wanted: Iterable[JsonObject]) -> bool:
    """Return whether Discord's list says anything else than the wanted one.

    Discord adds ids and defaults of its own and keeps no order; neither is a difference.
    """
    return sorted(map(_normal, current)) != sorted(map(_normal, wanted))


def _normal(command: JsonObject) -> str:
    fields = [
        command.get("type", SLASH),
        command.get("name"),
        command.get("description") or "",
        _numbers(command.get("integration_types")),
        _numbers(command.get("contexts")),
        [
            (
                option.get("type"),
                option.get("name"),
                option.get("description"),
                bool(option.get("required")),
                option.get("max_length"),
                bool(option.get("autocomplete")),
                [(one.get("name"), one.get("value")) for one in objects(option, "choices")],
                _numbers(option.get("channel_types")),
            )
            for option in objects(command, "options")
        ],
    ]
    return repr(fields)


def _numbers(value: Json) -> list[int]:
    return sorted(one for one in value if isinstance(one, int)) if isinstance(value, list) else []
