"""Carries text in a button: in the button itself, or under a token where it is too long."""

from __future__ import annotations

from bot.core.actions import Action
from bot.core.commands import Invocation
from bot.core.errors import NotFound
from bot.services.registry import Ports

_INLINE, _TOKEN = "=", "~"


async def as_argument(ports: Ports, invocation: Invocation, action: Action, text: str) -> str:
    """Return the last argument with which ``action`` carries ``text`` and still fits."""
    inline = _INLINE + text
    if Action(action.name, (*action.args, inline)).fits():
        return inline
    return _TOKEN + await ports.store.keep_text(invocation.tenant, text, ports.clock.now())


async def from_argument(ports: Ports, invocation: Invocation, argument: str) -> str:
    """Return the text that an argument carries; raise NotFound if it is not kept any more."""
    mark, rest = argument[:1], argument[1:]
    if mark == _INLINE:
        return rest
    text = await ports.store.kept_text(invocation.tenant, rest) if mark == _TOKEN else None
    if text is None:
        raise NotFound("I no longer have that search. Please type it again.")
    return text
