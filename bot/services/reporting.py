"""The Report button: somebody says a moment is wrong, and an operator will see it."""

from __future__ import annotations

from bot.core.actions import Action
from bot.core.commands import Invocation
from bot.core.errors import NotFound
from bot.core.reply import Choice, Notice, Option, Reply
from bot.services.episodes import number
from bot.services.registry import Ports, answers

REASONS = {
    "text": ("The words are wrong", "A name, a term or a claim is not what was said"),
    "time": ("The time is wrong", "It is talked about earlier or later"),
    "link": ("The link is wrong", "It opens something else"),
    "other": ("Something else", ""),
}

MAX_COMMENT = 1_000
"""Characters kept of a comment."""


@answers("report")
async def report(ports: Ports, invocation: Invocation) -> Reply:
    """Ask what is wrong, then store it."""
    moment, reason = invocation.args["moment"], invocation.args["reason"]
    if reason not in REASONS:
        # Nothing is read from the catalog before the form: a form may not be deferred.
        return Choice(
            question="What is wrong with this moment?",
            options=tuple(
                Option(label, Action("report", (moment, key, "")), detail)
                for key, (label, detail) in REASONS.items()
            ),
            comment="What should it say? (optional)",
        )
    stored = await ports.store.add_report(
        invocation.tenant,
        number(moment),
        reason=reason,
        comment=invocation.args["comment"].strip()[:MAX_COMMENT],
        user=invocation.user.id,
        at=ports.clock.now(),
    )
    if stored is None:
        raise NotFound
    return Notice(text=f"Thank you. Report {stored} is noted; the operator will look at it.")
