"""Reports of wrong text, and corrections that lie over a segment for a tenant or for all."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.catalog import Correction, Report, ReportStatus, Tenant
from bot.core.timecode import Timecode
from storage.sqlite import catalog, index, vectors
from storage.sqlite.rows import Row, row_id, stamp, storable
from storage.sqlite.sql import SQL


def add_report(
    connection: sqlite3.Connection,
    tenant: Tenant,
    segment_id: int,
    *,
    reason: str,
    comment: str,
    user: str,
    at: datetime,
) -> int | None:
    """Store a report, or return the one that this person made before for the same reason.

    After a report was applied the text is another one, and may be reported anew.
    """
    if catalog.moment(connection, tenant, segment_id) is None:
        return None
    parameters = {
        "tenant": tenant,
        "segment": segment_id,
        "reason": storable(reason),
        "comment": storable(comment),
        "user": storable(user),
        "at": stamp(at),
    }
    known = connection.execute(SQL["known_report"], parameters).fetchone()
    if known is not None:
        connection.execute(SQL["add_comment"], {**parameters, "report": known[0]})
        return int(known[0])
    return connection.execute(SQL["add_report"], parameters).lastrowid


def reports(
    connection: sqlite3.Connection, tenant: Tenant | None, status: ReportStatus | None
) -> list[Report]:
    """Return reports by id; None is every tenant, or every status."""
    parameters = {"tenant": tenant, "status": status.value if status else None}
    return [_report(row) for row in connection.execute(SQL["reports"], parameters).fetchall()]


def report(connection: sqlite3.Connection, report_id: int) -> Report | None:
    """Return one report."""
    found = connection.execute(SQL["report"], {"report": row_id(report_id)}).fetchone()
    return _report(found) if found else None


def _report(row: Row) -> Report:
    ident, tenant, segment_id, reason, comment, user, at, status, title, second = row
    return Report(
        id=ident,
        tenant=Tenant(tenant),
        segment_id=segment_id,
        reason=reason,
        comment=comment,
        reported_by=user,
        reported_at=at,
        status=ReportStatus(status),
        title=title,
        at=Timecode(second),
    )


def correct(
    connection: sqlite3.Connection,
    tenant: Tenant,
    segment_id: int,
    *,
    title: str | None,
    text: str | None,
    by: str,
    at: datetime,
    report_id: int | None,
) -> Correction | None:
    """Lay a correction over a segment and index it; None for a segment that is not seen.

    A tenant that has corrected a public segment reads its own correction from then on, later
    ones for all included: nobody's words are changed under them.
    """
    moment = catalog.moment(connection, tenant, segment_id)
    if moment is None:
        return None
    connection.execute(SQL["add_scope"], {"tenant": tenant})
    parameters = {
        "tenant": tenant,
        "segment": segment_id,
        "title": moment.segment.title if title is None else storable(title),
        "text": moment.segment.text if text is None else storable(text),
        "by": storable(by),
        "at": stamp(at),
        "report": _close(connection, tenant, segment_id, report_id, by, at),
    }
    with index.reindexed(connection, [segment_id]):
        connection.execute(SQL["supersede_correction"], parameters)
        connection.execute(SQL["add_correction"], parameters)
    vectors.sweep(connection)
    return history(connection, tenant, segment_id)[-1]


def _close(
    connection: sqlite3.Connection,
    tenant: Tenant,
    segment_id: int,
    report_id: int | None,
    by: str,
    at: datetime,
) -> int | None:
    """Mark the report that a correction answers as applied; return its id if it is one."""
    parameters = {"tenant": tenant, "segment": segment_id, "report": row_id(report_id or 0)}
    found = connection.execute(SQL["report_of_segment"], parameters).fetchone()
    if found is None:
        return None
    _set_status(connection, found[0], ReportStatus.APPLIED, by, at)
    return int(found[0])


def dismiss(connection: sqlite3.Connection, report_id: int, *, by: str, at: datetime) -> bool:
    """Close an open report without a correction; False if there is none."""
    return _set_status(connection, row_id(report_id), ReportStatus.DISMISSED, by, at)


def _set_status(
    connection: sqlite3.Connection, report_id: int, status: ReportStatus, by: str, at: datetime
) -> bool:
    parameters = {
        "report": report_id,
        "status": status.value,
        "by": storable(by),
        "at": stamp(at),
    }
    return connection.execute(SQL["close_report"], parameters).rowcount == 1


def history(connection: sqlite3.Connection, tenant: Tenant, segment_id: int) -> list[Correction]:
    """Return the corrections of a segment that the tenant may read, oldest first."""
    parameters = {"tenant": tenant, "segment": row_id(segment_id)}
    rows = connection.execute(SQL["history"], parameters).fetchall()
    return [
        Correction(ident, Tenant(owner), segment, title, text, by, at, report)
        for ident, owner, segment, title, text, by, at, report in rows
    ]
