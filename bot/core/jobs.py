"""Imports as jobs: what is asked for, how far it came, and when it is tried again.

A job is a row that every step brings on: whoever holds its lease may die at any step, and
whoever takes it over does that step again, to the same effect.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from bot.core.catalog import Tenant

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LEASE = timedelta(seconds=75)
"""How long whoever holds a job or a feed may take for one step; each step begins with a new one.

Whoever takes over from a dead process finds a message by its key, while a platform knows that.
"""

MOST_ATTEMPTS = 5
"""How often a job is begun, or an item of a feed, before it is parked."""

MOST_WAITING = 20
"""Jobs of one tenant that may wait for a confirm or for their turn: each may hold 20 MB."""

PROPOSED_FOR = timedelta(days=1)
"""How long a proposal waits for a confirm."""

KEPT_FOR = timedelta(days=30)
"""How long it is kept what became of a job."""

END_TOLD_WITHIN = timedelta(days=1)
"""How long a platform that is away is waited for, to show there how an import ended."""

SOONEST = timedelta(seconds=30)
LATEST = timedelta(hours=1)
"""Bounds of the pause between two attempts."""


class JobState(StrEnum):
    """How far an import came.

    PROPOSED   read, and shown to an admin, who has not said yes
    QUEUED     waits for a worker, perhaps after a pause
    RUNNING    a worker has it in hand, for as long as its lease holds
    DONE       stored
    PARKED     not stored, with the reason: an admin may have it tried again
    CANCELLED  called off before anything was stored
    """

    PROPOSED = "proposed"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"
    CANCELLED = "cancelled"


WAITING = frozenset({JobState.PROPOSED, JobState.QUEUED, JobState.RUNNING})
"""States in which a job still needs its documents."""

ENDED = frozenset({JobState.DONE, JobState.PARKED, JobState.CANCELLED})


class PostState(StrEnum):
    """What became of the message in which an import's progress is shown.

    NONE    there is to be none
    WANTED  none was begun
    BEGUN   it may or may not be there
    THERE   it is there, and shows the import under way
    ENDED   it shows how the import ended, or never will
    """

    NONE = ""
    WANTED = "wanted"
    BEGUN = "begun"
    THERE = "there"
    ENDED = "ended"


class Hold(StrEnum):
    """What a worker is told at the beginning of a step."""

    HELD = "held"
    CALLED_OFF = "called off"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a request, by the digest of its bytes."""

    digest: str
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported: documents of one recording, and what was said of it beside them."""

    parts: tuple[Part, ...]
    link: str = ""
    title: str = ""
    show: str = ""
    duration_s: int | None = None

    @property
    def key(self) -> str:
        """Return the digest of all of it: the same request has the same one."""
        return digest_of(self.to_json().encode("ascii"))

    def to_json(self) -> str:
        """Return it as stored."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


Made = TypeVar("Made", bound="DataclassInstance")


UNREADABLE = Request(())
"""Stands for a stored request that cannot be read: one that was proposed has a part."""


def request_from_json(text: str) -> Request:
    """Return a stored request, or UNREADABLE."""
    try:
        stored = json.loads(text)
        # Of a newer version there may be more in it.
        parts = tuple(known_fields(Part, part) for part in stored.pop("parts"))
        return known_fields(Request, {**stored, "parts": parts})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return UNREADABLE


def known_fields(kind: type[Made], values: Mapping[str, Any]) -> Made:
    """Return a dataclass of those values that it has a field for."""
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in names})


def digest_of(body: bytes) -> str:
    """Return the digest by which a document is known."""
    return sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class Job:
    """An import. ``title`` is what a list calls it, ``reason`` why it waits or was parked.

    A ``request`` that is UNREADABLE is parked by whoever claims it.

    ``tell`` is whether the next digests tell of it. ``channel`` is where it was confirmed, and
    ``message`` the one there that shows its progress; ``posting_at`` is when that was first
    tried. ``episode_id`` is what it was stored as.
    """

    id: int
    tenant: Tenant
    request: Request
    title: str
    state: JobState
    asked_by: str
    created_at: datetime
    tell: bool = False
    channel: str = ""
    post: PostState = PostState.NONE
    posting_at: datetime | None = None
    message: str = ""
    attempts: int = 0
    reason: str = ""
    episode_id: int | None = None

    @property
    def platform(self) -> str:
        """Return the platform's name, which its tenants begin with."""
        return self.tenant.partition(":")[0]


def post_key(job_id: int) -> str:
    """Return the key of a job's message, the same at every try; it fits a nonce."""
    return f"i{job_id:x}"


def pause_after(attempts: int, *, seed: int, longest: timedelta = LATEST) -> timedelta:
    """Return how long to wait after so many attempts: doubled each time, and spread by ``seed``.

    The spread is up to a quarter more, so that what failed together is not tried together.
    """
    doubled = SOONEST * (1 << min(max(attempts - 1, 0), 16))
    told_apart = sha256(f"{seed}/{attempts}".encode()).digest()[0] / 255
    return min(doubled, longest) * (1 + told_apart / 4)


class Imports(Protocol):
    """Jobs, and the documents that they need until they end. Every write survives a crash."""

    async def propose_job(
        self,
        tenant: Tenant,
        request: Request,
        documents: Sequence[bytes],
        *,
        title: str,
        asked_by: str,
        now: datetime,
    ) -> Job | None:
        """Keep a request and its documents, in the order of its parts, for somebody's yes.

        The same request is the same job, proposed again, unless it is QUEUED or RUNNING: then it
        is returned as it is. None where MOST_WAITING wait already.
        """

    async def job(self, tenant: Tenant, job_id: int) -> Job | None:
        """Return a job."""

    async def jobs(self, tenant: Tenant, limit: int) -> list[Job]:
        """Return a tenant's jobs that somebody said yes to, those last confirmed first."""

    async def confirm_job(
        self, tenant: Tenant, job_id: int, *, tell: bool, channel: str, asked_by: str, now: datetime
    ) -> bool:
        """Queue a PROPOSED job; False for any other, which stays as it is.

        ``channel`` is where its progress is shown; empty: nowhere.
        """

    async def cancel_job(self, tenant: Tenant, job_id: int, *, now: datetime) -> Job | None:
        """Call a job off: one that RUNS stops before its next step. Return it as it is then."""

    async def retry_job(self, tenant: Tenant, job_id: int, *, now: datetime) -> bool:
        """Queue a PARKED job again, with all its attempts; False for any other."""

    async def claim_job(self, owner: str, now: datetime) -> Job | None:
        """Claim the job that is due longest, for LEASE; None where none is.

        Due are QUEUED ones whose pause is over, RUNNING ones whose lease is over, and ended ones
        whose message does not show it. An attempt is counted unless it has ended. For the
        worker, over every tenant.
        """

    async def hold_job(self, tenant: Tenant, job_id: int, *, owner: str, now: datetime) -> Hold:
        """Begin a claim's lease anew, unless it was lost or the job is called off."""

    async def documents(self, tenant: Tenant, job_id: int) -> list[bytes]:
        """Return a job's documents in the order of its parts; those that are gone are left out."""

    async def begin_post(
        self, tenant: Tenant, job_id: int, *, owner: str, now: datetime
    ) -> datetime | None:
        """Note that a job's message is about to be posted; return when that was first noted.

        None where the claim was lost.
        """

    async def note_post(
        self, tenant: Tenant, job_id: int, *, owner: str, post: PostState, message: str = ""
    ) -> None:
        """Note what became of a job's message."""

    async def settle_job(
        self,
        tenant: Tenant,
        job_id: int,
        *,
        owner: str,
        state: JobState,
        now: datetime,
        due_at: datetime | None = None,
        reason: str = "",
        episode_id: int | None = None,
    ) -> bool:
        """Note what became of a claim; False where it was lost.

        QUEUED is due again at ``due_at``. DONE lets every schedule of the tenant that is on watch
        the episode, if the job is to be told. What has ended needs no documents any more, except
        PARKED, which keeps them for another try.
        """

    async def release_job(
        self, tenant: Tenant, job_id: int, *, owner: str, due_at: datetime
    ) -> None:
        """Give a claim back as it was before, due at ``due_at``."""

    async def forget_jobs(self, now: datetime) -> int:
        """Drop proposals nobody said yes to and jobs long ended, with their documents.

        Return how many. For the worker, over every tenant.
        """

    async def job_counts(self) -> Mapping[JobState, int]:
        """Return how many jobs of all tenants are in which state, for the operator."""

    async def parked_jobs(self, limit: int) -> list[Job]:
        """Return the jobs of all tenants that were parked last, for the operator."""
