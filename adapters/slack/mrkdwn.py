"""Slack's mrkdwn, both ways: untrusted text made harmless, and what Slack writes read as plain.

Only ``&``, ``<`` and ``>`` can be escaped. Nothing stops ``*``, ``_``, ``~``, a backtick or an
emoji code from taking effect, so a text with one of them is never shown as mrkdwn: it stands in
a rich text or in plain text instead (see ``parts``). In the fallback text of a message, which
has nothing else, they may at worst slant a word.
"""

from __future__ import annotations

import re

from adapters.text import JOINT, MAX_READ, Markup, address, is_plain_words, tidy

MAX_WRITTEN = 6 * MAX_READ
"""Characters that are decoded: what ``escape`` may make of the longest text it reads."""

_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}

# A client told to (link_names, parse=full) takes these words for mentions without any markup.
_PING = re.compile(r"@(?=everyone|here|channel)", re.IGNORECASE)

_TOKEN = re.compile(r"<(?P<name>[^<>|]+)(?:\|(?P<label>[^<>]*))?>|&(?P<entity>amp|lt|gt);")
_FORMATTING = re.compile(r"[*_~`]")

# ":x:" and ":)" become pictures; "2:00:32" and "Part two: caches" do not.
_PICTURE = re.compile(r":(?!\d\d(?!\d)|\s|$)")


def escape(text: str, *, lines: bool = False) -> str:
    """Return text, tidied, in which no link, mention or entity takes effect.

    Line breaks stay only where ``lines`` is true.
    """
    return _PING.sub(f"@{JOINT}", _escaped(tidy(text, lines=lines)))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_lines(text: str) -> str:
    """Return ``escape(text)`` with its line breaks."""
    return escape(text, lines=True)


def is_plain(text: str) -> bool:
    """Return whether mrkdwn shows an escaped text as it is."""
    return is_plain_words(text) and not _PICTURE.search(text)


def target(url: str) -> str | None:
    """Return an address as it stands in links and buttons; None unless it is plain http(s)."""
    return address(url, "<>|@")


def anchor(label: str, url: str) -> str:
    """Return a link of what are mrkdwn and a target already."""
    return f"<{_escaped(url)}|{label}>"


_MARKUP = Markup(
    escape=escape,
    target=target,
    # A pipe ends the address; a second one in the label may end the label (PLATFORM 4.3).
    may_be_label=lambda title: is_plain(title) and "|" not in title,
    in_label=escape,
    anchor=anchor,
)


def link(prefix: str, title: str, url: str, limit: int) -> str:
    """Return ``prefix · title`` linked to ``url``, in at most ``limit`` units: see ``Markup``."""
    return _MARKUP.link(prefix, title, url, limit)


def decode(text: str) -> str:
    """Return what a person typed, from the text that Slack makes of it.

    Links become their addresses, mentions their names; entities are decoded exactly once.
    """
    return _TOKEN.sub(_as_typed, text[:MAX_WRITTEN]).replace(JOINT, "")


def _as_typed(found: re.Match[str]) -> str:
    if found["entity"]:
        return _CHARACTERS[found["entity"]]
    name, label = _unescaped(found["name"]), _unescaped(found["label"] or "")
    if name[0] in "@#":
        return name[0] + (label or name[1:]).removeprefix(name[0])
    if name[0] == "!":
        return _broadcast(name[1:], label)
    if name.startswith(("mailto:", "tel:")):
        return label or name.partition(":")[2]
    if label and name == f"http://{label}":
        return label  # Slack makes a link of "node.js" as well.
    # What Slack does not escape, such as the text of a form, may hold brackets of a person's own.
    return name if "://" in name else found[0]


def _broadcast(name: str, label: str) -> str:
    """Return ``@here`` and the like, a group's name, or a date's words."""
    if name.startswith("date^"):
        return label
    return "@" + (label or name.removeprefix("subteam^")).removeprefix("@")


def _unescaped(text: str) -> str:
    return re.sub("&(amp|lt|gt);", lambda found: _CHARACTERS[found[1]], text)


def shown(content: str) -> str:
    """Return mrkdwn of this module's as a person reads it: unescaped, without markup."""
    read = _TOKEN.sub(
        lambda found: _unescaped(found["label"] or found["name"] or found[0]),
        _FORMATTING.sub("", content),
    )
    return read.replace(JOINT, "")


def targets(content: str) -> list[str]:
    """Return the addresses that can be opened from mrkdwn."""
    names = (_unescaped(found["name"] or "") for found in _TOKEN.finditer(content))
    return [name for name in names if address(name)]


def faults(content: str) -> list[str]:
    """Return what in mrkdwn is live that may not be: mentions, and characters left unescaped."""
    found = [
        f"{match[0][:40]} is no plain link"
        for match in _TOKEN.finditer(content)
        if match["name"] and not address(_unescaped(match["name"]))
    ]
    left = _TOKEN.sub("", content)
    found += [f"{char} is not escaped" for char in "<>&" if char in left]
    return found + (["a word that may notify a channel"] if _PING.search(content) else [])
