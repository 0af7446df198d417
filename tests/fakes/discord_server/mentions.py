"""Whom a message would notify, from its text and its allowed_mentions."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord_server.errors import Spot

_MENTIONS = re.compile(r"@(everyone|here)|<@!?(\d{1,20})>|<@&(\d{1,20})>")
_KINDS = frozenset({"everyone", "users", "roles"})


def pings(text: str, allowed: dict[str, Any] | None) -> list[str]:
    """Return whom the text notifies: "everyone", "here", "user:<id>", "role:<id>".

    Without allowed_mentions Discord parses everything. Code blocks are not left out: a bot
    that relies on them to stay quiet should be noticed.
    """
    rules = {"parse": sorted(_KINDS)} if allowed is None else allowed
    parse = rules.get("parse") or []
    found: list[str] = []
    for all_of_them, user, role in _MENTIONS.findall(text):
        if all_of_them and "everyone" in parse:
            found.append(all_of_them)
        elif user and ("users" in parse or user in (rules.get("users") or [])):
            found.append(f"user:{user}")
        elif role and ("roles" in parse or role in (rules.get("roles") or [])):
            found.append(f"role:{role}")
    return list(dict.fromkeys(found))


def check_allowed_mentions(body: Spot) -> None:
    """Note what is wrong with allowed_mentions."""
    rules = body.at("allowed_mentions")
    if rules.value is None:
        return
    for kind in rules.items("parse"):
        if kind.value not in _KINDS:
            kind.wrong("BASE_TYPE_CHOICES", f"Value must be one of {sorted(_KINDS)}")
    for name in ("users", "roles"):
        rules.count(name, 0, 100)
        if rules.get(name) and name in (rules.get("parse") or []):
            rules.at(name).wrong(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f"mutually exclusive with parse {name}"
            )
