"""What a button carries: a name and ids, in at most 100 bytes, that outlive the process.

The state a button needs is recomputed from the ids, so a press after a restart or an upgrade
is still answered. Text that does not fit is kept by the service under a token beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 100
"""Discord's limit for a custom_id, the tightest of the platforms (PLATFORM: 1-100)."""

_VERSION = "1"
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Action:
    """A named action with its arguments, all text; only the last may hold any character."""

    name: str
    args: tuple[str, ...] = ()

    def encode(self) -> str:
        """Return the wire form; raise ValueError where it does not fit MAX_BYTES."""
        if any(_SEPARATOR in part for part in (self.name, *self.args[:-1])):
            raise ValueError("only an action's last argument may hold the separator")
        encoded = _SEPARATOR.join((_VERSION, self.name, *self.args))
        if len(encoded.encode()) > MAX_BYTES:
            raise ValueError(f"action {self.name} needs more than {MAX_BYTES} bytes")
        return encoded

    def fits(self) -> bool:
        """Return whether this action can be encoded."""
        try:
            self.encode()
        except ValueError:
            return False
        return True


def decode_name(encoded: str) -> tuple[str, str] | None:
    """Return (name, the undivided rest) of an encoded action, or None for foreign text."""
    version, _, rest = encoded.partition(_SEPARATOR)
    if version != _VERSION or not rest or len(encoded.encode(errors="replace")) > MAX_BYTES:
        return None
    name, _, args = rest.partition(_SEPARATOR)
    return name, args


def split_args(rest: str, count: int) -> tuple[str, ...]:
    """Return the ``count`` arguments of an encoded action; the last keeps every separator."""
    if count == 0:
        return ()
    parts = rest.split(_SEPARATOR, count - 1)
    return (*parts, *("",) * (count - len(parts)))
