"""Refusals in Discord's error shape, and the collector of what is wrong in a request body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

UNKNOWN_CHANNEL = 10003
UNKNOWN_USER = 10013
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
UNKNOWN_COMMAND = 10063
ALREADY_ACKNOWLEDGED = 40060
MISSING_ACCESS = 50001
OTHER_AUTHOR = 50005
EMPTY_MESSAGE = 50006
TAKES_NO_MESSAGES = 50007
MISSING_PERMISSIONS = 50013
INVALID_WEBHOOK_TOKEN = 50027
INVALID_FORM_BODY = 50035
THREAD_ARCHIVED = 50083
INVALID_JSON = 50109

# What a bot cannot always foresee: somebody took a channel, a message or a right away.
CIRCUMSTANCES = frozenset(
    {
        UNKNOWN_CHANNEL,
        UNKNOWN_MESSAGE,
        UNKNOWN_USER,
        MISSING_ACCESS,
        TAKES_NO_MESSAGES,
        MISSING_PERMISSIONS,
        THREAD_ARCHIVED,
    }
)


class Refused(Exception):
    """The server does not do what a request asks for."""

    def __init__(
        self, status: int, code: int, message: str, errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """Return the JSON body as Discord words it."""
        found: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            found["errors"] = self.errors
        return found


@dataclass(frozen=True)
class Violation:
    """A rule that a request broke; ``details`` are "place: what is wrong" lines."""

    method: str
    path: str
    code: int
    message: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.code} {self.message} {'; '.join(self.details)}"


def flat(errors: dict[str, Any] | None, place: str = "") -> tuple[str, ...]:
    """Return the leaves of an error tree, one line each."""
    lines: list[str] = []
    for key, value in (errors or {}).items():
        if key == "_errors":
            lines.extend(f"{place or 'body'}: {one['message']} ({one['code']})" for one in value)
        else:
            lines.extend(flat(value, f"{place}.{key}" if place else str(key)))
    return tuple(lines)


class Problems:
    """Everything that is wrong in one body, as the tree that Discord sends back."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}

    def add(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        """Note a problem at a place."""
        node = self.tree
        for key in path:
            node = node.setdefault(str(key), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def refuse(self) -> None:
        """Raise Refused if anything is wrong."""
        if self.tree:
            raise Refused(400, INVALID_FORM_BODY, "Invalid Form Body", self.tree)


class Spot:
    """A place in a body at which values are checked."""

    def __init__(self, value: Any, problems: Problems, path: tuple[str | int, ...] = ()) -> None:
        self.value = value
        self.problems = problems
        self.path = path

    def wrong(self, code: str, message: str) -> None:
        """Note that this place is wrong."""
        self.problems.add(self.path, code, message)

    def get(self, name: str) -> Any:
        """Return a field's value, None where there is none."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def at(self, name: str) -> Spot:
        """Return the place of a field."""
        return Spot(self.get(name), self.problems, (*self.path, name))

    def items(self, name: str) -> list[Spot]:
        """Return the places of a list's items; a value that is no list is a problem."""
        here = self.at(name)
        if here.value is None:
            return []
        if not isinstance(here.value, list):
            here.wrong("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        return [Spot(item, self.problems, (*here.path, i)) for i, item in enumerate(here.value)]

    def text(self, name: str, low: int, high: int, *, required: bool = True) -> None:
        """Check a string field's length; white space alone counts as nothing, as at Discord."""
        here = self.at(name)
        value = here.value
        if value is None:
            if required:
                here.wrong("BASE_TYPE_REQUIRED", "This field is required")
        elif not isinstance(value, str):
            here.wrong("STRING_TYPE_CONVERT", "Could not interpret value as string.")
        elif low and not value.strip():
            here.wrong("BASE_TYPE_REQUIRED", "This field is required")
        elif not low <= len(value) <= high:
            here.wrong(
                "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length ({len(value)})"
            )

    def number(self, name: str, low: int, high: int, *, required: bool = False) -> None:
        """Check an integer field's range."""
        here = self.at(name)
        if here.value is None:
            if required:
                here.wrong("BASE_TYPE_REQUIRED", "This field is required")
        elif not isinstance(here.value, int) or isinstance(here.value, bool):
            here.wrong("NUMBER_TYPE_COERCE", f'Value "{here.value}" is not int.')
        elif not low <= here.value <= high:
            here.wrong("NUMBER_TYPE_RANGE", f"int value should be between {low} and {high}.")

    def truth(self, name: str) -> None:
        """Check a boolean field."""
        here = self.at(name)
        if here.value is not None and not isinstance(here.value, bool):
            here.wrong("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")

    def count(self, name: str, low: int, high: int) -> None:
        """Check how many items a list has."""
        here = self.at(name)
        size = len(here.value) if isinstance(here.value, list) else 0
        if not low <= size <= high:
            here.wrong(
                "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length ({size})"
            )

    def only(self, names: frozenset[str]) -> None:
        """Note every field that is none of the known ones; null counts as left out."""
        given = self.value.items() if isinstance(self.value, dict) else ()
        for name in sorted(key for key, value in given if value is not None and key not in names):
            self.at(name).wrong("UNKNOWN_FIELD", f"Discord knows no field {name!r} here")
