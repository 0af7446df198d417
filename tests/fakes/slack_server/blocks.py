"""Blocks as Slack keeps them, and what stands in their elements."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack_server.world import Ids

Chosen = Mapping[tuple[str, str], Any]

# What a state holds for each stateful element, and where the element says what it begins with.
_ONE = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "users_select": ("selected_user", "initial_user"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
}
_MANY = {
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_users_select": ("selected_users", "initial_users"),
    "file_input": ("files", "initial_files"),
}
STATEFUL = _ONE | _MANY


def is_many(kind: str) -> bool:
    """Return whether an element holds a list."""
    return kind in _MANY


def stored_blocks(blocks: list[dict[str, Any]], ids: Ids) -> list[dict[str, Any]]:
    """Return a copy in which every block has an id and every element an action_id."""
    made = copy.deepcopy(blocks)
    for block in made:
        block.setdefault("block_id", ids.new("b"))
    for _, element in elements(made):
        if element.get("type") in STATEFUL or element.get("type") in ("button", "overflow"):
            element.setdefault("action_id", ids.new("a"))
    return made


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each element with the block that holds it, in order."""
    for block in blocks:
        for key in ("accessory", "element"):
            if isinstance(block.get(key), dict):
                yield block, block[key]
        for key in ("elements", "actions"):
            for element in block.get(key) or []:
                if isinstance(element, dict):
                    yield block, element
        for key in ("children", "cards"):
            inner = [one for one in block.get(key) or [] if isinstance(one, dict)]
            yield from elements(inner)


def default(element: dict[str, Any]) -> Any:
    """Return what stands in an element that nobody touched."""
    begins_with = element.get(STATEFUL[element["type"]][1])
    return begins_with if begins_with is not None else [] if is_many(element["type"]) else None


def state(blocks: list[dict[str, Any]], chosen: Chosen) -> dict[str, Any]:
    """Return the state object: what stands in each element, by block_id and action_id."""
    values: dict[str, dict[str, Any]] = {}
    for block, element in elements(blocks):
        kind = element.get("type", "")
        if kind not in STATEFUL:
            continue
        at = (block["block_id"], element["action_id"])
        value = chosen.get(at, default(element))
        values.setdefault(at[0], {})[at[1]] = {"type": kind, STATEFUL[kind][0]: value}
    return {"values": values}
