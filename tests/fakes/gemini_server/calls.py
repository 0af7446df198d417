"""A call as it came in, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False, slots=True, kw_only=True)
class Call:
    """``method`` is "generateContent" or "get"; ``body`` is spelled in camelCase, enums by name.

    ``at`` is monotonic time, ``status`` None until the answer is begun. ``billed`` says that the
    model wrote an answer, ``hung_up`` that the client went before it had all of it.
    """

    version: str
    model: str
    method: str
    at: float
    key_ok: bool
    as_ints: bool = False
    body: dict[str, Any] = field(default_factory=dict)
    status: int | None = None
    billed: bool = False
    hung_up: bool = False

    @property
    def system(self) -> str:
        """The text of the system instruction, "" for none."""
        return _text(self.body.get("systemInstruction", {}))

    @property
    def user(self) -> str:
        """The text of all that the user said."""
        said = self.body.get("contents", [])
        return "\n".join(_text(one) for one in said if one.get("role", "user") == "user")

    @property
    def config(self) -> dict[str, Any]:
        """The generationConfig."""
        found: dict[str, Any] = self.body.get("generationConfig", {})
        return found


def _text(content: dict[str, Any]) -> str:
    return "\n".join(part.get("text", "") for part in content.get("parts", []))
