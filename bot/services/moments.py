"""What the buttons of a card open: the moment itself, its full text, and what is related."""

from __future__ import annotations

from bot.core.actions import Action
from bot.core.analysis import Term, analyse
from bot.core.catalog import Moment
from bot.core.commands import Invocation
from bot.core.query import Clause, SearchQuery
from bot.core.ranking import Candidate, Statistics
from bot.core.reply import Button, MomentCard, MomentList, Notice, Reply, Tone
from bot.core.stopwords import STOP_WORDS
from bot.core.wording import pages
from bot.services.cards import card_buttons, find_moment, grouped, link_remark, moment_line
from bot.services.cards import moment_card as card
from bot.services.episodes import number
from bot.services.registry import Ports, answers
from bot.services.spoken import named_card

PAGE = 2_500
"""Characters of a full text in one message: with its card it fits Discord's 4,000 (PLATFORM)."""

MOST_RELATED = 5
TELLING_TERMS = 12
"""Terms that stand for a moment: its rarest ones that occur elsewhere, its title's first."""

READ_FOR_RELATED = 4_000
"""Characters of a moment's text that are looked at for its telling terms."""


@answers("moment")
async def moment(ports: Ports, invocation: Invocation) -> Reply:
    """Answer with a moment's card, or one of what is said at a second."""
    said = await named_card(ports, invocation, invocation.args["moment"])
    if said is not None:
        return said
    found = await find_moment(ports, invocation, invocation.args["moment"])
    return await card(ports, invocation, found)


@answers("full")
async def full(ports: Ports, invocation: Invocation) -> Reply:
    """Answer with a page of a moment's full text."""
    found = await find_moment(ports, invocation, invocation.args["moment"])
    texts = pages(found.segment.text, PAGE)
    page = min(max(number(invocation.args["page"]), 1), len(texts))
    ident = str(found.segment.id)
    turns = [
        Button(label, Action("full", (ident, str(target))))
        for label, target in (("Previous page", page - 1), ("Next page", page + 1))
        if 1 <= target <= len(texts)
    ]
    return MomentCard(
        moment=moment_line(found),
        text=texts[page - 1],
        page=page,
        pages=len(texts),
        remarks=link_remark(found),
        buttons=(*turns, *card_buttons(ports, invocation, found, cut=False)),
    )


@answers("related")
async def related(ports: Ports, invocation: Invocation) -> Reply:
    """Answer with moments that share a moment's telling terms."""
    found = await find_moment(ports, invocation, invocation.args["moment"])
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
    )[:MOST_RELATED]
    back = Button("Back to the card", Action("moment", (str(found.segment.id),)))
    if not best:
        return Notice(
            text=f"Nothing else is like “{found.segment.title[:100]}”.",
            tone=Tone.EMPTY,
            buttons=(back,),
        )
    return MomentList(
        heading=f"Related to “{found.segment.title[:100]}”",
        groups=grouped(moment_line(candidate.moment) for _, candidate in best),
        buttons=(back,),
    )


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
