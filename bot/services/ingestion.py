"""Brings documents into the catalog and out again, and says what was done in plain lines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.core import labels
from bot.core.catalog import PUBLIC, ImportOutcome, Tenant
from bot.core.errors import NotFound, UserError
from bot.core.media import Media, named_media
from bot.core.ports import Store
from bot.core.recording import ChaptersDraft, RecordingDraft, RecordingOutcome
from bot.core.timecode import Timecode
from bot.core.transcript import TranscriptDraft
from bot.core.wording import count

if TYPE_CHECKING:
    from bot.ingest.sources import Source

CHAPTERS_LABEL = labels.CHAPTERS
TRANSCRIPT_LABEL = labels.TRANSCRIPT

# The parsers are imported where they are used: a bot that only answers never needs them.


class Recording(NamedTuple):
    """What is said of a recording beside a document of it: all of it may be missing."""

    media: Media | None = None
    title: str = ""
    show: str = ""


NOTHING_GIVEN = Recording()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found in a document and did to the catalog."""

    source: Source
    outcome: RecordingOutcome

    def lines(self) -> list[str]:
        """Return the report: what was stored, then each repair and each conflict."""
        episode, outcome = self.outcome.episode, self.outcome
        done = [] if outcome.unchanged else list(self._done())
        if not done:
            done = ["called otherwise." if outcome.retold else "unchanged."]
        return [f"Episode {episode.id}: {episode.title}", *done, *self._remarks()]

    def _done(self) -> Iterator[str]:
        for layer, what in ((self.outcome.notes, "note"), (self.outcome.chapters, "chapter")):
            if layer is not None and not layer.unchanged:
                yield _changes(layer, what)
        if self.outcome.transcript:
            said = self.source.sentences
            first, last = said[0].start_ms // 1_000, max(one.end_ms for one in said) // 1_000
            beside = "added" if self.outcome.created else "kept beside what is known"
            extent = f"{Timecode(first)} to {Timecode(last)}"
            yield f"{count(len(said), 'sentence')} {beside}: {extent}."

    def _remarks(self) -> Iterator[str]:
        sponsors = sum(one.sponsor for one in self.source.chapters)
        if self.outcome.chapters is not None and sponsors:
            yield f"{count(sponsors, 'sponsor')} marked, and found only where asked for."
        if self.source.notes is None:
            return
        for repair in self.source.notes.repairs:
            yield f"Line {repair.line}: {repair.sentence}"
        for clash in self.source.notes.conflicts:
            yield (
                f"Line {clash.line}: the label says {clash.label}, its link opens {clash.link} "
                f"({clash.title}); the label is used."
            )


def _changes(layer: ImportOutcome, what: str) -> str:
    if layer.created or not (layer.updated or layer.removed or layer.retold):
        done = f"{count(layer.added, what)} added"
    else:
        kinds = f"{what}s: {layer.added} added"
        done = f"{kinds}, {layer.updated} updated, {layer.removed} removed"
    if layer.set_aside:
        done += f", {count(layer.set_aside, 'correction')} set aside: their rows changed"
    return f"{done}."


async def read_document(document: bytes, *, name: str = "", media_type: str = "") -> Source:
    """Return what a document holds, off the event loop; raise BadDocument."""
    from bot.ingest.sources import read_source

    return await asyncio.to_thread(read_source, document, name, media_type)


def recording_draft(source: Source, given: Recording = NOTHING_GIVEN) -> RecordingDraft:
    """Return what a document brings of a recording; ``given`` comes before what it says itself.

    Raise UserError where neither tells which recording that is.
    """
    if source.feed is not None:
        raise UserError("That is a feed of many episodes: follow it with /follow.")
    notes = source.notes.draft if source.notes else None
    title = notes.title if notes else given.title or source.title
    show = given.show or source.show
    media = notes.media if notes else given.media or source.media
    if media is None and not title:
        raise UserError("Say which recording that is of: a link to it, or at least a title.")
    if media is None:
        media = named_media(*(source.names or (show, title)))
    if not title:
        raise UserError("Say what that episode is called: a title.")
    chapters = ChaptersDraft(source.chapters, CHAPTERS_LABEL) if source.chapters else None
    said = TranscriptDraft(source.sentences, source.language, TRANSCRIPT_LABEL)
    return RecordingDraft(
        media,
        title,
        show or None,
        source.duration,
        notes=notes,
        chapters=chapters,
        transcript=said if source.sentences else None,
    )


async def store_recording(store: Store, tenant: Tenant, draft: RecordingDraft) -> RecordingOutcome:
    """Store what a document brings; raise UserError where it would hide what is public."""
    await check_hides_nothing(store, tenant, draft)
    return await store.put_recording(tenant, draft)


async def check_hides_nothing(store: Store, tenant: Tenant, draft: RecordingDraft) -> None:
    """Raise UserError where a draft may not be stored, since it would hide what is public."""
    known = await store.episode_of_media(tenant, draft.media.key)
    if known is not None and known.tenant != tenant and draft.notes is None:
        raise UserError(
            "That recording is in the public catalog, and an episode of your own would hide what "
            "is there. It can only be added to that one, by whoever runs me."
        )


async def import_document(
    store: Store,
    tenant: Tenant,
    document: bytes | str,
    given: Recording = NOTHING_GIVEN,
    *,
    name: str,
    media_type: str = "",
) -> Imported:
    """Store what a document holds beside what is known of its recording, all or nothing.

    Raise BadDocument where it is malformed, UserError where it does not tell what it is of.
    """
    written = document.encode("utf-8") if isinstance(document, str) else document
    source = await read_document(written, name=name, media_type=media_type)
    draft = await _known_as(store, tenant, source, given)
    return Imported(source, await store_recording(store, tenant, draft))


async def _known_as(
    store: Store, tenant: Tenant, source: Source, given: Recording
) -> RecordingDraft:
    """Return a draft under the name that the catalog knows, where nothing else gives one."""
    media = given.media or source.media
    if media is not None and not (given.title or source.title):
        known = await store.episode_of_media(tenant, media.key)
        given = given._replace(title=known.title if known else "")
    return recording_draft(source, given)


async def load_sample(store: Store) -> bool:
    """Put the built-in sample into a new database; return whether it was one.

    A sample that the operator removed does not come back.
    """
    if not await store.is_new():
        return False
    from bot.sample import SAMPLE_NAME, sample_document

    await import_document(store, PUBLIC, sample_document(), name=SAMPLE_NAME)
    return True


async def remove_episode(store: Store, tenant: Tenant, episode_id: int) -> str:
    """Remove a tenant's own episode; return its title, raise NotFound."""
    episode = await store.episode(tenant, episode_id)
    if episode is None or episode.tenant != tenant:
        raise NotFound(f"{tenant} has no episode {episode_id} of its own.")
    await store.remove_episode(tenant, episode_id)
    return episode.title
