"""Builds the blocks of a message or a view, and counts the room that Slack leaves for them.

Untrusted words are put where Slack takes them literally: into rich text and plain text. The one
thing these cannot do is to open a link beside a button; that takes mrkdwn, which is given a title
only if it shows it as it is, and otherwise stands beside the title in a text of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adapters.contract import JsonObject
from adapters.layout import Room as BaseRoom
from adapters.layout import pressable
from adapters.payload import listed, text
from adapters.slack import mrkdwn
from adapters.slack.body import LINE, MRKDWN, PLAIN, QUOTE, weight
from adapters.slack.limits import (
    ACTIONS_ELEMENTS,
    BLOCKS,
    BUTTON_TEXT,
    HEADER,
    OPTION_TEXT,
    PLACEHOLDER,
    SAID,
    SELECT_OPTIONS,
    URL,
)
from adapters.text import OPEN, chunks, fit, is_blank, label, plain, prefixed, tidy, title_of, units
from bot.core.reply import Button, Option
from bot.core.wording import ELLIPSIS

OPENS = "open"
"""What the action_id of a button begins with that opens a link and asks for nothing."""

MOST_BUTTONS = 50
"""Buttons of one message: two full blocks."""


@dataclass(slots=True)
class Room(BaseRoom):
    """What is left of a message or a view; and the ids of what can be pressed in it."""

    text: int = SAID
    parts: int = BLOCKS
    pressed: int = 0

    def action_id(self, lead: str) -> str:
        """Return an action_id that is not yet used."""
        self.pressed += 1
        return f"{lead}:{self.pressed}"

    def pay(self, blocks: Sequence[JsonObject]) -> list[JsonObject]:
        """Return blocks once they are taken off what is left."""
        self.parts -= len(blocks)
        self.text -= sum(map(weight, blocks))
        return list(blocks)


def plain_text(words: str) -> JsonObject:
    """Return a text that is shown as it is, emoji codes too."""
    return {"type": PLAIN, "text": words, "emoji": False}


def mrkdwn_text(content: str) -> JsonObject:
    """Return a text of mrkdwn in which nothing but its own markup takes effect."""
    return {"type": MRKDWN, "text": content, "verbatim": True}


def linked(
    prefix: str, title: str, url: str, limit: int, *, lead: str = "", bold: bool = False
) -> list[JsonObject]:
    """Return the texts of ``prefix · title`` linked to ``url``, in at most ``limit`` units.

    A title that mrkdwn would change stands in a text of its own, after the link. ``lead`` is
    trusted and not linked.
    """
    title, mark = title_of(title), "*" if bold else ""
    limit -= units(lead) + 2 * len(mark)
    if mrkdwn.is_plain(title):
        return [mrkdwn_text(f"{lead}{mark}{mrkdwn.link(prefix, title, url, limit)}{mark}")]
    target = mrkdwn.target(url)
    anchor = mrkdwn.anchor(prefix or OPEN, target) if target else ""
    if not anchor or units(anchor) > limit // 2:
        return [plain_text(lead + fit(prefixed(prefix, title), limit, plain))]
    return [
        mrkdwn_text(f"{lead}{mark}{anchor}{mark}"),
        plain_text(fit(title, limit - units(anchor), plain)),
    ]


def with_detail(texts: list[JsonObject], detail: str, limit: int) -> list[JsonObject]:
    """Return texts with a detail below: in the same text, if mrkdwn shows it as it is."""
    detail = tidy(detail)
    if is_blank(detail):
        return texts
    first = texts[0]
    if len(texts) == 1 and first["type"] == MRKDWN and mrkdwn.is_plain(detail):
        return [mrkdwn_text(f"{text(first, 'text')}\n{fit(detail, limit, mrkdwn.escape)}")]
    return [*texts, plain_text(fit(detail, limit, plain))]


def section(texts: Sequence[JsonObject], accessory: JsonObject | None = None) -> JsonObject:
    """Return one or a few texts with a button at their side."""
    block: JsonObject = {"type": "section"}
    if len(texts) == 1:
        block["text"] = texts[0]
    else:
        block["fields"] = listed(texts)
    if accessory:
        block["accessory"] = accessory
    return block


def heading(words: str, limit: int) -> list[JsonObject]:
    """Return a heading, or nothing for one that is blank."""
    words = tidy(words)
    if is_blank(words):
        return []
    if units(words) <= HEADER:
        return [{"type": "header", "text": plain_text(words)}]
    return [section([plain_text(fit(words, limit, plain))])]


def small(lines: Iterable[str], limit: int) -> list[JsonObject]:
    """Return lines in small print, each in at most ``limit`` units; blank ones are left out."""
    tidied = (tidy(line) for line in lines)
    shown = [fit(line, limit, plain) for line in tidied if not is_blank(line)]
    return [context([plain_text("\n".join(shown))])] if shown else []


def context(texts: Sequence[JsonObject]) -> JsonObject:
    """Return texts in small print, side by side."""
    return {"type": "context", "elements": listed(texts)}


def words_element(words: str, *, bold: bool = False, code: bool = False) -> JsonObject:
    """Return words of a rich text's line."""
    element: JsonObject = {"type": "text", "text": words}
    if bold or code:
        element["style"] = {"bold": True} if bold else {"code": True}
    return element


def link_element(words: str, url: str, *, bold: bool = False) -> JsonObject:
    """Return a link of a rich text's line; its words alone where the address is unfit."""
    element = words_element(words, bold=bold)
    target = opened(url)
    return element | {"type": "link", "url": target} if target else element


def opened(url: str) -> str | None:
    """Return an address as a button or a rich text opens it, None for one it may not."""
    target = mrkdwn.target(url)
    return target if target and units(target) <= URL else None


def rich_text(lines: Iterable[Sequence[JsonObject]]) -> list[JsonObject]:
    """Return lines of elements as a block, or nothing where there are none."""
    made: list[JsonObject] = [{"type": LINE, "elements": listed(line)} for line in lines if line]
    return [{"type": "rich_text", "elements": listed(made)}] if made else []


def quotation(words: str, limit: int) -> list[JsonObject]:
    """Return words set apart as a quotation, in at most ``limit`` units; nothing for blank ones."""
    words = tidy(words)
    if is_blank(words):
        return []
    quoted: JsonObject = {
        "type": QUOTE,
        "elements": [words_element(fit(words, limit, plain))],
    }
    return [{"type": "rich_text", "elements": [quoted]}]


def buttons_of(buttons: Iterable[Button], room: Room) -> Iterator[JsonObject]:
    """Yield buttons: a repeated action once, addresses that no button may open not."""
    for button, held in pressable(buttons, room, opened):
        lead, kind = ("act", "value") if button.action else (OPENS, "url")
        yield {
            "type": "button",
            "action_id": room.action_id(lead),
            "text": plain_text(label(button.label, BUTTON_TEXT, "Open")),
            kind: held,
        }


def rows(buttons: Sequence[Button], room: Room) -> list[JsonObject]:
    """Return buttons in blocks, paid for."""
    made = list(buttons_of(buttons[:MOST_BUTTONS], room))
    return room.pay([_actions(chunk) for chunk in chunks(made, ACTIONS_ELEMENTS)])


def _actions(elements: Sequence[JsonObject]) -> JsonObject:
    return {"type": "actions", "elements": listed(elements)}


def selects(placeholder: str, options: Sequence[Option], room: Room) -> list[JsonObject]:
    """Return options as selects, paid for; a repeated action once."""
    made = [option_part(option) for option in options if room.claim(option.action)]
    found: list[JsonObject] = [
        {
            "type": "static_select",
            "action_id": room.action_id("choose"),
            "placeholder": plain_text(label(placeholder, PLACEHOLDER, "Choose one")),
            "options": listed(chunk),
        }
        for chunk in chunks(made, SELECT_OPTIONS)
    ]
    return room.pay([_actions(found)] if found else [])


def option_part(option: Option) -> JsonObject:
    """Return one option of a select whose value is an action."""
    return value_part(option.label, option.action.encode(), option.detail)


def value_part(words: str, value: str, detail: str = "") -> JsonObject:
    """Return one option of a select."""
    made: JsonObject = {"text": plain_text(label(words, OPTION_TEXT, "Untitled")), "value": value}
    if not is_blank(tidy(detail)):
        made["description"] = plain_text(label(detail, OPTION_TEXT, ELLIPSIS))
    return made
