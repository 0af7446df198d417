"""What Slack accepts and refuses, and what a person sees of it: pure functions, no I/O.

The independent referee of the Slack adapter: written from Slack's reference, it imports nothing
from ``adapters``.
"""

from tests.fakes.slack_server.rules.api import SCOPES, check_call
from tests.fakes.slack_server.rules.blocks import check_blocks
from tests.fakes.slack_server.rules.errors import Refused
from tests.fakes.slack_server.rules.messages import check_message
from tests.fakes.slack_server.rules.reading import (
    Button,
    Choice,
    Input,
    Select,
    buttons,
    fallback_links,
    fallback_text,
    inputs,
    links,
    pings,
    selects,
    texts,
)
from tests.fakes.slack_server.rules.views import check_submission, check_suggestions, check_view

__all__ = [
    "SCOPES",
    "Button",
    "Choice",
    "Input",
    "Refused",
    "Select",
    "buttons",
    "check_blocks",
    "check_call",
    "check_message",
    "check_submission",
    "check_suggestions",
    "check_view",
    "fallback_links",
    "fallback_text",
    "inputs",
    "links",
    "pings",
    "selects",
    "texts",
]
