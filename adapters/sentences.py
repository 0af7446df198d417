"""What every platform's adapter says by itself, where no service is asked."""

from __future__ import annotations

from bot.core.errors import SegueError
from bot.core.reply import MomentCard, Notice, Reply, Tone

SHARED = Notice(text="Shared with the channel.")
"""What the sharer is told, privately, once the public message is there."""

NO_LINK = Notice(text="That message has no link to a video.", tone=Tone.USAGE)
"""To who asks for a summary of a message that names no recording."""

POST_FAULT = "The platform does not take this post, through a fault of mine. My log says more."
"""Why a post that is not an answer is not there, where trying it again would not help."""


def added(finished: Reply) -> Notice | None:
    """Return what came later to a card, alone, where the card itself cannot be changed."""
    if not isinstance(finished, MomentCard) or finished.in_short is None:
        return None
    line, block = finished.moment, finished.in_short
    return Notice(text=block.text, title=block.label, remarks=(f"{line.at} · {line.title}",))


def fault(reference: str) -> Notice:
    """Return the sentence for a fault of our own."""
    text = f"{SegueError().sentence} Nothing was lost; please try again."
    return Notice(text=text, tone=Tone.ERROR, reference=reference)


def restarting(reference: str) -> Notice:
    """Return the sentence for work that a stop interrupts."""
    text = "I am being restarted and could not finish that. Nothing was lost; please ask again."
    return Notice(text=text, tone=Tone.ERROR, reference=reference)
