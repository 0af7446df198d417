"""Somebody says a moment is wrong; the operator sees it, and corrects it or does not."""

from __future__ import annotations

from datetime import datetime

from bot.core.actions import Action
from bot.core.catalog import PUBLIC, Correction, ReportStatus
from bot.core.commands import Invocation
from bot.core.errors import NotFound, UserError
from bot.core.ports import Store
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

MAX_TITLE, MAX_TEXT = 500, 50_000
"""Characters of a correction: as many as a document may have, so that an export reads back."""


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


async def correct_as_reported(
    store: Store,
    report_id: int,
    *,
    title: str | None,
    text: str | None,
    for_all: bool,
    by: str,
    at: datetime,
) -> Correction:
    """Correct what a report is about, for the reporter's tenant or for all, and close it.

    Raise UserError for a correction that says nothing or too much, NotFound for what is gone.
    """
    if title is None and text is None:
        raise UserError("Say what it should read: --title, --text or both.")
    title = _printable(" ".join(title.split())) if title is not None else None
    text = _printable(text.strip()) if text is not None else None
    if title is not None and not 0 < len(title) <= MAX_TITLE:
        raise UserError(f"A title has from 1 to {MAX_TITLE} characters.")
    if text is not None and not 0 < len(text) <= MAX_TEXT:
        raise UserError(f"A text has from 1 to {MAX_TEXT:,} characters.")
    found = await store.report(report_id)
    if found is None:
        raise NotFound(f"There is no report {report_id}.")
    if found.status is not ReportStatus.OPEN:
        raise UserError(f"Report {report_id} was {found.status} before.")
    if found.tenant == PUBLIC and not for_all:
        raise UserError(
            "That report came from a direct message, where the public text is read. "
            "To correct it for everybody, add --for-all."
        )
    correction = await store.correct(
        PUBLIC if for_all else found.tenant,
        found.segment_id,
        title=title,
        text=text,
        by=by,
        at=at,
        report_id=found.id,
    )
    if correction is None:
        raise NotFound("The moment is no longer in the catalog.")
    return correction


def _printable(text: str) -> str:
    """Return text without the characters that steer a screen instead of being on it."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t")
