"""What a digest says: what is new to its channel, one from the archive, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.actions import Action
from bot.core.catalog import Moment
from bot.core.digest import MOST_MOMENTS, Fresh, Schedule, WhenEmpty
from bot.core.reply import Audience, Button, MomentList
from bot.core.wording import count
from bot.services.cards import grouped, moment_line
from bot.services.registry import Ports

ARCHIVE = "From the archive"


@dataclass(frozen=True, slots=True)
class Content:
    """What a turn would say, and the ids of the moments it delivers; no reply for nothing."""

    reply: MomentList | None
    moments: tuple[int, ...] = ()


async def content_of(ports: Ports, schedule: Schedule, *, late: bool = False) -> Content:
    """Return what a schedule would post now."""
    fresh = await ports.store.fresh(schedule.tenant, schedule.id, MOST_MOMENTS)
    if fresh.moments:
        moments = tuple(moment.segment.id for moment in fresh.moments)
        return Content(told(schedule, fresh, late=late), moments)
    if schedule.when_empty is WhenEmpty.QUIET:
        return Content(None)
    old = await ports.store.from_archive(schedule.tenant, schedule.id)
    if old is None:
        return Content(None)
    return Content(_resurfaced(old, late=late), (old.segment.id,))


def told(schedule: Schedule, fresh: Fresh, *, late: bool = False) -> MomentList:
    """Return a digest of fresh moments, with a button for those that are left."""
    shown, left = len(fresh.moments), fresh.total - len(fresh.moments)
    heading = f"{shown} of {fresh.total} new moments" if left else count(shown, "new moment")
    more = Button(f"{left} more", Action("fresh", (str(schedule.id),)))
    return MomentList(
        audience=Audience.CHANNEL,
        heading=_headed(heading, late=late),
        groups=grouped(map(moment_line, fresh.moments)),
        buttons=(more,) if left else (),
    )


def _resurfaced(moment: Moment, *, late: bool) -> MomentList:
    return MomentList(
        audience=Audience.CHANNEL,
        heading=_headed(ARCHIVE, late=late),
        groups=grouped([moment_line(moment)]),
    )


def _headed(heading: str, *, late: bool) -> str:
    return f"{heading} (late)" if late else heading


async def claimed_content(
    ports: Ports, schedule: Schedule, day: date, moments: Sequence[int], *, late: bool = False
) -> Content:
    """Return what a turn said that another began: the same moments, whatever is new since.

    No reply where none of them is left.
    """
    found = [await ports.store.moment(schedule.tenant, ident) for ident in moments]
    left = tuple(moment for moment in found if moment is not None)
    if not left:
        return Content(None, tuple(moments))
    after = await ports.store.fresh(schedule.tenant, schedule.id, 1)
    before = await ports.store.fresh(schedule.tenant, schedule.id, 1, before=day)
    if before.total > after.total:
        reply = told(schedule, Fresh(left, len(left) + after.total), late=late)
    else:  # It took nothing of what was new.
        reply = _resurfaced(left[0], late=late)
    return Content(reply, tuple(moments))
