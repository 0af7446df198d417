"""Completions while an option is typed, and how a chosen one is told from typed words."""

from __future__ import annotations

import re

from bot.core.commands import COMMANDS_BY_NAME, Completion, Invocation
from bot.core.reply import Suggestion
from bot.services.registry import Ports

LIMIT = 25
"""Completions offered: as many as Discord shows (PLATFORM: 25 choices)."""

_MOMENT, _EPISODE = "moment:", "episode:"
_IDENT = re.compile(r"[0-9]{1,18}")


def chosen_moment(typed: str) -> str | None:
    """Return the moment's id if ``typed`` is the value of a completion, else None."""
    return _ident(typed, _MOMENT)


def chosen_episode(typed: str) -> int | None:
    """Return the episode's id if ``typed`` is the value of a completion, else None."""
    ident = _ident(typed, _EPISODE)
    return int(ident) if ident else None


def _ident(typed: str, prefix: str) -> str | None:
    rest = typed.removeprefix(prefix)
    return rest if rest != typed and _IDENT.fullmatch(rest) else None


async def complete(ports: Ports, invocation: Invocation, option: str) -> list[Suggestion]:
    """Return completions of what has been typed into ``option`` of a command."""
    spec = COMMANDS_BY_NAME.get(invocation.command)
    kinds = {opt.name: opt.completion for opt in spec.options} if spec else {}
    typed = invocation.args.get(option, "").strip()
    if kinds.get(option) is Completion.MOMENTS:
        return await _moments(ports, invocation, typed)
    if kinds.get(option) is Completion.EPISODES:
        return await _episodes(ports, invocation, typed)
    return []


async def _moments(ports: Ports, invocation: Invocation, typed: str) -> list[Suggestion]:
    moments = await ports.store.suggest(invocation.tenant, typed, LIMIT)
    return [
        Suggestion(
            moment.segment.title,
            f"{_MOMENT}{moment.segment.id}",
            f"{moment.segment.at} · {moment.episode.short_title}",
        )
        for moment in moments
    ]


async def _episodes(ports: Ports, invocation: Invocation, typed: str) -> list[Suggestion]:
    if typed:
        episodes = await ports.store.find_episodes(invocation.tenant, typed, LIMIT)
    else:
        episodes = await ports.store.episodes(invocation.tenant, offset=0, limit=LIMIT)
    return [Suggestion(episode.title, f"{_EPISODE}{episode.id}") for episode in episodes]
