"""Lists what was said about something: each passage by its sentence, at its second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.catalog import Episode
from bot.core.commands import Invocation
from bot.core.query import SearchQuery, parse_query
from bot.core.ranking import SpokenHit
from bot.core.reply import Button, MomentCard, MomentLine, MomentList, Notice, Reply, Tone
from bot.core.wording import count
from bot.services.cards import grouped, moment_line
from bot.services.episodes import number
from bot.services.finding import NotedHit, heard, look_up
from bot.services.kept_text import from_argument
from bot.services.registry import Ports, answers
from bot.services.search_buttons import PER_PAGE, repeat, scope_name, scope_of
from bot.services.spoken import spoken_line

BY_MEANING = "closest by meaning"

MOST = 20
"""Lines of one search: four pages, and nobody reads that far."""


@answers("spoken")
async def spoken(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that lists what was said about the words of a search."""
    typed = await from_argument(ports, invocation, invocation.args["words"])
    episode = await scope_of(ports, invocation)
    scope_id = episode.id if episode else None
    found = await look_up(ports, invocation.tenant, parse_query(typed), scope_id)
    query = found.query
    offset = number(invocation.args["offset"])
    shown = offset + PER_PAGE
    said = heard(found, scope_id, shown=shown)
    if not said:
        return Notice(text=f"Nothing is said about “{query.typed}”.", tone=Tone.EMPTY)
    return await talk_list(ports, invocation, query, episode, said, offset)


async def with_talk(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode: Episode | None,
    reply: MomentCard | MomentList,
    said: Sequence[SpokenHit],
) -> MomentCard | MomentList:
    """Return a reply of notes with the way to what was said about the same."""
    if not said:
        return reply
    args = (scope_name(episode), "0")
    action = await repeat(ports, invocation, "spoken", *args, text=query.typed)
    more = Button(f"{count(len(said), 'passage')} of the talk", action)
    return replace(reply, buttons=(*reply.buttons, more))


async def talk_list(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode: Episode | None,
    said: Sequence[SpokenHit],
    offset: int,
    *,
    notes: Sequence[NotedHit] = (),
) -> MomentList:
    """List what was said about something, after the notes that are as close by their meaning."""
    every = _told(notes, said)
    told = every[:MOST]
    start = offset if offset < len(told) else 0
    end = start + PER_PAGE
    more: tuple[Button, ...] = ()
    if end < len(told):
        name = "search" if notes else "spoken"
        args = (scope_name(episode), str(end))
        action = await repeat(ports, invocation, name, *args, text=query.typed)
        more = (Button(f"{len(told) - end} more", action),)
    return MomentList(
        heading=_heading(query, told, passages=not notes, capped=len(every) > MOST),
        groups=grouped(_line(hit) for hit in told[start:end]),
        buttons=more,
    )


def _told(notes: Sequence[NotedHit], said: Sequence[SpokenHit]) -> list[NotedHit | SpokenHit]:
    """Return the best notes, and the passages that are not of the same stretches."""
    return [*notes, *(hit for hit in said if not any(_is_within(hit, note) for note in notes))]


def _line(hit: NotedHit | SpokenHit) -> MomentLine:
    note = BY_MEANING if _by_meaning(hit) else None
    if isinstance(hit, NotedHit):
        return moment_line(hit.moment, note=note)
    return spoken_line(hit, note=note)


def _by_meaning(hit: NotedHit | SpokenHit) -> bool:
    return isinstance(hit, NotedHit) or hit.by_meaning


def _is_within(hit: SpokenHit, note: NotedHit) -> bool:
    segment = note.moment.segment
    second = hit.sentence.start_ms // 1_000
    return (
        segment.episode_id == hit.spoken.episode.id
        and segment.end is not None
        and segment.at.seconds <= second < segment.end.seconds
    )


def _heading(
    query: SearchQuery, told: Sequence[NotedHit | SpokenHit], *, passages: bool, capped: bool
) -> str:
    asked = query.correction() or query.typed
    talk = f"{count(len(told), 'passage')} of the talk"
    found = ("The best " if capped else "") + (talk if passages else count(len(told), "moment"))
    if all(map(_by_meaning, told)):
        return f"{found} {BY_MEANING} to “{asked}”"
    return f"{found} about “{asked}”"
