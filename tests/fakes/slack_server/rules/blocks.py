"""Slack's rules for blocks, one by one and together.

Numbers from docs.slack.dev/reference/block-kit/blocks and the SDK's validators.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tests.fakes.slack_server.rules.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from tests.fakes.slack_server.rules.errors import Refused
from tests.fakes.slack_server.rules.objects import (
    LINK,
    SLACK_FILE,
    formatted,
    mrkdwn_kind,
    plain,
    plain_kind,
)
from tests.fakes.slack_server.rules.rich_text import RICH_TEXT
from tests.fakes.slack_server.rules.schema import (
    Check,
    Kind,
    Spot,
    any_of,
    array,
    boolean,
    either,
    kind,
    one_of,
    sendable,
    string,
    url,
)

Surface = Literal["message", "modal"]

MOST_BLOCKS = {"message": 50, "modal": 100}
MOST_MARKDOWN = 12_000


def _block(
    name: str,
    required: dict[str, Check] | None = None,
    optional: dict[str, Check] | None = None,
    also: tuple[Check, ...] = (),
) -> Kind:
    return kind(name, required, {"block_id": string(1, 255), **(optional or {})}, also)


EVERYWHERE = (
    _block(
        "section",
        optional={
            "text": formatted(3000),
            "fields": array(formatted(2000), 1, 10),
            "accessory": one_of(*IN_SECTION),
            "expand": boolean,
        },
        also=(any_of("text", "fields"),),
    ),
    _block("header", {"text": plain(150)}),
    _block("context", {"elements": array(one_of(plain_kind(), mrkdwn_kind(), IMAGE), 1, 10)}),
    _block("actions", {"elements": array(one_of(*IN_ACTIONS), 1, 25)}),
    _block("divider"),
    _block(
        "image",
        {"alt_text": string(1, 2000)},
        {"image_url": url(LINK), "slack_file": SLACK_FILE, "title": plain(2000)},
        (either("image_url", "slack_file"),),
    ),
    _block("rich_text", {"elements": RICH_TEXT}),
)
MARKDOWN = _block("markdown", {"text": string(1, MOST_MARKDOWN)})
INPUT = _block(
    "input",
    {"label": plain(2000), "element": one_of(*IN_INPUT)},
    {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
)
# Slack takes input blocks in messages as well, but has no way to submit several at once there.
_ALLOWED = {
    "message": one_of(*EVERYWHERE, MARKDOWN),
    "modal": one_of(*EVERYWHERE, INPUT),
}


def check_blocks(blocks: object, *, surface: Surface) -> None:
    """Raise Refused("invalid_blocks") for blocks that Slack would not take on a surface."""
    spot = Spot(blocks, "/blocks")
    note_blocks(spot, surface)
    if spot.problems:
        raise Refused("invalid_blocks", spot.problems)


def note_blocks(spot: Spot, surface: Surface) -> None:
    """Note what is wrong with a list of blocks: each first, then all together."""
    before = len(spot.problems)
    sendable(spot)
    if len(spot.problems) == before:
        array(_ALLOWED[surface], 1, MOST_BLOCKS[surface])(spot)
    if len(spot.problems) == before:
        _together(spot, surface)


def _together(spot: Spot, surface: Surface) -> None:
    elements = [place for block in spot.items() for place in _elements(block)]
    _unique([block for block in spot.items() if block.has("block_id")], "block_id")
    _unique([place for place in elements if place.has("action_id")], "action_id")
    for place in elements:
        _placed(place, surface)
    focused = [place for place in elements if place.value.get("focus_on_load")]
    for place in focused[1:]:
        place.wrong("focus_on_load can be true for one element only")
    texts = [block.value["text"] for block in spot.items() if block.value["type"] == "markdown"]
    if sum(map(len, texts)) > MOST_MARKDOWN:
        spot.wrong(f"all markdown blocks must be less than {MOST_MARKDOWN + 1} characters")


def _elements(block: Spot) -> Iterator[Spot]:
    for name in ("accessory", "element"):
        if block.has(name):
            yield block.at(name)
    if block.value["type"] in ("actions", "context"):
        yield from block.at("elements").items()


def _unique(places: list[Spot], name: str) -> None:
    """Note doubles; Slack wants action_ids unique in a block, the bot in all blocks."""
    seen: set[str] = set()
    for place in places:
        if place.value[name] in seen:
            place.wrong(f"{name} already exists for another element: {place.value[name]}")
        seen.add(place.value[name])


def _placed(place: Spot, surface: Surface) -> None:
    if surface == "message":
        for name in ("focus_on_load", "default_to_current_conversation"):
            if place.has(name):
                place.at(name).wrong("only works in modals")
    in_input = place.pointer.endswith("/element")
    if place.has("response_url_enabled") and not (surface == "modal" and in_input):
        place.at("response_url_enabled").wrong("only works in input blocks in modals")
