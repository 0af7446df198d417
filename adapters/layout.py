"""What replies come down to wherever there are cards and buttons, before they are laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from adapters.text import prefixed, units
from bot.core.actions import Action
from bot.core.reply import (
    Button,
    EpisodeList,
    MomentCard,
    MomentLine,
    MomentList,
    Option,
)
from bot.core.wording import ELLIPSIS

FEW_OPTIONS = 5
"""Answers shown as buttons rather than in a select, if short and without a second line."""


@dataclass(slots=True)
class Room:
    """What is left of a message: units of text, parts, and the actions already offered."""

    text: int
    parts: int
    offered: set[str] = field(default_factory=set)

    def claim(self, action: Action) -> bool:
        """Return whether an action was not offered yet; it is offered once."""
        encoded = action.encode()
        if encoded in self.offered:
            return False
        self.offered.add(encoded)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: ``prefix · title`` linked to ``url``, a detail, and a button with ``verb``."""

    prefix: str
    title: str
    url: str
    detail: str
    verb: str
    action: Action

    def option(self) -> Option:
        """Return this line as an option of a select."""
        return Option(prefixed(self.prefix, self.title), self.action, self.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines under a heading of their own, if they have one."""

    entries: tuple[Entry, ...]
    title: str = ""
    url: str = ""
    detail: str = ""


def moment_groups(reply: MomentList) -> list[Group]:
    """Return moments as entries under their episodes."""
    return [
        Group(
            title=group.episode.title,
            url=group.episode.url,
            detail=_one_source(group.moments) or "",
            entries=tuple(_entry(line, _one_source(group.moments)) for line in group.moments),
        )
        for group in reply.groups
    ]


def _one_source(lines: Iterable[MomentLine]) -> str | None:
    """Return the source of all lines, if it is the same: then it is said once."""
    sources = {line.source for line in lines}
    return sources.pop() if len(sources) == 1 else None


def _entry(line: MomentLine, said: str | None) -> Entry:
    differs = f"the source's own link opens {line.link_at}" if line.link_at else None
    facts = (line.note, differs, None if said == line.source else line.source)
    return Entry(
        prefix=str(line.at),
        title=line.title,
        url=line.url,
        detail=" · ".join(fact for fact in facts if fact),
        verb="Read",
        action=line.open,
    )


def episode_group(reply: EpisodeList) -> Group:
    """Return episodes as entries."""
    return Group(
        entries=tuple(
            Entry(
                prefix="",
                title=line.episode.title,
                url=line.episode.url,
                detail=" · ".join(fact for fact in (line.show, line.detail) if fact),
                verb="Open",
                action=line.open,
            )
            for line in reply.episodes
        )
    )


def first_entries(groups: Sequence[Group], most: int) -> tuple[list[Group], int, int]:
    """Return (groups with at most ``most`` entries in all, how many those are, how many not)."""
    kept: list[Group] = []
    shown = left_out = 0
    for group in groups:
        entries = group.entries[: most - shown]
        shown += len(entries)
        left_out += len(group.entries) - len(entries)
        if entries:
            kept.append(replace(group, entries=entries))
    return kept, shown, left_out


def turns(reply: MomentCard) -> Iterator[Button]:
    """Yield the buttons that turn to the neighbours' cards."""
    if reply.previous:
        yield Button(f"← {reply.previous.at}", reply.previous.open)
    if reply.next:
        yield Button(f"{reply.next.at} →", reply.next.open)


def passage_of(reply: MomentCard) -> str:
    """Return a card's text, with a mark where there is more of it."""
    unfinished = not reply.complete and not reply.text.rstrip().endswith(ELLIPSIS)
    return f"{reply.text} {ELLIPSIS}" if unfinished else reply.text


def source_of(reply: MomentCard) -> str:
    """Return a card's source, after the page it shows where there are several."""
    page = f"Page {reply.page} of {reply.pages} · " if reply.pages > 1 else ""
    return page + reply.moment.source


def with_full_text(buttons: Sequence[Button], reply: MomentCard, place: int) -> list[Button]:
    """Return buttons with one, at a place, for the text that had to be cut, if none is there."""
    has_it = any(button.action and button.action.name == "full" for button in buttons)
    if has_it or reply.moment.moment_id is None:
        return list(buttons)
    page_cut = Action("full", (str(reply.moment.moment_id), str(reply.page)))
    return [*buttons[:place], Button("Full text", page_cut), *buttons[place:]]


def pressable(
    buttons: Iterable[Button], room: Room, opened: Callable[[str], str | None]
) -> Iterator[tuple[Button, str]]:
    """Yield buttons with the encoded action or the address each holds.

    A repeated action comes once. ``opened`` returns an address as a button opens it, None for
    one that no button may open: such a button does not come.
    """
    for button in buttons:
        if button.action is not None:
            if room.claim(button.action):
                yield button, button.action.encode()
        elif target := opened(button.url or ""):
            yield button, target


def are_short(options: Sequence[Option], longest: int) -> bool:
    """Return whether answers are few and short enough to be buttons."""
    return len(options) <= FEW_OPTIONS and all(
        not option.detail and units(option.label) <= longest for option in options
    )
