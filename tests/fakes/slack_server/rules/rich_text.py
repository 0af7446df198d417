"""Slack's rules for the rich_text block.

From docs.slack.dev/reference/block-kit/blocks/rich-text-block. Of the inline elements only text,
links, emoji and channels are taken: mentions of people, dates and files are nothing the bot may
send. A channel's name is a link, and notifies nobody.
"""

from __future__ import annotations

from tests.fakes.slack_server.rules.objects import LINK
from tests.fakes.slack_server.rules.schema import (
    array,
    boolean,
    enum,
    integer,
    kind,
    one_of,
    shape,
    string,
    url,
)

STYLE = shape(
    optional=dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean),
)
TEXT = kind("text", {"text": string(1, blank=True)}, {"style": STYLE})
LINKED = kind("link", {"url": url(LINK)}, {"text": string(1), "style": STYLE, "unsafe": boolean})
EMOJI = kind(
    "emoji",
    {"name": string(1, 100)},
    {"skin_tone": integer(1, 6), "unicode": string(1), "style": STYLE},
)
CHANNEL = kind("channel", {"channel_id": string(1, 255)}, {"style": STYLE})

_INLINE = array(one_of(TEXT, LINKED, EMOJI, CHANNEL), 1)
_BORDER = integer(0, 1)

SECTION = kind("rich_text_section", {"elements": _INLINE})
LIST = kind(
    "rich_text_list",
    {"elements": array(one_of(SECTION), 1), "style": enum("bullet", "ordered")},
    {"indent": integer(0, 8), "offset": integer(0), "border": _BORDER},
)
QUOTE = kind("rich_text_quote", {"elements": _INLINE}, {"border": _BORDER})
PREFORMATTED = kind(
    "rich_text_preformatted",
    {"elements": array(one_of(TEXT, LINKED), 1)},
    {"border": _BORDER},
)

RICH_TEXT = array(one_of(SECTION, LIST, QUOTE, PREFORMATTED), 1)
