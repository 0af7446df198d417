"""What the strict Slack takes and refuses as views and as answers to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack_server.rules import (
    Refused,
    check_submission,
    check_suggestions,
    check_view,
)
from tests.unit.fakes.slack_server.examples import (
    choice,
    group,
    image,
    input_block,
    mrkdwn,
    option,
    options,
    plain,
    section,
    typed,
    view,
)

GOOD = {
    "title alone": view(),
    "view at its limits": view(
        *[section() for _ in range(99)],
        input_block(),
        title=plain("t" * 24),
        submit=plain("s" * 24),
        close=plain("c" * 24),
        callback_id="c" * 255,
        private_metadata="p" * 3000,
        external_id="e" * 255,
        clear_on_close=True,
        notify_on_close=False,
        submit_disabled=False,
    ),
    "no metadata": view(private_metadata=""),
}


@pytest.mark.parametrize("given", GOOD.values(), ids=GOOD.keys())
def test_view_within_the_limits_is_taken(given: dict[str, Any]) -> None:
    check_view(given)


BAD: dict[str, tuple[Any, str]] = {
    "no object": ([], "must provide an object [json-pointer:/view]"),
    "home": (view(type="home"), "must be a valid enum value: modal"),
    "no title": ({"type": "modal", "blocks": [section()]}, "missing required field: title"),
    "no blocks": ({"type": "modal", "title": plain()}, "missing required field: blocks"),
    "empty blocks": (view() | {"blocks": []}, "no fewer than 1 items"),
    "unknown field": (view(colour=1), "invalid additional property: colour"),
    "title in mrkdwn": (view(title=mrkdwn()), "unsupported type: mrkdwn"),
    "long title": (
        view(title=plain("t" * 25)),
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    "empty title": (view(title=plain("")), "more than 0 characters"),
    "long submit": (view(submit=plain("s" * 25)), "/view/submit/text"),
    "long close": (view(close=plain("c" * 25)), "/view/close/text"),
    "long callback_id": (view(callback_id="c" * 256), "/view/callback_id"),
    "long metadata": (view(private_metadata="p" * 3001), "/view/private_metadata"),
    "metadata that is an object": (view(private_metadata={}), "must provide a string"),
    "long external_id": (view(external_id="e" * 256), "/view/external_id"),
    "input without submit": (view(input_block()), "missing required field: submit"),
    "bad block": (view(section(mrkdwn(""))), "/view/blocks/0/text/text"),
    "control character": (view(private_metadata="\x01"), "control characters"),
    "101 blocks": (view(*[section()] * 101), "no more than 100 items"),
}


@pytest.mark.parametrize(("given", "problem"), BAD.values(), ids=BAD.keys())
def test_view_beyond_the_limits_is_refused(given: Any, problem: str) -> None:
    with pytest.raises(Refused) as caught:
        check_view(given)
    assert caught.value.error == "invalid_arguments"
    assert problem in " ".join(caught.value.messages)


def test_view_above_250_kilobytes_is_refused() -> None:
    # 98 inputs with 2,000 + 500 characters each: every part is within its own limit.
    parts = [
        input_block(typed(action_id=str(n)), label=plain("x" * 2000), hint=plain("y" * 500))
        for n in range(98)
    ]
    with pytest.raises(Refused) as caught:
        check_view(view(*parts, submit=plain("Go")))
    assert caught.value.error == "view_too_large"


SUBMISSIONS = [
    {},
    {"response_action": "clear"},
    {"response_action": "update", "view": view()},
    {"response_action": "push", "view": view()},
    {"response_action": "errors", "errors": {"b": "Too short."}},
]


@pytest.mark.parametrize("body", SUBMISSIONS)
def test_answer_to_a_submission_is_taken_when_slack_knows_it(body: dict[str, Any]) -> None:
    check_submission(body)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"text": "x"},
        {"response_action": "close"},
        {"response_action": ["clear"]},
        {"response_action": "update"},
        {"response_action": "update", "view": view(title=plain("t" * 25))},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"b": ""}},
    ],
)
def test_answer_to_a_submission_is_refused_when_slack_does_not_know_it(body: Any) -> None:
    with pytest.raises(Refused, match="invalid_arguments"):
        check_submission(body)


@pytest.mark.parametrize(
    "body",
    [
        {"options": []},
        {"options": options(100)},
        {"option_groups": [group(option())]},
    ],
)
def test_suggestions_within_the_limits_are_taken(body: dict[str, Any]) -> None:
    check_suggestions(body)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"options": options(101)},
        {"options": [option(text="x" * 76)]},
        {"options": [], "option_groups": []},
        {"options": [choice("overflow")]},
        {"options": [image()]},
        {"options": ["\x00"]},
    ],
)
def test_suggestions_beyond_the_limits_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="invalid_arguments"):
        check_suggestions(body)
