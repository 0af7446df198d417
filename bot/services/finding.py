"""Finds what a search is about by its words and by what it means, in notes and in talk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.core import fusion
from bot.core.analysis import stems
from bot.core.catalog import Moment, Tenant
from bot.core.fusion import Found, Fused, Measure
from bot.core.query import SearchQuery
from bot.core.ranking import (
    Candidate,
    Spoken,
    SpokenHit,
    Statistics,
    holds_exactly,
    without_shadowed,
    without_shadowed_talk,
)
from bot.core.vectors import Meant, Nearest
from bot.services.meaning import meaning_of, meant
from bot.services.registry import Ports
from bot.services.spelling import spelled

CLOSE_ONES, WITH_WORDS = 40, 20
"""Passages that each index proposes."""

QUOTED = 500
"""Passages with the words of a quotation that are looked through for these very words."""

PATIENCE_S = 0.1
"""Seconds that an answer waits for vectors that came since; without them words tell more."""

TOLD_WITHIN_S = 0.15
"""Seconds that an answer waits for what is near by its meaning; after that words tell.

A model that loads takes one or two, and so may reading a long talk's vectors into memory.
"""

WORDS_SHARE = 1 / 3
"""How much of that time the talk that has the words may take, to be measured too."""

SAME_TALK_MS = 20_000
"""Silence that may lie between two passages of the same talk."""


@dataclass(frozen=True, slots=True)
class NotedHit:
    """A moment that answers by what it means. ``support`` is as in ``fusion``."""

    moment: Moment
    support: float


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a search comes upon: how common its words are, which notes and whose talk have them.

    ``query`` is as it is spelled in the catalog. ``close`` is what is close by what it means, None
    where nobody has looked yet.
    """

    query: SearchQuery
    statistics: Statistics
    noted: Sequence[Candidate] = ()
    spoken: Sequence[Spoken] = ()
    close: Nearest | None = None


async def close_to(
    ports: Ports,
    tenant: Tenant,
    query: SearchQuery,
    episode_id: int | None,
    within_s: float,
    typed_meaning: asyncio.Future[Meant | None] | None = None,
    spoken: asyncio.Future[list[Spoken]] | None = None,
) -> Nearest:
    """Return what lies close to a search; nothing where nobody can tell, or not soon.

    ``typed_meaning`` is as in ``meant``. ``spoken`` is the talk that has the words: it is measured
    too if it is found in time.
    """
    try:
        async with asyncio.timeout(within_s):
            asked = await meant(ports, query, typed_meaning)
            if asked is None:
                return Nearest()
            if spoken is not None and not spoken.done():
                await asyncio.wait([spoken], timeout=within_s * WORDS_SHARE)
            said = spoken.result() if spoken is not None and spoken.done() else []
            return await ports.store.nearest(
                tenant,
                asked,
                sponsors=query.asks_for_sponsors,
                episode_id=episode_id,
                limit=CLOSE_ONES,
                patience_s=PATIENCE_S,
                said=[one.passage for one in said],
            )
    except TimeoutError:
        return Nearest()


async def look_up(
    ports: Ports,
    tenant: Tenant,
    query: SearchQuery,
    episode_id: int | None,
    *,
    notes: int = 0,
    within_s: float = TOLD_WITHIN_S,
) -> Lookup:
    """Return what a search comes upon: so many ``notes`` and talk, by words and by what it means.

    What takes longest begins first: what was typed is embedded while its words are counted (after
    that where no talk was seen before) and its spelling looked at, and what was corrected while the
    words are looked for. Where there is no talk it does not look for what is close: most notes are
    found by their words, in a fifth of the time.
    """
    counted = asyncio.ensure_future(ports.store.statistics(tenant, query.stems, spoken=True))
    typed_meaning = asyncio.ensure_future(_typed_meaning(ports, tenant, query, counted))
    begun: list[asyncio.Future[Any]] = [counted, typed_meaning]
    try:
        asked = await spelled(ports.store, tenant, query)
        statistics = await counted
        if asked.stems != query.stems:
            statistics = await ports.store.statistics(tenant, asked.stems, spoken=True)
        in_notes = asyncio.ensure_future(
            ports.store.search(tenant, asked, episode_id=episode_id, limit=notes)
        )
        begun.append(in_notes)
        if not statistics.spoken:
            ports.talk_seen.discard(tenant)
            return Lookup(asked, statistics, await in_notes)
        ports.talk_seen.add(tenant)
        limit = QUOTED if asked.as_written else WITH_WORDS
        in_talk = asyncio.ensure_future(
            ports.store.search_spoken(tenant, asked, episode_id=episode_id, limit=limit)
        )
        begun.append(in_talk)
        close = await close_to(ports, tenant, asked, episode_id, within_s, typed_meaning, in_talk)
        return Lookup(asked, statistics, await in_notes, await in_talk, close)
    finally:
        for one in begun:
            one.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


async def _typed_meaning(
    ports: Ports, tenant: Tenant, query: SearchQuery, counted: Awaitable[Statistics]
) -> Meant | None:
    """Return what was typed means; None where nobody talks, or the words alone count.

    Where there was talk before there is some now, most likely: nobody waits to be sure.
    """
    if query.as_written or not (tenant in ports.talk_seen or (await counted).spoken):
        return None
    return await meaning_of(ports, query.typed)


def heard(found: Lookup, episode_id: int | None, *, shown: int) -> list[SpokenHit]:
    """Return the passages of talk that answer, the best first; the same talk once.

    Of those that are ``shown`` at most the first telling sentence is looked for.
    """
    close = found.close or Nearest()
    proposed = [spoken for spoken in found.spoken if holds_exactly(found.query, spoken)]
    every = {spoken.passage: spoken for spoken in (*proposed, *close.spoken)}
    cosines = {one.passage: one.cosine for one in (*close.near, *close.further) if one.spoken}
    measure = Measure(found.query, found.statistics)
    answers = fusion.fuse(
        measure,
        (_found(spoken, every, cosines) for spoken in every.values()),
        in_episode=episode_id is not None,
    )
    hits = same_talk_once(without_shadowed_talk(_hit(every[one.key], one) for one in answers))
    return [_opened(measure, hit) for hit in hits[:shown]] + hits[shown:]


def _found(spoken: Spoken, every: dict[int, Spoken], cosines: dict[int, float]) -> Found[int]:
    """Return a passage as fusion takes it; those of a talk are numbered one after the other."""
    passage, episode = spoken.passage, spoken.episode.id
    before, after = every.get(passage - 1), every.get(passage + 1)
    return Found(
        passage,
        spoken.stems,
        cosines.get(passage),
        passage - 1 if before and before.episode.id == episode else None,
        passage + 1 if after and after.episode.id == episode else None,
    )


def _hit(spoken: Spoken, answer: Fused[int]) -> SpokenHit:
    return SpokenHit(spoken, answer.support, by_meaning=answer.by_meaning)


def _opened(measure: Measure, hit: SpokenHit) -> SpokenHit:
    """Return a hit at the sentence of its passage to begin with."""
    if not measure.coverage(hit.spoken.stems):
        return hit  # No sentence tells more than the first.
    said = [stems(sentence.text) for sentence in hit.spoken.sentences]
    return replace(hit, opening=fusion.opening(measure, said))


def same_talk_once(hits: Sequence[SpokenHit]) -> list[SpokenHit]:
    """Return the hits without those that go on where a better one of the same episode ends.

    What is said twice in the same words, in a talk that was published twice, is there once too.
    """
    kept: dict[int, SpokenHit] = {}
    told: set[str] = set()
    for hit in hits:
        passage = hit.spoken.passage
        beside = (kept.get(passage - 1), kept.get(passage + 1))
        touches = any(other and _touch(hit.spoken, other.spoken) for other in beside)
        if not touches and hit.spoken.stems not in told:
            kept[passage] = hit
            told.add(hit.spoken.stems)
    return list(kept.values())


def _touch(one: Spoken, other: Spoken) -> bool:
    """Return whether one of two neighbours goes on with the other, without a long silence."""
    if one.episode.id != other.episode.id:
        return False
    first, second = (one, other) if one.passage < other.passage else (other, one)
    return second.sentences[0].start_ms - first.sentences[-1].end_ms <= SAME_TALK_MS


async def noted(
    ports: Ports,
    tenant: Tenant,
    found: Lookup,
    episode_id: int | None,
) -> list[NotedHit]:
    """Return the notes that answer by what they mean, the best first."""
    close = found.close or await close_to(ports, tenant, found.query, episode_id, TOLD_WITHIN_S)
    cosines = {one.passage: one.cosine for one in close.near if not one.spoken}
    by_key = {candidate.passage: candidate for candidate in close.noted}
    answers = fusion.fuse(
        Measure(found.query, found.statistics),
        (
            Found(key, f"{one.title_stems} {one.text_stems}", cosines[key])
            for key, one in by_key.items()
        ),
        in_episode=episode_id is not None,
    )
    return without_shadowed(
        [NotedHit(by_key[answer.key].moment, answer.support) for answer in answers]
    )
