"""Turns a reply into the body Discord is sent: Components V2, as plain data, within all limits.

A body is what lands under ``data`` of an interaction callback that sends a new message. The
other ways to send it differ in known fields only: an edit has no ephemeral flag (it cannot
change); a shared post has ``nonce``, ``enforce_nonce`` and an empty ``content`` besides.

What is said first is paid for first: title and link, then buttons, remarks, and last the text,
which is the one thing a button can bring back.
"""

from __future__ import annotations

import re
from typing import assert_never

from adapters.contract import JsonObject
from adapters.discord.limits import BUTTON_LABEL, COMPONENTS_V2, EPHEMERAL
from adapters.discord.lists import list_parts
from adapters.discord.markdown import code, code_block, escape
from adapters.discord.parts import (
    Lines,
    add_long_links,
    container,
    press,
    row,
    rows,
    selects,
    separator,
    text,
    whole_room,
)
from adapters.layout import (
    Group,
    Room,
    are_short,
    episode_group,
    moment_groups,
    passage_of,
    source_of,
    turns,
    with_full_text,
)
from adapters.payload import listed
from adapters.text import fit, is_blank, tidy, units
from bot.core.reply import (
    Audience,
    BaseReply,
    Button,
    Choice,
    EpisodeList,
    MomentCard,
    MomentLine,
    MomentList,
    Notice,
    Reply,
    Tone,
)
from bot.core.wording import ELLIPSIS

FAULT_RED = 0xC0392B

HEADING = 300
"""Units of a heading or title, its address not counted."""

REMARK = 400
SHORT = 600
SMALL = 200

_CHANNEL = re.compile(r"[0-9]{1,20}")


def render(reply: Reply) -> JsonObject:
    """Return the message body of a reply."""
    match reply:
        case MomentCard():
            parts = [container(_card(reply))]
        case MomentList():
            parts = [container(_moments(reply))]
        case EpisodeList():
            parts = [container(_episodes(reply))]
        case Choice():
            parts = [container(_choice(reply))]
        case Notice():
            parts = _notice(reply)
        case _:
            assert_never(reply)
    private = EPHEMERAL if reply.audience is Audience.PRIVATE else 0
    return {
        "tts": False,
        "flags": COMPONENTS_V2 | private,
        "components": listed(parts),
        "allowed_mentions": {"parse": []},
    }


def _card(reply: MomentCard) -> list[JsonObject]:
    room, line = whole_room(), reply.moment
    head = Lines(room)
    head.add("-# Shared by **", reply.shared_by or "", SMALL, "**")
    head.add_link("### ", str(line.at), line.title, line.url, HEADING + units(line.url))
    head.add("-# ", line.note or "", SMALL)
    head.add_link("-# ", "", line.episode.title, line.episode.url, HEADING + SMALL)
    _add_remarks(head, reply, room)
    foot = Lines(room)
    add_long_links(foot, reply.buttons, frozenset({line.url}))
    _add_neighbour(foot, "Previous", reply.previous)
    _add_neighbour(foot, "Next", reply.next)
    foot.add("-# ", source_of(reply), SMALL)
    short = Lines(room)
    if reply.in_short:
        short.add("**", reply.in_short.label, SMALL, "**")
        short.add("> ", reply.in_short.text, SHORT)
    body, cut = _passage(passage_of(reply), room.text)
    buttons = with_full_text(reply.buttons, reply, 1) if cut else reply.buttons
    return [
        *head.parts(),
        *([text(body)] if body else []),
        *short.parts(),
        *([separator()] if body else []),
        *foot.parts(),
        *rows(buttons, room),
        *_turns(reply, room),
    ]


def _add_neighbour(lines: Lines, side: str, line: MomentLine | None) -> None:
    if line:
        lines.add_link(f"-# {side} · ", str(line.at), line.title, line.url, HEADING)


def _turns(reply: MomentCard, room: Room) -> list[JsonObject]:
    """Return the row that turns to the neighbours' cards."""
    made = [
        press(button.label, button.action)
        for button in turns(reply)
        if button.action and room.claim(button.action)
    ]
    return [row(made)] if made else []


def _passage(words: str, limit: int) -> tuple[str, bool]:
    """Return (a text's paragraphs in at most ``limit`` units, whether any were cut)."""
    words = tidy(words, lines=True)
    if is_blank(words):
        return "", False
    content = escape(words)
    if units(content) <= limit:
        return content, False
    # Text that is mostly markup doubles when it is escaped; as a code block it need not.
    block = code_block(words) if len(words) < limit else ""
    if block and units(block) <= limit:
        return block, False
    return fit(words, limit, escape), True


def _add_remarks(lines: Lines, reply: BaseReply, room: Room) -> None:
    """Add a reply's remarks; together they take at most half of the room that is left.

    Before them stands the channel that it is about, if that is another.
    """
    if _CHANNEL.fullmatch(reply.channel):
        lines.add_written(f"-# <#{reply.channel}>")
    if reply.remarks:
        each = min(REMARK, room.text // (2 * len(reply.remarks)))
        for remark in reply.remarks:
            lines.add("-# *", remark, each, "*")


def _moments(reply: MomentList) -> list[JsonObject]:
    return _listing(reply, reply.heading, moment_groups(reply), "Read a moment")


def _episodes(reply: EpisodeList) -> list[JsonObject]:
    return _listing(reply, reply.heading, [episode_group(reply)], "Open an episode")


def _listing(
    reply: BaseReply, heading: str, groups: list[Group], placeholder: str
) -> list[JsonObject]:
    room = whole_room()
    head = Lines(room)
    head.add("### ", heading, HEADING)
    _add_remarks(head, reply, room)
    add_long_links(head, reply.buttons, frozenset())
    own = rows(reply.buttons, room)
    return [*head.parts(), *list_parts(groups, placeholder, room), *own]


def _choice(reply: Choice) -> list[JsonObject]:
    room = whole_room()
    head = Lines(room)
    head.add("### ", reply.question, HEADING)
    _add_remarks(head, reply, room)
    add_long_links(head, reply.buttons, frozenset())
    if are_short(reply.options, BUTTON_LABEL):
        answers = [Button(option.label, option.action) for option in reply.options]
        asked = rows(answers, room)
    else:
        asked = selects("Choose one", reply.options, room)
    return [*head.parts(), *asked, *rows(reply.buttons, room)]


def _notice(reply: Notice) -> list[JsonObject]:
    room = whole_room()
    head = Lines(room)
    head.add("### ", reply.title or "", HEADING)
    _add_remarks(head, reply, room)
    foot = Lines(room)
    add_long_links(foot, reply.buttons, frozenset())
    for example in reply.examples:
        foot.add_written(code(fit(tidy(example.command), SMALL, str)))
        foot.add("-# ", example.meaning, SMALL)
    foot.add("-# Reference ", reply.reference or "", SMALL)
    body, _ = _passage(reply.text, room.text)
    parts = [
        *head.parts(),
        *([text(body)] if body else []),
        *foot.parts(),
        *rows(reply.buttons, room),
    ]
    if not parts:
        parts = [text(ELLIPSIS)]
    if len(parts) == 1 and reply.tone is not Tone.ERROR:
        return parts
    return [container(parts, FAULT_RED if reply.tone is Tone.ERROR else None)]
