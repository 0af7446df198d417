"""``/help``: one screen, with examples that work on this very catalog."""

from __future__ import annotations

from bot.core.commands import COMMANDS, Invocation
from bot.core.reply import Example, Notice, Reply
from bot.services.registry import Ports, answers

_ABOUT = (
    "I know what was said, and when, in long podcasts and videos. Ask for a topic or a time, "
    "and I answer with the moment and a link to the very second."
)

_PRIVATE = " Answers are yours alone until you press Share."

LOOKED_AT = 50
"""Moments looked at for an example with a short title."""


@answers("help")
async def help_screen(ports: Ports, invocation: Invocation) -> Reply:
    """Answer with what can be done here."""
    examples = {spec.name: (spec.examples or (f"/{spec.name}",))[0] for spec in COMMANDS}
    examples.update(await _from_catalog(ports, invocation))
    return Notice(
        title="Segue",
        # Where nothing can be shared, nobody else reads along, or everybody does.
        text=_ABOUT + (_PRIVATE if invocation.can_share else ""),
        examples=tuple(Example(examples[spec.name], spec.description) for spec in COMMANDS),
    )


async def _from_catalog(ports: Ports, invocation: Invocation) -> dict[str, str]:
    """Return examples made of the newest episode, so that they are answered with a card."""
    episodes = await ports.store.episodes(invocation.tenant, offset=0, limit=1)
    if not episodes:
        return {}
    moments = await ports.store.outline(
        invocation.tenant, episodes[0].id, offset=0, limit=LOOKED_AT
    )
    best = min(moments, key=lambda moment: (len(moment.segment.title), moment.segment.id))
    return {
        "topic": f"/topic {best.segment.title[:60].lower()}",
        "summarize": f"/summarize {best.segment.at}",
    }
