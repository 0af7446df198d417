"""``/summarize``: what is going on at a time, as far as the notes reach and no further."""

from __future__ import annotations

import asyncio

from bot.core.actions import Action
from bot.core.catalog import Around, Episode, SegmentKind
from bot.core.commands import Invocation
from bot.core.errors import InvalidTime
from bot.core.placement import Gap, Nearness, Placed, choose_reading, place
from bot.core.reply import Button, MomentList, Reading, Reply
from bot.core.timecode import MAX_SECONDS, Timecode, distance
from bot.core.timequery import TimeQuery, parse_time
from bot.core.wording import count, spoken
from bot.services import in_short
from bot.services.cards import grouped, moment_card, moment_line, watch_buttons
from bot.services.episode_choice import Chosen, choose_episode
from bot.services.episodes import episode_of, number, outline_of
from bot.services.kept_text import as_argument, from_argument
from bot.services.registry import Ports, answers
from bot.services.spoken import spoken_card, what_is_said

MOST_IN_RANGE = 8
"""Moments listed for a range; a longer stretch is better read as the outline."""


@answers("summarize")
async def summarize(ports: Ports, invocation: Invocation) -> Reply:
    """Answer a typed time or a pasted link."""
    typed = invocation.args["time"].strip()
    query = parse_time(typed)

    async def picked(episode: Episode) -> Action:
        action = Action("pick", (str(episode.id),))
        return Action("pick", (*action.args, await as_argument(ports, invocation, action, typed)))

    chosen = await choose_episode(ports, invocation, query.media, picked)
    if not isinstance(chosen, Chosen):
        return chosen
    return await _answer(ports, invocation, chosen, query, typed)


@answers("pick")
async def pick(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the episode picked for a time that was typed before."""
    typed = await from_argument(ports, invocation, invocation.args["time"])
    episode = await episode_of(ports, invocation)
    return await _answer(ports, invocation, Chosen(episode), parse_time(typed), typed)


@answers("at")
async def at(ports: Ports, invocation: Invocation) -> Reply:
    """Answer one second of an episode: the other reading of a time."""
    seconds = number(invocation.args["seconds"])
    if seconds > MAX_SECONDS:
        raise InvalidTime
    query = TimeQuery((Timecode(seconds),))
    episode = await episode_of(ports, invocation)
    return await _answer(ports, invocation, Chosen(episode), query, str(query.readings[0]))


async def _answer(
    ports: Ports, invocation: Invocation, chosen: Chosen, query: TimeQuery, typed: str
) -> Reply:
    episode = chosen.episode
    if not query.readings:
        return await outline_of(ports, invocation, episode)
    remarks = (chosen.because,) if chosen.because else ()
    if query.ends:
        return await _range(ports, invocation, episode, query, typed, remarks)
    arounds = await asyncio.gather(
        *(ports.store.around(invocation.tenant, episode.id, moment) for moment in query.readings)
    )
    nearest = tuple(map(_nearest, query.readings, arounds))
    asked, other = choose_reading(query.readings, episode, nearest)
    around = arounds[query.readings.index(asked)]
    buttons: tuple[Button, ...] = ()
    reading = None
    if other is not None:
        reading = Reading(typed, asked, other)
        remarks = (f"I read {typed} as {spoken(asked)}.", *remarks)
        instead = Action("at", (str(episode.id), str(other.seconds)))
        buttons = (Button(f"{spoken(other)} instead", instead),)
    placed = place(asked, around)
    if isinstance(placed, Gap) or placed.nearness is Nearness.AFTER:
        # What is said there tells more than a note from before.
        heard = await spoken_card(
            ports,
            invocation,
            episode,
            asked,
            around,
            remarks=remarks,
            buttons=buttons,
            reading=reading,
        )
        if heard is not None:
            return heard
    if isinstance(placed, Gap):
        return _gap(episode, placed, remarks, buttons, reading)
    if placed.moment.segment.kind is SegmentKind.CHAPTER:
        return await moment_card(
            ports,
            invocation,
            placed.moment,
            remarks=remarks,
            buttons=(*buttons, *_watch(episode, asked)),
            reading=reading,
            asked=asked,
        )
    card = await moment_card(
        ports,
        invocation,
        placed.moment,
        note=_relation(placed),
        remarks=remarks,
        buttons=(*buttons, *await what_is_said(ports, invocation, episode, asked)),
        reading=reading,
    )
    return await in_short.begin(ports, invocation, placed.moment, card)


def _nearest(asked: Timecode, around: Around) -> int | None:
    """Return the distance in seconds to the nearest segment; 0 inside one or on its link."""
    before, after = around.before, around.after
    inside = before and before.segment.end is not None and asked < before.segment.end
    if inside or around.linked or around.within:
        return 0
    gaps = [abs(near.segment.at.seconds - asked.seconds) for near in (before, after) if near]
    return min(gaps, default=None)


def _relation(placed: Placed) -> str | None:
    """Return how a placed moment relates to the time asked for; None where it is that time."""
    at_second = placed.moment.segment.at
    if placed.nearness in {Nearness.WITHIN, Nearness.LINKED} or at_second == placed.asked:
        return None
    away = distance(at_second, placed.asked)
    if placed.nearness is Nearness.AFTER:
        return f"noted {away} earlier, the talk may have moved on"
    return f"starts {away} later" if at_second > placed.asked else f"noted {away} earlier"


def _gap(
    episode: Episode,
    gap: Gap,
    remarks: tuple[str, ...],
    buttons: tuple[Button, ...],
    reading: Reading | None,
) -> MomentList:
    lines = [
        moment_line(near, f"{distance(near.segment.at, gap.asked)} {side}")
        for near, side in ((gap.before, "earlier"), (gap.after, "later"))
        if near
    ]
    beyond = episode.duration is not None and gap.asked > episode.duration
    watch = () if beyond else _watch(episode, gap.asked)
    return MomentList(
        heading=_gap_heading(episode, gap),
        groups=grouped(lines),
        remarks=remarks,
        buttons=(*watch, *buttons),
        reading=reading,
    )


def _gap_heading(episode: Episode, gap: Gap) -> str:
    if episode.duration is not None and gap.asked > episode.duration:
        return f"{episode.short_title} ends at {episode.duration}, before {gap.asked}"
    if gap.before is None and gap.after is None:
        return f"Nothing is known of {gap.asked} in {episode.short_title}"
    if gap.after is None:
        return f"Nothing is noted after {episode.last_at}, so not at {gap.asked}"
    if gap.before is None:
        return f"Nothing is noted before {episode.first_at}, so not at {gap.asked}"
    return f"No note at {gap.asked}"


def _watch(episode: Episode, second: Timecode) -> tuple[Button, ...]:
    return watch_buttons(episode.media.url_at(second), f"Watch {second}")


async def _range(
    ports: Ports,
    invocation: Invocation,
    episode: Episode,
    query: TimeQuery,
    typed: str,
    remarks: tuple[str, ...],
) -> Reply:
    """Answer a stretch: its notes, or the gap that it lies in."""
    ends = dict(zip(query.readings, query.ends, strict=True))
    noted = await asyncio.gather(
        *(
            ports.store.between(invocation.tenant, episode.id, start, end, MOST_IN_RANGE + 1)
            for start, end in ends.items()
        )
    )
    nearest = tuple(0 if moments else None for moments in noted)
    start, other = choose_reading(query.readings, episode, nearest)
    end, moments = ends[start], noted[query.readings.index(start)]
    buttons: tuple[Button, ...] = ()
    reading = None
    if other is not None:
        reading = Reading(typed, start, other)
        remarks = (f"I read {typed} as {spoken(start)} to {spoken(end)}.", *remarks)
        buttons = (await _other_stretch(ports, invocation, episode, other, ends[other]),)
    if not moments:
        around = await ports.store.around(invocation.tenant, episode.id, start)
        heard = await spoken_card(
            ports,
            invocation,
            episode,
            start,
            around,
            remarks=remarks,
            buttons=buttons,
            reading=reading,
        )
        if heard is not None:
            return heard
        if around.within is not None:
            return await moment_card(
                ports,
                invocation,
                around.within,
                remarks=remarks,
                buttons=(*buttons, *_watch(episode, start)),
                reading=reading,
            )
        remarks = (*remarks, f"Nothing is noted from {start} to {end}.")
        return _gap(episode, Gap(start, around.before, around.after), remarks, buttons, reading)
    if len(moments) == 1:
        card = await moment_card(
            ports, invocation, moments[0], remarks=remarks, buttons=buttons, reading=reading
        )
        return await in_short.begin(ports, invocation, moments[0], card)
    shown, more = moments[:MOST_IN_RANGE], len(moments) > MOST_IN_RANGE
    if more:
        buttons = (*buttons, Button("Outline", Action("outline", (str(episode.id), "0"))))
    what = "note" if all(one.segment.kind is SegmentKind.NOTE for one in shown) else "moment"
    return MomentList(
        heading=f"{'The first ' if more else ''}{count(len(shown), what)} from {start} to {end}",
        groups=grouped(map(moment_line, shown)),
        remarks=remarks,
        buttons=(*_watch(episode, start), *buttons),
        reading=reading,
    )


async def _other_stretch(
    ports: Ports, invocation: Invocation, episode: Episode, start: Timecode, end: Timecode
) -> Button:
    action = Action("pick", (str(episode.id),))
    text = await as_argument(ports, invocation, action, f"{start.seconds}s-{end.seconds}s")
    label = f"{spoken(start)} to {spoken(end)} instead"
    return Button(label, Action("pick", (*action.args, text)))
