"""Discord's markdown, both ways: untrusted text made harmless, and content read as it shows.

Two rules of Discord's client shape this module. In running text a backslash hides itself and
disarms the punctuation after it. In the label of a masked link it does not: there a backslash
stays visible, and an emoji or an address in the label breaks the whole link. So only plain
words are ever put into a label, and a title that is anything else stands beside its link.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote

from bot.core.wording import ELLIPSIS, shorten

MAX_READ = 20_000
"""Characters of a text that are looked at: more than any message holds, less than a nuisance."""

UNTITLED = "(untitled)"
OPEN = "Watch"
"""The label of a link whose own title may not be one."""

_JOINT = "\u200b"
"""An invisible space put into ``@everyone``: a backslash alone would not reach the server."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_BREAK = re.compile("\r\n?|[\u0085\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")

_SPECIAL = re.compile(r"(?P<ping>@(?=everyone|here))|[\\*_~`|\[\]<>@]|:(?=//)")
_LINE_START = re.compile(
    r"^(?P<indent>[ \t]*)(?:(?P<mark>[#+-])|(?P<number>\d{1,9})(?=[.)]))", re.M
)
_LIVE_IN_CODE = re.compile(r"@(?=everyone|here)|<(?=[@#:/a-z])|``(?=`)")
_TARGET = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)

_LABEL_MARKS = frozenset(" .,;:!?&'\"()|/+-=$€£%#°·–—…‘’“”«»¿¡")
_MARKS = frozenset({"Mn", "Mc"})
_EMOJI_MAKERS = frozenset("\ufe0f\u20e3")


def units(text: str) -> int:
    """Return a text's length in UTF-16 units: never less than Discord counts."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def tidy(text: str, *, lines: bool = False) -> str:
    """Return text that can be shown: no control or invisible characters, spaces collapsed.

    Line breaks stay only where ``lines`` is true, at most one blank line in a row.
    """
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
    return not any(char.isprintable() and not char.isspace() for char in text)


def title_of(text: str) -> str:
    """Return a title on one line, never blank."""
    title = tidy(text)
    return UNTITLED if is_blank(title) else title


def escape(text: str) -> str:
    """Return text that shows as it is: no markup, mention, emoji code or link takes effect."""
    return _LINE_START.sub(_disarmed_start, _SPECIAL.sub(_disarmed, text))


def _disarmed(found: re.Match[str]) -> str:
    return f"@{_JOINT}" if found["ping"] else f"\\{found[0]}"


def _disarmed_start(found: re.Match[str]) -> str:
    if found["mark"]:
        return f"{found['indent']}\\{found['mark']}"
    return f"{found['indent']}{found['number']}\\"


def fit(text: str, limit: int, written: Callable[[str], str] = escape) -> str:
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


def plain(text: str) -> str:
    """Return text as it is, for places that know no markup: labels of buttons and options."""
    return text


def label(text: str, limit: int, default: str) -> str:
    """Return a text for a button or an option: one line, at most ``limit``, never blank."""
    text = tidy(text)
    return default if is_blank(text) else fit(text, limit, plain)


def code(text: str) -> str:
    """Return text as a code span; escaped where a span could not hold it."""
    return escape(text) if is_blank(text) or set("`<@") & set(text) else f"`{text}`"


def code_block(text: str) -> str:
    """Return text as a code block, which needs no escapes: for text that is mostly markup."""
    return f"```\n{_LIVE_IN_CODE.sub(_joined, text)}\n```"


def _joined(found: re.Match[str]) -> str:
    return found[0] + _JOINT


def target(url: str) -> str | None:
    """Return an address as the target of a masked link; None unless it is plain http(s)."""
    if not _TARGET.fullmatch(url):
        return None
    url = re.sub(r'[()<>\\"`]', lambda found: quote(found[0], safe=""), url)
    return re.sub("@(?=everyone|here)", "%40", _SURROGATE.sub("", url))


def _may_be_label(text: str) -> bool:
    if "||" in text or "://" in text or not text:
        return False
    return all(
        char in _LABEL_MARKS
        or char.isalnum()
        or (unicodedata.category(char) in _MARKS and char not in _EMOJI_MAKERS)
        for char in text
    )


def link(prefix: str, title: str, url: str, limit: int) -> str:
    """Return ``prefix · title`` linked to ``url``, in at most ``limit`` units.

    ``prefix`` is trusted and may be empty. A title that cannot be a label stands beside its
    link; an address that leaves no room for the title, or is not http(s), is left out.
    """
    title = title_of(title)
    words = f"{prefix} · {title}" if prefix else title
    address = target(url)
    room = limit - units(address or "") - len("[]()")
    if address is None or room < min(units(words), 40):
        return fit(words, limit)
    if _may_be_label(title):
        return f"[{fit(words, room, plain)}]({address})"
    shown = f"[{prefix or OPEN}]({address}) · "
    return shown + fit(title, limit - units(shown))


class Kind(Enum):
    """What a piece of content is to its reader."""

    TEXT = "text"
    LINK = "link"
    MARKUP = "markup"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of content: the text it shows and, for a link, what it opens."""

    kind: Kind
    text: str = ""
    url: str = ""


_PIECES = re.compile(
    r"```\n(?P<block>.*?)\n```"
    r"|\\(?P<escaped>[^0-9A-Za-z\s])"
    r"|`(?P<span>[^`\n]+)`"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<target>[^)\s]+)\)"
    r"|(?P<bare>https?://[^\s<]+)"
    r"|(?P<markup>\*{1,3}|^(?:\#{1,3}|-\#)[ ])"
    r"|(?P<text>.)",
    re.DOTALL | re.MULTILINE,
)


def pieces(content: str) -> Iterator[Piece]:
    """Yield content piece by piece, as Discord's client reads what this module writes."""
    for found in _PIECES.finditer(content):
        kind, text = str(found.lastgroup), found[str(found.lastgroup)]
        if kind == "target":
            yield Piece(Kind.LINK, found["label"], text)
        elif kind == "bare":
            yield Piece(Kind.LINK, text, text)
        elif kind == "markup":
            yield Piece(Kind.MARKUP)
        elif text != _JOINT:
            yield Piece(Kind.TEXT, text.replace(_JOINT, ""))


def shown(content: str) -> str:
    """Return content as a person reads it: unescaped, without markup."""
    return "".join(piece.text for piece in pieces(content))
