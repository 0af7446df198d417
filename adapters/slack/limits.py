"""Slack's limits on messages and views, and what in a body would break them.

Numbers are from Slack's Block Kit reference (blocks, block elements, composition objects, views)
unless their comment says otherwise. Lengths are measured in UTF-16 units, which is never less
than Slack counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from adapters.contract import JsonObject
from adapters.payload import obj, objects, text
from adapters.slack import mrkdwn
from adapters.slack.body import LINE, MRKDWN, PLAIN, QUOTE, inside, mrkdwn_of, weight
from adapters.slack.channels import may_be_posted_in
from adapters.text import is_blank, units, within

BLOCKS = 50
VIEW_BLOCKS = 100
SAID = 12_000
"""Units over all blocks. Not in the reference: past some such number Slack answers
msg_blocks_too_long, and one of its maintainers names 12,000 (bolt-js's issue tracker)."""

FALLBACK = 3_900
"""Units of a message's text: one with over 4,000 characters cannot be edited (PLATFORM 4.2)."""

TEXT = 3_000
FIELDS = 10
FIELD = 2_000
HEADER = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
URL = 3_000
SELECT_OPTIONS = 100
RADIO_OPTIONS = 10
OPTION_TEXT = 75
"""Units of an option's text and of its description."""

OPTION_VALUE = 150
PLACEHOLDER = 150
IDENT = 255
"""Units of an action_id, a block_id, a callback_id and an external_id."""

VIEW_WORDS = 24
"""Units of a view's title, and of what is on its buttons."""

METADATA = 3_000
INPUT_LABEL = 2_000
INPUT_LENGTH = 3_000
"""Most characters that a text input may ask for."""

FILES = 10
"""Files that a file input may ask for."""

_AUDIENCES = ("ephemeral", "in_channel")


def violations(body: JsonObject) -> list[str]:
    """Return what Slack would refuse in a message body or a view; [] when it would take it."""
    is_view = body.get("type") == "modal"
    found = list(_view(body) if is_view else _message(body))
    for block in objects(body, "blocks"):
        found.extend(_block(block, is_view=is_view))
    for content in mrkdwn_of(body):
        found.extend(mrkdwn.faults(content))
    for name in ("action_id", "block_id"):
        found.extend(_idents(body, name))
    return found


def _idents(body: JsonObject, name: str) -> Iterator[str]:
    counted = Counter(text(part, name) for part in inside(body) if name in part)
    for ident, times in counted.items():
        yield from within(name, units(ident), 1, IDENT)
        if times > 1:
            yield f"{name} {ident} is used {times} times"


def _message(body: JsonObject) -> Iterator[str]:
    blocks = objects(body, "blocks")
    yield from within("blocks", len(blocks), 1, BLOCKS)
    yield from within("text over all", sum(map(weight, blocks)), 0, SAID)
    yield from _string(body, "text", FALLBACK)
    yield from mrkdwn.faults(text(body, "text"))
    if body.get("response_type") not in _AUDIENCES:
        yield "nothing says who sees it"
    if any(body.get(name) is not False for name in ("unfurl_links", "unfurl_media")):
        yield "previews are not switched off"


def _view(view: JsonObject) -> Iterator[str]:
    blocks = objects(view, "blocks")
    yield from within("blocks", len(blocks), 1, VIEW_BLOCKS)
    yield from within("text over all", sum(map(weight, blocks)), 0, SAID)
    yield from _words(view, "title", VIEW_WORDS)
    yield from _string(view, "callback_id", IDENT)
    yield from within("private_metadata", units(text(view, "private_metadata")), 0, METADATA)
    if "external_id" in view:
        yield from _string(view, "external_id", IDENT)
    for name in ("submit", "close"):
        if name in view:
            yield from _words(view, name, VIEW_WORDS)
    if "submit" not in view and any(block.get("type") == "input" for block in blocks):
        yield "a view with an input needs its submit"


def _string(part: JsonObject, name: str, limit: int, what: str = "") -> Iterator[str]:
    value = text(part, name)
    if is_blank(value):
        yield f"{what or name} is blank"
    yield from within(what or name, units(value), 1, limit)


def _words(part: JsonObject, name: str, limit: int, kinds: tuple[str, ...] = (PLAIN,)) -> list[str]:
    """Return what is wrong with a text object."""
    words = obj(part, name)
    found = [] if words.get("type") in kinds else [f"{name} is not {' or '.join(kinds)}"]
    found += _string(words, "text", limit, name)
    if words.get("type") == PLAIN and words.get("emoji") is not False:
        found.append(f"{name} lets emoji codes take effect")
    if words.get("type") == MRKDWN and words.get("verbatim") is not True:
        found.append(f"{name} lets words become links")
    return found


def _block(block: JsonObject, *, is_view: bool) -> Iterator[str]:
    kind = text(block, "type")
    check = _BLOCKS.get(kind)
    if check is None or (kind == "input" and not is_view):
        yield f"a block of type {block.get('type')} is out of place"
    else:
        yield from check(block)


def _section(block: JsonObject) -> Iterator[str]:
    fields = objects(block, "fields")
    if "text" in block:
        yield from _words(block, "text", TEXT, (PLAIN, MRKDWN))
    elif not fields:
        yield "a section is empty"
    yield from within("fields", len(fields), 0, FIELDS)
    for field in fields:
        yield from _words({"field": field}, "field", FIELD, (PLAIN, MRKDWN))
    if "accessory" in block:
        yield from _elements([obj(block, "accessory")], ("button",))


def _header(block: JsonObject) -> Iterator[str]:
    yield from _words(block, "text", HEADER)


def _context(block: JsonObject) -> Iterator[str]:
    elements = objects(block, "elements")
    yield from within("context elements", len(elements), 1, CONTEXT_ELEMENTS)
    for element in elements:
        yield from _words({"element": element}, "element", TEXT, (PLAIN, MRKDWN))


def _actions(block: JsonObject) -> Iterator[str]:
    elements = objects(block, "elements")
    yield from within("actions elements", len(elements), 1, ACTIONS_ELEMENTS)
    yield from _elements(elements, ("button", "static_select"))


def _rich_text(block: JsonObject) -> Iterator[str]:
    lines = objects(block, "elements")
    if not lines:
        yield "a rich text is empty"
    for line in lines:
        elements = objects(line, "elements")
        if line.get("type") not in (LINE, QUOTE) or not elements:
            yield f"a rich text's {line.get('type')} is out of place, or empty"
        for element in elements:
            yield from _rich_element(element)


def _rich_element(element: JsonObject) -> Iterator[str]:
    kind = element.get("type")
    if kind == "channel" and may_be_posted_in(text(element, "channel_id")):
        return
    if kind not in ("text", "link", "emoji"):
        yield f"a rich text's {kind} is out of place"
    if kind in ("text", "link"):
        yield from within("rich text", units(text(element, "text")), 1, TEXT)
    if kind == "link":
        yield from _address(element)


def _input(block: JsonObject) -> Iterator[str]:
    yield from _words(block, "label", INPUT_LABEL)
    if "hint" in block:
        yield from _words(block, "hint", INPUT_LABEL)
    kinds = ("static_select", "radio_buttons", "plain_text_input", "file_input")
    suggested = ("external_select", "conversations_select")
    yield from _elements([obj(block, "element")], kinds + suggested)


def _elements(elements: list[JsonObject], kinds: tuple[str, ...]) -> Iterator[str]:
    for element in elements:
        kind = text(element, "type")
        if kind not in kinds:
            yield f"an element of type {element.get('type')} is out of place"
        if "action_id" not in element:
            yield f"a {kind} has no action_id"
        if "placeholder" in element:
            yield from _words(element, "placeholder", PLACEHOLDER)
        check = _ELEMENTS.get(kind)
        yield from check(element) if check else ()


def _button(button: JsonObject) -> Iterator[str]:
    yield from _words(button, "text", BUTTON_TEXT)
    if ("url" in button) == ("value" in button):
        yield "a button has either an address or a value"
    if "url" in button:
        yield from _address(button)
    else:
        yield from _string(button, "value", BUTTON_VALUE)


def _address(part: JsonObject) -> Iterator[str]:
    yield from within("url", units(text(part, "url")), 1, URL)
    if mrkdwn.target(text(part, "url")) is None:
        yield "only http(s) is opened"


def _select(select: JsonObject) -> Iterator[str]:
    yield from _options(select, SELECT_OPTIONS)


def _radio(radio: JsonObject) -> Iterator[str]:
    yield from _options(radio, RADIO_OPTIONS)


def _options(element: JsonObject, most: int) -> Iterator[str]:
    options = objects(element, "options")
    yield from within("options", len(options), 1, most)
    if len({text(option, "value") for option in options}) != len(options):
        yield "two options have one value"
    for option in options:
        yield from _option(option)


def _option(option: JsonObject) -> Iterator[str]:
    yield from _words(option, "text", OPTION_TEXT)
    yield from _string(option, "value", OPTION_VALUE)
    if "description" in option:
        yield from _words(option, "description", OPTION_TEXT)


def _suggested(select: JsonObject) -> Iterator[str]:
    if "initial_option" in select:
        yield from _option(obj(select, "initial_option"))


def _text_input(element: JsonObject) -> Iterator[str]:
    most = element.get("max_length")
    most = most if isinstance(most, int) else 0
    yield from within("input", most, 1, INPUT_LENGTH)
    yield from within("initial value", units(text(element, "initial_value")), 0, most)


def _file_input(element: JsonObject) -> Iterator[str]:
    most, kinds = element.get("max_files"), element.get("filetypes")
    yield from within("files", most if isinstance(most, int) else 0, 1, FILES)
    yield from within("file types", len(kinds) if isinstance(kinds, list) else 0, 1, FILES)


_BLOCKS: Mapping[str, Callable[[JsonObject], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "input": _input,
}

_ELEMENTS: Mapping[str, Callable[[JsonObject], Iterator[str]]] = {
    "button": _button,
    "static_select": _select,
    "radio_buttons": _radio,
    "plain_text_input": _text_input,
    "external_select": _suggested,
    "file_input": _file_input,
}
