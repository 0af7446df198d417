"""Posts one schedule's turn, once: content, durable claim, post, and what came of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.actions import Action
from bot.core.digest import (
    LEASE,
    MOST_MOMENTS,
    Delivery,
    Fresh,
    Schedule,
    State,
    WhenEmpty,
    delivery_key,
    next_due,
)
from bot.core.ports import Outcome, Outlet, Posted
from bot.core.reply import Audience, Button, MomentList, Notice, Reply, Tone
from bot.core.wording import count
from bot.services.cards import grouped, moment_line
from bot.services.registry import Ports

log = logging.getLogger(__name__)

TRY_AGAIN_AFTER = timedelta(minutes=10)
"""How soon a turn is tried again that was refused: somebody may mend the channel."""

SOONEST = timedelta(seconds=30)
"""How soon a turn is tried again that the platform could not take just now."""

A_MOMENT = timedelta(seconds=5)
"""A claim first tried longer ago than this was another's before."""

POST_WITHIN_S = LEASE.total_seconds() - 10
"""Seconds for a post with all its tries, so that its end is noted inside the lease."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a turn would say, and the ids of the moments it delivers; no reply for nothing."""

    reply: MomentList | None
    moments: tuple[int, ...] = ()


async def content_of(ports: Ports, schedule: Schedule, *, late: bool = False) -> Content:
    """Return what a schedule would post now."""
    fresh = await ports.store.fresh(schedule.tenant, schedule.id, MOST_MOMENTS)
    if fresh.moments:
        return Content(told(schedule, fresh, late=late), _ids(fresh))
    if schedule.when_empty is WhenEmpty.QUIET:
        return Content(None)
    old = await ports.store.from_archive(schedule.tenant, schedule.id)
    if old is None:
        return Content(None)
    reply = MomentList(
        audience=Audience.CHANNEL,
        heading=_headed("From the archive", late=late),
        groups=grouped([moment_line(old)]),
    )
    return Content(reply, (old.segment.id,))


def told(schedule: Schedule, fresh: Fresh, *, late: bool = False) -> MomentList:
    """Return a digest of fresh moments, with a button for those that are left."""
    shown, left = len(fresh.moments), fresh.total - len(fresh.moments)
    heading = f"{shown} of {fresh.total} new moments" if left else count(shown, "new moment")
    more = Button(f"{left} more", Action("fresh", (str(schedule.id),)))
    return MomentList(
        audience=Audience.CHANNEL,
        heading=_headed(heading, late=late),
        groups=grouped(map(moment_line, fresh.moments)),
        buttons=(more,) if left else (),
    )


def _headed(heading: str, *, late: bool) -> str:
    return f"{heading} (late)" if late else heading


def _ids(fresh: Fresh) -> tuple[int, ...]:
    return tuple(moment.segment.id for moment in fresh.moments)


async def post_turn(
    ports: Ports, schedule: Schedule, day: date, *, late: bool = False
) -> State | None:
    """Post a turn; return what became of it, None where it is not ours to post (any more).

    Everything before the claim may be repeated; from the claim on, the row says what is known.
    """
    outlet = ports.outlets.get(schedule.platform)
    if outlet is None:
        return None
    content = await content_of(ports, schedule, late=late)
    if content.reply is None:
        return State.QUIET if await _settle(ports, schedule, day, "", State.QUIET) else None
    owner, now = ports.new_id(), ports.clock.now()
    claim = await ports.store.claim_turn(
        schedule.tenant,
        schedule.id,
        day,
        owner=owner,
        now=now,
        moments=content.moments,
        repeatable=outlet.repeatable,
    )
    if claim is None:
        return None
    reply = await _as_claimed(ports, schedule, claim, content, late=late)
    posted = await outlet.post(
        schedule.channel, reply, key=delivery_key(schedule.id, day), within_s=POST_WITHIN_S
    )
    if now - claim.since > A_MOMENT:
        posted = _as_of_both(posted)
    if posted.outcome is Outcome.UNKNOWN and outlet.repeatable:
        # Left as it is: when the lease is over it is tried again under the same key, while that
        # is safe, and is in doubt after.
        return State.SENDING
    return await _noted(ports, schedule, day, owner, posted)


def _as_of_both(posted: Posted) -> Posted:
    """Return what is known of a turn that was taken over: its first try may have arrived."""
    if posted.outcome in {Outcome.LATER, Outcome.REFUSED}:
        return Posted(Outcome.UNKNOWN, reason=posted.reason)
    return posted


async def _as_claimed(
    ports: Ports, schedule: Schedule, claim: Delivery, content: Content, *, late: bool
) -> Reply:
    """Return the reply for the claim's moments: a turn taken over says what it said before."""
    if claim.moments == content.moments and content.reply is not None:
        return content.reply
    found = [await ports.store.moment(schedule.tenant, ident) for ident in claim.moments]
    moments = tuple(moment for moment in found if moment is not None)
    return told(schedule, Fresh(moments, len(moments)), late=late)


async def _noted(ports: Ports, schedule: Schedule, day: date, owner: str, posted: Posted) -> State:
    now = ports.clock.now()
    match posted.outcome:
        case Outcome.POSTED:
            state, due_at = State.POSTED, next_due(schedule, now)
        case Outcome.UNKNOWN:
            state, due_at = State.DOUBT, next_due(schedule, now)
        case Outcome.LATER:
            pause = max(SOONEST, timedelta(seconds=posted.retry_after_s))
            state, due_at = State.PENDING, now + pause
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
    now = ports.clock.now()
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


async def _paused(ports: Ports, schedule: Schedule, reason: str) -> None:
    """Note why nothing can be posted, and tell whoever set it up, once."""
    first = await ports.store.pause(schedule.tenant, schedule.id, reason)
    outlet: Outlet | None = ports.outlets.get(schedule.platform)
    if first and outlet is not None:
        text = (
            f"The daily digest that you set up cannot be posted. {reason} Nothing was deleted; "
            "it goes on by itself once that is mended."
        )
        await outlet.tell(schedule.set_by, Notice(text=text, tone=Tone.ERROR))
