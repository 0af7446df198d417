"""Shortened notes, and what each tenant used of its day's budget."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

from bot.core.catalog import Tenant
from bot.core.summarizing import SUMMARY_LEASE, Claim, ModelUse, Verdict, Wanted
from storage.sqlite.rows import row_id, stamp, storable
from storage.sqlite.sql import SQL

FARTHEST = timedelta(days=2)
"""No note rests longer: a row that says so comes from a clock that was wrong."""

USE_KEPT = timedelta(days=90)

MOST_COUNTED = 10**9
"""Tokens counted of one call; a server may claim any number."""


def look_up_summary(
    connection: sqlite3.Connection, tenant: Tenant, wanted: Wanted, now: datetime
) -> Claim:
    """Return what a claim would come to."""
    parameters = _parameters(tenant, wanted)
    found = connection.execute(SQL["summary"], parameters).fetchone()
    if found:
        state, text, until = found
        if state == "there":
            return Claim(Verdict.THERE, text)
        if stamp(now) < until < stamp(now + FARTHEST):
            return Claim(Verdict.WAIT if state == "asked" else Verdict.RESTING)
    spent = connection.execute(SQL["calls_of_day"], parameters).fetchone()
    if wanted.budget and spent and spent[0] >= wanted.budget:
        return Claim(Verdict.SPENT)
    return Claim(Verdict.ASK)


def claim_summary(
    connection: sqlite3.Connection, tenant: Tenant, wanted: Wanted, *, owner: str, now: datetime
) -> Claim:
    """Claim a note; see ``Summaries``. The writer's transaction lets one process at a time look."""
    claim = look_up_summary(connection, tenant, wanted, now)
    if claim.verdict is not Verdict.ASK:
        return claim
    parameters = _parameters(tenant, wanted)
    parameters |= {"owner": storable(owner), "until": stamp(now + SUMMARY_LEASE)}
    connection.execute(SQL["forget_other_summaries"], parameters)
    if connection.execute(SQL["claim_summary"], parameters).rowcount != 1:
        return Claim(Verdict.RESTING)  # its segment is gone
    connection.execute(SQL["forget_use"], {"before": (wanted.day - USE_KEPT).isoformat()})
    _add_use(connection, parameters, ModelUse(calls=1))
    return claim


def keep_summary(
    connection: sqlite3.Connection, tenant: Tenant, wanted: Wanted, text: str, use: ModelUse
) -> None:
    """Keep a text that was paid for."""
    parameters = _parameters(tenant, wanted)
    connection.execute(SQL["keep_summary"], {**parameters, "text": storable(text)})
    _add_use(connection, parameters, use)


def give_up_summary(
    connection: sqlite3.Connection,
    tenant: Tenant,
    wanted: Wanted,
    *,
    owner: str,
    rests_until: datetime,
    paid: bool,
    use: ModelUse,
) -> None:
    """Note that nothing came of a claim."""
    parameters = _parameters(tenant, wanted)
    resting = {**parameters, "owner": storable(owner), "until": stamp(rests_until)}
    connection.execute(SQL["rest_summary"], resting)
    _add_use(connection, parameters, replace(use, calls=0 if paid else -1))


def model_use(connection: sqlite3.Connection, day: date) -> ModelUse:
    """Return what all tenants took of a day."""
    found = connection.execute(SQL["use_of_day"], {"day": day.isoformat()}).fetchone()
    return ModelUse(*(number or 0 for number in found))


def _parameters(tenant: Tenant, wanted: Wanted) -> dict[str, str | int]:
    return {
        "tenant": tenant,
        "key": storable(wanted.key),
        "segment": row_id(wanted.segment_id),
        "payer": wanted.payer,
        "day": wanted.day.isoformat(),
    }


def _add_use(
    connection: sqlite3.Connection, parameters: dict[str, str | int], use: ModelUse
) -> None:
    numbers = {name: max(min(number, MOST_COUNTED), -1) for name, number in asdict(use).items()}
    connection.execute(SQL["add_use"], {**parameters, **numbers})
