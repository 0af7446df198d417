"""Channels by their ids, and the one that a typed ``digest`` line names, as Slack lets it be known.

In a message Slack writes a channel as ``<#C0123|general>``, with its id. In a slash command it
leaves ``#general`` as it was typed: the app asks for that (``should_escape``), since otherwise
every ``@`` and ``#`` of a search would be escaped, and to look a name up takes scopes that nothing
else needs. A name without an id is answered with the ways that work.
"""

from __future__ import annotations

import re

from bot.core.commands import PlainText
from bot.core.errors import UserError
from bot.core.wording import shorten

_SHARED_ID = re.compile(r"[CG][A-Z0-9]{2,29}")
_REFERENCE = re.compile(r"<#(?P<id>[A-Z0-9]{1,30})(?:\|[^<>]*)?>")
_LINK = re.compile(
    r"https://[a-z0-9-]{1,80}(?:\.enterprise)?\.slack\.com/archives/(?P<id>[A-Z0-9]{1,30})"
    r"(?:[/?][!-~]*)?",
    re.ASCII,
)


def may_be_posted_in(channel: str) -> bool:
    """Return whether text is the id of a channel, rather than of a person or their messages."""
    return bool(_SHARED_ID.fullmatch(channel))


def with_ids(written: str) -> str:
    """Return what Slack wrote, with the id of each channel that it refers to for its name."""
    return _REFERENCE.sub(r" #\g<id> ", written)


def with_channel(plain: PlainText) -> PlainText:
    """Return a ``digest`` line with the channel that it names, if any, as its argument.

    Raise UserError, with the sentence to show, for one that cannot be known by its name.
    """
    # What was typed as ``<#C0123>`` by hand is text still, and meant all the same.
    words = with_ids(plain.args.get("action", "")).split()
    named = [word for word in words if word.startswith("#") or _LINK.fullmatch(word)]
    if not named:
        return plain
    if len(named) > 1:
        raise UserError("Name one channel at a time.")
    args = {**plain.args, "action": " ".join(word for word in words if word not in named)}
    return PlainText(plain.command, {**args, "channel": _id_of(named[0])})


def _id_of(word: str) -> str:
    link = _LINK.fullmatch(word)
    ident = link["id"] if link else word[1:]
    if may_be_posted_in(ident):
        return ident
    raise UserError(
        f"Slack does not tell me here which channel “{shorten(word, 80)}” is. Type this in that "
        "channel; or give the channel's link; or mention me in place of the slash command."
    )
