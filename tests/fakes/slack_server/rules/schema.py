"""Building blocks for the rules: checks of one value each, that note what is wrong and where.

The wording of the problems is Slack's own, as it stands in ``response_metadata.messages``.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

DEPTH = 40
"""How deep a payload may nest; the deepest that Slack defines needs less than half."""

_KEPT_CONTROLS = "\n\t"


@dataclass(frozen=True)
class Spot:
    """A value at a place of a payload; ``problems`` is shared by all places of it."""

    value: Any
    pointer: str = ""
    problems: list[str] = field(default_factory=list)

    def wrong(self, message: str) -> None:
        """Note that something is wrong here."""
        self.problems.append(f"[ERROR] {message} [json-pointer:{self.pointer}]")

    def at(self, key: str | int) -> Spot:
        """Return the place of a field or an item."""
        return Spot(self.value[key], f"{self.pointer}/{key}", self.problems)

    def has(self, key: str) -> bool:
        """Return whether this is an object with that field."""
        return isinstance(self.value, dict) and key in self.value

    def items(self) -> Iterator[Spot]:
        """Yield the places of a list's items, nothing for another value."""
        count = len(self.value) if isinstance(self.value, list) else 0
        return (self.at(index) for index in range(count))


Check = Callable[[Spot], None]


def anything(_: Spot) -> None:
    """Leave a value to another check."""


def boolean(spot: Spot) -> None:
    """Check that a value is true or false."""
    if not isinstance(spot.value, bool):
        spot.wrong("must provide a boolean")


def integer(low: int, high: int | None = None) -> Check:
    """Return a check for a whole number within bounds, both included."""

    def check(spot: Spot) -> None:
        if not isinstance(spot.value, int) or isinstance(spot.value, bool):
            spot.wrong("must provide a number")
        elif spot.value < low:
            spot.wrong(f"must be greater than {low - 1}")
        elif high is not None and spot.value > high:
            spot.wrong(f"must be less than {high + 1}")

    return check


def string(low: int, high: int | None = None, *, blank: bool = False) -> Check:
    """Return a check for a text of so many characters; ``blank`` allows white space alone."""

    def check(spot: Spot) -> None:
        if not isinstance(spot.value, str):
            spot.wrong("must provide a string")
        elif len(spot.value) < low or (low and not blank and not spot.value.strip()):
            spot.wrong(f"must be more than {max(low - 1, 0)} characters")
        elif high is not None and len(spot.value) > high:
            spot.wrong(f"must be less than {high + 1} characters")

    return check


def enum(*values: str) -> Check:
    """Return a check for one of several words."""

    def check(spot: Spot) -> None:
        if spot.value not in values:
            spot.wrong(f"must be a valid enum value: {', '.join(values)}")

    return check


def url(high: int) -> Check:
    """Return a check for an http(s) address of at most so many characters."""
    length = string(1, high)

    def check(spot: Spot) -> None:
        length(spot)
        if isinstance(spot.value, str) and not is_address(spot.value):
            spot.wrong("must be a valid http(s) URL")

    return check


def is_address(text: str) -> bool:
    """Return whether a text is an http(s) address with a host and without white space."""
    try:
        parts = urlsplit(text)
        found = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
    return found and not any(char.isspace() for char in text)


def array(item: Check, low: int, high: int | None = None) -> Check:
    """Return a check for a list of so many items that each pass a check."""

    def check(spot: Spot) -> None:
        if not isinstance(spot.value, list):
            spot.wrong("must provide an array")
            return
        if len(spot.value) < low:
            spot.wrong(f"no fewer than {low} items required")
        if high is not None and len(spot.value) > high:
            spot.wrong(f"no more than {high} items allowed")
            return
        for one in spot.items():
            item(one)

    return check


def shape(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    also: Sequence[Check] = (),
) -> Check:
    """Return a check for an object: its fields, no others, then what holds between them."""
    needed = required or {}
    known = {**needed, **(optional or {})}

    def check(spot: Spot) -> None:
        if not isinstance(spot.value, dict):
            spot.wrong("must provide an object")
            return
        for name in needed:
            if name not in spot.value:
                spot.wrong(f"missing required field: {name}")
        for name in spot.value:
            if name in known:
                known[name](spot.at(name))
            else:
                spot.wrong(f"invalid additional property: {name}")
        for one in also:
            one(spot)

    return check


Kind = tuple[str, Check]


def kind(
    name: str,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    also: Sequence[Check] = (),
) -> Kind:
    """Return a named check for an object whose ``type`` is that name."""
    return name, shape({"type": enum(name), **(required or {})}, optional, also)


def one_of(*kinds: Kind) -> Check:
    """Return a check for an object of one of several kinds, told apart by ``type``."""
    known = dict(kinds)

    def check(spot: Spot) -> None:
        if not isinstance(spot.value, dict):
            spot.wrong("must provide an object")
        elif "type" not in spot.value:
            spot.wrong("missing required field: type")
        elif not isinstance(spot.value["type"], str):
            spot.at("type").wrong("must provide a string")
        elif spot.value["type"] not in known:
            spot.at("type").wrong(f"unsupported type: {spot.value['type']}")
        else:
            known[spot.value["type"]](spot)

    return check


def either(*names: str) -> Check:
    """Return a check that exactly one of several fields is given."""

    def check(spot: Spot) -> None:
        if sum(name in spot.value for name in names) != 1:
            spot.wrong(f"must define exactly one of: {', '.join(names)}")

    return check


def any_of(*names: str) -> Check:
    """Return a check that at least one of several fields is given."""

    def check(spot: Spot) -> None:
        if not any(name in spot.value for name in names):
            spot.wrong(f"must define at least one of: {', '.join(names)}")

    return check


def sendable(spot: Spot, depth: int = 0) -> None:
    """Check that a value can be sent as JSON, and that its texts can be shown."""
    value = spot.value
    if depth > DEPTH:
        spot.wrong("is nested too deeply")
    elif isinstance(value, dict):
        for key in value:
            if isinstance(key, str):
                _text(key, spot)
                sendable(spot.at(key), depth + 1)
            else:
                spot.wrong("must have texts as names of fields")
    elif isinstance(value, list):
        for one in spot.items():
            sendable(one, depth + 1)
    elif isinstance(value, str):
        _text(value, spot)
    elif isinstance(value, float) and not math.isfinite(value):
        spot.wrong("must be a number that JSON knows")
    elif value is not None and not isinstance(value, bool | int | float):
        spot.wrong(f"cannot be sent as JSON: {type(value).__name__}")


def _text(text: str, spot: Spot) -> None:
    kinds = {unicodedata.category(char) for char in text if char not in _KEPT_CONTROLS}
    if "Cc" in kinds:
        spot.wrong("must not contain control characters")
    if "Cs" in kinds:
        spot.wrong("must not contain lone surrogates")
