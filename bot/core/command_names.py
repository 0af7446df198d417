"""Writes commands in a reply as they are typed where it was asked for: ``/segue topic``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.core.commands import COMMANDS_BY_NAME
from bot.core.reply import Notice, Reply

# What people typed stands in typographic quotes in our sentences, and stays as they typed it.
_QUOTED_OR_COMMAND = re.compile(
    rf"“[^”]*”|(?<!\S)/(?P<name>{'|'.join(COMMANDS_BY_NAME)})(?![\w/-])"
)


def as_typed(reply: Reply, names: Mapping[str, str]) -> Reply:
    """Return the reply with each command written by its name in ``names``, if it has one."""
    if not names or not isinstance(reply, Notice):
        return reply

    def written(found: re.Match[str]) -> str:
        return names.get(found["name"] or "", found[0])

    examples = tuple(
        replace(one, command=_QUOTED_OR_COMMAND.sub(written, one.command, count=1))
        for one in reply.examples
    )
    return replace(reply, text=_QUOTED_OR_COMMAND.sub(written, reply.text), examples=examples)
