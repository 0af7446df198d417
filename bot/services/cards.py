"""Builds what replies are made of: references, lines and cards of moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.actions import Action
from bot.core.catalog import Episode, Moment
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
from bot.core.wording import EXCERPT, count, excerpt
from bot.services.registry import Ports


def episode_ref(episode: Episode) -> EpisodeRef:
    """Return how a reply names an episode."""
    return EpisodeRef(episode.id, episode.title, episode.short_title, episode.media.url)


def moment_line(moment: Moment, note: str | None = None) -> MomentLine:
    """Return a moment as one line; ``note`` says how it relates to what was asked."""
    segment = moment.segment
    source = moment.episode.source_label
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
    noted = count(episode.segment_count, "note")
    return f"{noted}, {episode.first_at} to {episode.last_at}"


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
) -> MomentCard:
    """Return a moment's private card with its neighbours; ``buttons`` come before its own."""
    before, after = await ports.store.neighbours(invocation.tenant, moment.segment.id)
    text, cut = excerpt(moment.segment.text, EXCERPT)
    return MomentCard(
        moment=moment_line(moment, note),
        text=text,
        complete=not cut,
        previous=moment_line(before) if before else None,
        next=moment_line(after) if after else None,
        remarks=(*remarks, *link_remark(moment)),
        buttons=(*buttons, *card_buttons(ports, invocation, moment, cut=cut)),
        correction=correction,
        reading=reading,
    )


def card_buttons(
    ports: Ports, invocation: Invocation, moment: Moment, *, cut: bool
) -> list[Button]:
    """Return a card's own buttons."""
    ident = str(moment.segment.id)
    buttons = [Button("Watch", url=moment.url)]
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
