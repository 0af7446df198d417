"""Slack's rules for composition objects: texts, options, confirmations, filters.

Numbers from docs.slack.dev/reference/block-kit/composition-objects and the SDK's validators.
"""

from __future__ import annotations

from tests.fakes.slack_server.rules.schema import (
    Check,
    Kind,
    any_of,
    array,
    boolean,
    either,
    enum,
    kind,
    one_of,
    shape,
    string,
    url,
)

MOST_TEXT = 3000


def plain_kind(high: int = MOST_TEXT) -> Kind:
    """Return the rules of a plain_text object."""
    return kind("plain_text", {"text": string(1, high)}, {"emoji": boolean})


def mrkdwn_kind(high: int = MOST_TEXT) -> Kind:
    """Return the rules of a mrkdwn object."""
    return kind("mrkdwn", {"text": string(1, high)}, {"verbatim": boolean})


def plain(high: int) -> Check:
    """Return a check for a plain_text object of at most so many characters."""
    return one_of(plain_kind(high))


def formatted(high: int = MOST_TEXT) -> Check:
    """Return a check for a text object of either type."""
    return one_of(plain_kind(high), mrkdwn_kind(high))


OPTION_TEXT, OPTION_VALUE, LINK = 75, 150, 3000

PLAIN_OPTION = shape(
    {"text": plain(OPTION_TEXT), "value": string(1, OPTION_VALUE)},
    {"description": plain(OPTION_TEXT)},
)
MARKED_OPTION = shape(
    {"text": formatted(OPTION_TEXT), "value": string(1, OPTION_VALUE)},
    {"description": formatted(OPTION_TEXT)},
)
OVERFLOW_OPTION = shape(
    {"text": plain(OPTION_TEXT), "value": string(1, OPTION_VALUE)},
    {"description": plain(OPTION_TEXT), "url": url(LINK)},
)
OPTIONS = array(PLAIN_OPTION, 1, 100)
OPTION_GROUPS = array(shape({"label": plain(75), "options": OPTIONS}), 1, 100)

CONFIRM = shape(
    {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": enum("primary", "danger")},
)

_FILTERS = {
    "include": array(enum("im", "mpim", "private", "public"), 1, 4),
    "exclude_external_shared_channels": boolean,
    "exclude_bot_users": boolean,
}
FILTER = shape(optional=_FILTERS, also=[any_of(*_FILTERS)])

DISPATCH = shape(
    {"trigger_actions_on": array(enum("on_enter_pressed", "on_character_entered"), 1, 2)}
)
SLACK_FILE = shape(optional={"id": string(1), "url": url(LINK)}, also=[either("id", "url")])
