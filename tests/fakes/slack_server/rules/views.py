"""Slack's rules for modals, and for what an app answers to one that was submitted.

From docs.slack.dev/reference/views/modal-views and /surfaces/modals.
"""

from __future__ import annotations

import json

from tests.fakes.slack_server.rules.blocks import note_blocks
from tests.fakes.slack_server.rules.errors import Refused
from tests.fakes.slack_server.rules.objects import OPTION_GROUPS, OPTIONS, plain
from tests.fakes.slack_server.rules.schema import (
    Check,
    Spot,
    anything,
    boolean,
    either,
    enum,
    sendable,
    shape,
    string,
)

MOST_BYTES = 250_000


def _blocks(spot: Spot) -> None:
    note_blocks(spot, "modal")


def _submit(spot: Spot) -> None:
    blocks = spot.value.get("blocks")
    kinds = [
        block.get("type")
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict)
    ]
    if "input" in kinds and "submit" not in spot.value:
        spot.wrong("missing required field: submit (there are input blocks)")


VIEW = shape(
    {"type": enum("modal"), "title": plain(24), "blocks": _blocks},
    {
        "submit": plain(24),
        "close": plain(24),
        "callback_id": string(1, 255),
        "private_metadata": string(0, 3000),
        "external_id": string(1, 255),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    [_submit],
)


def check_view(view: object) -> None:
    """Raise Refused for a view that Slack would not open.

    Its code is "invalid_arguments", or "view_too_large" above 250 kB of JSON.
    """
    spot = Spot(view, "/view")
    sendable(spot)
    if not spot.problems:
        VIEW(spot)
    if spot.problems:
        raise Refused("invalid_arguments", spot.problems)
    if len(json.dumps(view).encode()) > MOST_BYTES:
        raise Refused("view_too_large", ["[ERROR] the view is larger than 250 kB"])


def _errors(spot: Spot) -> None:
    if not isinstance(spot.value, dict) or not spot.value:
        spot.wrong("must provide an object with a block_id's error")
        return
    for block_id in spot.value:
        string(1, 3000)(spot.at(block_id))


_SUBMISSIONS = {
    "clear": shape({"response_action": enum("clear")}),
    "update": shape({"response_action": enum("update"), "view": anything}),
    "push": shape({"response_action": enum("push"), "view": anything}),
    "errors": shape({"response_action": enum("errors"), "errors": _errors}),
}


def _none_or(check: Check) -> Check:
    """Return a check that lets an empty list through: a search may find nothing."""

    def relaxed(spot: Spot) -> None:
        if spot.value != []:
            check(spot)

    return relaxed


_SUGGESTIONS = shape(
    optional={"options": _none_or(OPTIONS), "option_groups": _none_or(OPTION_GROUPS)},
    also=[either("options", "option_groups")],
)


def _refuse_by(check: Check, body: object) -> None:
    spot = Spot(body)
    sendable(spot)
    if not spot.problems:
        check(spot)
    if spot.problems:
        raise Refused("invalid_arguments", spot.problems)


def check_submission(body: object) -> None:
    """Raise Refused for an answer to view_submission that Slack ignores; {} closes the view.

    Its code is "invalid_arguments", or one of check_view for the view that is to be shown.
    """
    action = body.get("response_action") if isinstance(body, dict) else None
    known = _SUBMISSIONS.get(action) if isinstance(action, str) else None
    _refuse_by(known or shape(), body)
    if isinstance(body, dict) and "view" in body:
        check_view(body["view"])


def check_suggestions(body: object) -> None:
    """Raise Refused("invalid_arguments") for options that an external select cannot show."""
    _refuse_by(_SUGGESTIONS, body)
