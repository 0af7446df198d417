"""What tests of digests do over and over: a schedule, a claim, its end."""

from datetime import UTC, date, datetime, time, timedelta

from bot.core.catalog import PUBLIC
from bot.core.digest import WhenEmpty
from tests.fakes.drafts import episode_draft

GUILD, TEAM = "discord:1", "slack:T2"
NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 3, 1), date(2026, 3, 2)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


async def turn_on(store, tenant=GUILD, channel="general", **changes):
    """Turn on a digest that is due at nine, in UTC, from today on."""
    settings = {
        "at": time(9),
        "zone": "UTC",
        "when_empty": WhenEmpty.QUIET,
        "set_by": "alice",
        "first_day": TODAY,
        "due_at": NINE,
    }
    return await store.put_schedule(tenant, channel, **{**settings, **changes})


async def put(store, tenant=PUBLIC, seconds=(60, 600), video="aaaaaaaaaaa"):
    """Store an episode with notes at these seconds; return its id and theirs, by time."""
    rows = [(at, f"Note {at}", f"text of {at}") for at in seconds]
    episode = (await store.put_episode(tenant, episode_draft(rows, video=video))).episode
    notes = await store.outline(tenant, episode.id, offset=0, limit=99)
    return episode.id, [note.segment.id for note in notes]


async def claim(store, schedule, day=TODAY, *, owner="a", now=NINE, moments=(), repeatable=True):
    return await store.claim_turn(
        schedule.tenant,
        schedule.id,
        day,
        owner=owner,
        now=now,
        moments=moments,
        repeatable=repeatable,
    )


async def settle(
    store, schedule, state, day=TODAY, *, owner="a", now=NINE, due_at=NINE + DAY, **words
):
    return await store.settle_turn(
        schedule.tenant,
        schedule.id,
        day,
        owner=owner,
        state=state,
        now=now,
        due_at=due_at,
        **words,
    )


async def delivered(store, schedule, state, day, moments):
    """Claim a turn and let it end in a state."""
    assert await claim(store, schedule, day, moments=moments) is not None
    assert await settle(store, schedule, state, day) is True


async def newest(store, schedule):
    """Return the schedule's newest turn."""
    return (await store.deliveries(schedule.tenant, schedule.id, 1))[0]


async def due_ids(store, now, *platforms, limit=99):
    due = await store.due_schedules(platforms or ("discord", "slack"), now, limit)
    return [schedule.id for schedule in due]


async def told(store, schedule, limit=99, before=None):
    """Return the ids of the fresh moments, and how many there are in all."""
    fresh = await store.fresh(schedule.tenant, schedule.id, limit, before=before)
    return [moment.segment.id for moment in fresh.moments], fresh.total
