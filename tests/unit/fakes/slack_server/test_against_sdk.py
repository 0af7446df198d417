"""Whatever the SDK's own models refuse, the strict Slack refuses as well."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.fakes.slack_server.rules import Refused, check_blocks, check_view
from tests.unit.fakes.slack_server.examples import (
    GOOD,
    IN_MESSAGES,
    IN_MODALS,
    input_block,
    plain,
    section,
    view,
)

EXAMPLES: list[tuple[Any, list[Any]]] = [
    *(("message", blocks) for blocks in (GOOD | IN_MESSAGES).values()),
    *(("modal", blocks) for blocks in (GOOD | IN_MODALS).values()),
]
VIEW = view(
    section(),
    input_block(),
    submit=plain("Send"),
    close=plain("Back"),
    callback_id="form",
    private_metadata="{}",
)
STRANGE = [None, True, -1, 3001, "", " ", "x" * 76, "x" * 3001, "x" * 12_001, [], {}, "mrkdwn"]


def _sdk_takes(blocks: list[Any]) -> bool:
    try:
        for block in Block.parse_all(blocks):
            if block is None:
                return False
            block.validate_json()
            block.to_dict()
    except Exception:
        return False
    return True


def _sdk_takes_view(given: dict[str, Any]) -> bool:
    try:
        View(**given).to_dict()
    except Exception:
        return False
    return True


def _taken(blocks: list[Any], surface: Any) -> bool:
    try:
        check_blocks(blocks, surface=surface)
    except Refused:
        return False
    return True


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with each of its keys."""
    keys = node.keys() if isinstance(node, dict) else range(len(node))
    for key in list(keys):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])


def _spoiled(value: Any, chance: random.Random) -> Any:
    """Return a copy with one or two changes: something left out, doubled, renamed or strange."""
    changed = copy.deepcopy(value)
    for _ in range(chance.randint(1, 2)):
        holder, key = chance.choice(list(_places(changed)))
        way = chance.randrange(4)
        if way == 0:
            del holder[key]
        elif way == 1 and isinstance(holder, list):
            holder.extend([holder[key]] * chance.randint(1, 101))
        elif way == 2 and isinstance(holder, dict):
            holder["strange"] = holder.pop(key)
        else:
            holder[key] = chance.choice(STRANGE)
        if not changed:
            break
    return changed


@pytest.mark.parametrize(("surface", "blocks"), EXAMPLES)
def test_examples_are_taken_by_the_sdk_too(surface: str, blocks: list[Any]) -> None:
    assert _sdk_takes(blocks), surface


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(EXAMPLES), st.randoms(use_true_random=False))
def test_blocks_are_refused_when_the_sdk_refuses_them(
    example: tuple[Any, list[Any]], chance: random.Random
) -> None:
    surface, blocks = example
    spoiled = _spoiled(blocks, chance)
    if not _taken(spoiled, surface):
        return
    assert _sdk_takes(spoiled)
    json.dumps(spoiled)


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_view_is_refused_when_the_sdk_refuses_it(chance: random.Random) -> None:
    spoiled = _spoiled(VIEW, chance)
    try:
        check_view(spoiled)
    except Refused:
        return
    assert _sdk_takes_view(spoiled)
