"""Brings documents into the catalog and out again, and says what was done in plain lines."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.core.catalog import PUBLIC, Episode, EpisodeDraft, ImportOutcome, Tenant
from bot.core.errors import BadDocument, NotFound, UserError
from bot.core.media import Media, parse_link
from bot.core.ports import Store
from bot.core.timecode import Timecode
from bot.core.transcript import Sentence, TranscriptDraft
from bot.core.wording import count

if TYPE_CHECKING:
    from bot.ingest.parsed import ParsedDocument

TRANSCRIPT_LABEL = "Transcript"

_CUE = re.compile(rb"^[ \t]*\d+:\d\d[^\n]{0,20}-->", re.MULTILINE)

# The parsers are imported where they are used: a bot that only answers never needs them.


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found in a document and did to the catalog."""

    parsed: ParsedDocument
    outcome: ImportOutcome

    def lines(self) -> list[str]:
        """Return the report: what was stored, then each repair and each conflict."""
        episode, outcome = self.outcome.episode, self.outcome
        if outcome.unchanged:
            done = "unchanged"
        elif outcome.created:
            done = f"{count(outcome.added, 'note')} added"
        else:
            done = f"{outcome.added} added, {outcome.updated} updated, {outcome.removed} removed"
        if outcome.set_aside:
            done += f", {count(outcome.set_aside, 'correction')} set aside: their rows changed"
        report = [f"Episode {episode.id}: {episode.title}", f"{done}."]
        report += [f"Line {repair.line}: {repair.sentence}" for repair in self.parsed.repairs]
        report += [
            f"Line {clash.line}: the label says {clash.label}, its link opens {clash.link} "
            f"({clash.title}); the label is used."
            for clash in self.parsed.conflicts
        ]
        return report


async def import_document(
    store: Store, tenant: Tenant, document: bytes | str, *, name: str
) -> Imported:
    """Store a take-away document; raise BadDocument, and change nothing, if it is malformed."""
    from bot.ingest.takeaways import read_takeaways

    parsed = read_takeaways(document, name=name)
    return Imported(parsed, await store.put_episode(tenant, parsed.draft))


class Recording(NamedTuple):
    """What is said of a recording beside its transcript: all of it may be missing."""

    media: Media | None = None
    title: str = ""
    show: str = ""
    duration: Timecode | None = None
    chapters: int = 0


class Heard(NamedTuple):
    """What an import found in a transcript and did to the catalog.

    ``chapters`` are those of its source, which are not kept.
    """

    episode: Episode
    created: bool
    changed: bool
    sentences: tuple[Sentence, ...]
    chapters: int

    def lines(self) -> list[str]:
        """Return the report."""
        report = [f"Episode {self.episode.id}: {self.episode.title}"]
        if not self.changed:
            return [*report, "unchanged."]
        first, last = self.sentences[0].start_ms // 1_000, self.sentences[-1].end_ms // 1_000
        extent = f"{count(len(self.sentences), 'sentence')}, {Timecode(first)} to {Timecode(last)}"
        report.append(f"{'added' if self.created else 'kept beside its notes'}: {extent}.")
        if self.chapters:
            report.append(f"{count(self.chapters, 'chapter')} left out: only the talk is kept.")
        return report


def is_transcript(document: bytes, name: str) -> bool:
    """Return whether a document is read as a transcript rather than as notes."""
    kind = name.lower().partition("?")[0]
    if kind.endswith((".md", ".markdown")):
        return False
    start = document[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        kind.endswith((".vtt", ".srt", ".json"))
        or start.startswith((b"WEBVTT", b"{"))
        or _CUE.search(document[:1_000]) is not None
    )


async def import_transcript(
    store: Store, tenant: Tenant, document: bytes, given: Recording, *, name: str
) -> Heard:
    """Store a transcript beside whatever is known of its recording.

    ``given`` comes before what the document says of itself. Raise BadDocument, and change
    nothing, where it is malformed, and UserError where it does not tell whose talk it is.
    """
    sentences, told = await asyncio.to_thread(_read_transcript, document, name)
    media = given.media or told.media
    if media is None:
        raise UserError("Say which recording that is of: --link https://youtu.be/…")
    if not sentences:
        raise BadDocument("There is not a word in that transcript.")
    episode = await store.episode_of_media(tenant, media.key)
    if episode is not None and episode.tenant != tenant:
        raise UserError(
            "That recording is in the public catalog, and an episode of your own would hide its "
            "notes. Import the transcript there, without --tenant."
        )
    created = episode is None
    if episode is None:
        title = given.title or told.title
        if not title:
            raise UserError("Say what that episode is called: --title …")
        show, label = given.show or told.show or None, TRANSCRIPT_LABEL
        draft = EpisodeDraft(title, media, (), show, source_label=label, duration=told.duration)
        episode = (await store.put_episode(tenant, draft)).episode
    said = TranscriptDraft(sentences, source_label=TRANSCRIPT_LABEL)
    changed = await store.put_transcript(tenant, episode.id, said)
    return Heard(episode, created, bool(changed), sentences, told.chapters)


def _read_transcript(document: bytes, name: str) -> tuple[tuple[Sentence, ...], Recording]:
    from bot.ingest.captions import sentences_of
    from bot.ingest.json_transcripts import read_timed_episode
    from bot.ingest.transcripts import read_transcript

    is_json = document[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    if not (is_json and b'"cues"' in document):
        return sentences_of(read_transcript(document, name)), Recording()
    told = read_timed_episode(document)
    link = parse_link(told.url) if told.url else None
    duration = None if told.duration_ms is None else Timecode(told.duration_ms // 1_000)
    recording = Recording(
        link.media if link else None, told.title, told.show, duration, len(told.chapters)
    )
    return sentences_of(told.transcript), recording


async def load_sample(store: Store) -> bool:
    """Put the built-in sample into a new database; return whether it was one.

    A sample that the operator removed does not come back.
    """
    if not await store.is_new():
        return False
    from bot.sample import SAMPLE_NAME, sample_document

    await import_document(store, PUBLIC, sample_document(), name=SAMPLE_NAME)
    return True


async def export_document(store: Store, tenant: Tenant, episode_id: int) -> str:
    """Return an episode as a take-away document; raise NotFound."""
    stored = await store.stored_episode(tenant, episode_id)
    if stored is None:
        raise NotFound(f"There is no episode {episode_id} for {tenant}.")
    from bot.ingest.export import export_takeaways

    return export_takeaways(stored)


async def remove_episode(store: Store, tenant: Tenant, episode_id: int) -> str:
    """Remove a tenant's own episode; return its title, raise NotFound."""
    episode = await store.episode(tenant, episode_id)
    if episode is None or episode.tenant != tenant:
        raise NotFound(f"{tenant} has no episode {episode_id} of its own.")
    await store.remove_episode(tenant, episode_id)
    return episode.title
