"""What any body and any view must pass: Slack's rules, the SDK's models, and our own limits."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack.limits import violations
from tests.fakes.slack_server.rules import check_message, check_view, pings


def check_body(body: dict[str, Any]) -> None:
    """Fail for a body that Slack would not take, by whatever way it is sent, or that pings."""
    assert violations(body) == []
    assert [block.to_dict() for block in Block.parse_all(body["blocks"])] == body["blocks"]
    check_message(body, way="ack")
    check_message({**body, "replace_original": True}, way="response_url")
    posted = {name: value for name, value in body.items() if name != "response_type"}
    check_message({**posted, "channel": "C1", "thread_ts": "1760000000.000100"}, way="postMessage")
    assert pings(body) == []


def check_modal(view: dict[str, Any]) -> None:
    """Fail for a view that Slack would not open, or that pings."""
    assert violations(view) == []
    assert View(**view).to_dict() == view
    check_view(view)
    assert pings(view) == []
