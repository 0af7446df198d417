"""Replies as the services make them, and some far larger, for the tests of every adapter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.core.actions import Action
from bot.core.reply import (
    Button,
    Choice,
    EpisodeRef,
    Example,
    InShort,
    MomentCard,
    MomentGroup,
    MomentLine,
    MomentList,
    Notice,
    Option,
    Reply,
)
from bot.core.timecode import Timecode

EPISODE = EpisodeRef(
    1,
    "DeepSeek, China and TSMC | Lex Fridman Podcast #459",
    "Lex #459",
    "https://youtu.be/_1f-o0nqpEI",
)
SOURCE = "Notes · Gemini 2.0 Flash"


def moment(ident: int, second: int, title: str, **fields: Any) -> MomentLine:
    url = f"https://youtu.be/_1f-o0nqpEI?t={second}"
    return MomentLine(ident, Timecode(second), title, url, EPISODE, SOURCE, **fields)


def moment_list(*lines: MomentLine, **fields: Any) -> MomentList:
    groups = (MomentGroup(episode=EPISODE, moments=lines),)
    return MomentList(heading="3 moments about “tsmc”", groups=groups, **fields)


CARD = MomentCard(
    moment=moment(7, 7232, "KV Cache", note="noted 2:28 earlier"),
    text="Key and value are kept.\n\nSo the *next* token is cheap.",
    previous=moment(6, 6207, "TSMC and R&D Locations"),
    next=moment(8, 11065, "o3-mini"),
    remarks=("Showing “kv cache”; nothing is spelled “kv cach”.",),
    buttons=(
        Button("Watch", url="https://youtu.be/_1f-o0nqpEI?t=7232"),
        Button("Related", Action("related", ("7",))),
        Button("Share", Action("share", ("c4rd", "7"))),
        Button("Report", Action("report", ("7", "", ""))),
    ),
)


def options(count: int, detail: str = "") -> tuple[Option, ...]:
    return tuple(
        Option(f"Answer {n}", Action("report", ("1", str(n), "")), detail) for n in range(count)
    )


TEN_MEGABYTES = 10_000_000

HUGE_UNITS = ["x", "*", "\\", "&", "@everyone ", "[a](https://b.example) ", "😀"]


def huge_replies(unit: str) -> list[Reply]:
    """Return a reply of each kind with ten megabytes of ``unit`` in every text."""
    huge = unit * (TEN_MEGABYTES // len(unit))
    button = Button(huge, Action("catalog", ("0",)))
    line = MomentLine(
        1,
        Timecode(5),
        huge,
        "https://youtu.be/_1f-o0nqpEI?t=5",
        replace(EPISODE, title=huge),
        huge,
        note=huge,
    )
    shapes: dict[str, Any] = {"remarks": (huge,), "buttons": (button,)}
    return [
        MomentCard(
            moment=line,
            text=huge,
            previous=line,
            next=line,
            shared_by=huge,
            in_short=InShort(huge, huge),
            **shapes,
        ),
        MomentList(heading=huge, groups=(MomentGroup(episode=EPISODE, moments=(line,)),), **shapes),
        Choice(
            question=huge, options=(Option(huge, Action("moment", ("1",)), huge),), comment=huge
        ),
        Notice(title=huge, text=huge, examples=(Example(huge, huge),), reference=huge, **shapes),
    ]
