"""The JSON of interactions, with option values typed as the commands declare them."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord_server.answers import NotPossible
from tests.fakes.discord_server.attachments import Attachments, File
from tests.fakes.discord_server.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    NUMBER,
    STRING,
)
from tests.fakes.discord_server.interactions import Interaction
from tests.fakes.discord_server.world import Channel, Person

_TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
    CHANNEL: (Channel,),
    ATTACHMENT: (File,),
}


def interaction(app_id: str, about: Interaction, data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of INTERACTION_CREATE."""
    place, person = about.channel, about.person
    made: dict[str, Any] = {
        "id": about.id,
        "application_id": app_id,
        "type": about.kind,
        "token": about.token,
        "version": 1,
        "data": data,
        "channel_id": place.id,
        "channel": {**place.payload(), "permissions": str(person.permissions)},
        "app_permissions": str(place.permissions),
        "locale": person.locale,
        "entitlements": [],
        "authorizing_integration_owners": {"0": place.guild.id if place.guild else "0"},
        "context": place.context,
        "attachment_size_limit": 10 * 2**20,
    }
    if place.guild:
        made["guild_id"] = place.guild.id
        made["guild"] = place.guild.partial()
        made["guild_locale"] = "en-US"
        made["member"] = person.member()
    else:
        made["user"] = person.payload()
    if about.source is not None:
        made["message"] = about.source.payload()
    return made


def command_data(command: dict[str, Any]) -> dict[str, Any]:
    """Return what identifies a command in an interaction."""
    return {"id": command["id"], "name": command["name"], "type": command["type"]}


def options(command: dict[str, Any], given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return typed option values; raise NotPossible for what Discord would not let through."""
    declared = _declared(command, given)
    missing = [
        name for name, option in declared.items() if option.get("required") and name not in given
    ]
    if missing:
        raise NotPossible(f"{command['name']!r} needs {', '.join(missing)}")
    return [_value(declared[name], value) for name, value in given.items()]


def resolved(given: dict[str, Any], person: Person, attached: Attachments) -> dict[str, Any]:
    """Return what Discord adds of channels and files, nothing where there are none."""
    picked = [value for value in given.values() if isinstance(value, Channel)]
    files = attached.resolved([value for value in given.values() if isinstance(value, File)])
    found = {**_channels(picked, person), **files}
    return {"resolved": found} if found else {}


def _channels(picked: list[Channel], person: Person) -> dict[str, Any]:
    channels = {
        one.id: {
            "id": one.id,
            "name": one.name,
            "type": one.type,
            "parent_id": None,
            "permissions": str(person.permissions),
        }
        for one in picked
    }
    return {"channels": channels} if channels else {}


def typing(
    command: dict[str, Any], name: str, typed: str, others: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the option values of a command that is still being typed."""
    declared = _declared(command, {name: typed, **others})
    if not declared[name].get("autocomplete"):
        raise NotPossible(f"{name!r} is not completed")
    focused = {"name": name, "type": declared[name]["type"], "value": typed, "focused": True}
    return [*(_value(declared[other], value) for other, value in others.items()), focused]


def _declared(command: dict[str, Any], given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    declared = {option["name"]: option for option in command.get("options", [])}
    unknown = set(given) - set(declared)
    if unknown:
        raise NotPossible(f"{command['name']!r} has no option {', '.join(sorted(unknown))}")
    return declared


def _value(option: dict[str, Any], value: Any) -> dict[str, Any]:
    name, kind = option["name"], option["type"]
    fits = isinstance(value, _TYPES.get(kind, ()))
    if not fits or (isinstance(value, bool) and kind != BOOLEAN):
        raise NotPossible(f"option {name!r} of type {kind} does not take {value!r}")
    if kind == CHANNEL:
        if option.get("channel_types") and value.type not in option["channel_types"]:
            raise NotPossible(f"option {name!r} takes channels of {option['channel_types']}")
        return {"name": name, "type": kind, "value": value.id}
    if kind == ATTACHMENT:
        return {"name": name, "type": kind, "value": value.id}
    offered = [choice["value"] for choice in option.get("choices", [])]
    if offered and value not in offered:
        raise NotPossible(f"option {name!r} offers {offered}")
    size = len(value) if kind == STRING else value
    bounds = ("min_length", "max_length") if kind == STRING else ("min_value", "max_value")
    low, high = (option.get(bound) for bound in bounds)
    if (low is not None and size < low) or (high is not None and size > high):
        raise NotPossible(f"option {name!r} takes {low} to {high}, not {size}")
    return {"name": name, "type": kind, "value": value}
