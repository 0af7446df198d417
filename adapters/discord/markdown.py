"""Discord's markdown, both ways: untrusted text made harmless, and content read as it shows.

Two rules of Discord's client shape this module. In running text a backslash hides itself and
disarms the punctuation after it. In the label of a masked link it does not: there a backslash
stays visible, and an emoji or an address in the label breaks the whole link. So only plain
words are ever put into a label, and a title that is anything else stands beside its link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from adapters.text import JOINT, Markup, address, is_blank, is_plain_words, plain

_SPECIAL = re.compile(r"(?P<ping>@(?=everyone|here))|[\\*_~`|\[\]<>@]|:(?=//)")
_LINE_START = re.compile(
    r"^(?P<indent>[ \t]*)(?:(?P<mark>[#+-])|(?P<number>\d{1,9})(?=[.)]))", re.M
)
_LIVE_IN_CODE = re.compile(r"@(?=everyone|here)|<(?=[@#:/a-z])|``(?=`)")


def escape(text: str) -> str:
    """Return text that shows as it is: no markup, mention, emoji code or link takes effect."""
    return _LINE_START.sub(_disarmed_start, _SPECIAL.sub(_disarmed, text))


def _disarmed(found: re.Match[str]) -> str:
    return f"@{JOINT}" if found["ping"] else f"\\{found[0]}"


def _disarmed_start(found: re.Match[str]) -> str:
    if found["mark"]:
        return f"{found['indent']}\\{found['mark']}"
    return f"{found['indent']}{found['number']}\\"


def code(text: str) -> str:
    """Return text as a code span; escaped where a span could not hold it."""
    return escape(text) if is_blank(text) or set("`<@") & set(text) else f"`{text}`"


def code_block(text: str) -> str:
    """Return text as a code block, which needs no escapes: for text that is mostly markup."""
    return f"```\n{_LIVE_IN_CODE.sub(_joined, text)}\n```"


def _joined(found: re.Match[str]) -> str:
    return found[0] + JOINT


def target(url: str) -> str | None:
    """Return an address as the target of a masked link; None unless it is plain http(s)."""
    found = address(url, '()<>\\"`')
    return None if found is None else re.sub("@(?=everyone|here)", "%40", found)


_MARKUP = Markup(
    escape=escape,
    target=target,
    may_be_label=is_plain_words,
    in_label=plain,
    anchor="[{}]({})".format,
)


def link(prefix: str, title: str, url: str, limit: int) -> str:
    """Return ``prefix · title`` linked to ``url``, in at most ``limit`` units: see ``Markup``."""
    return _MARKUP.link(prefix, title, url, limit)


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
        elif text != JOINT:
            yield Piece(Kind.TEXT, text.replace(JOINT, ""))


def shown(content: str) -> str:
    """Return content as a person reads it: unescaped, without markup."""
    return "".join(piece.text for piece in pieces(content))
