"""Writes a reply as one mrkdwn text: what notifications show and screen readers read out.

Everything that can be read or opened in the blocks is in it, line by line. It is no layout:
Slack shows it where it cannot show blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from adapters.layout import Group, episode_group, moment_groups, passage_of, source_of
from adapters.slack.limits import FALLBACK
from adapters.slack.mrkdwn import escape, escape_lines, link
from adapters.text import fit, is_blank, tidy, units
from bot.core.reply import (
    Choice,
    EpisodeList,
    MomentCard,
    MomentLine,
    MomentList,
    Notice,
    Reply,
)
from bot.core.wording import ELLIPSIS

CAPS = (3_000, 1_000, 500, 300, 200, 150, 100, 70, 50)
"""Units of the longest line, tried one after the other until all lines fit."""

PASSAGE = 1_000
"""Units kept for a card's text where the lines around it are long."""


@dataclass(frozen=True, slots=True)
class _Line:
    """``lead`` is trusted; ``url``, if any, is what ``prefix · words`` open."""

    words: str
    lead: str = ""
    prefix: str = ""
    url: str = ""

    def written(self, cap: int) -> str:
        limit = cap - units(self.lead)
        if self.url:
            return self.lead + link(self.prefix, self.words, self.url, limit)
        words = tidy(self.words)
        return "" if is_blank(words) else self.lead + fit(words, limit, escape)


def fallback(reply: Reply) -> str:
    """Return the text of a reply: never blank, at most FALLBACK units."""
    above, passage, below = _lines(reply)
    passage = tidy(passage, lines=True)
    kept = 0 if is_blank(passage) else min(_size([escape_lines(passage)]), PASSAGE)
    before, after = _fitted(above, below, FALLBACK - kept)
    left = FALLBACK - _size([*before, *after])
    if kept:
        before.append(fit(passage, max(left - 1, 1), escape_lines))
    return "\n".join(_first([*before, *after])) or ELLIPSIS


def _size(lines: Sequence[str]) -> int:
    return sum(units(line) + 1 for line in lines)


def _fitted(above: list[_Line], below: list[_Line], limit: int) -> tuple[list[str], list[str]]:
    """Return lines written so that all fit, or as short as it goes."""
    for cap in CAPS:
        before = [text for line in above if (text := line.written(cap))]
        after = [text for line in below if (text := line.written(cap))]
        if _size([*before, *after]) <= limit:
            break
    return before, after


def _first(lines: Sequence[str]) -> list[str]:
    """Return the lines that fit, with a mark where some do not: half a link would be none."""
    if _size(lines) <= FALLBACK:
        return list(lines)
    shown: list[str] = []
    left = FALLBACK - _size([ELLIPSIS])
    for line in lines:
        left -= _size([line])
        if left < 0:
            break
        shown.append(line)
    return [*shown, ELLIPSIS]


def _lines(reply: Reply) -> tuple[list[_Line], str, list[_Line]]:
    """Return (the lines above a reply's passage, the passage, the lines below)."""
    remarks = [_Line(remark) for remark in reply.remarks]
    passage = ""
    above, below = remarks, list(_buttons(reply))
    match reply:
        case MomentCard():
            above = [*_head(reply), *remarks]
            passage = passage_of(reply)
            below = [*_foot(reply), *below]
        case MomentList():
            above = [_Line(reply.heading), *remarks, *_grouped(moment_groups(reply))]
        case EpisodeList():
            above = [_Line(reply.heading), *remarks, *_grouped([episode_group(reply)])]
        case Choice():
            answers = [_Line(_joined(one.label, one.detail), lead="• ") for one in reply.options]
            above = [_Line(reply.question), *remarks, *answers]
        case Notice():
            above = [_Line(reply.title or ""), *remarks]
            passage = reply.text
            examples = [_Line(_joined(one.command, one.meaning)) for one in reply.examples]
            below = [*examples, _Line(reply.reference or "", lead="Reference "), *below]
        case _:
            assert_never(reply)
    return above, passage, below


def _head(reply: MomentCard) -> Iterator[_Line]:
    line = reply.moment
    yield _Line(reply.shared_by or "", lead="Shared by ")
    yield _moment(line)
    yield _Line(line.episode.title, url=line.episode.url)
    yield _Line(line.note or "")


def _foot(reply: MomentCard) -> Iterator[_Line]:
    if reply.in_short:
        yield _Line(reply.in_short.label)
        yield _Line(reply.in_short.text)
    if reply.previous:
        yield _moment(reply.previous, "Previous · ")
    if reply.next:
        yield _moment(reply.next, "Next · ")
    yield _Line(source_of(reply))


def _moment(line: MomentLine, lead: str = "") -> _Line:
    return _Line(line.title, lead=lead, prefix=str(line.at), url=line.url)


def _grouped(groups: Sequence[Group]) -> Iterator[_Line]:
    for group in groups:
        if group.title:
            yield _Line(group.title, url=group.url)
            yield _Line(group.detail)
        for entry in group.entries:
            yield _Line(entry.title, lead="• ", prefix=entry.prefix, url=entry.url)
            yield _Line(entry.detail)


def _buttons(reply: Reply) -> Iterator[_Line]:
    """Yield the links of buttons, but for a card's own, which its heading opens."""
    known = reply.moment.url if isinstance(reply, MomentCard) else ""
    for button in reply.buttons:
        if button.url and button.url != known:
            yield _Line(button.label, url=button.url)


def _joined(words: str, detail: str) -> str:
    return f"{words}: {detail}" if detail and not is_blank(tidy(detail)) else words
