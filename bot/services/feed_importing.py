"""Imports one item of a feed that is followed: its recording, with the layers it has."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.errors import BadDocument, NotFetched, UserError
from bot.core.following import (
    MOST_FAILURES,
    MOST_PAUSE,
    FollowedFeed,
    Item,
    ItemState,
    Plan,
)
from bot.core.jobs import MOST_ATTEMPTS, pause_after
from bot.core.media import Media
from bot.core.recording import ChaptersDraft, RecordingDraft
from bot.core.timecode import Timecode
from bot.core.transcript import Chapter, TranscriptDraft
from bot.services.importing import FAULT, NEVER_ENDED
from bot.services.ingestion import (
    CHAPTERS_LABEL,
    TRANSCRIPT_LABEL,
    store_recording,
)
from bot.services.registry import Ports
from bot.services.requests import read_bounded

if TYPE_CHECKING:
    from bot.ingest.sources import Source

log = logging.getLogger(__name__)

READ_AT_MOST = 20_000_000
FETCHED_WITHIN_S = 20.0

NOTHING = "There is nothing with times in what it links to."


@dataclass(slots=True)
class _Layers:
    """What was brought of an item, and why the rest was not."""

    chapters: tuple[Chapter, ...] = ()
    said: TranscriptDraft | None = None
    missing: list[str] = field(default_factory=list)
    passing: bool = False


async def import_item(ports: Ports, feed: FollowedFeed, item: Item, owner: str) -> ItemState | None:
    """Import an item of a claimed feed; return what became of it, None where that was lost.

    What there is of it is stored at once; what may be there later is tried for days.
    """
    episode_id, due_at = None, None
    try:
        if item.attempts > MOST_ATTEMPTS:
            raise UserError(NEVER_ENDED)
        layers = await _brought(ports, feed, item.plan, owner)
        if layers is None:
            return None
        reason = " ".join(dict.fromkeys(layers.missing))
        if layers.chapters or layers.said:
            draft = _draft(feed, item.plan, layers)
            episode_id = (await store_recording(ports.store, feed.tenant, draft)).episode.id
            state = ItemState.DONE
        else:
            state, reason = ItemState.PARKED, reason or NOTHING
        again = layers.passing
    except UserError as error:
        state, reason, again = ItemState.PARKED, error.sentence, False
    except Exception:
        log.exception("item %d failed", item.id)
        state, reason, again = ItemState.PARKED, FAULT, True
    if again and item.failures < MOST_FAILURES:
        state = ItemState.QUEUED
        pause = pause_after(item.failures + 1, seed=item.id, longest=MOST_PAUSE)
        due_at = ports.clock.now() + pause
    settled = await ports.store.settle_item(
        feed.tenant,
        feed.id,
        item.id,
        owner=owner,
        state=state,
        due_at=due_at,
        reason=reason,
        episode_id=episode_id,
    )
    return state if settled else None


async def _brought(ports: Ports, feed: FollowedFeed, plan: Plan, owner: str) -> _Layers | None:
    """Return what an item links to, as far as it can be read; None where the claim was lost."""
    layers = _Layers(chapters=plan.chapters)
    wanted = [(plan.chapters_url, plan.chapters_type)] if plan.chapters_url else []
    for url, kind in wanted:
        if not await ports.store.hold_feed(
            feed.tenant, feed.id, owner=owner, now=ports.clock.now()
        ):
            return None
        found = await _read(ports, url, kind, layers)
        if found is not None and found.chapters:
            layers.chapters = found.chapters
    may_pass = layers.passing
    for each in plan.transcripts:
        if not await ports.store.hold_feed(
            feed.tenant, feed.id, owner=owner, now=ports.clock.now()
        ):
            return None
        found = await _read(ports, each.url, each.media_type, layers)
        if found is not None and found.sentences:
            language = found.language or each.language
            layers.said = TranscriptDraft(found.sentences, language, TRANSCRIPT_LABEL)
            layers.passing = may_pass  # One of them is enough.
            break
    return layers


async def _read(ports: Ports, url: str, kind: str, layers: _Layers) -> Source | None:
    """Return a document that an item links to; where it cannot be had, note why."""
    try:
        page = await ports.fetcher.fetch(url, max_bytes=READ_AT_MOST, within_s=FETCHED_WITHIN_S)
        return await read_bounded(page.body, name=page.url, media_type=kind or page.content_type)
    except NotFetched as error:
        layers.missing.append(error.sentence)
        layers.passing = layers.passing or error.passing
    except BadDocument as error:
        layers.missing.append(error.sentence)
    return None


def _draft(feed: FollowedFeed, plan: Plan, layers: _Layers) -> RecordingDraft:
    return RecordingDraft(
        Media(plan.media_key, plan.media_url),
        plan.title,
        feed.title or None,
        None if plan.duration_s is None else Timecode(plan.duration_s),
        chapters=ChaptersDraft(layers.chapters, CHAPTERS_LABEL) if layers.chapters else None,
        transcript=layers.said,
    )
