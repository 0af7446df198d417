"""Builds what replies are made of: references, lines and cards of moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.actions import Action
from bot.core.catalog import Episode, Moment, SegmentKind
from bot.core.commands import Invocation
from bot.core.errors import NotFound
from bot.core.reply import (
    Button,
    EpisodeRef,
    MomentCard,
    MomentGroup,
    MomentLine,
    Reading,
    Spelling,
)
from bot.core.timecode import Timecode
from bot.core.wording import EXCERPT, count, excerpt
from bot.services.quotes import quotes_of_chapter, stretch_of
from bot.services.registry import Ports


def episode_ref(episode: Episode) -> EpisodeRef:
    """Return how a reply names an episode."""
    return EpisodeRef(episode.id, episode.title, episode.short_title, episode.media.url)


def moment_line(moment: Moment, note: str | None = None) -> MomentLine:
    """Return a moment as one line; ``note`` says how it relates to what was asked."""
    segment = moment.segment
    source = moment.source + (" · sponsor" if segment.sponsor else "")
    return MomentLine(
        segment.id,
        segment.at,
        segment.title,
        moment.url,
        episode_ref(moment.episode),
        f"{source} · corrected" if segment.corrected else source,
        link_at=segment.conflicting_link_at,
        note=note,
    )


def extent(episode: Episode) -> str:
    """Return how much is noted of an episode, and from where to where."""
    if not episode.segment_count:
        return "no notes, only what is said"
    return f"{amount(episode)}, {episode.first_at} to {episode.last_at}"


def amount(episode: Episode) -> str:
    """Return how many notes and chapters an episode has."""
    notes = episode.segment_count - episode.chapter_count
    if not episode.chapter_count:
        return count(notes, "note")
    chapters = count(episode.chapter_count, "chapter")
    return f"{count(notes, 'note')} and {chapters}" if notes else chapters


def grouped(lines: Iterable[MomentLine]) -> tuple[MomentGroup, ...]:
    """Return lines under their episodes, episodes in the order of their first line."""
    groups: dict[int, list[MomentLine]] = {}
    for line in lines:
        groups.setdefault(line.episode.id, []).append(line)
    return tuple(
        MomentGroup(episode=members[0].episode, moments=tuple(members))
        for members in groups.values()
    )


def link_remark(moment: Moment) -> tuple[str, ...]:
    """Return the sentence that discloses a link which disagrees with its label."""
    opens = moment.segment.conflicting_link_at
    if opens is None:
        return ()
    return (
        f"The source's own link opens {opens}, but its label says {moment.segment.at}; "
        f"Watch opens {moment.segment.at}.",
    )


async def find_moment(ports: Ports, invocation: Invocation, segment_id: str) -> Moment:
    """Return the moment that a button or a completion names; raise NotFound if it is gone."""
    # Ids come back from the outside: nothing but a plain number names a moment.
    if not (segment_id.isascii() and segment_id.isdigit() and len(segment_id) <= 18):
        raise NotFound
    moment = await ports.store.moment(invocation.tenant, int(segment_id))
    if moment is None:
        raise NotFound
    return moment


async def moment_card(
    ports: Ports,
    invocation: Invocation,
    moment: Moment,
    *,
    note: str | None = None,
    remarks: Sequence[str] = (),
    buttons: Sequence[Button] = (),
    correction: Spelling | None = None,
    reading: Reading | None = None,
    asked: Timecode | None = None,
) -> MomentCard:
    """Return a moment's private card with its neighbours; ``buttons`` come before its own.

    A chapter is told by what is said in it, above all at the second ``asked`` for.
    """
    before, after = await ports.store.neighbours(invocation.tenant, moment.segment.id)
    line, text, cut = await told(ports, invocation, moment, note=note, asked=asked)
    return MomentCard(
        moment=line,
        text=text,
        complete=not cut,
        previous=moment_line(before) if before else None,
        next=moment_line(after) if after else None,
        remarks=(*remarks, *link_remark(moment)),
        buttons=(*buttons, *card_buttons(ports, invocation, moment, cut=cut)),
        correction=correction,
        reading=reading,
    )


async def told(
    ports: Ports,
    invocation: Invocation,
    moment: Moment,
    *,
    note: str | None = None,
    asked: Timecode | None = None,
) -> tuple[MomentLine, str, bool]:
    """Return (a moment's line, what its card tells of it, whether that was cut)."""
    line = moment_line(moment, note)
    quotes = await quotes_of_chapter(ports, invocation, moment, asked)
    if moment.segment.kind is SegmentKind.CHAPTER:
        stretch = " · ".join(filter(None, (stretch_of(moment.segment), note)))
        line = replace(line, note=stretch or None)
    if quotes is None:
        return line, *excerpt(moment.segment.text, EXCERPT)
    return replace(line, source=f"{line.source} · {quotes.source}"), quotes.text, False


def watch_buttons(url: str, label: str = "Watch") -> tuple[Button, ...]:
    """Return the button that opens a recording, where it can be opened."""
    return (Button(label, url=url),) if url else ()


def card_buttons(
    ports: Ports, invocation: Invocation, moment: Moment, *, cut: bool
) -> list[Button]:
    """Return a card's own buttons."""
    ident = str(moment.segment.id)
    buttons = [*watch_buttons(moment.url)]
    if cut:
        buttons.append(Button("Full text", Action("full", (ident, "1"))))
    buttons.append(Button("Related", Action("related", (ident,))))
    buttons += share_buttons(ports, invocation, ident)
    buttons.append(Button("Report", Action("report", (ident, "", ""))))
    return buttons


def share_buttons(ports: Ports, invocation: Invocation, name: str) -> list[Button]:
    """Return the button that shares what a button names so, where there is a channel for it."""
    if not invocation.can_share:
        return []
    return [Button("Share", Action("share", (ports.new_id(), name)))]
