"""The Share button: a private card becomes one public message that names its sharer."""

from __future__ import annotations

from dataclasses import replace

from bot.core.commands import Invocation
from bot.core.errors import UserError
from bot.core.reply import Audience, MomentCard, Notice, Reply
from bot.services.cards import card_buttons, find_moment, link_remark, told
from bot.services.registry import Ports, answers
from bot.services.spoken import named_card

SHARE = "share"


@answers(SHARE)
async def share(ports: Ports, invocation: Invocation) -> Reply:
    """Claim a card's one public post and return what to post."""
    if not invocation.can_share:
        raise UserError("There is no channel here to share with.")
    shared = await _shared(ports, invocation)
    card = invocation.args["card"]
    if not await ports.store.claim_share(invocation.tenant, card, ports.clock.now()):
        return Notice(text="This card was shared already, or is being shared right now.")
    return replace(shared, audience=Audience.CHANNEL, shared_by=invocation.user.name)


async def _shared(ports: Ports, invocation: Invocation) -> MomentCard:
    """Return the card that a Share button names, without a Share of its own."""
    unshared = replace(invocation, can_share=False)
    said = await named_card(ports, unshared, invocation.args["moment"])
    if said is not None:
        return said
    found = await find_moment(ports, invocation, invocation.args["moment"])
    line, text, cut = await told(ports, unshared, found)
    return MomentCard(
        moment=line,
        text=text,
        complete=not cut,
        remarks=link_remark(found),
        buttons=tuple(card_buttons(ports, unshared, found, cut=cut)),
    )


async def confirm(ports: Ports, invocation: Invocation) -> None:
    """Note that the post is there, for good."""
    await ports.store.confirm_share(invocation.tenant, invocation.args["card"])


async def release(ports: Ports, invocation: Invocation) -> None:
    """Give the claim back: the post did not happen, so the button may be pressed again."""
    await ports.store.release_share(invocation.tenant, invocation.args["card"])
