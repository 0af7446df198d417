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
from bot.core.transcript import Sentence
from bot.core.wording import shorten
from bot.services.cards import episode_ref, moment_line, share_buttons
from bot.services.registry import Ports

WINDOW_S = 90
"""Seconds before and after the one asked for that are told of (DESIGN 4)."""

MOST_READ = 2_000
"""Sentences of a window; more are said in no three minutes."""

MOST_QUOTED = 4
ROOM = 900
"""Sentences, and characters of them, on a card."""

LONGEST_QUOTE = 300
LONGEST_NAME = 40
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
    info = await ports.store.transcript(invocation.tenant, episode.id)
    over = episode.duration is not None and asked > episode.duration
    if info is None or over or asked.seconds * 1_000 > info.end_ms:
        return None
    start, end = max(asked.seconds - WINDOW_S, 0) * 1_000, (asked.seconds + WINDOW_S) * 1_000
    heard = await ports.store.said(invocation.tenant, episode.id, start, end, MOST_READ)
    if not heard:
        return None
    # Perhaps nobody speaks at that very second.
    title = f"What is said around {asked}"
    quotes = _extract(heard, asked)
    first, last = second_of(quotes[0].start_ms), second_of(quotes[-1].end_ms)
    url = episode.media.url_at(asked)
    return MomentCard(
        moment=MomentLine(
            None,
            asked,
            title,
            url,
            episode_ref(episode),
            info.source_label,
            note=f"quotes from {first} to {last}",
        ),
        text="\n\n".join(map(quoted, quotes)),
        previous=moment_line(around.before) if around.before else None,
        next=moment_line(around.after) if around.after else None,
        remarks=remarks,
        buttons=(
            *buttons,
            Button("Watch", url=url),
            *share_buttons(ports, invocation, spoken_name(episode.id, asked)),
            *_turns(episode, asked, Timecode(min(info.end_ms // 1_000, MAX_SECONDS))),
        ),
        reading=reading,
    )


async def what_is_said(
    ports: Ports, invocation: Invocation, episode: Episode, at: Timecode
) -> tuple[Button, ...]:
    """Return the button of a note's card that opens what is said then, if that is known."""
    info = await ports.store.transcript(invocation.tenant, episode.id)
    if info is None or at.seconds * 1_000 > info.end_ms:
        return ()
    return (Button("What is said", Action("moment", (spoken_name(episode.id, at),))),)


def _extract(heard: list[Sentence], asked: Timecode) -> list[Sentence]:
    """Return the sentence that is being said then, and those that tell most of what is around."""
    from bot.core.extract import telling  # where nothing is kept of what was said, never

    there = min(range(len(heard)), key=lambda place: _away(heard[place], asked))
    others = [place for place in range(len(heard)) if place != there]
    texts = [heard[place].text for place in others]
    room = ROOM - min(len(heard[there].text), LONGEST_QUOTE)
    chosen = telling(texts, heard[there].text, most=MOST_QUOTED - 1, room=room)
    return [heard[place] for place in sorted([there, *(others[one] for one in chosen)])]


def _away(sentence: Sentence, asked: Timecode) -> int:
    at = asked.seconds * 1_000
    return max(sentence.start_ms - at, at - sentence.end_ms, 0)


def quoted(sentence: Sentence) -> str:
    """Return a sentence as a quotation with its second, and its speaker if the source has one."""
    who = f"{shorten(sentence.speaker, LONGEST_NAME)}: " if sentence.speaker else ""
    at = second_of(sentence.start_ms)
    return f"{at} {who}“{shorten(sentence.text, LONGEST_QUOTE)}”"


def second_of(milliseconds: int) -> Timecode:
    """Return the second that a time lies in: a link to it opens no later than that time."""
    return Timecode(min(milliseconds // 1_000, MAX_SECONDS))


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


def spoken_line(hit: SpokenHit) -> MomentLine:
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
    )
