"""Writes to a store until it is killed, and says after each write that it was acknowledged.

Arguments: the address, the number to begin at, and a seed for the order of writes.
"""

import asyncio
import random
import sys
from datetime import UTC, datetime, time

from bot.core.catalog import PUBLIC, Tenant
from bot.core.digest import WhenEmpty
from bot.core.settings import StorageSettings
from storage.sqlite import open_store
from tests.fakes.drafts import episode_draft

GUILD = Tenant("discord:1")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def draft(number):
    rows = [(at * 60, f"Title {number} {at}", f"text {number} " * 20) for at in range(1, 12)]
    return episode_draft(rows, video=f"{number:011}", title=f"Talk {number}")


async def write(store, kind, number):
    """Do one write and return what to look for afterwards."""
    if kind == "episode":
        return (await store.put_episode(PUBLIC, draft(number))).episode.id
    if kind == "share":
        return await store.claim_share(GUILD, f"card{number}", NOW)
    if kind == "text":
        return await store.keep_text(GUILD, f"text {number}", NOW)
    if kind == "turn":
        return await claimed(store, number)
    newest = (await store.episodes(PUBLIC, offset=0, limit=1))[0]
    segment = (await store.outline(PUBLIC, newest.id, offset=0, limit=1))[0].segment.id
    if kind == "report":
        return await store.add_report(
            GUILD, segment, reason=f"r{number}", comment="", user="u", at=NOW
        )
    made = await store.correct(
        GUILD, segment, title=f"Corrected {number}", text=None, by="op", at=NOW
    )
    return f"{segment},{made.id}"


async def claimed(store, number):
    """Claim the first turn of a new schedule; return the schedule's id."""
    schedule = await store.put_schedule(
        GUILD,
        f"channel{number}",
        at=time(9),
        zone="UTC",
        when_empty=WhenEmpty.QUIET,
        set_by="u",
        first_day=NOW.date(),
        due_at=NOW,
    )
    turn = await store.claim_turn(
        GUILD,
        schedule.id,
        NOW.date(),
        owner="o",
        now=NOW,
        moments=[number, 1],
        repeatable=True,
    )
    return turn.schedule_id


async def main(url, number, seed):
    chance = random.Random(seed)
    store = open_store(StorageSettings(url=url))
    await store.migrate()
    kinds = ["episode"]
    while True:
        for kind in kinds:
            acknowledged = await write(store, kind, number)
            sys.stdout.write(f"{kind} {number} {acknowledged}\n")
            sys.stdout.flush()
            number += 1
        kinds = chance.choices(["episode", "share", "text", "turn", "report", "correct"], k=6)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
