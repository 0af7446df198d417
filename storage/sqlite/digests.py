"""Schedules of daily digests, what they have not told yet, and what became of their turns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from bot.core.catalog import Moment, Tenant
from bot.core.digest import (
    LEASE,
    REPEATABLE_FOR,
    Delivery,
    Fresh,
    Leftover,
    Schedule,
    State,
    WhenEmpty,
)
from bot.core.errors import StorageError
from storage.sqlite.connection import snapshot
from storage.sqlite.episodes import moments_of
from storage.sqlite.rows import Row, row_id, row_limit, stamp, storable
from storage.sqlite.sql import SQL

FARTHEST = timedelta(days=4)
"""A turn is never due later: a day ahead, a first day of tomorrow, two days between zones."""

STEP = timedelta(seconds=5)
"""How far clocks of processes on one file may differ without one having stepped back."""


def put_schedule(
    connection: sqlite3.Connection,
    tenant: Tenant,
    channel: str,
    *,
    at: time,
    zone: str,
    when_empty: WhenEmpty,
    set_by: str,
    first_day: date,
    due_at: datetime,
) -> Schedule:
    """Turn a channel's digest on, or change it; see ``Digests``."""
    parameters = {
        "tenant": tenant,
        "channel": storable(channel),
        "at": at.isoformat(),
        "zone": storable(zone),
        "when_empty": when_empty.value,
        "set_by": storable(set_by),
        "first_day": first_day.isoformat(),
        "due_at": stamp(due_at),
    }
    connection.execute(SQL["put_schedule"], parameters)
    stored = schedule(connection, tenant, channel)
    if stored is None:  # in the transaction that stored it, this cannot be
        raise StorageError
    return stored


def turn_off(connection: sqlite3.Connection, tenant: Tenant, channel: str) -> bool:
    """Turn a channel's digest off; False if none was on."""
    parameters = {"tenant": tenant, "channel": storable(channel)}
    return connection.execute(SQL["turn_off"], parameters).rowcount == 1


def schedule(connection: sqlite3.Connection, tenant: Tenant, channel: str) -> Schedule | None:
    """Return a channel's schedule, on or off."""
    parameters = {"tenant": tenant, "channel": storable(channel)}
    found = connection.execute(SQL["schedule"], parameters).fetchone()
    return _schedule(found) if found else None


def due_schedules(
    connection: sqlite3.Connection, platforms: Collection[str], now: datetime, limit: int
) -> list[Schedule]:
    """Return schedules that are on and due, longest due first, over every tenant."""
    parameters = {
        "platforms": json.dumps(list(platforms)),
        "now": stamp(now),
        "ahead": stamp(now + FARTHEST),
        "limit": row_limit(limit),
    }
    return [_schedule(row) for row in connection.execute(SQL["due_schedules"], parameters)]


def pause(connection: sqlite3.Connection, tenant: Tenant, schedule_id: int, reason: str) -> bool:
    """Note why nothing can be posted; return whether it was not paused before."""
    parameters = {**_known(tenant, schedule_id), "reason": storable(reason)}
    before = connection.execute(SQL["paused"], parameters).fetchone()
    connection.execute(SQL["pause"], parameters)
    return bool(before == ("",))


def postpone(
    connection: sqlite3.Connection,
    tenant: Tenant,
    schedule_id: int,
    due_at: datetime,
    now: datetime,
) -> None:
    """Note when a schedule that is due is due again."""
    parameters = {**_known(tenant, schedule_id), "due_at": stamp(due_at)}
    parameters |= {"now": stamp(now), "ahead": stamp(now + FARTHEST)}
    connection.execute(SQL["postpone"], parameters)


def watch_episode(
    connection: sqlite3.Connection, tenant: Tenant, schedule_id: int, episode_id: int
) -> None:
    """Let a schedule tell of an episode's moments, if the tenant sees both."""
    parameters = {**_known(tenant, schedule_id), "episode": row_id(episode_id)}
    connection.execute(SQL["watch_episode"], parameters)


def fresh(
    connection: sqlite3.Connection,
    tenant: Tenant,
    schedule_id: int,
    limit: int,
    *,
    before: date | None = None,
) -> Fresh:
    """Return what the schedule has not delivered of the episodes it watches; see ``Digests``."""
    parameters = {**_known(tenant, schedule_id), "limit": row_limit(limit)}
    parameters["before"] = before and before.isoformat()
    with snapshot(connection):
        (total,) = connection.execute(SQL["count_fresh"], parameters).fetchone()
        rows = connection.execute(SQL["fresh"], parameters).fetchall()
        return Fresh(tuple(moments_of(connection, rows)), total)


def from_archive(connection: sqlite3.Connection, tenant: Tenant, schedule_id: int) -> Moment | None:
    """Return a moment never delivered, the oldest episode's first, or the one longest ago."""
    parameters = _known(tenant, schedule_id)
    with snapshot(connection):
        rows = connection.execute(SQL["untold"], parameters).fetchall()
        if not rows:
            rows = connection.execute(SQL["told_longest_ago"], parameters).fetchall()
        found = moments_of(connection, rows)
    return found[0] if found else None


def claim_turn(
    connection: sqlite3.Connection,
    tenant: Tenant,
    schedule_id: int,
    day: date,
    *,
    owner: str,
    now: datetime,
    moments: Sequence[int],
    repeatable: bool,
) -> Delivery | None:
    """Claim a turn; see ``Digests``. The writer's transaction lets one process at a time look."""
    turn = {
        **_known(tenant, schedule_id),
        "day": day.isoformat(),
        "owner": storable(owner),
        "now": stamp(now),
        "until": stamp(now + LEASE),
        "repeatable_since": stamp(now - REPEATABLE_FOR),
        "repeatable": repeatable,
    }
    if _changed(connection, "begin_turn", turn) or _changed(connection, "begin_turn_again", turn):
        _note_moments(connection, turn, moments)
    elif not _changed(connection, "take_turn_over", turn):
        return None
    return _delivery(connection.execute(SQL["delivery"], turn).fetchone())


def _note_moments(
    connection: sqlite3.Connection, turn: dict[str, object], moments: Sequence[int]
) -> None:
    connection.execute(SQL["forget_moments"], turn)
    rows = [
        {**turn, "place": place, "segment": row_id(ident)} for place, ident in enumerate(moments)
    ]
    connection.executemany(SQL["add_moment"], rows)


def settle_turn(
    connection: sqlite3.Connection,
    tenant: Tenant,
    schedule_id: int,
    day: date,
    *,
    owner: str,
    state: State,
    now: datetime,
    due_at: datetime,
    message: str = "",
    reason: str = "",
) -> bool:
    """Note what became of a turn; see ``Digests``. SENDING is no end and a StorageError."""
    turn = {
        **_known(tenant, schedule_id),
        "day": day.isoformat(),
        "owner": storable(owner),
        "state": state.value,
        "now": stamp(now),
        "message": storable(message),
        "reason": storable(reason),
    }
    if not _changed(connection, "settle_turn", turn):
        return False
    if state is State.POSTED:
        connection.execute(SQL["resume"], turn)
    postpone(connection, tenant, schedule_id, due_at, now)
    return True


def reopen_turn(
    connection: sqlite3.Connection, tenant: Tenant, schedule_id: int, day: date
) -> bool:
    """Make a turn in doubt PENDING; False if it is not in doubt."""
    turn = {**_known(tenant, schedule_id), "day": day.isoformat()}
    return _changed(connection, "reopen_turn", turn)


def doubt_stale(
    connection: sqlite3.Connection, now: datetime, repeatable: Collection[str]
) -> list[Leftover]:
    """Move to DOUBT what may not be tried again; return it, the first tried first."""
    parameters = {
        "now": stamp(now),
        "ahead": stamp(now + STEP),
        "repeatable_since": stamp(now - REPEATABLE_FOR),
        "repeatable": json.dumps(list(repeatable)),
    }
    found = connection.execute(SQL["doubt_stale"], parameters).fetchall()
    left = [_leftover(connection, _delivery(row), owner) for *row, owner in found]
    return sorted(left, key=lambda one: (one.turn.since, one.schedule.id))


def _leftover(connection: sqlite3.Connection, turn: Delivery, owner: str) -> Leftover:
    row = connection.execute(SQL["schedule_of"], {"schedule": turn.schedule_id}).fetchone()
    return Leftover(_schedule(row), turn, owner)


def deliveries(
    connection: sqlite3.Connection, tenant: Tenant, schedule_id: int, limit: int
) -> list[Delivery]:
    """Return a schedule's newest turns, newest first."""
    parameters = {**_known(tenant, schedule_id), "limit": row_limit(limit)}
    return [_delivery(row) for row in connection.execute(SQL["deliveries"], parameters)]


def _known(tenant: Tenant, schedule_id: int) -> dict[str, object]:
    """Return what a schedule is known by in every query."""
    return {"tenant": tenant, "schedule": row_id(schedule_id)}


def _changed(connection: sqlite3.Connection, name: str, parameters: dict[str, object]) -> bool:
    return connection.execute(SQL[name], parameters).rowcount == 1


def _schedule(row: Row) -> Schedule:
    ident, tenant, channel, at, zone, when_empty, set_by, first_day, is_on, paused = row
    return Schedule(
        id=ident,
        tenant=Tenant(tenant),
        channel=channel,
        at=time.fromisoformat(at),
        zone=zone,
        when_empty=WhenEmpty(when_empty),
        set_by=set_by,
        first_day=date.fromisoformat(first_day),
        on=bool(is_on),
        paused=paused,
    )


def _delivery(row: Row) -> Delivery:
    schedule_id, day, state, since, message, reason, moments = row
    return Delivery(
        schedule_id=schedule_id,
        day=date.fromisoformat(day),
        state=State(state),
        since=datetime.fromisoformat(since),
        moments=tuple(json.loads(moments)),
        message=message,
        reason=reason,
    )
