"""The page a reply is written on: wrapped lines of styled text, and the keys numbered on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from adapters.console.text import safe_line, safe_text, safe_url, width, wrap
from bot.core.actions import Action
from bot.core.wording import shorten

MAX_PARAGRAPH = 1_000
"""Characters of a title, a label or a remark that are written: a dozen lines say it all."""

MAX_TEXT = 10_000
"""Characters of a text that are written: four pages of a full text as the core cuts them."""


class Style(Enum):
    """How a piece of text looks, as the parameters of a terminal's SGR sequence (ECMA-48)."""

    PLAIN = ""
    STRONG = "1"
    FAINT = "2"
    KEY = "36"
    LINK = "4"
    ERROR = "31"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one line in one style."""

    text: str
    style: Style = Style.PLAIN


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """Something to press: an encoded action, and what to ask for before it is sent."""

    action: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A reply as it is shown. ``keys`` are in the order of their numbers, from 1."""

    lines: tuple[Line, ...]
    keys: tuple[Key, ...] = ()

    def plain(self) -> str:
        """Return the text without any styling."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)

    def coloured(self) -> str:
        """Return the same text, styled by SGR sequences and nothing else."""
        return "\n".join("".join(map(_styled, line)) for line in self.lines)


def _styled(span: Span) -> str:
    if span.style is Style.PLAIN or not span.text.strip():
        return span.text
    return f"\x1b[{span.style.value}m{span.text}\x1b[0m"


def one_line(text: str) -> str:
    """Return text as the canvas writes it on one line: harmless, bounded, the cut visible."""
    return safe_line(shorten(text, MAX_PARAGRAPH))


class Canvas:
    """Collects a page of at most ``columns``; every text that enters is made harmless."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._lines: list[Line] = []
        self._keys: list[Key] = []

    def page(self) -> Page:
        """Return what was written so far."""
        lines = self._lines[:-1] if self._lines and not self._lines[-1] else self._lines
        return Page(tuple(lines), tuple(self._keys))

    def gap(self) -> None:
        """Leave one empty line between what was written and what follows."""
        if self._lines and self._lines[-1]:
            self._lines.append(())

    def write(self, *parts: str | None, style: Style = Style.PLAIN, prefix: Line = ()) -> None:
        """Write the parts there are as one paragraph, a dot between them.

        Each part is bounded for itself, so that a long title does not cost its source. Further
        lines are indented by the prefix's width.
        """
        self._put(" · ".join(one_line(part) for part in parts if part), style, prefix)

    def write_text(self, text: str, style: Style = Style.PLAIN) -> None:
        """Write text with the line breaks it has."""
        self._put(safe_text(shorten(text, MAX_TEXT)).strip("\n"), style, ())

    def link(self, url: str, *, label: str = "", prefix: Line = ()) -> None:
        """Write an address whole, on a line of its own if it must; only http(s) is written."""
        address = safe_url(url)
        if address is None:
            return
        if label:
            prefix = (Span(f"{one_line(label)}: "),)
            if width(prefix[0].text) + width(address) > self._columns:
                self.write(f"{label}:")
                prefix = ()
        self._put(address, Style.LINK, prefix)

    def key(self, action: Action, comment: str | None = None) -> int:
        """Return the number that presses an action; the same action keeps its number."""
        key = Key(action.encode(), comment)
        if key not in self._keys:
            self._keys.append(key)
        return self._keys.index(key) + 1

    def row(self, items: Sequence[tuple[int, str]]) -> None:
        """Write numbered labels side by side, as many as fit on a line."""
        line: list[Span] = []
        used = 0
        for number, label in items:
            prefix = (Span(f"[{number}]", Style.KEY), Span(" "))
            label = one_line(label)
            size = len(f"[{number}] ") + width(label)
            if line and used + 2 + size > self._columns:
                self._lines.append(tuple(line))
                line, used = [], 0
            if size > self._columns:
                self._put(label, Style.PLAIN, prefix)
                continue
            gap = (Span("  "),) if line else ()
            line += [*gap, *prefix, Span(label)]
            used += 2 * len(gap) + size
        if line:
            self._lines.append(tuple(line))

    def _put(self, text: str, style: Style, prefix: Line) -> None:
        indent = sum(width(span.text) for span in prefix)
        lead, margin = prefix, (Span(" " * indent),) if indent else ()
        for line in wrap(text, self._columns - indent):
            if not line and not lead:
                self.gap()
            elif width(line) + indent <= self._columns:
                self._lines.append((*lead, Span(line, style)))
            else:
                # A long link: alone on its line, so that it can be opened and copied.
                if any(not span.text.isspace() for span in lead):
                    self._lines.append(lead)
                self._lines.append((Span(line, style),))
            lead = margin
