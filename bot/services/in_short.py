"""What is in a note, in short: the labelled block of a card, made from that note only.

A card is never held up for it: what costs a model's time is added to the card when it is there,
or given up quietly.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.catalog import Moment, Tenant
from bot.core.commands import Invocation
from bot.core.errors import SegueError
from bot.core.reply import InShort, MomentCard
from bot.core.summarizing import ModelUse, NotWritten, Source, Verdict, Wanted
from bot.services.cards import find_moment
from bot.services.registry import Ports

log = logging.getLogger(__name__)

GIVEN_UP_AFTER_S = 19.0
"""Seconds after the question at which a block that is not there is not waited for any more."""

AGAIN_AFTER = timedelta(minutes=1)
LASTING = timedelta(days=1)
"""How long a note rests that failed: by chance, or for what it says."""

LOOK_UP_WITHIN_S = 1.0
"""Seconds that a card waits for the block that is there already."""

LOOK_EVERY_S = 0.3
"""Between looks for what another process is having shortened."""

SPENT = "Today's AI summaries are used up here; there are new ones tomorrow (UTC)."


async def begin(
    ports: Ports, invocation: Invocation, moment: Moment, card: MomentCard
) -> MomentCard:
    """Return a card with the block if it costs no time, or with a word on why there is none.

    Where more is to come, the card is unfinished.
    """
    if not moment.segment.text:
        return card  # A chapter has no words of its own.
    source = _source(moment)
    if ports.summarizer.at_once:
        try:
            written = await ports.summarizer.summarize(source, within_s=LOOK_UP_WITHIN_S)
        except NotWritten:
            return card
        return _with_block(ports, card, written.text)
    if _speaks_to_a_model(source):
        return card
    try:
        async with asyncio.timeout(LOOK_UP_WITHIN_S):
            tenant, wanted = await _wanted(ports, invocation, moment)
            claim = await ports.store.look_up_summary(tenant, wanted, _now(ports))
    except (SegueError, TimeoutError) as error:
        log.warning("not looked up: %r (%s)", error, invocation.reference)
        return card
    match claim.verdict:
        case Verdict.THERE:
            # Judged again: the rules may be stricter by now.
            return _with_block(ports, card, _judged(claim.text, source))
        case Verdict.SPENT:
            return replace(card, remarks=(*card.remarks, SPENT))
        case Verdict.RESTING:
            return card
        case Verdict.ASK | Verdict.WAIT:
            return replace(card, unfinished=True)


async def finish(
    ports: Ports, invocation: Invocation, card: MomentCard, asked_at: float
) -> MomentCard | None:
    """Return a card, begun before, with its block; None where there is none in time.

    ``asked_at`` is on the clock's monotonic scale.
    """
    moment = await find_moment(ports, invocation, str(card.moment.moment_id))
    text = await _text(ports, invocation, moment, asked_at + GIVEN_UP_AFTER_S)
    return _with_block(ports, card, text) if text else None


async def _text(ports: Ports, invocation: Invocation, moment: Moment, until: float) -> str:
    """Return a note shortened, by us or by whoever is at it already."""
    tenant, wanted = await _wanted(ports, invocation, moment)
    owner = ports.new_id()
    while (left := until - ports.clock.monotonic()) > 0:
        claim = await ports.store.claim_summary(tenant, wanted, owner=owner, now=_now(ports))
        if claim.verdict is Verdict.ASK:
            left = until - ports.clock.monotonic()
            return await _shortened(ports, tenant, wanted, owner, _source(moment), left)
        if claim.verdict is not Verdict.WAIT:
            return _judged(claim.text, _source(moment))
        await asyncio.sleep(min(LOOK_EVERY_S, left))
    return ""


async def _shortened(
    ports: Ports, tenant: Tenant, wanted: Wanted, owner: str, source: Source, within_s: float
) -> str:
    """Have a claimed note shortened; return, and keep, what of it the note bears out."""
    text, rest, paid, use = "", AGAIN_AFTER, True, ModelUse(failures=1)
    try:
        written = await ports.summarizer.summarize(source, within_s=within_s)
        text, rest = _judged(written.text, source), LASTING
        use = ModelUse(0, int(not text), written.tokens_in, written.tokens_out)
    except NotWritten as error:
        paid, rest = error.paid, LASTING if error.lasting else AGAIN_AFTER
        use = ModelUse(failures=int(error.asked))
        log.info("not shortened: %s (%s)", error, wanted.key[:8])
    finally:
        # Also where whoever asked is gone: what was paid for is kept.
        noting = _noted(ports, tenant, wanted, owner, text, rest, paid=paid, use=use)
        await asyncio.shield(noting)
    return text


async def _noted(
    ports: Ports,
    tenant: Tenant,
    wanted: Wanted,
    owner: str,
    text: str,
    rest: timedelta,
    *,
    paid: bool,
    use: ModelUse,
) -> None:
    try:
        if text:
            await ports.store.keep_summary(tenant, wanted, text, use)
        else:
            until = _now(ports) + rest
            await ports.store.give_up_summary(
                tenant, wanted, owner=owner, rests_until=until, paid=paid, use=use
            )
    except SegueError as error:
        log.warning("what came of a note is not kept: %r (%s)", error, wanted.key[:8])


def _with_block(ports: Ports, card: MomentCard, text: str) -> MomentCard:
    block = InShort(ports.summarizer.label, text) if text else None
    return replace(card, in_short=block, unfinished=False)


# The rules are imported where they are used: a bot that asks no model never needs them.


def _judged(text: str, source: Source) -> str:
    from bot.core.grounding import grounded

    return grounded(text, source.whole)


def _speaks_to_a_model(source: Source) -> bool:
    from bot.core.grounding import speaks_to_a_model

    return speaks_to_a_model(source.whole)


def _source(moment: Moment) -> Source:
    return Source(moment.segment.title, moment.segment.text)


async def _wanted(ports: Ports, invocation: Invocation, moment: Moment) -> tuple[Tenant, Wanted]:
    """Return whose text a note is, and what is wanted of it."""
    segment, tenant = moment.segment, moment.episode.tenant
    if segment.corrected and tenant != invocation.tenant:
        public = await ports.store.moment(tenant, segment.id)
        if public is None or public.segment != segment:
            tenant = invocation.tenant  # It reads words of its own.
    decisive = [ports.summarizer.identity, segment.title, segment.text]
    key = hashlib.sha256(json.dumps(decisive).encode()).hexdigest()
    day = _now(ports).date()
    return tenant, Wanted(key, segment.id, invocation.tenant, day, ports.summaries_per_day)


def _now(ports: Ports) -> datetime:
    return ports.clock.now()
