"""Finds in a message or form what a person presses, chooses or fills in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.discord_server.answers import NotPossible
from tests.fakes.discord_server.attachments import File
from tests.fakes.discord_server.components import (
    BUTTON,
    FILE_UPLOAD,
    INPUT,
    LABEL,
    RADIO,
    SELECT,
    walk,
)
from tests.fakes.discord_server.messages import MessageRecord

FILLABLE = frozenset({INPUT, SELECT, FILE_UPLOAD, RADIO})

Typed = str | list[str] | File | list[File]


def find_button(message: MessageRecord, named: str, nth: int | None) -> dict[str, Any]:
    """Return the one button of a label or custom_id that can be pressed."""
    parts = [part for part in walk(message.components) if part["type"] == BUTTON]
    found = [part for part in parts if named in (part.get("custom_id"), part.get("label"))]
    if not found:
        labels = [part.get("label") for part in parts]
        raise NotPossible(f"no button {named!r} among {labels}")
    if len(found) > 1 and nth is None:
        raise NotPossible(f"{len(found)} buttons are named {named!r}; say which")
    if len(found) <= (nth or 0):
        raise NotPossible(f"only {len(found)} buttons are named {named!r}")
    part = found[nth or 0]
    if "custom_id" not in part:
        raise NotPossible(f"{named!r} opens {part.get('url')} and tells the bot nothing")
    if part.get("disabled"):
        raise NotPossible(f"{named!r} is disabled")
    return part


def find_select(
    message: MessageRecord, named: str, values: list[str]
) -> tuple[dict[str, Any], list[str]]:
    """Return a select and the values chosen in it, which may be given as labels."""
    parts = [part for part in walk(message.components) if part["type"] == SELECT]
    found = [part for part in parts if named in (part["custom_id"], part.get("placeholder"))]
    if len(found) != 1:
        known = [part["custom_id"] for part in parts]
        raise NotPossible(f"{len(found)} selects {named!r} among {known}")
    if found[0].get("disabled"):
        raise NotPossible(f"{named!r} is disabled")
    return found[0], _chosen(found[0], values)


def _chosen(part: dict[str, Any], values: list[str]) -> list[str]:
    by_name = {option["label"]: option["value"] for option in part["options"]}
    by_name |= {option["value"]: option["value"] for option in part["options"]}
    unknown = [value for value in values if value not in by_name]
    if unknown:
        raise NotPossible(f"{part['custom_id']!r} does not offer {unknown}")
    low, high = part.get("min_values", 1), part.get("max_values", 1)
    if not low <= len(values) <= high:
        raise NotPossible(f"{part['custom_id']!r} takes {low} to {high} values")
    return [by_name[value] for value in values]


def modal_components(modal: dict[str, Any], values: Mapping[str, Typed]) -> list[dict[str, Any]]:
    """Return the components of a submitted form."""
    fields = [part for part in walk(modal["components"]) if part["type"] in FILLABLE]
    unknown = set(values) - {part["custom_id"] for part in fields}
    if unknown:
        raise NotPossible(f"the form has no field {', '.join(sorted(unknown))}")
    made: list[dict[str, Any]] = []
    for number, part in enumerate(modal["components"]):
        ident = part.get("id", 2 * number + 1)
        if part["type"] == LABEL:
            inner = {"id": ident + 1, **_filled(part["component"], values)}
            made.append({"type": LABEL, "id": ident, "component": inner})
        else:
            made.append({"type": part["type"], "id": ident})
    return made


def files_in(values: Mapping[str, Typed]) -> Iterator[File]:
    """Yield the files that a form is filled in with."""
    for value in values.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, File):
                yield one


def _uploaded(field: dict[str, Any], given: Any) -> list[str]:
    files = given if isinstance(given, list) else [given] if given else []
    if not all(isinstance(one, File) for one in files):
        raise NotPossible(f"the field {field['custom_id']!r} takes files")
    low = field.get("min_values", 1) if files else 0
    if not low <= len(files) <= field.get("max_values", 1):
        raise NotPossible(f"the field {field['custom_id']!r} takes not {len(files)} files")
    return [one.id for one in files]


def _filled(field: dict[str, Any], values: Mapping[str, Typed]) -> dict[str, Any]:
    name, required = field["custom_id"], field.get("required", True)
    given = values.get(name)
    made = {"type": field["type"], "custom_id": name}
    if required and not given and not field.get("value"):
        raise NotPossible(f"the field {name!r} must be filled in")
    if field["type"] == FILE_UPLOAD:
        return {**made, "values": _uploaded(field, given)}
    if field["type"] == SELECT:
        if not isinstance(given, (list, type(None))):
            raise NotPossible(f"the field {name!r} takes a list of values")
        return {**made, "values": _chosen(field, given) if given else []}
    if not isinstance(given, (str, type(None))):
        raise NotPossible(f"the field {name!r} takes text")
    if field["type"] == RADIO:
        return {**made, "value": _chosen(field, [given])[0] if given else None}
    text = given if given is not None else field.get("value", "")
    low, high = field.get("min_length", 0), field.get("max_length", 4000)
    if text and not low <= len(text) <= high:
        raise NotPossible(f"the field {name!r} takes {low} to {high} characters")
    return {**made, "value": text}
