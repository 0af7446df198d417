"""What the buttons of a card open: the moment itself and its full text."""

from __future__ import annotations

from bot.core.actions import Action
from bot.core.commands import Invocation
from bot.core.reply import Button, MomentCard, Reply
from bot.core.wording import pages
from bot.services.cards import card_buttons, find_moment, link_remark, moment_line
from bot.services.cards import moment_card as card
from bot.services.episodes import number
from bot.services.registry import Ports, answers
from bot.services.spoken import named_card

PAGE = 2_500
"""Characters of a full text in one message: with its card it fits Discord's 4,000 (PLATFORM)."""


@answers("moment")
async def moment(ports: Ports, invocation: Invocation) -> Reply:
    """Answer with a moment's card, or one of what is said at a second."""
    said = await named_card(ports, invocation, invocation.args["moment"])
    if said is not None:
        return said
    found = await find_moment(ports, invocation, invocation.args["moment"])
    return await card(ports, invocation, found)


@answers("full")
async def full(ports: Ports, invocation: Invocation) -> Reply:
    """Answer with a page of a moment's full text."""
    found = await find_moment(ports, invocation, invocation.args["moment"])
    texts = pages(found.segment.text, PAGE)
    page = min(max(number(invocation.args["page"]), 1), len(texts))
    ident = str(found.segment.id)
    turns = [
        Button(label, Action("full", (ident, str(target))))
        for label, target in (("Previous page", page - 1), ("Next page", page + 1))
        if 1 <= target <= len(texts)
    ]
    return MomentCard(
        moment=moment_line(found),
        text=texts[page - 1],
        page=page,
        pages=len(texts),
        remarks=link_remark(found),
        buttons=(*turns, *card_buttons(ports, invocation, found, cut=False)),
    )
