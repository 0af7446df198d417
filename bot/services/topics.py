"""``/topic``: find the moment, say what was corrected, or say honestly that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.catalog import Episode
from bot.core.commands import Invocation
from bot.core.query import SearchQuery, parse_query
from bot.core.ranking import (
    Candidate,
    Hit,
    Statistics,
    holds,
    is_clear,
    rank,
    without_shadowed,
)
from bot.core.reply import Button, MomentCard, MomentList, Notice, Reply, Spelling, Tone
from bot.core.wording import count, shorten
from bot.services.cards import find_moment, grouped, moment_card, moment_line
from bot.services.episode_choice import named_episode
from bot.services.episodes import number
from bot.services.finding import heard, look_up, noted
from bot.services.kept_text import from_argument
from bot.services.registry import Ports, answers
from bot.services.search_buttons import ANYWHERE, PER_PAGE, repeat, scope_of
from bot.services.suggestions import chosen_moment
from bot.services.talk import talk_list, with_talk

LABEL = 50
"""Characters of a search in a button's label (PLATFORM: 75 on Slack, 80 on Discord)."""

MOST_QUOTED = 2
"""Phrases that a remark repeats."""

CANDIDATES = 60
"""Segments the store proposes; five pages of a dozen, and nobody reads that far."""

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
        lambda episode: repeat(ports, invocation, "search", str(episode.id), "0", text=typed),
    )
    if isinstance(found, Episode) or found is None:
        return await _find(ports, invocation, parse_query(typed), found)
    return found


@answers("search")
async def search(ports: Ports, invocation: Invocation) -> Reply:
    """Answer a button that searches again, from an offset."""
    typed = await from_argument(ports, invocation, invocation.args["words"])
    episode = await scope_of(ports, invocation)
    return await _find(
        ports, invocation, parse_query(typed), episode, offset=number(invocation.args["offset"])
    )


@answers("exact")
async def exact(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that searches exactly what was typed, spelling left alone."""
    typed = await from_argument(ports, invocation, invocation.args["words"])
    episode = await scope_of(ports, invocation)
    return await _find(ports, invocation, parse_query(typed, exact=True), episode)


async def _find(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode: Episode | None,
    *,
    offset: int = 0,
) -> Reply:
    """Answer a search; one that is quoted in part, and in vain, as if it were not."""
    reply = await _answer(ports, invocation, query, episode, offset)
    if not isinstance(reply, Notice) or not query.quoted_in_part:
        return reply
    loosely = await _answer(ports, invocation, query.unquoted(), episode, offset)
    if isinstance(loosely, Notice):
        return reply
    exactly = " and ".join(f"“{shorten(phrase, LABEL)}”" for phrase in query.quoted[:MOST_QUOTED])
    remark = f"With {exactly} in these very words there is no answer: this is without the quotes."
    return replace(loosely, remarks=(remark, *loosely.remarks))


async def _answer(
    ports: Ports,
    invocation: Invocation,
    query: SearchQuery,
    episode: Episode | None,
    offset: int,
) -> Reply:
    if not query.clauses:
        return _nothing_asked(query)
    limit = EXACT_CANDIDATES if query.as_written else CANDIDATES
    scope_id = episode.id if episode else None
    found = await look_up(ports, invocation.tenant, query, scope_id, notes=limit)
    query, candidates, statistics = found.query, found.noted, found.statistics
    hits = without_shadowed(rank(query, candidates, statistics))
    shown = 0 if hits else offset + PER_PAGE
    said = heard(found, scope_id, shown=shown)
    if hits:
        capped = len(candidates) >= limit
        reply = await _show(ports, invocation, query, episode, hits, offset, capped=capped)
        reply = await with_talk(ports, invocation, query, episode, reply, said)
    else:
        notes = await noted(ports, invocation.tenant, found, scope_id)
        if not notes and not said:
            return await _nothing(ports, invocation, query, candidates, statistics, episode)
        reply = await talk_list(ports, invocation, query, episode, said, offset, notes=notes)
    corrected = query.correction()
    if corrected is None:
        return reply
    scope = str(episode.id) if episode else ANYWHERE
    as_typed = Button(
        f"Search exactly “{shorten(query.typed, LABEL)}”",
        await repeat(ports, invocation, "exact", scope, text=query.typed),
    )
    return replace(
        reply,
        remarks=(f"Showing “{corrected}”.", *reply.remarks),
        buttons=(*reply.buttons, as_typed),
        correction=Spelling(query.typed, corrected),
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
        action = await repeat(ports, invocation, "search", scope, str(end), text=query.typed)
        more = (Button(f"{len(hits) - end} more", action),)
    if clear:
        return await moment_card(ports, invocation, hits[0].moment, buttons=more)
    asked = query.correction() or query.typed
    return MomentList(
        heading=f"{'The best ' if capped else ''}{count(len(hits), 'moment')} about “{asked}”",
        groups=grouped(moment_line(hit.moment) for hit in hits[start:end]),
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
    candidates: Sequence[Candidate],
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
            await repeat(ports, invocation, "search", scope, "0", text=word),
        )
        for word in present
    ]
    if query.quoted and not query.quoted_in_part:
        action = await repeat(ports, invocation, "search", scope, "0", text=query.typed_plainly)
        buttons.append(Button("Search without the quotes", action))
    if episode:
        action = await repeat(ports, invocation, "search", ANYWHERE, "0", text=query.typed)
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
