"""Discord's limits on messages and forms, and what in a body would break them.

Numbers are from Discord's API documentation (message, component and modal pages) unless their
comment says otherwise. Lengths are measured in UTF-16 units, which is never less than Discord
counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from adapters.contract import JsonObject
from adapters.discord.body import Part, children, contents, walk
from adapters.discord.markdown import target
from adapters.payload import objects, text
from adapters.text import is_blank, units, within

COMPONENTS_V2 = 1 << 15
"""Message flag: everything is said in components."""

EPHEMERAL = 1 << 6
"""Message flag: only the caller sees it."""

TEXT = 4_000
"""Characters over all texts of a message (discord.py, LayoutView.content_length)."""

COMPONENTS = 40
"""Components of a message, nested ones included."""

ROW_BUTTONS = 5
SECTION_TEXTS = 3
BUTTON_LABEL = 80
BUTTON_URL = 512
CUSTOM_ID = 100
SELECT_OPTIONS = 25
OPTION_TEXT = 100
"""Characters of an option's label, value and description each."""

PLACEHOLDER = 150
FORM_TITLE = 45
FORM_LABEL = 45
FORM_HINT = 100
FORM_PARTS = 5
INPUT_TEXT = 4_000
UPLOAD_FILES = 10

SUGGESTIONS = 25
SUGGESTION_TEXT = 100
"""Characters of a completion's name and of its value."""

NONCE = 25

_LEGACY = ("content", "embeds", "poll", "sticker_ids")
_LINK_STYLE = 5
_MESSAGE_PARTS = frozenset({Part.ROW, Part.SECTION, Part.TEXT, Part.SEPARATOR})
_INSIDE: Mapping[int, frozenset[Part]] = {
    Part.CONTAINER: _MESSAGE_PARTS,
    Part.ROW: frozenset({Part.BUTTON, Part.SELECT}),
    Part.SECTION: frozenset({Part.TEXT, Part.BUTTON}),
    Part.LABEL: frozenset({Part.SELECT, Part.INPUT, Part.UPLOAD}),
}


def violations(body: JsonObject) -> list[str]:
    """Return what Discord would refuse in a message body or a form; [] when it would take it."""
    is_form = "custom_id" in body
    found = list(_form(body) if is_form else _message(body))
    top = frozenset({Part.LABEL, Part.TEXT}) if is_form else _MESSAGE_PARTS | {Part.CONTAINER}
    found.extend(_nesting(body, top))
    for part in walk(body):
        check = _CHECKS.get(_kind(part))
        found.extend(check(part) if check else ())
    ids = Counter(text(part, "custom_id") for part in walk(body) if "custom_id" in part)
    found.extend(f"custom_id {ident} is used {n} times" for ident, n in ids.items() if n > 1)
    return found


def _kind(part: JsonObject) -> int:
    value = part.get("type")
    return value if isinstance(value, int) else 0


def _message(body: JsonObject) -> Iterator[str]:
    flags = body.get("flags")
    if not isinstance(flags, int) or not flags & COMPONENTS_V2:
        yield "the Components V2 flag is missing"
    yield from (f"{name} does not go with components" for name in _LEGACY if name in body)
    if body.get("allowed_mentions") != {"parse": []}:
        yield "mentions are not switched off"
    count = sum(1 for _ in walk(body))
    yield from within("components", count, 1, COMPONENTS)
    yield from within("text over all", sum(map(units, contents(body))), 0, TEXT)


def _form(body: JsonObject) -> Iterator[str]:
    yield from _text(body, "title", FORM_TITLE)
    yield from _text(body, "custom_id", CUSTOM_ID)
    yield from within("form parts", len(children(body)), 1, FORM_PARTS)


def _nesting(parent: JsonObject, allowed: frozenset[Part]) -> Iterator[str]:
    for child in children(parent):
        if _kind(child) not in allowed:
            yield f"a component of type {child.get('type')} is out of place"
        yield from _nesting(child, _INSIDE.get(_kind(child), frozenset()))


def _text(part: JsonObject, name: str, limit: int) -> Iterator[str]:
    value = text(part, name)
    if is_blank(value):
        yield f"{name} is blank"
    yield from within(name, units(value), 1, limit)


def _optional_text(part: JsonObject, name: str, limit: int) -> Iterator[str]:
    if name in part:
        yield from _text(part, name, limit)


def _row(part: JsonObject) -> Iterator[str]:
    kinds = [_kind(child) for child in children(part)]
    if kinds != [Part.SELECT]:
        yield from within("row", len(kinds), 1, ROW_BUTTONS)
        if Part.SELECT in kinds:
            yield "a select shares its row"


def _button(part: JsonObject) -> Iterator[str]:
    yield from _text(part, "label", BUTTON_LABEL)
    if ("url" in part) == ("custom_id" in part):
        yield "a button has either an address or a custom_id"
    if ("url" in part) != (part.get("style") == _LINK_STYLE):
        yield "an address goes with the link style alone"
    if "url" in part:
        yield from _text(part, "url", BUTTON_URL)
        if target(text(part, "url")) is None:
            yield "a button opens http(s) alone"
    else:
        yield from _text(part, "custom_id", CUSTOM_ID)


def _select(part: JsonObject) -> Iterator[str]:
    yield from _text(part, "custom_id", CUSTOM_ID)
    yield from _optional_text(part, "placeholder", PLACEHOLDER)
    listed = objects(part, "options")
    yield from within("options", len(listed), 1, SELECT_OPTIONS)
    if len({text(option, "value") for option in listed}) != len(listed):
        yield "two options have one value"
    for option in listed:
        yield from _text(option, "label", OPTION_TEXT)
        yield from _text(option, "value", OPTION_TEXT)
        yield from _optional_text(option, "description", OPTION_TEXT)


def _section(part: JsonObject) -> Iterator[str]:
    texts = [child for child in children(part) if _kind(child) == Part.TEXT]
    yield from within("section texts", len(texts), 1, SECTION_TEXTS)
    if not isinstance(part.get("accessory"), dict):
        yield "a section needs its accessory"


def _content(part: JsonObject) -> Iterator[str]:
    yield from _text(part, "content", TEXT)


def _container(part: JsonObject) -> Iterator[str]:
    if not children(part):
        yield "a container is empty"


def _input(part: JsonObject) -> Iterator[str]:
    yield from _text(part, "custom_id", CUSTOM_ID)
    limit = part.get("max_length")
    yield from within("input", limit if isinstance(limit, int) else 0, 1, INPUT_TEXT)


def _upload(part: JsonObject) -> Iterator[str]:
    yield from _text(part, "custom_id", CUSTOM_ID)
    for name, least in (("min_values", 0), ("max_values", 1)):
        value = part.get(name, 1)
        yield from within(name, value if isinstance(value, int) else -1, least, UPLOAD_FILES)


def _label(part: JsonObject) -> Iterator[str]:
    yield from _text(part, "label", FORM_LABEL)
    yield from _optional_text(part, "description", FORM_HINT)
    if not children(part):
        yield "a label is empty"


_CHECKS: Mapping[int, Callable[[JsonObject], Iterator[str]]] = {
    Part.ROW: _row,
    Part.BUTTON: _button,
    Part.SELECT: _select,
    Part.INPUT: _input,
    Part.SECTION: _section,
    Part.TEXT: _content,
    Part.CONTAINER: _container,
    Part.LABEL: _label,
    Part.UPLOAD: _upload,
}
