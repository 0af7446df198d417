"""What the core asks of the outside: a catalog, a memory, reports, a clock.

Every method that reads or writes a tenant's data takes the tenant first. A tenant reads the
public catalog and its own episodes, with its own corrections laid over both; it writes only
its own. Methods raise ``Busy`` when the store stays locked and ``StorageError`` when it is
unusable; a missing or foreign id is None, never an error that tells the two apart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

from bot.core.catalog import (
    Around,
    Correction,
    Episode,
    EpisodeDraft,
    ImportOutcome,
    Moment,
    Report,
    ReportStatus,
    StoredEpisode,
    Tenant,
)
from bot.core.digest import Delivery, Fresh, Leftover, Schedule, State, WhenEmpty
from bot.core.later import Later
from bot.core.query import SearchQuery
from bot.core.ranking import Candidate, Spoken, Statistics
from bot.core.recording import RecordingDraft, RecordingOutcome
from bot.core.reply import Reply
from bot.core.timecode import Timecode
from bot.core.transcript import Sentence, TranscriptInfo

SHARE_LEASE = timedelta(minutes=1)
"""How long an unconfirmed claim holds: longer than a post takes, shorter than a nonce is kept."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds on a scale that never steps back; deadlines are on it."""


class Meter(Protocol):
    """Counts what is done, for the operator: never who asked, nor what they wrote."""

    def answered(self, platform: str, command: str, reply: Reply, seconds: float) -> None:
        """Count a reply; ``command`` may be any text. Does not wait, and never raises."""


class Unmetered(Meter):
    """Counts nothing."""

    def answered(self, platform: str, command: str, reply: Reply, seconds: float) -> None:
        """Count nothing."""


class Catalog(Protocol):
    """Reads of shows, episodes and segments."""

    async def search(
        self, tenant: Tenant, query: SearchQuery, *, episode_id: int | None = None, limit: int = 60
    ) -> list[Candidate]:
        """Return segments that hold any clause of the query, best bm25 first.

        A query without clauses returns nothing. Takes a bounded time whatever the query.
        """

    async def statistics(
        self, tenant: Tenant, stems: frozenset[str], *, spoken: bool = False
    ) -> Statistics:
        """Return how many segments the tenant sees, and how many hold each stem.

        With ``spoken`` the passages of transcripts count as well.
        """

    async def word_counts(self, tenant: Tenant, words: Sequence[str]) -> dict[str, int]:
        """Return how many segments the tenant sees hold each surface word; none: it is left out."""

    async def similar_words(
        self, tenant: Tenant, word: str, max_distance: int
    ) -> list[tuple[str, int, int]]:
        """Return what may be meant by ``word``: (surface word, notes and passages that hold it).

        A superset of the words within ``max_distance`` edits that begin with the same letter, and
        of those that one edit of the first letter makes; the caller measures. Looking for these
        alone reads a small part of a vocabulary.
        """

    async def suggest(self, tenant: Tenant, typed: str, limit: int) -> list[Moment]:
        """Return moments with a title in which the typed words begin at a word's start."""

    async def moment(self, tenant: Tenant, segment_id: int) -> Moment | None:
        """Return one moment."""

    async def neighbours(
        self, tenant: Tenant, segment_id: int
    ) -> tuple[Moment | None, Moment | None]:
        """Return the moments before and after one, in its episode's order of time."""

    async def around(self, tenant: Tenant, episode_id: int, at: Timecode) -> Around:
        """Return what lies around a time. Of several at one second, the first imported."""

    async def between(
        self, tenant: Tenant, episode_id: int, start: Timecode, end: Timecode, limit: int
    ) -> list[Moment]:
        """Return the moments that start from ``start`` to ``end``, both included, by time."""

    async def outline(
        self, tenant: Tenant, episode_id: int, *, offset: int, limit: int
    ) -> list[Moment]:
        """Return an episode's moments by time."""

    async def episode(self, tenant: Tenant, episode_id: int) -> Episode | None:
        """Return one episode."""

    async def episodes(self, tenant: Tenant, *, offset: int, limit: int) -> list[Episode]:
        """Return the episodes a tenant sees, its own first, then newest import first."""

    async def find_episodes(self, tenant: Tenant, words: str, limit: int) -> list[Episode]:
        """Return episodes whose title or show holds every word, the last perhaps unfinished."""

    async def episode_of_media(self, tenant: Tenant, media_key: str) -> Episode | None:
        """Return the episode of a recording; a tenant's own before a public one."""

    async def stored_episode(self, tenant: Tenant, episode_id: int) -> StoredEpisode | None:
        """Return all that an export needs."""


class Transcripts(Protocol):
    """Reads of what was said in an episode."""

    async def transcript(self, tenant: Tenant, episode_id: int) -> TranscriptInfo | None:
        """Return what is known of an episode's transcript, None where it has none."""

    async def said(
        self, tenant: Tenant, episode_id: int, start_ms: int, end_ms: int, limit: int
    ) -> list[Sentence]:
        """Return the sentences that are being said in a stretch, by time."""

    async def search_spoken(
        self, tenant: Tenant, query: SearchQuery, *, episode_id: int | None = None, limit: int = 60
    ) -> list[Spoken]:
        """Return passages of transcripts that hold any clause of the query, best bm25 first.

        Bounded as ``Catalog.search`` is.
        """


class CatalogWriter(Protocol):
    """Writes of a tenant's own episodes; every one is safe to do twice."""

    async def put_recording(self, tenant: Tenant, draft: RecordingDraft) -> RecordingOutcome:
        """Store a draft's layers as the episode of its recording, in the place of earlier ones.

        Segments keep their ids while their second or their title stays. All or nothing.
        """

    async def put_episode(self, tenant: Tenant, draft: EpisodeDraft) -> ImportOutcome:
        """Store notes alone, as ``put_recording`` does."""

    async def remove_episode(self, tenant: Tenant, episode_id: int) -> bool:
        """Remove a tenant's own episode and all that hangs on it; False if there is none."""


class Memory(Protocol):
    """Small things remembered between invocations."""

    async def remember_card(
        self, tenant: Tenant, channel: str, user: str, episode_id: int, at: datetime
    ) -> None:
        """Note the episode of the last card a person was shown in a channel."""

    async def last_episode(
        self, tenant: Tenant, channel: str, user: str, since: datetime
    ) -> int | None:
        """Return the episode of a person's last card in a channel, if shown after ``since``."""

    async def set_default_episode(self, tenant: Tenant, channel: str, episode_id: int) -> None:
        """Make an episode the one that is meant in a channel unless another is named."""

    async def default_episode(self, tenant: Tenant, channel: str) -> int | None:
        """Return the channel's default episode."""

    async def keep_text(self, tenant: Tenant, text: str, at: datetime) -> str:
        """Keep a text too long for a button; return its token (the same text, the same one)."""

    async def kept_text(self, tenant: Tenant, token: str) -> str | None:
        """Return a kept text."""

    async def claim_share(self, tenant: Tenant, card: str, at: datetime) -> bool:
        """Claim the one public post of a card; False while somebody else's claim holds.

        A confirmed claim holds for ever, another one SHARE_LEASE: the process that made it may
        have died before it posted.
        """

    async def confirm_share(self, tenant: Tenant, card: str) -> None:
        """Note that a card's post is there."""

    async def release_share(self, tenant: Tenant, card: str) -> None:
        """Give a claim back because the post did not happen."""


class Reports(Protocol):
    """Reports of wrong text and the corrections made of them."""

    async def add_report(
        self,
        tenant: Tenant,
        segment_id: int,
        *,
        reason: str,
        comment: str,
        user: str,
        at: datetime,
    ) -> int | None:
        """Store a report, or add its comment to the same person's open one; None if foreign."""

    async def reports(
        self, tenant: Tenant | None, status: ReportStatus | None = ReportStatus.OPEN
    ) -> list[Report]:
        """Return reports by id; for the operator, ``None`` is every tenant or every status."""

    async def report(self, report_id: int) -> Report | None:
        """Return one report, for the operator."""

    async def correct(
        self,
        tenant: Tenant,
        segment_id: int,
        *,
        title: str | None,
        text: str | None,
        by: str,
        at: datetime,
        report_id: int | None = None,
    ) -> Correction | None:
        """Lay a correction over a segment for a tenant (public: for all) and index it.

        What is None stays as the tenant reads it now. Closes the report, if one is named.
        """

    async def dismiss(self, report_id: int, *, by: str, at: datetime) -> bool:
        """Close an open report without a correction; False if there is none."""

    async def history(self, tenant: Tenant, segment_id: int) -> list[Correction]:
        """Return the corrections of a segment that the tenant reads, oldest first."""


class Digests(Protocol):
    """Schedules of daily digests and what became of their turns; every write survives a crash.

    A turn is (schedule, local day), and there is one row for it at most, ever.
    """

    async def put_schedule(
        self,
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
        """Turn a channel's digest on, or change it; ``due_at`` is when its next turn opens.

        Clears ``paused``. What was delivered before stays delivered.
        """

    async def turn_off(self, tenant: Tenant, channel: str) -> bool:
        """Turn a channel's digest off; False if none was on. Nothing else is deleted."""

    async def schedule(self, tenant: Tenant, channel: str) -> Schedule | None:
        """Return a channel's schedule, on or off; None if it never had one."""

    async def due_schedules(
        self, platforms: Collection[str], now: datetime, limit: int
    ) -> list[Schedule]:
        """Return schedules of these platforms that are on and due, longest due first.

        For the worker, over every tenant.
        """

    async def pause(self, tenant: Tenant, schedule_id: int, reason: str) -> bool:
        """Note why nothing can be posted; return whether it was not paused before."""

    async def watch_episode(self, tenant: Tenant, schedule_id: int, episode_id: int) -> None:
        """Let a schedule tell of an episode's moments; doing it twice changes nothing."""

    async def fresh(
        self, tenant: Tenant, schedule_id: int, limit: int, *, before: date | None = None
    ) -> Fresh:
        """Return what the schedule has not delivered of the episodes it watches.

        Episodes in the order they were watched, moments by time. A moment of a turn in doubt
        counts as delivered; one of the turn of the day ``before`` alone does not.
        """

    async def from_archive(self, tenant: Tenant, schedule_id: int) -> Moment | None:
        """Return an older moment to show again; None for an empty catalog.

        One that the tenant sees and the schedule has not delivered, or else the one it delivered
        longest ago.
        """

    async def claim_turn(
        self,
        tenant: Tenant,
        schedule_id: int,
        day: date,
        *,
        owner: str,
        now: datetime,
        moments: Sequence[int],
        repeatable: bool,
    ) -> Delivery | None:
        """Claim a turn for the post of ``moments``, for LEASE from ``now``; None if it is not free.

        Free are: of a schedule that is on, a day without a row, later than every day that has
        one; a PENDING one, which begins anew; and, where the platform is ``repeatable``, one
        whose lease is over and that was first tried at most REPEATABLE_FOR ago, which keeps its
        ``since`` and its own moments, since the same message may be there.
        """

    async def settle_turn(
        self,
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
        """Note what became of a turn; return whether it was. Postpones the schedule to ``due_at``.

        POSTED is always noted, and resumes a paused schedule; any other state only by the owner
        of the claim, or for a day without a row.
        """

    async def postpone(
        self, tenant: Tenant, schedule_id: int, due_at: datetime, *, now: datetime
    ) -> None:
        """Note when a schedule that is due ``now`` is due again, where its turn was missed.

        One that is due later is left alone: somebody changed it meanwhile.
        """

    async def reopen_turn(self, tenant: Tenant, schedule_id: int, day: date) -> bool:
        """Make a turn in doubt PENDING, because somebody asked for it; False if it is not."""

    async def doubt_stale(self, now: datetime, *, repeatable: Collection[str]) -> list[Leftover]:
        """Move to DOUBT, and return, the turns whose lease is over and that may not be tried again.

        Of the platforms named ``repeatable`` a turn may be, until REPEATABLE_FOR after its first
        try. For the worker, over every tenant.
        """

    async def deliveries(self, tenant: Tenant, schedule_id: int, limit: int) -> list[Delivery]:
        """Return a schedule's newest turns, newest first."""


class Store(Catalog, CatalogWriter, Transcripts, Memory, Reports, Digests, Later, Protocol):
    """All of it, as one database offers it."""

    async def migrate(self) -> int:
        """Bring the schema up to date, safely beside other processes; return its version."""

    async def is_new(self) -> bool:
        """Return whether no episode of anybody was ever stored here."""

    async def close(self) -> None:
        """Finish what is being written and close every connection."""
