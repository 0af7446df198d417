"""Imports as jobs, and the documents that they need until they end."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.catalog import Tenant
from bot.core.errors import StorageError
from bot.core.jobs import (
    KEPT_FOR,
    LATEST,
    LEASE,
    MOST_WAITING,
    PROPOSED_FOR,
    Hold,
    Job,
    JobState,
    PostState,
    Request,
    request_from_json,
)
from storage.sqlite.rows import Row, row_id, row_limit, stamp, storable
from storage.sqlite.sql import SQL

FARTHEST = 2 * LATEST
"""A job is never due later."""

STEP = timedelta(seconds=5)
"""How far clocks of processes on one file may differ without one having stepped back."""


NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that cannot be read: a row may be wrong, and the others are not."""


def packed(document: bytes) -> bytes:
    """Return a document as it is stored."""
    return zlib.compress(document, 1)


def propose_job(
    connection: sqlite3.Connection,
    tenant: Tenant,
    request: Request,
    bodies: Sequence[bytes],
    *,
    title: str,
    asked_by: str,
    now: datetime,
) -> Job | None:
    """Keep a request and its packed documents; see ``Imports``."""
    values = {
        "tenant": tenant,
        "key": request.key,
        "request": request.to_json(),
        "title": storable(title),
        "asked_by": storable(asked_by),
        "now": stamp(now),
    }
    (waiting,) = connection.execute(SQL["count_waiting"], values).fetchone()
    if waiting >= MOST_WAITING:
        return None
    connection.execute(SQL["propose_job"], values)
    job = _job(connection.execute(SQL["job_by_key"], values).fetchone())
    if job is None:  # in the transaction that stored it, this cannot be
        raise StorageError
    for place, (part, body) in enumerate(zip(request.parts, bodies, strict=True)):
        stored = {"job": job.id, "place": place, "digest": part.digest, "body": body}
        connection.execute(SQL["keep_document"], stored)
        connection.execute(SQL["keep_part"], stored)
    return job


def job(connection: sqlite3.Connection, tenant: Tenant, job_id: int) -> Job | None:
    """Return a job."""
    return _job(connection.execute(SQL["job"], _known(tenant, job_id)).fetchone())


def jobs(connection: sqlite3.Connection, tenant: Tenant, limit: int) -> list[Job]:
    """Return a tenant's jobs that somebody said yes to, those last confirmed first."""
    return _jobs(connection, "jobs", {"tenant": tenant, "limit": row_limit(limit)})


def confirm_job(
    connection: sqlite3.Connection,
    tenant: Tenant,
    job_id: int,
    *,
    tell: bool,
    channel: str,
    asked_by: str,
    now: datetime,
) -> bool:
    """Queue a PROPOSED job; False for any other."""
    values = {**_known(tenant, job_id), "tell": tell, "channel": storable(channel)}
    values |= {"asked_by": storable(asked_by), "now": stamp(now)}
    return _changed(connection, "confirm_job", values)


def cancel_job(
    connection: sqlite3.Connection, tenant: Tenant, job_id: int, now: datetime
) -> Job | None:
    """Call a job off; return it as it is then, a proposal as it would be."""
    values = {**_known(tenant, job_id), "now": stamp(now)}
    proposed = _job(connection.execute(SQL["job"], values).fetchone())
    if proposed is not None and _changed(connection, "drop_proposal", values):
        connection.execute(SQL["drop_documents"])
        return replace(proposed, state=JobState.CANCELLED)
    if _changed(connection, "cancel_job", values):
        _drop_parts(connection, values)
    else:
        connection.execute(SQL["call_off"], values)
    return _job(connection.execute(SQL["job"], values).fetchone())


def retry_job(connection: sqlite3.Connection, tenant: Tenant, job_id: int, now: datetime) -> bool:
    """Queue a PARKED job again; False for any other."""
    return _changed(connection, "retry_job", {**_known(tenant, job_id), "now": stamp(now)})


def claim_job(connection: sqlite3.Connection, owner: str, now: datetime) -> Job | None:
    """Claim the job that is due longest, of any tenant; see ``Imports``."""
    found = _job(connection.execute(SQL["due_job"], due(now, FARTHEST)).fetchone())
    if found is None:
        return None
    values = {**_claim(found.tenant, found.id, owner), "until": stamp(now + LEASE)}
    connection.execute(SQL["claim_job"], values)
    return job(connection, found.tenant, found.id)


def hold_job(
    connection: sqlite3.Connection, tenant: Tenant, job_id: int, owner: str, now: datetime
) -> Hold:
    """Begin a claim's lease anew."""
    values = {**_claim(tenant, job_id, owner), "until": stamp(now + LEASE)}
    if _changed(connection, "hold_job", values):
        return Hold.HELD
    called_off = connection.execute(SQL["is_called_off"], values).fetchone()
    return Hold.CALLED_OFF if called_off else Hold.LOST


def documents(connection: sqlite3.Connection, tenant: Tenant, job_id: int) -> list[bytes]:
    """Return a job's documents as they were before they were packed."""
    rows = connection.execute(SQL["documents"], _known(tenant, job_id)).fetchall()
    return [zlib.decompress(body) for (body,) in rows]


def begin_post(
    connection: sqlite3.Connection, tenant: Tenant, job_id: int, owner: str, now: datetime
) -> datetime | None:
    """Note that a job's message is about to be posted; return when that was first noted."""
    values = {**_claim(tenant, job_id, owner), "now": stamp(now)}
    found = connection.execute(SQL["begin_post"], values).fetchone()
    return (_time(found[0]) or now) if found else None


def note_post(
    connection: sqlite3.Connection,
    tenant: Tenant,
    job_id: int,
    owner: str,
    post: PostState,
    message: str,
) -> None:
    """Note what became of a job's message."""
    values = {**_claim(tenant, job_id, owner), "post": post.value, "message": storable(message)}
    connection.execute(SQL["note_post"], values)


def settle_job(
    connection: sqlite3.Connection,
    tenant: Tenant,
    job_id: int,
    *,
    owner: str,
    state: JobState,
    now: datetime,
    due_at: datetime | None,
    reason: str,
    episode_id: int | None,
) -> bool:
    """Note what became of a claim; False where it was lost."""
    values = {
        **_claim(tenant, job_id, owner),
        "state": state.value,
        "due_at": stamp(due_at or now),
        "reason": storable(reason),
        "episode": episode_id and row_id(episode_id),
    }
    settled = connection.execute(SQL["settle_job"], values).fetchone()
    if settled is None:
        return False
    if settled == (1,) and state is JobState.DONE and episode_id:
        connection.execute(SQL["watch_everywhere"], values)
    _drop_parts(connection, values)
    return True


def release_job(
    connection: sqlite3.Connection, tenant: Tenant, job_id: int, owner: str, due_at: datetime
) -> None:
    """Give a claim back."""
    values = {**_claim(tenant, job_id, owner), "due_at": stamp(due_at)}
    connection.execute(SQL["release_job"], values)


def forget_jobs(connection: sqlite3.Connection, now: datetime) -> int:
    """Drop what nobody said yes to and what is long ended, of every tenant."""
    values = {
        "proposed_before": stamp(now - PROPOSED_FOR),
        "ended_before": stamp(now - KEPT_FOR),
    }
    forgotten = connection.execute(SQL["forget_jobs"], values).rowcount
    if forgotten:
        connection.execute(SQL["drop_documents"])
    return forgotten


def job_counts(connection: sqlite3.Connection) -> dict[JobState, int]:
    """Return how many jobs of all tenants are in which state."""
    rows = connection.execute(SQL["job_counts"]).fetchall()
    return {JobState(state): number for state, number in rows}


def parked_jobs(connection: sqlite3.Connection, limit: int) -> list[Job]:
    """Return the jobs of all tenants that were parked last."""
    return _jobs(connection, "parked_jobs", {"limit": row_limit(limit)})


def due(now: datetime, farthest: timedelta) -> dict[str, object]:
    """Return what says whether something is due that is never due later than ``farthest``."""
    return {
        "now": stamp(now),
        "ahead": stamp(now + farthest),
        "lease_ahead": stamp(now + LEASE + STEP),
    }


def _drop_parts(connection: sqlite3.Connection, values: dict[str, object]) -> None:
    if connection.execute(SQL["drop_parts"], values).rowcount:
        connection.execute(SQL["drop_documents"])


def _known(tenant: Tenant, job_id: int) -> dict[str, object]:
    """Return what a job is known by in every query."""
    return {"tenant": tenant, "job": row_id(job_id)}


def _claim(tenant: Tenant, job_id: int, owner: str) -> dict[str, object]:
    return {**_known(tenant, job_id), "owner": storable(owner)}


def _changed(connection: sqlite3.Connection, name: str, values: dict[str, object]) -> bool:
    return connection.execute(SQL[name], values).rowcount == 1


def _jobs(connection: sqlite3.Connection, name: str, values: dict[str, object]) -> list[Job]:
    rows = connection.execute(SQL[name], values).fetchall()
    return [found for row in rows if (found := _job(row)) is not None]


def _time(stored: str | None) -> datetime | None:
    try:
        read = datetime.fromisoformat(stored) if stored else None
    except ValueError:
        return None
    return read if read and read.tzinfo else None


def _job(row: Row | None) -> Job | None:
    if row is None:
        return None
    (
        ident, tenant, request, title, state, asked_by, created_at, tell, channel, post, posting_at,
        message, attempts, reason, episode_id,
    ) = row  # fmt: skip
    return Job(
        id=ident,
        tenant=Tenant(tenant),
        request=request_from_json(request),
        title=title,
        state=JobState(state),
        asked_by=asked_by,
        created_at=_time(created_at) or NO_TIME,
        tell=bool(tell),
        channel=channel,
        post=PostState(post),
        posting_at=_time(posting_at),
        message=message,
        attempts=attempts,
        reason=reason,
        episode_id=episode_id,
    )
