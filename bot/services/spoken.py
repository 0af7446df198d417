"""What was said at a second: verbatim sentences of the transcript, each with its own second."""

from __future__ import annotations

import re

from bot.core.actions import Action
from bot.core.catalog import Around, Episode
from bot.core.commands import Invocation
from bot.core.errors import InvalidTime, NotFound
from bot.core.ranking import SpokenHit
from bot.core.reply import Button, MomentCard, MomentLine, Reading, spoken_name
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.core.wording import shorten
from bot.services.cards import episode_ref, moment_line, share_buttons, watch_buttons
from bot.services.quotes import LONGEST_QUOTE, quotes_of, second_of
from bot.services.registry import Ports

WINDOW_S = 90
"""Seconds before and after the one asked for that are told of (DESIGN 4)."""

TURN_S = 2 * WINDOW_S
"""Seconds that the buttons turn to."""

_NAME = re.compile(r"([0-9]{1,18})@([0-9]{1,7})", re.ASCII)


async def named_card(ports: Ports, invocation: Invocation, name: str) -> MomentCard | None:
    """Return the card of what ``spoken_name`` names; None for a name of another kind.

    Raise NotFound where that is gone, InvalidTime for a second that no recording has.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    if int(found[2]) > MAX_SECONDS:
        raise InvalidTime
    episode = await ports.store.episode(invocation.tenant, int(found[1]))
    if episode is None:
        raise NotFound
    asked = Timecode(int(found[2]))
    around = await ports.store.around(invocation.tenant, episode.id, asked)
    card = await spoken_card(ports, invocation, episode, asked, around)
    if card is None:
        raise NotFound("Nothing of what is said there is kept (any more).")
    return card


async def spoken_card(
    ports: Ports,
    invocation: Invocation,
    episode: Episode,
    asked: Timecode,
    around: Around,
    *,
    remarks: tuple[str, ...] = (),
    buttons: tuple[Button, ...] = (),
    reading: Reading | None = None,
) -> MomentCard | None:
    """Return a card of what is said around a second; None where nothing is, or nobody knows."""
    if not episode.transcript_label:
        return None
    info = await ports.store.transcript(invocation.tenant, episode.id)
    over = episode.duration is not None and asked > episode.duration
    if info is None or over or asked.seconds * 1_000 > info.end_ms:
        return None
    start = Timecode(max(asked.seconds - WINDOW_S, 0))
    end = Timecode(min(asked.seconds + WINDOW_S, MAX_SECONDS))
    quotes = await quotes_of(ports, invocation, episode.id, start, end, asked=asked)
    if quotes is None:
        return None
    first, last = quotes.extent
    url = episode.media.url_at(asked)
    return MomentCard(
        moment=MomentLine(
            None,
            asked,
            # Perhaps nobody speaks at that very second.
            f"What is said around {asked}",
            url,
            episode_ref(episode),
            info.source_label,
            note=f"quotes from {first} to {last}",
        ),
        text=quotes.text,
        previous=moment_line(around.before) if around.before else None,
        next=moment_line(around.after) if around.after else None,
        remarks=remarks,
        buttons=(
            *buttons,
            *watch_buttons(url),
            *share_buttons(ports, invocation, spoken_name(episode.id, asked)),
            *_turns(episode, asked, Timecode(min(info.end_ms // 1_000, MAX_SECONDS))),
        ),
        reading=reading,
    )


async def what_is_said(
    ports: Ports, invocation: Invocation, episode: Episode, at: Timecode
) -> tuple[Button, ...]:
    """Return the button of a note's card that opens what is said then, if that is known."""
    if not episode.transcript_label:
        return ()
    info = await ports.store.transcript(invocation.tenant, episode.id)
    if info is None or at.seconds * 1_000 > info.end_ms:
        return ()
    return (Button("What is said", Action("moment", (spoken_name(episode.id, at),))),)


def _turns(episode: Episode, asked: Timecode, end: Timecode) -> list[Button]:
    """Return the buttons to what was said before and after, as far as the talk goes."""
    turns = []
    if asked.seconds > WINDOW_S:
        turns.append(("← Before", max(asked.seconds - TURN_S, 0)))
    if asked.seconds + WINDOW_S < end.seconds:
        turns.append(("After →", min(asked.seconds + TURN_S, end.seconds)))
    return [
        Button(label, Action("moment", (spoken_name(episode.id, Timecode(seconds)),)))
        for label, seconds in turns
    ]


def spoken_line(hit: SpokenHit, note: str | None = None) -> MomentLine:
    """Return a passage that was found as one line: the sentence that matches, at its second."""
    at = second_of(hit.sentence.start_ms)
    episode = hit.spoken.episode
    return MomentLine(
        None,
        at,
        f"“{shorten(hit.sentence.text, LONGEST_QUOTE)}”",
        episode.media.url_at(at),
        episode_ref(episode),
        hit.spoken.source_label,
        note=note,
    )
