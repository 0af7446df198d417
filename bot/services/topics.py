"""``/topic``: find the moment, say what was corrected, or say honestly that there is none."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.core.actions import Action
from bot.core.catalog import Episode
from bot.core.commands import Invocation
from bot.core.query import SearchQuery, parse_query
from bot.core.ranking import (
    Candidate,
    Hit,
    SpokenHit,
    Statistics,
    holds,
    is_clear,
    rank,
    rank_spoken,
    without_shadowed,
)
from bot.core.reply import Button, MomentCard, MomentList, Notice, Reply, Spelling, Tone
from bot.core.wording import count, shorten
from bot.services.cards import find_moment, grouped, moment_card, moment_line
from bot.services.episode_choice import named_episode
from bot.services.episodes import episode_of, number
from bot.services.kept_text import as_argument, from_argument
from bot.services.registry import Ports, answers
from bot.services.spelling import spelled
from bot.services.spoken import spoken_line
from bot.services.suggestions import chosen_moment

PER_PAGE = 5
ANYWHERE = "0"
"""The episode argument of a button that searches the whole catalog."""

LABEL = 50
"""Characters of a search in a button's label (PLATFORM: 75 on Slack, 80 on Discord)."""

CANDIDATES = 60
"""Segments the store proposes; five pages of a dozen, and nobody reads that far."""

SPOKEN_CANDIDATES = 40
"""Passages of transcripts that the store proposes."""

EXACT_CANDIDATES = 500
"""More of them where stems propose and only words as written are kept."""


@answers("topic")
async def topic(ports: Ports, invocation: Invocation) -> Reply:
    """Answer typed words, or the moment that was chosen while typing."""
    typed = invocation.args["words"].strip()
    chosen = chosen_moment(typed)
    if chosen is not None:
        return await moment_card(ports, invocation, await find_moment(ports, invocation, chosen))
    found = await named_episode(
        ports,
        invocation,
        lambda episode: _repeat(ports, invocation, "search", str(episode.id), "0", text=typed),
    )
    if isinstance(found, Episode) or found is None:
        return await _find(ports, invocation, parse_query(typed), found)
    return found


@answers("search")
async def search(ports: Ports, invocation: Invocation) -> Reply:
    """Answer a button that searches again, from an offset."""
    typed = await from_argument(ports, invocation, invocation.args["words"])
    episode = await _scope(ports, invocation)
    return await _find(
        ports, invocation, parse_query(typed), episode, offset=number(invocation.args["offset"])
    )


@answers("exact")
async def exact(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that searches exactly what was typed, spelling left alone."""
    typed = await from_argument(ports, invocation, invocation.args["words"])
    episode = await _scope(ports, invocation)
    return await _find(ports, invocation, parse_query(typed, exact=True), episode)


async def _scope(ports: Ports, invocation: Invocation) -> Episode | None:
    ident = invocation.args["episode"]
    return None if ident == ANYWHERE else await episode_of(ports, invocation)


async def _repeat(ports: Ports, invocation: Invocation, name: str, *args: str, text: str) -> Action:
    """Return an action that carries ``text`` last, kept under a token where it is too long."""
    return Action(name, (*args, await as_argument(ports, invocation, Action(name, args), text)))


async def _find(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode: Episode | None,
    *,
    offset: int = 0,
) -> Reply:
    if not query.clauses:
        return _nothing_asked(query)
    query = await spelled(ports.store, invocation.tenant, query)
    by_words = any(clause.exact for clause in query.clauses)
    limit = EXACT_CANDIDATES if by_words else CANDIDATES
    scope_id = episode.id if episode else None
    candidates, statistics = await asyncio.gather(
        ports.store.search(
            invocation.tenant,
            query,
            episode_id=scope_id,
            limit=limit,
        ),
        ports.store.statistics(invocation.tenant, query.stems, spoken=True),
    )
    hits = without_shadowed(rank(query, candidates, statistics))
    said = await _heard(ports, invocation, query, scope_id, statistics)
    shown = query.correction()
    if hits:
        capped = len(candidates) >= limit
        reply = await _show(ports, invocation, query, episode, hits, offset, capped=capped)
        reply = await _with_said(ports, invocation, query, episode, reply, said)
    elif said:
        reply = await _said(ports, invocation, query, episode, said, offset)
    else:
        return await _nothing(ports, invocation, query, candidates, statistics, episode)
    if shown is None:
        return reply
    scope = str(episode.id) if episode else ANYWHERE
    as_typed = Button(
        f"Search exactly “{shorten(query.typed, LABEL)}”",
        await _repeat(ports, invocation, "exact", scope, text=query.typed),
    )
    return replace(
        reply,
        remarks=(f"Showing “{shown}”.", *reply.remarks),
        buttons=(*reply.buttons, as_typed),
        correction=Spelling(query.typed, shown),
    )


async def _show(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode: Episode | None,
    hits: list[Hit],
    offset: int,
    *,
    capped: bool,
) -> MomentCard | MomentList:
    scope = str(episode.id) if episode else ANYWHERE
    clear = offset == 0 and is_clear(hits)
    start = offset if offset < len(hits) else 0
    end = 1 if clear else start + PER_PAGE
    more: tuple[Button, ...] = ()
    if end < len(hits):
        action = await _repeat(ports, invocation, "search", scope, str(end), text=query.typed)
        more = (Button(f"{len(hits) - end} more", action),)
    if clear:
        return await moment_card(ports, invocation, hits[0].moment, buttons=more)
    asked = query.correction() or query.typed
    return MomentList(
        heading=f"{'The best ' if capped else ''}{count(len(hits), 'moment')} about “{asked}”",
        groups=grouped(moment_line(hit.moment) for hit in hits[start:end]),
        buttons=more,
    )


@answers("spoken")
async def spoken(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that lists what was said about the words of a search."""
    typed = await from_argument(ports, invocation, invocation.args["words"])
    episode = await _scope(ports, invocation)
    query = await spelled(ports.store, invocation.tenant, parse_query(typed))
    statistics = await ports.store.statistics(invocation.tenant, query.stems, spoken=True)
    scope_id = episode.id if episode else None
    said = await _heard(ports, invocation, query, scope_id, statistics)
    if not said:
        return Notice(text=f"Nothing is said about “{query.typed}”.", tone=Tone.EMPTY)
    offset = number(invocation.args["offset"])
    return await _said(ports, invocation, query, episode, said, offset)


async def _heard(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode_id: int | None,
    statistics: Statistics,
) -> list[SpokenHit]:
    """Return what was said about something, where anything is kept of what was said."""
    if not statistics.spoken:
        return []
    found = await ports.store.search_spoken(
        invocation.tenant, query, episode_id=episode_id, limit=SPOKEN_CANDIDATES
    )
    return rank_spoken(query, found, statistics)


async def _with_said(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode: Episode | None,
    reply: MomentCard | MomentList,
    said: list[SpokenHit],
) -> MomentCard | MomentList:
    """Return a reply of notes with the way to what was said about the same."""
    if not said:
        return reply
    scope = str(episode.id) if episode else ANYWHERE
    action = await _repeat(ports, invocation, "spoken", scope, "0", text=query.typed)
    more = Button(f"{count(len(said), 'passage')} of the talk", action)
    return replace(reply, buttons=(*reply.buttons, more))


async def _said(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode: Episode | None,
    said: list[SpokenHit],
    offset: int,
) -> MomentList:
    """List what was said about something, each sentence that matches at its second."""
    start = offset if offset < len(said) else 0
    page = said[start : start + PER_PAGE]
    lines = [spoken_line(hit) for hit in page]
    more: tuple[Button, ...] = ()
    if start + PER_PAGE < len(said):
        scope = str(episode.id) if episode else ANYWHERE
        end = str(start + PER_PAGE)
        action = await _repeat(ports, invocation, "spoken", scope, end, text=query.typed)
        more = (Button(f"{len(said) - start - PER_PAGE} more", action),)
    asked = query.correction() or query.typed
    return MomentList(
        heading=f"{count(len(said), 'passage')} of the talk about “{asked}”",
        groups=grouped(lines),
        buttons=more,
    )


def _nothing_asked(query: SearchQuery) -> Notice:
    if query.common:
        return Notice(
            text=f"“{query.typed}” has only very common words. Add a word that matters, "
            "or put the phrase in quotes to search for it exactly.",
            tone=Tone.EMPTY,
        )
    return Notice(
        text="There is no word in that to search for. Try a name or a few words, "
        "or /episodes for what I know.",
        tone=Tone.EMPTY,
    )


async def _nothing(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    candidates: list[Candidate],
    statistics: Statistics,
    episode: Episode | None,
) -> Notice:
    """Say what was searched, how much, and what to try."""
    where = f" in {episode.short_title}" if episode else ""
    scope = str(episode.id) if episode else ANYWHERE
    if not statistics.segments:
        return Notice(text="The catalog is empty. An operator can import notes.", tone=Tone.EMPTY)
    noted = count(statistics.segments - statistics.spoken, "moment")
    talk = f" and {count(statistics.spoken, 'passage')} of talk" if statistics.spoken else ""
    searched = f"I searched {noted}{talk}." if not episode else ""
    present = [
        clause.correction or clause.typed
        for clause in query.clauses
        if len(query.clauses) > 1
        and not clause.exact
        and any(holds(clause, candidate) for candidate in candidates)
    ][:3]
    buttons = [
        Button(
            f"Search “{shorten(word, LABEL)}”",
            await _repeat(ports, invocation, "search", scope, "0", text=word),
        )
        for word in present
    ]
    if episode:
        action = await _repeat(ports, invocation, "search", ANYWHERE, "0", text=query.typed)
        buttons.append(Button("Search everywhere", action))
    words = " and ".join(f"“{word}”" for word in present)
    alone = f"Only {words} came up, which says too little." if present else ""
    hint = "Try fewer or other words, or /episodes for what I know."
    text = f"Nothing about “{query.typed}”{where}."
    return Notice(
        text=" ".join(part for part in (text, searched, alone, hint) if part),
        tone=Tone.EMPTY,
        buttons=tuple(buttons),
    )
