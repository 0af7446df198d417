"""Posts one schedule's turn, once: content, durable claim, post, and what came of it."""

from __future__ import annotations

import asyncio
import logging
from datetime import date, datetime, timedelta

from bot.core.digest import (
    LATE_BY,
    LEASE,
    Leftover,
    Schedule,
    State,
    delivery_key,
    next_due,
    open_turn,
)
from bot.core.errors import Busy
from bot.core.outlet import Outcome, Outlet, Posted
from bot.core.reply import Notice, Reply, Tone
from bot.services.digest_content import Content, claimed_content, content_of
from bot.services.registry import Ports

log = logging.getLogger(__name__)

TRY_AGAIN_AFTER = timedelta(minutes=10)
"""How soon a turn is tried again that was refused: somebody may mend the channel."""

SOONEST = timedelta(seconds=30)
"""How soon a turn is tried again that the platform could not take just now."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 16.0
"""Between attempts to note an end, doubled each time: half a minute in all."""

A_MOMENT = timedelta(seconds=5)
"""A turn first tried longer ago than this was another's before; one whose claim took longer may be
another's by now."""

POST_WITHIN_S = LEASE.total_seconds() - 10
"""Seconds for a post with all its tries, so that its end is noted inside the lease."""

FIND_WITHIN_S = 8.0
"""Of these, the seconds to look for a post that cannot be made again."""


async def post_turn(
    ports: Ports, schedule: Schedule, day: date, *, late: bool = False
) -> State | None:
    """Post a turn; return what became of it, None where it is not ours to post (any more).

    Everything before the claim may be repeated; from the claim on, the row says what is known,
    and the work goes on even if whoever waits for it gives up.
    """
    outlet = ports.outlets.get(schedule.platform)
    if outlet is None:
        return None
    content, begun = await _content(ports, schedule, day, late=late)
    if content.reply is None:
        if begun:
            return None  # Nothing of it is left to say again; it becomes a turn in doubt.
        return State.QUIET if await _settle(ports, schedule, day, "", State.QUIET) else None
    posting = asyncio.create_task(_claim_and_post(ports, schedule, day, outlet, content))
    ports.begun.add(posting)
    posting.add_done_callback(ports.begun.discard)
    return await asyncio.shield(posting)


async def _content(
    ports: Ports, schedule: Schedule, day: date, *, late: bool
) -> tuple[Content, bool]:
    """Return what to say, and whether another began to say it."""
    newest = await ports.store.deliveries(schedule.tenant, schedule.id, 1)
    if newest and newest[0].day == day and newest[0].state is State.SENDING:
        return await claimed_content(ports, schedule, day, newest[0].moments, late=late), True
    return await content_of(ports, schedule, late=late), False


async def _claim_and_post(
    ports: Ports, schedule: Schedule, day: date, outlet: Outlet, content: Content
) -> State | None:
    owner, now, began = ports.new_id(), ports.clock.now(), ports.clock.monotonic()
    claim = await ports.store.claim_turn(
        schedule.tenant,
        schedule.id,
        day,
        owner=owner,
        now=now,
        moments=content.moments,
        repeatable=outlet.repeatable,
    )
    if claim is None or content.reply is None or claim.moments != content.moments:
        return None  # Another's, or begun by another meanwhile: the next look takes it up.
    taken_over = now - claim.since > A_MOMENT
    held_up = max(ports.clock.now() - now, timedelta(seconds=ports.clock.monotonic() - began))
    if held_up > A_MOMENT:
        # The process stood still: by now another may have taken the claim over, and posted.
        posted = Posted(Outcome.LATER, reason="It was held up before it was sent.")
    else:
        posted = await _post(outlet, schedule, day, content.reply, claim.since)
    if taken_over:
        posted = _as_of_both(posted)
    if posted.outcome is Outcome.UNKNOWN and outlet.repeatable:
        # Left as it is: when the lease is over it is tried again under the same key, while that
        # is safe, and is in doubt after.
        return State.SENDING
    return await _noted(ports, schedule, day, owner, posted)


async def _post(
    outlet: Outlet, schedule: Schedule, day: date, reply: Reply, since: datetime
) -> Posted:
    key = delivery_key(schedule.id, day)
    if outlet.repeatable:
        return await outlet.post(schedule.channel, reply, key=key, within_s=POST_WITHIN_S)
    within_s = POST_WITHIN_S - FIND_WITHIN_S
    posted = await outlet.post(schedule.channel, reply, key=key, within_s=within_s)
    if posted.outcome is not Outcome.UNKNOWN:
        return posted
    found = await outlet.find(schedule.channel, key=key, since=since, within_s=FIND_WITHIN_S)
    return found or posted


async def look_up(ports: Ports, left: Leftover) -> None:
    """Look once for the post of a turn that a dead process left in doubt, and note what is seen."""
    schedule, turn = left.schedule, left.turn
    outlet = ports.outlets.get(schedule.platform)
    if outlet is None:
        return
    key = delivery_key(schedule.id, turn.day)
    found = await outlet.find(schedule.channel, key=key, since=turn.since, within_s=FIND_WITHIN_S)
    if found is None:
        return
    state = State.POSTED if found.outcome is Outcome.POSTED else State.DOUBT
    now = ports.clock.now()
    later = open_turn(schedule, now)
    # A turn that is open by now is still to come.
    due_at = later.due_at if later and later.day > turn.day else next_due(schedule, now)
    log.info("digest %d of %s, left in doubt: %s %s", schedule.id, turn.day, state, found.reason)
    await _settle(
        ports,
        schedule,
        turn.day,
        left.owner,
        state,
        due_at,
        message=found.message,
        reason=found.reason,
    )


def _as_of_both(posted: Posted) -> Posted:
    """Return what is known of a turn that was taken over: its first try may have arrived."""
    if posted.outcome in {Outcome.LATER, Outcome.REFUSED}:
        return Posted(Outcome.UNKNOWN, reason=posted.reason)
    return posted


async def _noted(ports: Ports, schedule: Schedule, day: date, owner: str, posted: Posted) -> State:
    now = ports.clock.now()
    match posted.outcome:
        case Outcome.POSTED:
            state, due_at = State.POSTED, next_due(schedule, now)
        case Outcome.UNKNOWN:
            state, due_at = State.DOUBT, next_due(schedule, now)
        case Outcome.LATER:
            asked = posted.retry_after_s
            seconds = asked if 0 <= asked <= LATE_BY.total_seconds() else LATE_BY.total_seconds()
            pause = max(SOONEST, timedelta(seconds=seconds))
            state, due_at = State.PENDING, min(now + pause, next_due(schedule, now))
        case Outcome.REFUSED:
            state, due_at = State.PENDING, now + TRY_AGAIN_AFTER
    log.info("digest %d of %s: %s %s", schedule.id, day, state, posted.reason)
    await _settle(
        ports, schedule, day, owner, state, due_at, message=posted.message, reason=posted.reason
    )
    if posted.outcome is Outcome.REFUSED:
        await _paused(ports, schedule, posted.reason)
    return state


async def _settle(
    ports: Ports,
    schedule: Schedule,
    day: date,
    owner: str,
    state: State,
    due_at: datetime | None = None,
    *,
    message: str = "",
    reason: str = "",
) -> bool:
    """Note what became of a turn, again while the database is busy: the message is there."""
    pause = FIRST_PAUSE_S
    while True:
        now = ports.clock.now()
        try:
            return await ports.store.settle_turn(
                schedule.tenant,
                schedule.id,
                day,
                owner=owner,
                state=state,
                now=now,
                due_at=due_at or next_due(schedule, now),
                message=message,
                reason=reason,
            )
        except Busy:
            if pause > LONGEST_PAUSE_S:
                raise
        await asyncio.sleep(pause)
        pause *= 2


async def _paused(ports: Ports, schedule: Schedule, reason: str) -> None:
    """Note why nothing can be posted, and tell whoever set it up, once."""
    first = await ports.store.pause(schedule.tenant, schedule.id, reason)
    outlet: Outlet | None = ports.outlets.get(schedule.platform)
    if first and outlet is not None:
        text = (
            f"The daily digest that you set up cannot be posted. {reason} Nothing was deleted; "
            "it goes on by itself once that is mended."
        )
        told = Notice(text=text, tone=Tone.ERROR, channel=schedule.channel)
        await outlet.tell(schedule.set_by, told)
