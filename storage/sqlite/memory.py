"""The small things remembered between invocations."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from datetime import datetime, timedelta

from bot.core.catalog import Tenant
from bot.core.ports import SHARE_LEASE
from storage.sqlite.rows import row_id, stamp, storable
from storage.sqlite.sql import SQL

CARDS_KEPT = timedelta(days=1)
"""How long it is kept who was shown what: far longer than it says which episode is meant."""

TOKEN_BYTES = 12
"""Of a digest, for a kept text's token: 16 characters in a button, never twice the same."""


def remember_card(
    connection: sqlite3.Connection,
    tenant: Tenant,
    channel: str,
    user: str,
    episode_id: int,
    at: datetime,
) -> None:
    """Note the episode of the last card a person was shown, and forget what is old."""
    connection.execute(
        SQL["remember_card"],
        {
            "tenant": tenant,
            "channel": storable(channel),
            "user": storable(user),
            "episode": row_id(episode_id),
            "at": stamp(at),
        },
    )
    connection.execute(SQL["forget_cards"], {"before": stamp(at - CARDS_KEPT)})


def last_episode(
    connection: sqlite3.Connection, tenant: Tenant, channel: str, user: str, since: datetime
) -> int | None:
    """Return the episode of a person's last card, if shown after ``since``."""
    parameters = {
        "tenant": tenant,
        "channel": storable(channel),
        "user": storable(user),
        "since": stamp(since),
    }
    found = connection.execute(SQL["last_episode"], parameters).fetchone()
    return found[0] if found else None


def set_default_episode(
    connection: sqlite3.Connection, tenant: Tenant, channel: str, episode_id: int
) -> None:
    """Make an episode the one that is meant in a channel unless another is named."""
    parameters = {"tenant": tenant, "channel": storable(channel), "episode": row_id(episode_id)}
    connection.execute(SQL["set_default_episode"], parameters)


def default_episode(connection: sqlite3.Connection, tenant: Tenant, channel: str) -> int | None:
    """Return the channel's default episode."""
    parameters = {"tenant": tenant, "channel": storable(channel)}
    found = connection.execute(SQL["default_episode"], parameters).fetchone()
    return found[0] if found else None


def keep_text(connection: sqlite3.Connection, tenant: Tenant, text: str, at: datetime) -> str:
    """Keep a text; return its token, which is made from the text itself."""
    text = storable(text)
    digest = hashlib.sha256(text.encode("utf-8")).digest()[:TOKEN_BYTES]
    token = base64.urlsafe_b64encode(digest).decode("ascii")
    connection.execute(
        SQL["keep_text"], {"tenant": tenant, "token": token, "text": text, "at": stamp(at)}
    )
    return token


def kept_text(connection: sqlite3.Connection, tenant: Tenant, token: str) -> str | None:
    """Return a kept text."""
    parameters = {"tenant": tenant, "token": storable(token)}
    found = connection.execute(SQL["kept_text"], parameters).fetchone()
    return found[0] if found else None


def claim_share(connection: sqlite3.Connection, tenant: Tenant, card: str, at: datetime) -> bool:
    """Claim the one public post of a card; see ``Memory``."""
    parameters = {
        "tenant": tenant,
        "card": storable(card),
        "at": stamp(at),
        "lapsed": stamp(at - SHARE_LEASE),
    }
    return connection.execute(SQL["claim_share"], parameters).rowcount == 1


def confirm_share(connection: sqlite3.Connection, tenant: Tenant, card: str) -> None:
    """Note that a card's post is there."""
    connection.execute(SQL["confirm_share"], {"tenant": tenant, "card": storable(card)})


def release_share(connection: sqlite3.Connection, tenant: Tenant, card: str) -> None:
    """Give a claim back."""
    connection.execute(SQL["release_share"], {"tenant": tenant, "card": storable(card)})
