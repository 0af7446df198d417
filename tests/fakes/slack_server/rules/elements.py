"""Slack's rules for block elements: what can be pressed, picked from or typed into.

Numbers from docs.slack.dev/reference/block-kit/block-elements and the SDK's validators.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.fakes.slack_server.rules.objects import (
    CONFIRM,
    DISPATCH,
    FILTER,
    LINK,
    MARKED_OPTION,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    SLACK_FILE,
    plain,
)
from tests.fakes.slack_server.rules.schema import (
    Check,
    Kind,
    Spot,
    array,
    boolean,
    either,
    enum,
    integer,
    kind,
    string,
    url,
)

ACTION_ID = string(1, 255)
PLACEHOLDER = plain(150)
MOST_TYPED = 3000


def choices(element: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the options of a well-formed element, those of its groups too."""
    yield from element.get("options", [])
    for group in element.get("option_groups", []):
        yield from group["options"]


def _choices(spot: Spot) -> None:
    """Check what Slack demands of options together; ill-formed ones are noted elsewhere."""
    try:
        offered = list(choices(spot.value))
        values = [option["value"] for option in offered]
        distinct = len(set(values)) == len(values)
    except (TypeError, KeyError, AttributeError):
        return
    if not distinct:
        spot.wrong("options must have distinct values")
    for name in ("initial_option", "initial_options"):
        picked = spot.value.get(name, [])
        for one in picked if isinstance(picked, list) else [picked]:
            if offered and one not in offered:
                spot.at(name).wrong("must be among the options")


def _lengths(spot: Spot) -> None:
    low, high = spot.value.get("min_length"), spot.value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        spot.wrong("min_length must not be greater than max_length")


def _interactive(
    name: str,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    also: Sequence[Check] = (),
) -> Kind:
    return kind(name, {"action_id": ACTION_ID, **(required or {})}, optional, also)


_MENU = {"placeholder": PLACEHOLDER, "confirm": CONFIRM, "focus_on_load": boolean}
_GROUP = {"confirm": CONFIRM, "focus_on_load": boolean}

BUTTON = _interactive(
    "button",
    {"text": plain(75)},
    {
        "url": url(LINK),
        "value": string(1, 2000),
        "style": enum("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(1, 75),
    },
)
STATIC_SELECT = _interactive(
    "static_select",
    optional={
        "options": OPTIONS,
        "option_groups": OPTION_GROUPS,
        "initial_option": PLAIN_OPTION,
        **_MENU,
    },
    also=[either("options", "option_groups"), _choices],
)
EXTERNAL_SELECT = _interactive(
    "external_select",
    optional={"initial_option": PLAIN_OPTION, "min_query_length": integer(0), **_MENU},
)
CONVERSATIONS_SELECT = _interactive(
    "conversations_select",
    optional={
        "initial_conversation": string(1),
        "default_to_current_conversation": boolean,
        "response_url_enabled": boolean,
        "filter": FILTER,
        **_MENU,
    },
)
OVERFLOW = _interactive(
    "overflow", {"options": array(OVERFLOW_OPTION, 1, 5)}, {"confirm": CONFIRM}, [_choices]
)
RADIO_BUTTONS = _interactive(
    "radio_buttons",
    {"options": array(MARKED_OPTION, 1, 10)},
    {"initial_option": MARKED_OPTION, **_GROUP},
    [_choices],
)
CHECKBOXES = _interactive(
    "checkboxes",
    {"options": array(MARKED_OPTION, 1, 10)},
    {"initial_options": array(MARKED_OPTION, 1, 10), **_GROUP},
    [_choices],
)
PLAIN_TEXT_INPUT = _interactive(
    "plain_text_input",
    optional={
        "placeholder": PLACEHOLDER,
        "initial_value": string(0, MOST_TYPED),
        "multiline": boolean,
        "min_length": integer(0, MOST_TYPED),
        "max_length": integer(1, MOST_TYPED),
        "dispatch_action_config": DISPATCH,
        "focus_on_load": boolean,
    },
    also=[_lengths],
)
FILE_INPUT = _interactive(
    "file_input",
    optional={"filetypes": array(string(1, 30), 1), "max_files": integer(1, 10)},
)
IMAGE = kind(
    "image",
    {"alt_text": string(1, 2000)},
    {"image_url": url(LINK), "slack_file": SLACK_FILE},
    [either("image_url", "slack_file")],
)

PICKED = (STATIC_SELECT, EXTERNAL_SELECT, CONVERSATIONS_SELECT, RADIO_BUTTONS, CHECKBOXES)
IN_ACTIONS = (BUTTON, OVERFLOW, *PICKED)
IN_SECTION = (*IN_ACTIONS, IMAGE)
IN_INPUT = (PLAIN_TEXT_INPUT, FILE_INPUT, *PICKED)
