"""Turns a reply into the body Slack is sent: Block Kit, as plain data, within all limits.

A body is what is posted to a response_url, or returned as the acknowledgement of a slash
command. The other ways to send it differ in known fields only: an edit has ``replace_original``,
a thread ``thread_ts``; chat.postMessage has a ``channel`` and no ``response_type``.

What is said first is paid for first: title and link, then remarks, buttons, and last the text,
which is the one thing a button can bring back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from adapters.contract import JsonObject
from adapters.layout import (
    Group,
    are_short,
    episode_group,
    moment_groups,
    passage_of,
    source_of,
    turns,
    with_full_text,
)
from adapters.payload import listed
from adapters.slack.channels import may_be_posted_in
from adapters.slack.fallback import fallback
from adapters.slack.limits import BUTTON_TEXT, FIELD, TEXT
from adapters.slack.lists import list_blocks
from adapters.slack.parts import (
    Room,
    buttons_of,
    context,
    heading,
    link_element,
    linked,
    quotation,
    rich_text,
    rows,
    section,
    selects,
    small,
    words_element,
)
from adapters.text import fit, is_blank, plain, tidy, title_of, units
from bot.core.reply import (
    Audience,
    BaseReply,
    Button,
    Choice,
    EpisodeList,
    InShort,
    MomentCard,
    MomentLine,
    MomentList,
    Notice,
    Reply,
    Tone,
)
from bot.core.wording import ELLIPSIS

WARNING: tuple[JsonObject, ...] = ({"type": "emoji", "name": "warning"}, words_element(" "))
"""What an error begins with: blocks have no colour."""

TITLE = 300
"""Units of a title or heading, its address not counted."""

REMARK = 400
SHORT = 600
SMALL = 200


def render(reply: Reply) -> JsonObject:
    """Return the message body of a reply."""
    private = reply.audience is Audience.PRIVATE
    return {
        "response_type": "ephemeral" if private else "in_channel",
        "text": fallback(reply),
        "blocks": listed(blocks_of(reply)),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def blocks_of(reply: Reply) -> list[JsonObject]:
    """Return the blocks of a reply, as a message or a view shows them; at least one."""
    room = Room()
    match reply:
        case MomentCard():
            return _card(reply, room)
        case MomentList():
            return _listing(reply, reply.heading, moment_groups(reply), room)
        case EpisodeList():
            return _listing(reply, reply.heading, [episode_group(reply)], room)
        case Choice():
            return _choice(reply, room)
        case Notice():
            return _notice(reply, room)
        case _:
            assert_never(reply)


def _card(reply: MomentCard, room: Room) -> list[JsonObject]:
    line = reply.moment
    watch = [button for button in reply.buttons if button.url == line.url]
    others = [button for button in reply.buttons if button.url != line.url]
    accessory = next(buttons_of([*watch, Button("Watch", url=line.url)], room), None)
    head = [
        *small([f"Shared by {reply.shared_by}"] if reply.shared_by else [], SMALL),
        section(_linked(line, bold=True), accessory),
        *rich_text(_about(line)),
    ]
    room.pay(head)
    head += _remarks(reply, room)
    foot = [
        *_neighbour("Previous", reply.previous),
        *_neighbour("Next", reply.next),
        *small([source_of(reply)], SMALL),
    ]
    room.pay(foot)
    short = _in_short(reply.in_short)
    room.pay(short)
    body, cut = _passage(passage_of(reply), room)
    buttons = with_full_text(others, reply, 0) if cut else others
    return [*head, *body, *short, *foot, *rows([*buttons, *turns(reply)], room)]


def _in_short(block: InShort | None) -> list[JsonObject]:
    """Return a text shortened under its label."""
    if block is None:
        return []
    return [*small([block.label], SMALL), *quotation(block.text, SHORT)]


def _about(line: MomentLine) -> list[list[JsonObject]]:
    """Return the line of a card's episode, and under it how the moment relates to the question."""
    episode = link_element(fit(title_of(line.episode.title), TITLE, plain), line.episode.url)
    note = tidy(line.note or "")
    below = [] if is_blank(note) else [words_element(fit(note, SMALL, plain))]
    return [[episode], below]


def _neighbour(side: str, line: MomentLine | None) -> list[JsonObject]:
    if line is None:
        return []
    return [context(_linked(line, lead=f"{side} · "))]


def _linked(line: MomentLine, *, lead: str = "", bold: bool = False) -> list[JsonObject]:
    limit = min(TITLE + units(line.url), FIELD)
    return linked(str(line.at), line.title, line.url, limit, lead=lead, bold=bold)


def _passage(
    words: str, room: Room, sign: Sequence[JsonObject] = ()
) -> tuple[list[JsonObject], bool]:
    """Return (a text's paragraphs after a sign as blocks, paid for, whether any were cut)."""
    words = tidy(words, lines=True)
    if is_blank(words):
        return [], False
    shown = fit(words, min(TEXT, room.text), plain)
    return room.pay(rich_text([[*sign, words_element(shown)]])), shown != words


def _remarks(reply: BaseReply, room: Room) -> list[JsonObject]:
    """Return a reply's remarks, paid for; together they take at most half of a text.

    Before them stands the channel that it is about, if that is another.
    """
    about: list[JsonObject] = []
    if may_be_posted_in(reply.channel):
        about = room.pay(rich_text([[{"type": "channel", "channel_id": reply.channel}]]))
    each = min(REMARK, TEXT // (2 * max(len(reply.remarks), 1)))
    return about + room.pay(small(reply.remarks, each))


def _listing(reply: BaseReply, title: str, groups: Sequence[Group], room: Room) -> list[JsonObject]:
    head = [*room.pay(heading(title_of(title), TITLE)), *_remarks(reply, room)]
    own = rows(reply.buttons, room)
    return [*head, *list_blocks(groups, room), *own]


def _choice(reply: Choice, room: Room) -> list[JsonObject]:
    head = [*room.pay(heading(title_of(reply.question), TITLE)), *_remarks(reply, room)]
    if are_short(reply.options, BUTTON_TEXT):
        asked = rows([Button(option.label, option.action) for option in reply.options], room)
    else:
        asked = selects("Choose one", reply.options, room)
    return [*head, *asked, *rows(reply.buttons, room)]


def _notice(reply: Notice, room: Room) -> list[JsonObject]:
    head = [*room.pay(heading(reply.title or "", TITLE)), *_remarks(reply, room)]
    foot = [
        *rich_text(_example(one.command, one.meaning) for one in reply.examples),
        *small([f"Reference {reply.reference}"] if reply.reference else [], SMALL),
    ]
    room.pay(foot)
    body, _ = _passage(reply.text, room, WARNING if reply.tone is Tone.ERROR else ())
    blocks = [*head, *body, *foot, *rows(reply.buttons, room)]
    return blocks or rich_text([[words_element(ELLIPSIS)]])


def _example(command: str, meaning: str) -> list[JsonObject]:
    """Return the line of an example: the command as it is typed, and what it does."""
    parts = [(tidy(command), True), (tidy(meaning), False)]
    return [
        words_element(("" if code else "  ") + fit(words, SMALL, plain), code=code)
        for words, code in parts
        if not is_blank(words)
    ]
