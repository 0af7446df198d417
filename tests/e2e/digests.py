"""A digest to post by an outlet, and a port that nothing listens on."""

from __future__ import annotations

import asyncio

from bot.core.outlet import Outlet
from bot.core.reply import Audience, MomentGroup, MomentLine, MomentList
from bot.core.timecode import Timecode
from tests.e2e.scripted import EPISODE


class Outlets(dict[str, Outlet]):
    """A host's outlets; ``added`` is set whenever one is added, and for a test to clear."""

    def __init__(self) -> None:
        super().__init__()
        self.added = asyncio.Event()

    def __setitem__(self, name: str, outlet: Outlet) -> None:
        super().__setitem__(name, outlet)
        self.added.set()


KEY = "digest-1-20261124"


def _line(ident: int, seconds: int, title: str) -> MomentLine:
    url = f"https://youtu.be/_1f-o0nqpEI?t={seconds}"
    return MomentLine(ident, Timecode(seconds), title, url, EPISODE, "Notes")


DIGEST = MomentList(
    heading="2 new moments",
    groups=(
        MomentGroup(
            episode=EPISODE, moments=(_line(7, 7232, "KV Cache"), _line(8, 14880, "Intel"))
        ),
    ),
    audience=Audience.CHANNEL,
)
