"""Brings one import from its claim to its end, step by step; each may be done again."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.core.errors import NotFetched, UserError, told
from bot.core.jobs import MOST_ATTEMPTS, UNREADABLE, Hold, Job, JobState, pause_after
from bot.core.wording import count
from bot.services.import_progress import Progress
from bot.services.ingestion import store_recording
from bot.services.registry import Ports
from bot.services.requests import draft_of, read_part

if TYPE_CHECKING:
    from bot.ingest.sources import Source

log = logging.getLogger(__name__)

FAULT = "Something went wrong on my side, again and again. Nothing was changed."
NEVER_ENDED = (
    f"It was begun {MOST_ATTEMPTS} times, and each time I was stopped before it was done. Perhaps "
    "it is too large for this machine."
)
PERHAPS_STORED = "It may have been stored just before that; /episodes shows whether it is there."
NOT_READ = "What was asked for cannot be read any more. Add it again with /add."
LOST_DOCUMENT = "What was to be added is not kept any more. Add it again with /add."


class _Stopped(Exception):
    """The claim was lost, called off, or is to be given back."""

    def __init__(self, hold: Hold | None) -> None:
        super().__init__()
        self.hold = hold


async def run_job(
    ports: Ports, job: Job, owner: str, stopping: asyncio.Event | None = None
) -> JobState | None:
    """Bring a claimed job to its end; return which, None where it is not ours to end (any more).

    Whatever goes wrong ends in a state of the row and a sentence there.
    """
    progress = Progress(ports, job, owner)
    state: JobState | None = None
    if job.state is JobState.RUNNING:
        state = await _ended(ports, job, owner, progress, stopping)
        if state is None or state is JobState.QUEUED:
            return state
    await progress.end()
    return state


async def _ended(
    ports: Ports, job: Job, owner: str, progress: Progress, stopping: asyncio.Event | None
) -> JobState | None:
    try:
        episode_id = await _import(ports, job, owner, progress, stopping)
        state, reason = JobState.DONE, ""
    except _Stopped as stopped:
        if stopped.hold is None:
            now = ports.clock.now()
            await ports.store.release_job(job.tenant, job.id, owner=owner, due_at=now)
        if stopped.hold is not Hold.CALLED_OFF:
            return None
        # Whoever had it before may have died between storing it and saying so.
        episode_id, state = None, JobState.CANCELLED
        reason = PERHAPS_STORED if job.attempts > 1 else ""
    except Exception as error:
        episode_id, (state, reason) = None, _verdict(job, error)
    now = ports.clock.now()
    settled = await ports.store.settle_job(
        job.tenant,
        job.id,
        owner=owner,
        state=state,
        now=now,
        due_at=now + pause_after(job.attempts, seed=job.id) if state is JobState.QUEUED else now,
        reason=reason,
        episode_id=episode_id,
    )
    log.info("import %d: %s %s", job.id, state if settled else "lost", reason)
    return state if settled else None


async def _import(
    ports: Ports, job: Job, owner: str, progress: Progress, stopping: asyncio.Event | None
) -> int:
    """Store what a job asks for; return the episode's id."""
    if job.attempts > MOST_ATTEMPTS:
        raise UserError(NEVER_ENDED)
    if job.request == UNREADABLE:
        log.error("the request of import %d for %s cannot be read: given up", job.id, job.tenant)
        raise UserError(NOT_READ)

    async def step() -> None:
        hold = await ports.store.hold_job(job.tenant, job.id, owner=owner, now=ports.clock.now())
        if hold is not Hold.HELD:
            raise _Stopped(hold)
        if stopping is not None and stopping.is_set():
            raise _Stopped(None)

    await step()
    await progress.begin()
    documents = await ports.store.documents(job.tenant, job.id)
    if len(documents) != len(job.request.parts):
        raise UserError(LOST_DOCUMENT)
    sources: list[Source] = []
    for place, document in enumerate(documents):
        await step()
        await progress.say(f"Reading {count(len(document) // 1_000 + 1, 'kilobyte')}.")
        sources.append(await read_part(job.request, place, document))
    await step()
    draft = await draft_of(ports.store, job.tenant, job.request, sources)
    await progress.say("Storing it.")
    await step()
    return (await store_recording(ports.store, job.tenant, draft)).episode.id


def _verdict(job: Job, error: Exception) -> tuple[JobState, str]:
    """Return what becomes of a job after an error, and the sentence that says why."""
    if isinstance(error, UserError) and not (isinstance(error, NotFetched) and error.passing):
        return JobState.PARKED, error.sentence
    reason = told(error)
    if reason is None:
        log.error("import %d failed", job.id, exc_info=error)
    return (JobState.PARKED if job.attempts >= MOST_ATTEMPTS else JobState.QUEUED), reason or FAULT
