"""Finds in a message or view what a person presses, chooses or fills in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack_server.acts import NotPossible
from tests.fakes.slack_server.blocks import STATEFUL, default, elements, is_many
from tests.fakes.slack_server.files import File
from tests.fakes.slack_server.messages import Message
from tests.fakes.slack_server.views import View
from tests.fakes.slack_server.world import Channel, Person

Element = tuple[dict[str, Any], dict[str, Any]]
Value = str | list[str] | Channel | Person | File | list[File]

_OPTIONS = frozenset({"selected_option", "selected_options"})


def find_button(where: Message | View, named: str, nth: int | None) -> Element:
    """Return the block and element of the one button of a label, value or action_id."""
    found = [
        (block, one)
        for block, one in elements(where.blocks)
        if one["type"] == "button"
        and named in (one["text"]["text"], one.get("value"), one["action_id"])
    ]
    if not found:
        raise NotPossible(f"no button {named!r} among {_labels(where)}")
    if len(found) > 1 and nth is None:
        raise NotPossible(f"{len(found)} buttons are named {named!r}; say which")
    if len(found) <= (nth or 0):
        raise NotPossible(f"only {len(found)} buttons are named {named!r}")
    return found[nth or 0]


def _labels(where: Message | View) -> list[str]:
    return [one["text"]["text"] for _, one in elements(where.blocks) if one["type"] == "button"]


def find_element(where: Message | View, named: str) -> Element:
    """Return the block and element of an action_id or placeholder; not a button."""
    parts = [one for one in elements(where.blocks) if one[1]["type"] != "button"]
    found = [
        (block, one)
        for block, one in parts
        if named in (one.get("action_id"), (one.get("placeholder") or {}).get("text"))
    ]
    if len(found) != 1:
        known = [one.get("action_id") for _, one in parts]
        raise NotPossible(f"{len(found)} elements {named!r} among {known}")
    return found[0]


def pressed(block: dict[str, Any], button: dict[str, Any]) -> dict[str, Any]:
    """Return the action of a pressed button."""
    kept: dict[str, Any] = {
        name: button[name] for name in ("value", "style", "url") if name in button
    }
    return {
        "type": "button",
        "action_id": button["action_id"],
        "block_id": block["block_id"],
        "text": {"emoji": True, **button["text"]},
        **kept,
    }


def picked(block: dict[str, Any], element: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return the action of an element in which something was chosen."""
    kind = element["type"]
    name = "selected_option" if kind == "overflow" else STATEFUL[kind][0]
    at = {"action_id": element["action_id"], "block_id": block["block_id"]}
    return {"type": kind, **at, name: value}


def chosen(
    where: Message | View, block: dict[str, Any], element: dict[str, Any], value: Value
) -> Any:
    """Return what stands in an element once a person put a value there."""
    if element["type"] == "file_input":
        return _files(element, value)
    if element["type"] == "overflow" or STATEFUL[element["type"]][0] in _OPTIONS:
        return _options(where, block, element, value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return _text(element, _plain(value))


def files_in(values: dict[str, dict[str, Value]]) -> Iterator[File]:
    """Yield the files among the values of a view."""
    for by_action in values.values():
        for value in by_action.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, File):
                    yield one


def _files(element: dict[str, Any], value: Value) -> list[dict[str, Any]]:
    files: list[Any] = [*value] if isinstance(value, list) else [value]
    if len(files) > element.get("max_files", 10):
        raise NotPossible(f"{element['action_id']!r} takes {element['max_files']} files")
    found = []
    for one in files:
        kind = one.name.rpartition(".")[2].lower() if isinstance(one, File) else ""
        if not isinstance(one, File) or kind not in element.get("filetypes", [kind]):
            raise NotPossible(f"{element['action_id']!r} does not take {one}")
        found.append(one.about)
    return found


def _plain(value: Any) -> str:
    return value.id if isinstance(value, Channel | Person) else str(value)


def _options(
    where: Message | View, block: dict[str, Any], element: dict[str, Any], value: Value
) -> Any:
    wanted = [_plain(one) for one in (value if isinstance(value, list) else [value])]
    offered = _offered(where, block, element)
    by_name = {option["text"]["text"]: option for option in offered}
    by_name |= {option.get("value", ""): option for option in offered}
    unknown = [one for one in wanted if one not in by_name]
    if unknown:
        raise NotPossible(f"{element['action_id']!r} does not offer {unknown}")
    found = [by_name[one] for one in wanted]
    if is_many(element["type"]):
        return found
    if len(found) != 1:
        raise NotPossible(f"{element['action_id']!r} takes one value")
    return found[0]


def _offered(
    where: Message | View, block: dict[str, Any], element: dict[str, Any]
) -> list[dict[str, Any]]:
    if "external" in element["type"]:
        at = (block["block_id"], element["action_id"])
        return list(where.offered.get(at, {}).values())
    grouped = [one for group in element.get("option_groups") or [] for one in group["options"]]
    return [*(element.get("options") or []), *grouped]


def _text(element: dict[str, Any], text: str) -> str:
    if element["type"] != "plain_text_input":
        return text
    low, high = element.get("min_length", 0), element.get("max_length", 3000)
    if text and not low <= len(text) <= high:
        raise NotPossible(f"{element['action_id']!r} takes {low} to {high} characters")
    if "\n" in text and not element.get("multiline"):
        raise NotPossible(f"{element['action_id']!r} takes one line")
    return text


def fill_in(view: View, values: dict[str, dict[str, Value]]) -> None:
    """Put values into a view, and see that nothing that must be filled in is empty."""
    inputs = {
        (block["block_id"], one["action_id"]): (block, one)
        for block, one in elements(view.blocks)
        if one["type"] in STATEFUL
    }
    for block_id, by_action in values.items():
        for action_id, value in by_action.items():
            if (block_id, action_id) not in inputs:
                raise NotPossible(f"no field {block_id!r} {action_id!r} among {list(inputs)}")
            block, element = inputs[block_id, action_id]
            empty = [] if is_many(element["type"]) else None
            view.chosen[block_id, action_id] = (
                chosen(view, block, element, value) if value not in ("", []) else empty
            )
    for at, (block, element) in inputs.items():
        must = block["type"] == "input" and not block.get("optional")
        if must and not view.chosen.get(at, default(element)):
            raise NotPossible(f"the field {at} must be filled in")
