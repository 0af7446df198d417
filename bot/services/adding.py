"""``/add``: shows an admin what a link or a file brings, and adds it once they say yes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from bot.core.actions import Action
from bot.core.catalog import PUBLIC, Episode
from bot.core.commands import Document, Invocation
from bot.core.errors import BadDocument, NotAllowed, UserError
from bot.core.jobs import Job, JobState, Part, Request, digest_of
from bot.core.media import MediaLink, parse_link
from bot.core.recording import RecordingDraft
from bot.core.reply import Button, Notice, Reply
from bot.core.timecode import Timecode
from bot.core.videos import NoCaptions
from bot.core.wording import count, shorten
from bot.services.cards import extent
from bot.services.feed_proposals import proposed_feed
from bot.services.import_states import in_hand, standing
from bot.services.ingestion import check_hides_nothing
from bot.services.registry import Ports, answers
from bot.services.requests import draft_of, read_part
from bot.services.video_documents import NO_CHAPTERS, look_up

if TYPE_CHECKING:
    from bot.ingest.sources import Source

READ_AT_MOST = 20_000_000
"""Bytes of a document; a transcript of a whole day has two million."""

FETCHED_WITHIN_S = 20.0

PASTED = "chapters.txt"
"""What a list that was pasted is called."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed or filled in: an address and what is said of the recording beside it."""

    source: str = ""
    text: str = ""
    title: str = ""
    link: str = ""
    show: str = ""
    document: Document | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is to be added."""
        return not (self.source or self.text or self.document)


@answers("add")
async def add(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the command."""
    check_admin(invocation)
    wish = read_wish(invocation)
    if wish.is_empty:
        if wish.link or wish.title or wish.show:
            raise UserError("What is to be added to it? Give me a link, a file or a chapter list.")
        return await standing(ports, invocation)
    (documents, request, missing, _), sources = await _read(await _gathered(ports, wish))
    feed = next((source.feed for source in sources if source.feed is not None), None)
    if feed is not None:
        if len(sources) > 1 or not wish.source:
            raise UserError(
                "That is a podcast's feed. Give me its address alone: /follow https://…"
            )
        return await proposed_feed(ports, invocation, wish.source, feed)
    draft = await draft_of(ports.store, invocation.tenant, request, sources)
    await check_hides_nothing(ports.store, invocation.tenant, draft)
    job = await ports.store.propose_job(
        invocation.tenant,
        request,
        documents,
        title=draft.title,
        asked_by=invocation.user.id,
        now=ports.clock.now(),
    )
    if job is None:
        raise UserError("Too many imports wait here already. /add lists them; cancel some first.")
    if job.state is not JobState.PROPOSED:
        return in_hand(job)
    proposal = await _proposal(ports, invocation, job, draft, sources)
    return replace(proposal, remarks=(missing,)) if missing else proposal


def check_admin(invocation: Invocation) -> None:
    """Raise NotAllowed, or UserError where there is nobody whose catalog it would be."""
    if invocation.tenant == PUBLIC:
        raise UserError("Episodes are added in a server or a workspace. Do that there.")
    if not invocation.user.is_admin:
        raise NotAllowed


def read_wish(invocation: Invocation) -> Wish:
    """Return what is wished: in fields, or all in one text, an address first.

    What follows it on its line is the title, what follows below a list of chapters.
    """
    args = {name: value.strip() for name, value in invocation.args.items()}
    line, _, below = args.get("source", "").partition("\n")
    address, _, words = line.strip().partition(" ")
    text = args.get("text", "")
    if address and "://" not in address and parse_link(address) is None:
        # No address at all: a list that was pasted as it is, or words that are of no use.
        line, below, address, words = "", args["source"], "", ""
    return Wish(
        address,
        "\n".join(filter(None, (below.strip(), text))),
        args.get("title", "") or words.strip(),
        args.get("link", ""),
        args.get("show", ""),
        invocation.document,
    )


class Gathered(NamedTuple):
    """What is to be added: documents, in the order of the request's parts, and what is missing.

    ``captions`` is whether the first is a video's captions, which it can be added without.
    """

    documents: list[bytes]
    request: Request
    missing: str = ""
    captions: bool = False


async def _read(gathered: Gathered) -> tuple[Gathered, list[Source]]:
    """Return what was gathered and what each document holds, but for captions of no use."""
    sources: list[Source] = []
    for place, document in enumerate(gathered.documents):
        optional = gathered.captions and place == 0
        try:
            source = await read_part(gathered.request, place, document)
        except BadDocument:
            if not optional:
                raise
            continue
        if not optional or source.kind == "transcript":
            sources.append(source)
    if len(sources) == len(gathered.documents):
        return gathered, sources
    if not sources:
        raise UserError(f"{NoCaptions.UNREADABLE} {NO_CHAPTERS}")
    request = replace(gathered.request, parts=gathered.request.parts[1:])
    return Gathered(gathered.documents[1:], request, NoCaptions.UNREADABLE), sources


async def _gathered(ports: Ports, wish: Wish) -> Gathered:
    """Return what is asked for, fetched where it lies elsewhere."""
    found: list[tuple[bytes, str, str]] = []
    source, link = wish.source, _link(wish.link)
    if wish.document is not None:
        found.append((wish.document.body, wish.document.name, ""))
    if wish.text:
        found.append((wish.text.encode("utf-8", "replace"), PASTED, ""))
    opened = parse_link(source) if source else None
    if source and link is None and (found or _is_video(opened)):
        # What else was given says what is in it: the address is the recording's own.
        link, source = opened, ""
        if link is None:
            raise UserError("That is no link to a recording, such as https://youtu.be/…")
    if source:
        page = await ports.fetcher.fetch(source, max_bytes=READ_AT_MOST, within_s=FETCHED_WITHIN_S)
        found.append((page.body, page.url, page.content_type))
    told, missing = Request((), link.media.url if link else "", wish.title, wish.show), ""
    looked_up = not found and link is not None
    if not found and link is not None:
        found, told, missing = await look_up(ports, link, told)
    digests = [await asyncio.to_thread(digest_of, body) for body, _, _ in found]
    parts = [
        Part(digest, name, media_type)
        for digest, (_, name, media_type) in zip(digests, found, strict=True)
    ]
    documents = [body for body, _, _ in found]
    return Gathered(
        documents, replace(told, parts=tuple(parts)), missing, looked_up and not missing
    )


def _link(written: str) -> MediaLink | None:
    opened = parse_link(written) if written else None
    if written and opened is None:
        raise UserError("The link is the address of a recording, such as https://youtu.be/…")
    return opened


def _is_video(opened: MediaLink | None) -> bool:
    return opened is not None and opened.media.key.startswith("youtube:")


async def _proposal(
    ports: Ports,
    invocation: Invocation,
    job: Job,
    draft: RecordingDraft,
    sources: Sequence[Source],
) -> Notice:
    known = await ports.store.episode_of_media(invocation.tenant, draft.media.key)
    lines = [*_head(draft), *_layers(draft), *_mended(sources)]
    if known is not None:
        lines.append(await _known(ports, invocation, known, draft))
    ident = str(job.id)
    buttons = [
        Button("Add, tell it in the next digest", Action("import", (ident, "tell"))),
        Button("Add silently", Action("import", (ident, "silent"))),
        Button("Cancel", Action("cancel", (ident,))),
    ]
    if draft.media.url:
        buttons.append(Button("Open the recording", url=draft.media.url))
    return Notice(title=shorten(draft.title, 200), text="\n".join(lines), buttons=tuple(buttons))


def _head(draft: RecordingDraft) -> list[str]:
    length = f"{draft.duration} long" if draft.duration else ""
    head = " · ".join(filter(None, (draft.show, length)))
    return [head] if head else []


def _layers(draft: RecordingDraft) -> list[str]:
    lines = []
    if draft.notes is not None:
        lines.append(f"{count(len(draft.notes.segments), 'note')}.")
    if draft.chapters is not None:
        chapters = draft.chapters.chapters
        sponsors = sum(one.sponsor for one in chapters)
        said = f", {sponsors} of them by sponsors" if sponsors else ""
        lines.append(f"{count(len(chapters), 'chapter')}{said}.")
    if draft.transcript is not None:
        sentences = draft.transcript.sentences
        last = Timecode(max(one.end_ms for one in sentences) // 1_000)
        lines.append(f"{count(len(sentences), 'sentence')} of what is said, up to {last}.")
    return lines


def _mended(sources: Sequence[Source]) -> list[str]:
    repairs = sum(len(one.notes.repairs) for one in sources if one.notes)
    clashes = sum(len(one.notes.conflicts) for one in sources if one.notes)
    mended = f"{count(repairs, 'slip')} in it mended." if repairs else ""
    clashing = f"{count(clashes, 'time')} where label and link disagree." if clashes else ""
    return [line for line in (mended, clashing) if line]


async def _known(
    ports: Ports, invocation: Invocation, known: Episode, draft: RecordingDraft
) -> str:
    """Return what is kept of a recording already, and what becomes of it."""
    said = await ports.store.transcript(invocation.tenant, known.id)
    kept = extent(known) + (", and what is said" if said and known.segment_count else "")
    replaced = [
        (draft.notes is not None, known.segment_count > known.chapter_count),
        (draft.chapters is not None, known.chapter_count > 0),
        (draft.transcript is not None, said is not None),
    ]
    goes = any(brought and there for brought, there in replaced)
    rest = "What is of the same kind is replaced." if goes else "It stays as it is beside this."
    return f"Known already: {kept}. {rest}"
