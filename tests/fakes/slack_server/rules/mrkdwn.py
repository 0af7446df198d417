"""Reads Slack's mrkdwn as its clients show it.

From docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_ADDRESS = re.compile(r"(?:https?|mailto|tel):[^\s]+")
# Angle brackets of a text are escaped, so every pair of them is meant for Slack.
_SEQUENCE = re.compile(r"<([^<>|\n]+)(?:\|([^<>\n]*))?>")
_PING = re.compile(r"[@#][^\s]+|!(?:channel|here|everyone|group|subteam\^[^\s]+)")
# With verbatim off, Slack makes mentions of bare words too.
_BARE_PING = re.compile(r"(?<![\w@.])@(?:channel|here|everyone)\b")
_OPAQUE = re.compile(rf"```(.+?)```|`([^`\n]+)`|({_SEQUENCE.pattern})", re.DOTALL)
_MARKED = re.compile(r"(?<![^\W_])([*_~])(?!\s)((?:(?!\1)[^\n])+)(?<!\s)\1(?![^\W_])")
_QUOTED = re.compile(r"^(?:(?:&gt;|>){3}|(?:&gt;|>)) ?", re.MULTILINE)
# What a client draws without width or ink.
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")
_HOLE = "\x00"
_NESTED = 3
"""How deep bold, italic and strike can lie in each other."""


def unescaped(text: str) -> str:
    """Return a text with Slack's three entities as characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def links_in(text: str) -> list[str]:
    """Return the addresses of ``<url>`` and ``<url|label>``, each once, in order."""
    found = [unescaped(one[1]) for one in _SEQUENCE.finditer(text) if _ADDRESS.fullmatch(one[1])]
    return list(dict.fromkeys(found))


def pings_in(text: str, *, verbatim: bool = True) -> list[str]:
    """Return every mention as ``<@U…>``, ``<#C…>``, ``<!here>``, in order, without its label.

    With ``verbatim`` off also the bare words: ``@here``. Code is not left out: a bot that
    relies on it to stay quiet should be noticed.
    """
    found = [f"<{one[1]}>" for one in _SEQUENCE.finditer(text) if _PING.fullmatch(one[1])]
    if not verbatim:
        found += _BARE_PING.findall(_SEQUENCE.sub(" ", text))
    return list(dict.fromkeys(found))


def shown(text: str) -> str:
    """Return what a person sees: labels of links, no marks, no entities."""
    holes: list[str] = []

    def punch(read: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
        def hole(match: re.Match[str]) -> str:
            holes.append(read(match))
            return _HOLE

        return hole

    rest = _OPAQUE.sub(punch(_opaque), text.replace(_HOLE, ""))
    rest = unescaped(_formatted(rest))
    filled = iter(holes)
    return _UNSEEN.sub("", re.sub(_HOLE, lambda _: next(filled), rest))


def _formatted(text: str) -> str:
    text = _QUOTED.sub("", text)
    for _ in range(_NESTED):
        text = _MARKED.sub(r"\2", text)
    return text


def _opaque(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return unescaped(_SEQUENCE.sub(_sequence, code))
    return unescaped(_SEQUENCE.sub(_sequence, match[3]))


def _sequence(match: re.Match[str]) -> str:
    """Return what stands for one sequence, still escaped."""
    target, label = match[1], match[2]
    if _ADDRESS.fullmatch(target):
        return _formatted(label) if label else target
    if target.startswith("!date^"):
        return label or target
    if _PING.fullmatch(target):
        name = label or target.removeprefix("!subteam^").lstrip("@#!")
        return name if name.startswith(("@", "#")) else ("#" if target[0] == "#" else "@") + name
    return f"&lt;{match[0][1:-1]}&gt;"
