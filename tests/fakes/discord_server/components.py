"""Discord's rules for the components of messages and modals.

Numbers from the component reference of the API documentation; types as in discord.enums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.discord_server.errors import Spot

ROW, BUTTON, SELECT, INPUT = 1, 2, 3, 4
ENTITY_SELECTS = frozenset({5, 6, 7, 8})
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
FILE_UPLOAD, RADIO = 19, 21
LINK_STYLE, PREMIUM_STYLE = 5, 6

IN_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
ON_TOP = IN_CONTAINER | {CONTAINER}
IN_ROW = frozenset({BUTTON, SELECT}) | ENTITY_SELECTS
IN_MODAL = frozenset({LABEL, TEXT})
IN_LABEL = frozenset({INPUT, SELECT, FILE_UPLOAD, RADIO})

MOST, MOST_TEXT = 40, 4000

_CHOOSES = "custom_id placeholder min_values max_values disabled required"
_FIELDS = {
    ROW: "components",
    BUTTON: "style label emoji custom_id url sku_id disabled",
    SELECT: f"options {_CHOOSES}",
    **dict.fromkeys(ENTITY_SELECTS, f"default_values channel_types {_CHOOSES}"),
    INPUT: "custom_id style min_length max_length required value placeholder",
    SECTION: "components accessory",
    TEXT: "content",
    THUMBNAIL: "media description spoiler",
    GALLERY: "items",
    FILE: "file spoiler name size",
    SEPARATOR: "divider spacing",
    CONTAINER: "components accent_color spoiler",
    LABEL: "label description component",
    FILE_UPLOAD: "custom_id min_values max_values required",
    RADIO: "custom_id options required",
}
FIELDS = {kind: frozenset(f"type id {names}".split()) for kind, names in _FIELDS.items()}


def walk(components: Any) -> Iterator[dict[str, Any]]:
    """Yield components and all inside them, in the order a person sees them."""
    for part in components if isinstance(components, list) else []:
        if isinstance(part, dict):
            yield part
            yield from walk(part.get("components"))
            yield from walk([part.get("accessory"), part.get("component")])


def check_message_components(body: Spot, *, v2: bool) -> None:
    """Note what is wrong with a message's components."""
    if v2:
        _children(body, ON_TOP)
        texts = (part.get("content") for part in walk(body.get("components")))
        size = sum(len(text) for text in texts if isinstance(text, str))
        if size > MOST_TEXT:
            body.at("components").wrong(
                "COMPONENT_MAX_TOTAL_TEXT_LENGTH", f"{size} characters of text, more than 4000"
            )
        total = sum(1 for _ in walk(body.get("components")))
        if total > MOST:
            body.at("components").wrong(
                "COMPONENT_MAX_TOTAL_COMPONENTS", f"{total} components, more than {MOST}"
            )
    else:
        _children(body, frozenset({ROW}))
        body.count("components", 0, 5)
    _unique(body)


def check_modal(body: Spot) -> None:
    """Note what is wrong with a modal."""
    body.text("title", 1, 45)
    body.text("custom_id", 1, 100)
    body.count("components", 1, 5)
    _children(body, IN_MODAL)
    _unique(body)


def _unique(body: Spot) -> None:
    for name in ("custom_id", "id"):
        given = (part.get(name) for part in walk(body.get("components")))
        found = Counter(value for value in given if value and isinstance(value, (str, int)))
        for value, times in found.items():
            if times > 1:
                body.at("components").wrong(
                    "COMPONENT_CUSTOM_ID_DUPLICATED", f"{name} {value!r} is used {times} times"
                )


def _children(parent: Spot, allowed: frozenset[int]) -> None:
    for child in parent.items("components"):
        _component(child, allowed)


def _component(part: Spot, allowed: frozenset[int]) -> None:
    kind = part.get("type")
    if not isinstance(kind, int) or isinstance(kind, bool) or kind not in allowed:
        part.at("type").wrong("UNION_TYPE_CHOICES", f"type must be one of {sorted(allowed)}")
        return
    part.only(FIELDS[kind])
    part.number("id", 0, 2**31 - 1)
    check = _CHECKS.get(_SELECT_LIKE.get(kind, kind))
    if check:
        check(part)


def _row(part: Spot) -> None:
    kinds = [child.get("type") for child in part.items("components")]
    if kinds and all(kind == BUTTON for kind in kinds):
        part.count("components", 1, 5)
    elif len(kinds) != 1:
        part.at("components").wrong(
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "a row holds 1 to 5 buttons or one select"
        )
    _children(part, IN_ROW)


def _button(part: Spot) -> None:
    part.number("style", 1, 6, required=True)
    part.truth("disabled")
    style = part.get("style") if isinstance(part.get("style"), int) else None
    part.text("label", 1, 80, required=part.get("emoji") is None and style != PREMIUM_STYLE)
    wanted = {LINK_STYLE: "url", PREMIUM_STYLE: "sku_id"}.get(style, "custom_id")
    for name in {"url", "sku_id", "custom_id"} - {wanted}:
        if part.get(name) is not None:
            part.at(name).wrong("BUTTON_COMPONENT_FIELD", f"style {style} takes no {name}")
    part.text(wanted, 1, 512 if wanted == "url" else 100)
    if wanted == "url":
        _address(part.at("url"), ("http://", "https://", "discord://"))


def _address(place: Spot, schemes: tuple[str, ...]) -> None:
    url = place.value
    scheme = next((one for one in schemes if str(url).lower().startswith(one)), None)
    if not isinstance(url, str) or scheme is None or " " in url.strip() or url.lower() == scheme:
        place.wrong("URL_TYPE_INVALID_URL", f"Not a well formed URL: {url!r}")


def _select(part: Spot) -> None:
    part.text("custom_id", 1, 100)
    part.text("placeholder", 0, 150, required=False)
    part.number("min_values", 0, 25)
    part.number("max_values", 1, 25)
    part.truth("disabled")
    part.truth("required")
    if part.get("type") == SELECT:
        _options(part, 1, 25)
    # One may be chosen where max_values is left out, whatever min_values says.
    _in_order(part, "min_values", "max_values", 1)


def _in_order(part: Spot, lowest: str, highest: str, otherwise: int) -> None:
    low, high = part.get(lowest), part.get(highest)
    high = otherwise if high is None else high
    if isinstance(low, int) and isinstance(high, int) and low > high:
        part.at(lowest).wrong("NUMBER_TYPE_MAX", f"{lowest} must not be more than {high}")


def _radio(part: Spot) -> None:
    part.text("custom_id", 1, 100)
    part.truth("required")
    _options(part, 2, 10)


def _file_upload(part: Spot) -> None:
    part.text("custom_id", 1, 100)
    part.number("min_values", 0, 10)
    part.number("max_values", 1, 10)
    part.truth("required")
    _in_order(part, "min_values", "max_values", 1)


def _options(part: Spot, least: int, most_options: int) -> None:
    part.count("options", least, most_options)
    options = part.items("options")
    for option in options:
        option.only(frozenset({"label", "value", "description", "emoji", "default"}))
        option.text("label", 1, 100)
        option.text("value", 1, 100)
        option.text("description", 1, 100, required=False)
        option.truth("default")
    values = [option.get("value") for option in options]
    for option in options:
        if values.count(option.get("value")) > 1:
            option.at("value").wrong(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
    most = part.get("max_values")
    if isinstance(most, int) and most > len(options):
        part.at("max_values").wrong("NUMBER_TYPE_MAX", f"only {len(options)} options")
    chosen = sum(option.get("default") is True for option in options)
    if chosen > (most if isinstance(most, int) else 1):
        part.at("options").wrong("SELECT_COMPONENT_TOO_MANY_DEFAULTS", f"{chosen} are chosen")


def _section(part: Spot) -> None:
    part.count("components", 1, 3)
    _children(part, frozenset({TEXT}))
    accessory = part.at("accessory")
    if accessory.value is None:
        accessory.wrong("BASE_TYPE_REQUIRED", "This field is required")
    else:
        _component(accessory, frozenset({BUTTON, THUMBNAIL}))


def _text(part: Spot) -> None:
    part.text("content", 1, MOST_TEXT)


def _media(part: Spot, name: str) -> None:
    part.text("description", 1, 1024, required=False)
    _address(part.at(name).at("url"), ("http://", "https://", "attachment://"))


def _thumbnail(part: Spot) -> None:
    _media(part, "media")


def _gallery(part: Spot) -> None:
    part.count("items", 1, 10)
    for item in part.items("items"):
        _media(item, "media")


def _file(part: Spot) -> None:
    _address(part.at("file").at("url"), ("attachment://",))


def _separator(part: Spot) -> None:
    part.number("spacing", 1, 2)
    part.truth("divider")


def _container(part: Spot) -> None:
    part.truth("spoiler")
    part.number("accent_color", 0, 0xFFFFFF)
    if not part.get("components"):
        part.at("components").wrong("BASE_TYPE_REQUIRED", "This field is required")
    _children(part, IN_CONTAINER)


def _label(part: Spot) -> None:
    part.text("label", 1, 45)
    part.text("description", 1, 100, required=False)
    component = part.at("component")
    _component(component, IN_LABEL)
    if component.get("disabled"):
        component.at("disabled").wrong("MODAL_COMPONENT_DISABLED", "nothing is disabled in a form")


def _input(part: Spot) -> None:
    part.text("custom_id", 1, 100)
    part.number("style", 1, 2, required=True)
    part.number("min_length", 0, 4000)
    part.number("max_length", 1, 4000)
    _in_order(part, "min_length", "max_length", 4000)
    part.truth("required")
    part.text("placeholder", 0, 100, required=False)
    most = part.get("max_length")
    part.text("value", 0, most if isinstance(most, int) else 4000, required=False)


_SELECT_LIKE = dict.fromkeys(ENTITY_SELECTS, SELECT)
_CHECKS: dict[int, Callable[[Spot], None]] = {
    ROW: _row,
    BUTTON: _button,
    SELECT: _select,
    INPUT: _input,
    SECTION: _section,
    TEXT: _text,
    THUMBNAIL: _thumbnail,
    GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
    LABEL: _label,
    FILE_UPLOAD: _file_upload,
    RADIO: _radio,
}


def stored(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a deep copy as Discord stores it: every component numbered, defaults filled in."""
    taken = {part["id"] for part in walk(components) if part.get("id")}
    numbers = iter(range(1, 2**31))

    def copy(part: dict[str, Any]) -> dict[str, Any]:
        ident = part.get("id") or next(number for number in numbers if number not in taken)
        made = {**_DEFAULTS.get(part["type"], {}), **part, "id": ident}
        for name in ("components", "options", "items"):
            if name in part:
                inner = copy if name == "components" else dict
                made[name] = [inner(item) for item in part[name]]
        for name in ("accessory", "component"):
            if isinstance(part.get(name), dict):
                made[name] = copy(part[name])
        return made

    return [copy(part) for part in components]


_DEFAULTS: dict[int, dict[str, Any]] = {
    SEPARATOR: {"divider": True, "spacing": 1},
    CONTAINER: {"accent_color": None, "spoiler": False},
    SELECT: {"min_values": 1, "max_values": 1},
}
