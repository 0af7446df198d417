"""``/digest``: how a channel's daily digest stands; turn it on or off, see it, post it now."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.core.actions import Action
from bot.core.catalog import PUBLIC, Tenant
from bot.core.commands import Invocation, User
from bot.core.digest import (
    Delivery,
    Schedule,
    State,
    WhenEmpty,
    first_day,
    instant,
    next_due,
    open_turn,
)
from bot.core.errors import NotAllowed, NotFound, UserError
from bot.core.reply import Audience, Button, MomentList, Notice, Reply, Tone
from bot.core.wording import count
from bot.sample import SAMPLE_MEDIA
from bot.services.cards import grouped, moment_line
from bot.services.digest_content import content_of
from bot.services.digest_posting import post_turn
from bot.services.episodes import number
from bot.services.registry import Ports, answers

log = logging.getLogger(__name__)

DEFAULT_AT = time(9)
POST_WITHIN_S = 4.0
"""Seconds a reply waits for the post it asked for; a reply has 7 in all."""

AWAY = "I am not connected to this channel's platform just now. Nothing was posted."

RECENT = 7
"""Turns that are looked at for what may be posted again."""

LISTED = 20
"""Moments listed of what a digest has still to tell."""

_CHANNEL_ID = re.compile(r"[A-Za-z0-9]{1,30}")
"""What a platform's id of a channel may look like: short enough for a button."""

_HALF = re.compile(r"(\d)\s+(am|pm)\b", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s?(am|pm)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed after ``/digest``; None is what was not said."""

    action: str = "status"
    at: time | None = None
    zone: str | None = None
    when_empty: WhenEmpty | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and of which channel's digest: ``elsewhere`` than in the one they ask in."""

    tenant: Tenant
    channel: str
    user: User
    zone: str
    elsewhere: bool = False

    @property
    def where(self) -> str:
        """Return the channel's place in a sentence."""
        return "in that channel" if self.elsewhere else "here"


@answers("digest")
async def digest(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the command."""
    if invocation.tenant == PUBLIC:
        raise UserError("A digest is posted in a channel. Turn it on there.")
    wish, asked = read_wish(invocation), _of_channel(invocation)
    reply = await _done(ports, asked, wish)
    return replace(reply, channel=asked.channel if asked.elsewhere else "")


async def _done(ports: Ports, asked: Asked, wish: Wish) -> MomentList | Notice:
    schedule = await ports.store.schedule(asked.tenant, asked.channel)
    if wish.action == "status":
        return await _status(ports, asked, schedule)
    if not asked.user.is_admin:
        raise NotAllowed("Only an admin can do that. /digest says how things stand.")
    if wish.action == "on":
        return await _turn_on(ports, asked, wish, schedule)
    if schedule is None or not schedule.on:
        where = "that" if asked.elsewhere else "this"
        raise UserError(f"No digest is on in {where} channel. Turn it on: /digest on 9:00")
    if wish.action == "off":
        await ports.store.turn_off(asked.tenant, asked.channel)
        return Notice(text=f"The daily digest is off {asked.where}. What it told stays told.")
    if wish.action == "preview":
        return await _preview(ports, schedule)
    return await _post_now(ports, schedule)


def _of_channel(invocation: Invocation) -> Asked:
    """Return what is asked, and of which channel: the one it is asked in, or another it names.

    Whether a channel is the tenant's is seen where it counts: schedules are looked up by tenant
    and channel, and the platform is asked before one is made.
    """
    named = invocation.args.get("channel", "").strip()
    asked = Asked(invocation.tenant, invocation.channel, invocation.user, invocation.zone)
    if named in {"", invocation.channel}:
        return asked
    if not invocation.user.is_admin:
        raise NotAllowed("Only an admin can name another channel.")
    if not _CHANNEL_ID.fullmatch(named):
        raise UserError("That is no channel I could post in.")
    return replace(asked, channel=named, elsewhere=True)


@answers("fresh")
async def fresh(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that lists what a digest has still to tell."""
    schedule_id = number(invocation.args["schedule"])
    found = await ports.store.fresh(invocation.tenant, schedule_id, LISTED)
    if not found.moments:
        return Notice(text="Nothing is left: all of it was told.", tone=Tone.EMPTY)
    shown = len(found.moments)
    first = f"The first {shown} of " if shown < found.total else ""
    return MomentList(
        heading=f"{first}{count(found.total, 'new moment')}",
        groups=grouped(map(moment_line, found.moments)),
    )


@answers("again")
async def again(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that posts a digest which may not have arrived."""
    if not invocation.user.is_admin:
        raise NotAllowed("Only an admin can post a digest again.")
    asked, day = _of_channel(invocation), _day(invocation.args["day"])
    notice = await _post_again(ports, asked, day)
    return replace(notice, channel=asked.channel if asked.elsewhere else "")


async def _post_again(ports: Ports, asked: Asked, day: date | None) -> Notice:
    schedule = await ports.store.schedule(asked.tenant, asked.channel)
    if schedule is None or not schedule.on or day is None:
        raise NotFound("That digest is gone, or was turned off.")
    if ports.outlets.get(schedule.platform) is None:
        raise UserError(AWAY)
    if not await ports.store.reopen_turn(asked.tenant, schedule.id, day):
        recent = await ports.store.deliveries(asked.tenant, schedule.id, RECENT)
        if not any(one.day == day and one.state is State.PENDING for one in recent):
            return Notice(text="That digest is not in doubt any more.")
    return _told(await _posted(ports, schedule, day))


def read_wish(invocation: Invocation) -> Wish:
    """Return what is wished; raise UserError for a word that says nothing here.

    In option fields each wish has its own; in a typed line all stand in the first.
    """
    args = invocation.args
    typed = " ".join(args.get(name, "") for name in ("action", "at", "zone", "empty"))
    words = _HALF.sub(r"\1\2", typed.replace(",", " ")).split()
    action = words.pop(0).casefold() if words else "status"
    if action not in {"status", "on", "off", "now", "preview"}:
        raise UserError(f"/digest does not know “{action[:40]}”: status, on, off, now or preview.")
    wish, place = Wish(action), []
    for word in words:
        clock = _CLOCK.fullmatch(word)
        if word.casefold() in set(WhenEmpty):
            wish = replace(wish, when_empty=WhenEmpty(word.casefold()))
        elif clock:
            wish = replace(wish, at=_time(clock, word))
        elif word.casefold() not in {"at", "in"}:
            place.append(word)
    return replace(wish, zone=_zone("_".join(place))) if place else wish


def _zone(written: str) -> str:
    """Return the time zone that is meant: its name, or its city where only one has it."""
    folded = written.casefold()
    zones = _zones()
    cities = {name for key, name in zones.items() if key.rpartition("/")[2] == folded}
    found = zones.get(folded) or (cities.pop() if len(cities) == 1 else None)
    if found is None:
        raise UserError(
            f"“{written[:40]}” is neither a time of day, such as 9:00, nor a time zone, such as "
            "Europe/Berlin."
        )
    return found


def _time(clock: re.Match[str], word: str) -> time:
    hour, minute, half = int(clock[1]), int(clock[2] or 0), (clock[3] or "").casefold()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + 12 * (half == "pm")
    elif half:
        hour = 99
    if hour > 23 or minute > 59:
        raise UserError(f"“{word[:40]}” is no time of day. Try 9:00 or 21:30.")
    return time(hour, minute)


@cache
def _zones() -> dict[str, str]:
    # Neither is a place: the one is wherever this machine is, the other a zone not yet set.
    known = available_timezones() - {"localtime", "Factory"}
    return {name.casefold(): name for name in known}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _turn_on(
    ports: Ports, asked: Asked, wish: Wish, before: Schedule | None
) -> MomentList | Notice:
    at = wish.at or (before.at if before else DEFAULT_AT)
    zone = wish.zone or (before.zone if before else asked.zone)
    if zone not in _zones().values():
        raise UserError("Which time zone is the channel's? For example: /digest on 9:00 UTC")
    refusal = await _refusal(ports, asked)
    if refusal:
        return Notice(text=f"{refusal} The digest was not turned on.", tone=Tone.USAGE)
    now = ports.clock.now()
    day = first_day(at, ZoneInfo(zone), now)
    due_at = instant(at, ZoneInfo(zone), day)
    if before and before.on and (before.at, before.zone) == (at, zone):
        # Said again, perhaps once a permission was mended: today's turn stays open.
        turn = open_turn(before, now)
        day, due_at = before.first_day, turn.due_at if turn else next_due(before, now)
    schedule = await ports.store.put_schedule(
        asked.tenant,
        asked.channel,
        at=at,
        zone=zone,
        when_empty=wish.when_empty or (before.when_empty if before else WhenEmpty.QUIET),
        set_by=asked.user.id,
        first_day=day,
        due_at=due_at,
    )
    if not await ports.store.deliveries(asked.tenant, schedule.id, 1):
        sample = await ports.store.episode_of_media(PUBLIC, SAMPLE_MEDIA)
        if sample is not None:
            await ports.store.watch_episode(asked.tenant, schedule.id, sample.id)
    said_on = f"On: {_when(schedule)}, first {await _on_day(ports, schedule)}."
    preview = await _preview(ports, schedule)
    if isinstance(preview, MomentList):
        remark = f"{said_on} It would tell this now."
        return replace(preview, remarks=(remark, *preview.remarks))
    return Notice(text=f"{said_on} {preview.text}")


async def _refusal(ports: Ports, asked: Asked) -> str | None:
    """Return why nothing can be posted in a channel; of another one it must be known."""
    outlet = ports.outlets.get(asked.tenant.partition(":")[0])
    if outlet is None:
        return "I cannot ask just now whether I may post there." if asked.elsewhere else None
    tried_by = asked.user.id if asked.elsewhere else ""
    return await outlet.refusal(asked.tenant, asked.channel, user=tried_by)


async def _preview(ports: Ports, schedule: Schedule) -> MomentList | Notice:
    content = await content_of(ports, schedule)
    if content.reply is None:
        return Notice(text="There is nothing new to tell; such a day is quiet.", tone=Tone.EMPTY)
    return replace(content.reply, audience=Audience.PRIVATE)


async def _post_now(ports: Ports, schedule: Schedule) -> Notice:
    """Use up today's turn."""
    today = ports.clock.now().astimezone(ZoneInfo(schedule.zone)).date()
    if ports.outlets.get(schedule.platform) is None:
        raise UserError(AWAY)
    return _told(await _posted(ports, schedule, today))


async def _posted(ports: Ports, schedule: Schedule, day: date) -> State | None:
    """Post a turn; return what became of it, SENDING if that takes longer than a reply may.

    The post goes on all the same, and so does the note of what became of it.
    """
    posting = asyncio.create_task(post_turn(ports, schedule, day))
    ports.begun.add(posting)
    posting.add_done_callback(lambda task: _ended(ports, task))
    await asyncio.wait({posting}, timeout=POST_WITHIN_S)
    return posting.result() if posting.done() else State.SENDING


def _told(state: State | None) -> Notice:
    words = {
        State.POSTED: "Posted.",
        State.QUIET: "There is nothing new to tell, so nothing was posted.",
        State.PENDING: "It could not be posted just now. /digest says why.",
        State.SENDING: "It is being posted. /digest says what came of it.",
        State.DOUBT: "It may or may not have arrived. /digest offers to post it again.",
        None: "Today's turn is used up: it was posted already, is being posted, or had nothing "
        "to tell.",
    }
    return Notice(text=words.get(state, ""))


def _ended(ports: Ports, task: asyncio.Task[State | None]) -> None:
    ports.begun.discard(task)
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("a digest that was asked for failed", exc_info=error)


async def _status(ports: Ports, asked: Asked, schedule: Schedule | None) -> Notice:
    where = asked.where
    if schedule is None or not schedule.on:
        text = f"No daily digest is posted {where}. An admin can turn it on: /digest on 9:00"
        return Notice(text=text, tone=Tone.EMPTY)
    waiting = await ports.store.fresh(asked.tenant, schedule.id, 1)
    day = await _on_day(ports, schedule)
    lines = [f"A digest is posted {where} {_when(schedule)}; next {day}."]
    lines.append(f"{count(waiting.total, 'new moment')} to tell.")
    if schedule.paused:
        lines.append(f"It is paused: {schedule.paused}")
    deliveries = await ports.store.deliveries(asked.tenant, schedule.id, RECENT)
    open_ended = {State.DOUBT, State.PENDING}
    shown = [one for place, one in enumerate(deliveries) if place < 3 or one.state in open_ended]
    lines += map(_history, shown)
    named = (asked.channel,) if asked.elsewhere else ()
    buttons = [
        Button(f"Post {said(one.day)} again", Action("again", (one.day.isoformat(), *named)))
        for one in shown
        if one.state in open_ended and asked.user.is_admin
    ]
    return Notice(title="Daily digest", text="\n".join(lines), buttons=tuple(buttons))


def _history(delivery: Delivery) -> str:
    told = count(len(delivery.moments), "moment")
    words = {
        State.POSTED: f"posted, {told}",
        State.QUIET: "quiet, nothing new",
        State.PENDING: f"not posted. {delivery.reason}".strip(),
        State.DOUBT: f"in doubt, {told}: it may or may not have arrived. {delivery.reason}".strip(),
        State.SENDING: "being posted",
    }
    return f"{said(delivery.day)}: {words[delivery.state]}"


def said(day: date) -> str:
    """Return a day in words, ``24 November``."""
    return f"{day.day} {day:%B}"


def _when(schedule: Schedule) -> str:
    return f"every day at {schedule.at.hour}:{schedule.at:%M} ({schedule.zone})"


async def _on_day(ports: Ports, schedule: Schedule) -> str:
    """Return when the next turn is, in the channel's own words for a day."""
    zone = ZoneInfo(schedule.zone)
    now = ports.clock.now()
    today = now.astimezone(zone).date()
    due_at = next_due(schedule, now)
    day = due_at.astimezone(zone).date()
    newest = await ports.store.deliveries(schedule.tenant, schedule.id, 1)
    if newest and day <= newest[0].day <= today + timedelta(days=2):
        # That day's turn is used up.
        day = newest[0].day + timedelta(days=1)
    ahead = (day - today).days
    return {0: "today", 1: "tomorrow"}.get(ahead, f"on {said(day)}")
