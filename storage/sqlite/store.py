"""The store as the core sees it: each method hands one function to a connection's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

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
from bot.core.query import SearchQuery
from bot.core.ranking import Candidate, Spoken, Statistics
from bot.core.recording import RecordingDraft, RecordingOutcome
from bot.core.summarizing import Claim, ModelUse, Wanted
from bot.core.timecode import Timecode
from bot.core.transcript import Sentence, TranscriptInfo
from storage.sqlite import (
    catalog,
    completion,
    derived,
    memory,
    migrate,
    reports,
    search,
    summaries,
    transcripts,
    writer,
)
from storage.sqlite.vector_store import VectorStore


class SqliteStore(VectorStore):
    """``bot.core.ports.Store`` over one SQLite file; the contracts of its methods are there."""

    # --- the database itself

    async def migrate(self) -> int:
        """Bring the schema up to date, safely beside other processes; return its version."""
        path = self._database.path
        return await self._database.alter(lambda db: migrate.migrate(db, path))

    async def rebuild_index(self) -> None:
        """Derive all that is searched anew from what is stored."""
        await self._database.write(derived.rebuild)

    async def close(self) -> None:
        """Finish what is being written and close every connection."""
        await super().close()
        await self._database.close()

    # --- Catalog

    async def search(
        self, tenant: Tenant, query: SearchQuery, *, episode_id: int | None = None, limit: int = 60
    ) -> list[Candidate]:
        """Return segments that hold any clause of the query, best bm25 first."""
        return await self._database.read(
            lambda db: search.search(db, tenant, query, episode_id, limit)
        )

    async def statistics(
        self, tenant: Tenant, stems: frozenset[str], *, spoken: bool = False
    ) -> Statistics:
        """Return how much the tenant sees, and how much of it holds each stem."""
        return await self._database.read(
            lambda db: search.statistics(db, tenant, stems, spoken=spoken)
        )

    async def word_counts(self, tenant: Tenant, words: Sequence[str]) -> dict[str, int]:
        """Return how many segments the tenant sees hold each surface word; none: it is left out."""
        return await self._database.read(lambda db: search.word_counts(db, tenant, words))

    async def similar_words(
        self, tenant: Tenant, word: str, max_distance: int
    ) -> list[tuple[str, int, int]]:
        """Return (surface word, segments that hold it) of what may be meant by ``word``."""
        return await self._database.read(
            lambda db: search.similar_words(db, tenant, word, max_distance)
        )

    async def suggest(self, tenant: Tenant, typed: str, limit: int) -> list[Moment]:
        """Return moments with a title in which the typed words begin at a word's start."""
        return await self._database.read(lambda db: completion.suggest(db, tenant, typed, limit))

    async def moment(self, tenant: Tenant, segment_id: int) -> Moment | None:
        """Return one moment."""
        return await self._database.read(lambda db: catalog.moment(db, tenant, segment_id))

    async def neighbours(
        self, tenant: Tenant, segment_id: int
    ) -> tuple[Moment | None, Moment | None]:
        """Return the moments before and after one, in its episode's order of time."""
        return await self._database.read(lambda db: catalog.neighbours(db, tenant, segment_id))

    async def around(self, tenant: Tenant, episode_id: int, at: Timecode) -> Around:
        """Return what lies around a time. Of several at one second, the first imported."""
        return await self._database.read(lambda db: catalog.around(db, tenant, episode_id, at))

    async def between(
        self, tenant: Tenant, episode_id: int, start: Timecode, end: Timecode, limit: int
    ) -> list[Moment]:
        """Return the moments that start from ``start`` to ``end``, both included, by time."""
        return await self._database.read(
            lambda db: catalog.between(db, tenant, episode_id, start, end, limit)
        )

    async def outline(
        self, tenant: Tenant, episode_id: int, *, offset: int, limit: int
    ) -> list[Moment]:
        """Return an episode's moments by time."""
        return await self._database.read(
            lambda db: catalog.outline(db, tenant, episode_id, offset, limit)
        )

    async def episode(self, tenant: Tenant, episode_id: int) -> Episode | None:
        """Return one episode."""
        return await self._database.read(lambda db: catalog.episode(db, tenant, episode_id))

    async def episodes(self, tenant: Tenant, *, offset: int, limit: int) -> list[Episode]:
        """Return the episodes a tenant sees, its own first, then newest import first."""
        return await self._database.read(lambda db: catalog.episodes(db, tenant, offset, limit))

    async def find_episodes(self, tenant: Tenant, words: str, limit: int) -> list[Episode]:
        """Return episodes whose title or show holds every word, the last perhaps unfinished."""
        return await self._database.read(lambda db: catalog.find_episodes(db, tenant, words, limit))

    async def episode_of_media(self, tenant: Tenant, media_key: str) -> Episode | None:
        """Return the episode of a recording; a tenant's own before a public one."""
        return await self._database.read(lambda db: catalog.episode_of_media(db, tenant, media_key))

    async def stored_episode(self, tenant: Tenant, episode_id: int) -> StoredEpisode | None:
        """Return all that an export needs."""
        return await self._database.read(lambda db: catalog.stored_episode(db, tenant, episode_id))

    async def transcript(self, tenant: Tenant, episode_id: int) -> TranscriptInfo | None:
        """Return what is known of an episode's transcript, None where it has none."""
        return await self._database.read(lambda db: transcripts.transcript(db, tenant, episode_id))

    async def said(
        self, tenant: Tenant, episode_id: int, start_ms: int, end_ms: int, limit: int
    ) -> list[Sentence]:
        """Return the sentences that are being said in a stretch, by time."""
        return await self._database.read(
            lambda db: transcripts.said(db, tenant, episode_id, start_ms, end_ms, limit)
        )

    async def search_spoken(
        self, tenant: Tenant, query: SearchQuery, *, episode_id: int | None = None, limit: int = 60
    ) -> list[Spoken]:
        """Return passages of transcripts that hold any clause of the query, best bm25 first."""
        return await self._database.read(
            lambda db: transcripts.search_spoken(db, tenant, query, episode_id, limit)
        )

    # --- CatalogWriter

    async def put_recording(self, tenant: Tenant, draft: RecordingDraft) -> RecordingOutcome:
        """Store the layers of a draft as the episode of its recording."""
        said = draft.transcript
        prepared = None
        if said is not None:
            words = None
            digest = await asyncio.to_thread(transcripts.digest_of, said)
            key = draft.media.key
            if not await self._database.read(
                lambda db: transcripts.is_stored(db, tenant, key, digest)
            ):
                # Before the writer's turn: nobody else waits meanwhile.
                words = await asyncio.to_thread(transcripts.analysed, said)
            prepared = transcripts.Prepared(digest, words)
        return await self._database.write(
            lambda db: writer.put_recording(db, tenant, draft, prepared)
        )

    async def put_episode(self, tenant: Tenant, draft: EpisodeDraft) -> ImportOutcome:
        """Store a draft as the episode of its recording, or bring that one up to date."""
        return await self._database.write(lambda db: writer.put_episode(db, tenant, draft))

    async def remove_episode(self, tenant: Tenant, episode_id: int) -> bool:
        """Remove a tenant's own episode and all that hangs on it; False if there is none."""
        return await self._database.write(lambda db: writer.remove_episode(db, tenant, episode_id))

    # --- Memory

    async def remember_card(
        self, tenant: Tenant, channel: str, user: str, episode_id: int, at: datetime
    ) -> None:
        """Note the episode of the last card a person was shown in a channel."""
        await self._database.write(
            lambda db: memory.remember_card(db, tenant, channel, user, episode_id, at)
        )

    async def last_episode(
        self, tenant: Tenant, channel: str, user: str, since: datetime
    ) -> int | None:
        """Return the episode of a person's last card in a channel, if shown after ``since``."""
        return await self._database.read(
            lambda db: memory.last_episode(db, tenant, channel, user, since)
        )

    async def set_default_episode(self, tenant: Tenant, channel: str, episode_id: int) -> None:
        """Make an episode the one that is meant in a channel unless another is named."""
        await self._database.write(
            lambda db: memory.set_default_episode(db, tenant, channel, episode_id)
        )

    async def default_episode(self, tenant: Tenant, channel: str) -> int | None:
        """Return the channel's default episode."""
        return await self._database.read(lambda db: memory.default_episode(db, tenant, channel))

    async def keep_text(self, tenant: Tenant, text: str, at: datetime) -> str:
        """Keep a text too long for a button; return its token (the same text, the same one)."""
        return await self._database.write(lambda db: memory.keep_text(db, tenant, text, at))

    async def kept_text(self, tenant: Tenant, token: str) -> str | None:
        """Return a kept text."""
        return await self._database.read(lambda db: memory.kept_text(db, tenant, token))

    async def is_new(self) -> bool:
        """Return whether no episode of anybody was ever stored here."""
        return await self._database.read(catalog.is_new)

    async def claim_share(self, tenant: Tenant, card: str, at: datetime) -> bool:
        """Claim the one public post of a card; see ``Memory``."""
        return await self._database.write(lambda db: memory.claim_share(db, tenant, card, at))

    async def confirm_share(self, tenant: Tenant, card: str) -> None:
        """Note that a card's post is there."""
        await self._database.write(lambda db: memory.confirm_share(db, tenant, card))

    async def release_share(self, tenant: Tenant, card: str) -> None:
        """Give a claim back because the post did not happen."""
        await self._database.write(lambda db: memory.release_share(db, tenant, card))

    # --- Reports

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
        """Store a report once per person, segment and reason; None for a foreign segment."""
        return await self._database.write(
            lambda db: reports.add_report(
                db, tenant, segment_id, reason=reason, comment=comment, user=user, at=at
            )
        )

    async def reports(
        self, tenant: Tenant | None, status: ReportStatus | None = ReportStatus.OPEN
    ) -> list[Report]:
        """Return reports by id; ``None`` is every tenant or every status."""
        return await self._database.read(lambda db: reports.reports(db, tenant, status))

    async def report(self, report_id: int) -> Report | None:
        """Return one report, for the operator."""
        return await self._database.read(lambda db: reports.report(db, report_id))

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
        """Lay a correction over a segment for a tenant (public: for all) and index it."""
        return await self._database.write(
            lambda db: reports.correct(
                db, tenant, segment_id, title=title, text=text, by=by, at=at, report_id=report_id
            )
        )

    async def dismiss(self, report_id: int, *, by: str, at: datetime) -> bool:
        """Close an open report without a correction; False if there is none."""
        return await self._database.write(lambda db: reports.dismiss(db, report_id, by=by, at=at))

    async def history(self, tenant: Tenant, segment_id: int) -> list[Correction]:
        """Return the corrections of a segment that the tenant reads, oldest first."""
        return await self._database.read(lambda db: reports.history(db, tenant, segment_id))

    # --- Summaries

    async def look_up_summary(self, tenant: Tenant, wanted: Wanted, now: datetime) -> Claim:
        """Return what ``claim_summary`` would, and claim nothing."""
        return await self._database.read(
            lambda db: summaries.look_up_summary(db, tenant, wanted, now)
        )

    async def claim_summary(
        self, tenant: Tenant, wanted: Wanted, *, owner: str, now: datetime
    ) -> Claim:
        """Claim a note for SUMMARY_LEASE, and count it against the payer's budget."""
        return await self._database.write(
            lambda db: summaries.claim_summary(db, tenant, wanted, owner=owner, now=now)
        )

    async def keep_summary(self, tenant: Tenant, wanted: Wanted, text: str, use: ModelUse) -> None:
        """Keep a text that was paid for."""
        await self._database.write(lambda db: summaries.keep_summary(db, tenant, wanted, text, use))

    async def give_up_summary(
        self,
        tenant: Tenant,
        wanted: Wanted,
        *,
        owner: str,
        rests_until: datetime,
        paid: bool,
        use: ModelUse,
    ) -> None:
        """Note that nothing came of a claim; what was not ``paid`` goes back to the budget."""
        await self._database.write(
            lambda db: summaries.give_up_summary(
                db, tenant, wanted, owner=owner, rests_until=rests_until, paid=paid, use=use
            )
        )

    async def model_use(self, day: date) -> ModelUse:
        """Return what all tenants took of a day, for the operator."""
        return await self._database.read(lambda db: summaries.model_use(db, day))
