"""What every platform's text has in common: untrusted words tidied, measured, cut and linked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from bot.core.wording import ELLIPSIS, shorten

MAX_READ = 20_000
"""Characters of a text that are looked at: more than any message holds, less than a nuisance."""

UNTITLED = "(untitled)"
OPEN = "Watch"
"""The label of a link whose own title may not be one."""

JOINT = "\u200b"
"""An invisible space put into ``@everyone``: what parses it does not know it any more."""

SHORTEST_LABEL = 40
"""Units of a link's words below which the address is left out for them."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]"
)
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a sign that leave no ink."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_BREAK = re.compile("\r\n?|[\u0085\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
_ADDRESS = re.compile(r"https?://\w[^\s\x00-\x1f\x7f]*", re.IGNORECASE)

_ORDINARY = re.compile(r"[A-Za-z0-9 .,;!?&'’\-]+")
_WORD_MARKS = frozenset(" .,;:!?&'\"()|/+-=$€£%#°·–—…‘’“”«»¿¡")
_MARKS = frozenset({"Mn", "Mc"})
_EMOJI_MAKERS = frozenset("\ufe0f\u20e3")

Item = TypeVar("Item")


def units(text: str) -> int:
    """Return a text's length in UTF-16 units: never less than a platform counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def tidy(text: str, *, lines: bool = False) -> str:
    """Return text that can be shown: no control or invisible characters, spaces collapsed.

    Line breaks stay only where ``lines`` is true, at most one blank line in a row.
    """
    if len(text) <= MAX_READ and text.isprintable() and "  " not in text:
        return text.strip()  # As nearly all text is: the rules below would change nothing.
    cut = len(text) > MAX_READ
    text = _LINE_BREAK.sub("\n", text[:MAX_READ])
    text = _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))
    if lines:
        text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
        text = _BLANK_LINES.sub("\n\n", text).strip()
    else:
        text = " ".join(text.split())
    return text + ELLIPSIS if cut else text


def is_blank(text: str) -> bool:
    """Return whether nothing of a text can be seen."""
    if text.isascii() and text.isprintable():
        return not text or text.isspace()
    return not any(
        char.isprintable() and not char.isspace() and char not in _FILLERS for char in text
    )


def title_of(text: str) -> str:
    """Return a title on one line, never blank."""
    title = tidy(text)
    return UNTITLED if is_blank(title) else title


def plain(text: str) -> str:
    """Return text as it is, for places that know no markup: labels of buttons and options."""
    return text


def fit(text: str, limit: int, written: Callable[[str], str]) -> str:
    """Return ``written(text)`` in at most ``limit`` units, cut at a word where it is longer."""
    if len(text) <= limit:
        whole = written(text)
        if units(whole) <= limit:
            return whole
    low, high = 0, min(len(text), max(limit, 0))
    while low < high:
        middle = (low + high + 1) // 2
        if units(written(text[:middle])) < limit:
            low = middle
        else:
            high = middle - 1
    # The mark appended here is what shorten() cuts off again: it must never think it fits.
    return written(shorten(text[: low + 1] + ELLIPSIS, low + 1)) if low else ELLIPSIS[:limit]


def label(text: str, limit: int, default: str) -> str:
    """Return a text for a button or an option: one line, at most ``limit``, never blank."""
    text = tidy(text)
    return default if is_blank(text) else fit(text, limit, plain)


def address(url: str, breaking: str = "") -> str | None:
    """Return an address, ``breaking`` characters encoded; None unless it is plain http(s)."""
    if not _ADDRESS.fullmatch(url):
        return None
    for char in breaking:
        if char in url:
            url = url.replace(char, quote(char, safe=""))
    return url if url.isascii() else _SURROGATE.sub("", url)


def is_plain_words(text: str) -> bool:
    """Return whether text is letters and ordinary punctuation alone, no address among them."""
    if _ORDINARY.fullmatch(text):
        return True  # As most titles are: the rules below would say the same.
    if "||" in text or "://" in text or not text:
        return False
    return all(
        char.isalnum() or (unicodedata.category(char) in _MARKS and char not in _EMOJI_MAKERS)
        for char in set(text) - _WORD_MARKS
    )


@dataclass(frozen=True, slots=True)
class Markup:
    """How a platform writes text, and a link with its label.

    ``target`` returns an address as it stands in a link, None where there may be none;
    ``may_be_label`` is whether a title may, written by ``in_label``.
    """

    escape: Callable[[str], str]
    target: Callable[[str], str | None]
    may_be_label: Callable[[str], bool]
    in_label: Callable[[str], str]
    anchor: Callable[[str, str], str]

    def link(self, prefix: str, title: str, url: str, limit: int) -> str:
        """Return ``prefix · title`` linked to ``url``, in at most ``limit`` units.

        ``prefix`` is trusted and may be empty. A title that cannot be a label stands beside its
        link; an address that leaves no room for the title, or is not http(s), is left out.
        """
        title = title_of(title)
        words = prefixed(prefix, title)
        target = self.target(url)
        room = limit - units(self.anchor("", target or ""))
        if target is None or room < min(units(words), SHORTEST_LABEL):
            return fit(words, limit, self.escape)
        if self.may_be_label(title):
            return self.anchor(fit(words, room, self.in_label), target)
        shown = f"{self.anchor(prefix or OPEN, target)} · "
        return shown + fit(title, limit - units(shown), self.escape)


def prefixed(prefix: str, words: str) -> str:
    """Return ``prefix · words``, or the words alone."""
    return f"{prefix} · {words}" if prefix else words


def chunks(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """Return items in pieces of at most ``size``."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def within(what: str, size: int, low: int, high: int) -> Iterator[str]:
    """Yield what is wrong with a size, if anything is."""
    if not low <= size <= high:
        yield f"{what}: {size}, not {low} to {high}"
