"""The buttons that go on with a search, and what they carry."""

from __future__ import annotations

from bot.core.actions import Action
from bot.core.catalog import Episode
from bot.core.commands import Invocation
from bot.services.episodes import episode_of
from bot.services.kept_text import as_argument
from bot.services.registry import Ports

PER_PAGE = 5

ANYWHERE = "0"
"""The episode argument of a button that searches the whole catalog."""


async def scope_of(ports: Ports, invocation: Invocation) -> Episode | None:
    """Return the episode that a button searches; None for the whole catalog."""
    ident = invocation.args["episode"]
    return None if ident == ANYWHERE else await episode_of(ports, invocation)


def scope_name(episode: Episode | None) -> str:
    """Return what a button says of where it searches."""
    return str(episode.id) if episode else ANYWHERE


async def repeat(ports: Ports, invocation: Invocation, name: str, *args: str, text: str) -> Action:
    """Return an action that carries ``text`` last, kept under a token where it is too long."""
    return Action(name, (*args, await as_argument(ports, invocation, Action(name, args), text)))
