"""What is related to a moment: notes that share its telling words, and what means the same."""

from __future__ import annotations

from bot.core.actions import Action
from bot.core.analysis import Term, analyse
from bot.core.catalog import Moment
from bot.core.commands import Invocation
from bot.core.embedding import centre
from bot.core.query import Clause, SearchQuery
from bot.core.ranking import (
    Candidate,
    SpokenHit,
    Statistics,
    without_shadowed,
    without_shadowed_talk,
)
from bot.core.reply import Button, MomentLine, MomentList, Notice, Reply, Tone
from bot.core.stopwords import STOP_WORDS
from bot.core.vectors import Meant
from bot.services.cards import find_moment, grouped, moment_line
from bot.services.finding import same_talk_once
from bot.services.meaning import meaning_of
from bot.services.registry import Ports, answers
from bot.services.spoken import spoken_line
from bot.services.talk import BY_MEANING

MOST_RELATED = 5
TELLING_TERMS = 12
"""Terms that stand for a moment: its rarest ones that occur elsewhere, its title's first."""

READ_FOR_RELATED = 4_000
"""Characters of a moment's text that are looked at for its telling terms."""

CLOSE = 0.5
"""Least cosine of what means the same; passages about another thing rarely reach 0.4."""


@answers("related")
async def related(ports: Ports, invocation: Invocation) -> Reply:
    """Answer with moments that share telling terms, and with talk that means the same."""
    found = await find_moment(ports, invocation, invocation.args["moment"])
    alike = await _alike(ports, invocation, found)
    lines = [moment_line(candidate.moment) for candidate in alike]
    lines += await _close(ports, invocation, found, {one.moment.segment.id for one in alike})
    back = Button("Back to the card", Action("moment", (str(found.segment.id),)))
    if not lines:
        return Notice(
            text=f"Nothing else is like “{found.segment.title[:100]}”.",
            tone=Tone.EMPTY,
            buttons=(back,),
        )
    return MomentList(
        heading=f"Related to “{found.segment.title[:100]}”",
        groups=grouped(lines),
        buttons=(back,),
    )


async def _alike(ports: Ports, invocation: Invocation, found: Moment) -> list[Candidate]:
    """Return moments that share a moment's telling terms, the best first."""
    query, statistics = await _telling(ports, invocation, found)
    candidates = await ports.store.search(invocation.tenant, query)
    scored = [
        (_shared(query, statistics, candidate), candidate)
        for candidate in candidates
        if candidate.moment.segment.id != found.segment.id
    ]
    best = sorted(
        (pair for pair in scored if pair[0] > 0),
        key=lambda pair: (-pair[0], pair[1].bm25, pair[1].moment.segment.id),
    )
    return [candidate for _, candidate in best[:MOST_RELATED]]


async def _close(
    ports: Ports, invocation: Invocation, found: Moment, told: set[int]
) -> list[MomentLine]:
    """Return what means the same: notes that were not told of, and talk of other episodes."""
    asked = await _meaning_of(ports, invocation, found)
    if asked is None:
        return []
    nearest = await ports.store.nearest(invocation.tenant, asked)
    close = {(one.spoken, one.passage): one.cosine for one in nearest.near if one.cosine >= CLOSE}
    noted = [one for one in nearest.noted if (False, one.passage) in close]
    spoken = [one for one in nearest.spoken if (True, one.passage) in close]
    notes = [
        (close[False, one.passage], moment_line(one.moment, note=BY_MEANING))
        for one in without_shadowed(noted)
        if one.moment.segment.id not in {*told, found.segment.id}
    ]
    hits = [
        SpokenHit(one, close[True, one.passage])
        for one in sorted(spoken, key=lambda one: -close[True, one.passage])
        if one.episode.media.key != found.episode.media.key
    ]
    talk = [
        (hit.relevance, spoken_line(hit, note=BY_MEANING))
        for hit in same_talk_once(without_shadowed_talk(hits))
    ]
    lines = sorted([*notes, *talk], key=lambda pair: -pair[0])
    return [line for _, line in lines[:MOST_RELATED]]


async def _meaning_of(ports: Ports, invocation: Invocation, found: Moment) -> Meant | None:
    """Return what a moment means: by its words or, for a bare chapter, by what is said in it."""
    segment = found.segment
    if ports.embedder is None:
        return None
    if not segment.text and segment.end is not None:
        said = await ports.store.said_passages(
            invocation.tenant,
            ports.embedder.model,
            segment.episode_id,
            segment.at.seconds * 1_000,
            segment.end.seconds * 1_000 - 1,
        )
        if said:
            return Meant(ports.embedder.model, centre([one.vector for one in said]))
    return await meaning_of(ports, f"{segment.title}. {segment.text}")


async def _telling(
    ports: Ports, invocation: Invocation, found: Moment
) -> tuple[SearchQuery, Statistics]:
    """Return the terms that stand for a moment, as a search, with their statistics."""
    title = [term for term in analyse(found.segment.title) if term.surface not in STOP_WORDS]
    body = [
        term
        for term in analyse(found.segment.text[:READ_FOR_RELATED])
        if term.surface not in STOP_WORDS and len(term.surface) > 2
    ]
    terms = {term.stem: term for term in (*title, *body)}
    statistics = await ports.store.statistics(invocation.tenant, frozenset(terms))
    in_title = {term.stem for term in title}

    def weight(term: Term) -> float:
        # A word said often here tells more; one that no other moment has relates nothing.
        often = min(sum(other.stem == term.stem for other in body), 3)
        rarity = statistics.weight(_clause(term))
        return rarity * (often + 3 * (term.stem in in_title))

    shared = [term for term in terms.values() if statistics.frequency.get(term.stem, 0) > 1]
    chosen = sorted(shared, key=lambda term: (-weight(term), term.stem))[:TELLING_TERMS]
    return SearchQuery(found.segment.title, tuple(map(_clause, chosen))), statistics


def _clause(term: Term) -> Clause:
    return Clause(term.surface, ((term,),))


def _shared(query: SearchQuery, statistics: Statistics, candidate: Candidate) -> float:
    """Return the weight of the terms a candidate shares; 0 for a single word in passing."""
    title, body = f" {candidate.title_stems} ", f" {candidate.text_stems} "
    score, terms = 0.0, 0
    for clause in query.clauses:
        term = f" {clause.alternatives[0][0].stem} "
        if term in title or term in body:
            score += statistics.weight(clause) * (2 if term in title else 1)
            terms += 2 if term in title else 1
    return score if terms > 1 else 0.0
