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
from bot.core.grounding import grounded, speaks_to_a_model
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

LOOK_EVERY_S = 0.3
"""Between looks for what another process is having shortened."""

SPENT = "Today's AI summaries are used up here; there are new ones tomorrow (UTC)."


async def begun(
    ports: Ports, invocation: Invocation, moment: Moment, card: MomentCard
) -> MomentCard:
    """Return a card with the block if it costs no time, or with a word on why there is none."""
    source = _source(moment)
    if ports.summarizer.at_once:
        try:
            written = await ports.summarizer.summarize(source, within_s=1.0)
        except NotWritten:
            return card
        return _with_block(ports, card, written.text)
    if speaks_to_a_model(source.whole):
        return card
    wanted = _wanted(ports, invocation, moment)
    claim = await ports.store.look_up_summary(_owner_of(invocation, moment), wanted, _now(ports))
    if claim.verdict is Verdict.THERE:
        return _with_block(ports, card, claim.text)
    if claim.verdict is Verdict.SPENT:
        return replace(card, remarks=(*card.remarks, SPENT))
    if claim.verdict is Verdict.RESTING:
        return card
    return replace(card, unfinished=True)


async def finished(
    ports: Ports, invocation: Invocation, card: MomentCard, asked_at: float
) -> MomentCard | None:
    """Return a card, begun before, with its block; None where there is none in time.

    ``asked_at`` is on the clock's monotonic scale.
    """
    moment = await find_moment(ports, invocation, str(card.moment.moment_id))
    until = asked_at + GIVEN_UP_AFTER_S
    text = await _text(ports, invocation, moment, until)
    return _with_block(ports, card, text) if text else None


async def _text(ports: Ports, invocation: Invocation, moment: Moment, until: float) -> str:
    """Return a note shortened, by us or by whoever is at it already."""
    tenant, wanted = _owner_of(invocation, moment), _wanted(ports, invocation, moment)
    owner = ports.new_id()
    while (left := until - ports.clock.monotonic()) > 0:
        claim = await ports.store.claim_summary(tenant, wanted, owner=owner, now=_now(ports))
        if claim.verdict is Verdict.ASK:
            return await _asked(ports, tenant, wanted, owner, _source(moment), left)
        if claim.verdict is not Verdict.WAIT:
            return claim.text
        await asyncio.sleep(min(LOOK_EVERY_S, left))
    return ""


async def _asked(
    ports: Ports, tenant: Tenant, wanted: Wanted, owner: str, source: Source, within_s: float
) -> str:
    """Have a claimed note shortened; return, and keep, what of it the note bears out."""
    text, rest, paid, use = "", AGAIN_AFTER, True, ModelUse(failures=1)
    try:
        written = await ports.summarizer.summarize(source, within_s=within_s)
        text, rest = grounded(written.text, source.whole), LASTING
        use = ModelUse(0, int(not text), written.tokens_in, written.tokens_out)
    except NotWritten as error:
        paid, rest = error.paid, LASTING if error.lasting else AGAIN_AFTER
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
    block = InShort(ports.summarizer.label, text)
    return replace(card, in_short=block, unfinished=False)


def _source(moment: Moment) -> Source:
    return Source(moment.segment.title, moment.segment.text)


def _owner_of(invocation: Invocation, moment: Moment) -> Tenant:
    """Return whose text it is: a correction may be the asking tenant's own."""
    return invocation.tenant if moment.segment.corrected else moment.episode.tenant


def _wanted(ports: Ports, invocation: Invocation, moment: Moment) -> Wanted:
    decisive = [ports.summarizer.identity, moment.segment.title, moment.segment.text]
    key = hashlib.sha256(json.dumps(decisive).encode()).hexdigest()
    day = _now(ports).date()
    return Wanted(key, moment.segment.id, invocation.tenant, day, ports.summaries_per_day)


def _now(ports: Ports) -> datetime:
    return ports.clock.now()
