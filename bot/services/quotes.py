"""What was said in a stretch of an episode: a few sentences of its transcript, verbatim."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.catalog import Moment, Segment, SegmentKind
from bot.core.commands import Invocation
from bot.core.embedding import Embedder, NoModel
from bot.core.timecode import MAX_SECONDS, Timecode
from bot.core.transcript import Sentence
from bot.core.wording import shorten
from bot.services.registry import Ports

MOST_READ = 2_000
"""Sentences of a stretch that are looked at; three hours of talk hold no more."""

MOST_QUOTED = 4
ROOM = 900
"""Sentences, and characters of them, on a card."""

LONGEST_QUOTE = 300
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Quotes:
    """Sentences of a transcript in their order, and who made the transcript."""

    sentences: tuple[Sentence, ...]
    source: str

    @property
    def text(self) -> str:
        """Return them as paragraphs, each with its second."""
        return "\n\n".join(map(quoted, self.sentences))

    @property
    def extent(self) -> tuple[Timecode, Timecode]:
        """Return the seconds in which the first begins and the last ends."""
        return second_of(self.sentences[0].start_ms), second_of(self.sentences[-1].end_ms)


async def quotes_of(
    ports: Ports,
    invocation: Invocation,
    episode_id: int,
    start: Timecode,
    end: Timecode,
    *,
    asked: Timecode | None = None,
) -> Quotes | None:
    """Return what tells most of a stretch, and what is said at the second ``asked`` for.

    None where nothing is said there, or nobody knows.
    """
    info = await ports.store.transcript(invocation.tenant, episode_id)
    if info is None or start.seconds * 1_000 > info.end_ms:
        return None
    heard = await ports.store.said(
        invocation.tenant, episode_id, start.seconds * 1_000, end.seconds * 1_000 - 1, MOST_READ
    )
    if not heard:
        return None
    chosen = await _by_meaning(ports, invocation, episode_id, heard, asked)
    return Quotes(tuple(chosen or extract(heard, asked)), info.source_label)


async def _by_meaning(
    ports: Ports,
    invocation: Invocation,
    episode_id: int,
    heard: Sequence[Sentence],
    asked: Timecode | None,
) -> list[Sentence]:
    """Return what tells most by what it means; nothing where nobody can tell."""
    if ports.embedder is None:
        return []
    said = await ports.store.said_passages(
        invocation.tenant,
        ports.embedder.model,
        episode_id,
        heard[0].start_ms,
        heard[-1].start_ms,
    )
    if not said:
        return []
    starts = [sentence.start_ms for sentence in heard]
    spans = [
        (bisect_left(starts, one.start_ms), bisect_right(starts, one.last_ms) - 1) for one in said
    ]
    must = None if asked is None else _nearest(heard, asked)
    try:
        places = await asyncio.to_thread(
            _telling, heard, [one.vector for one in said], spans, ports.embedder, must
        )
    except NoModel:
        return []
    return [heard[place] for place in places]


def _telling(
    heard: Sequence[Sentence],
    vectors: Sequence[bytes],
    spans: Sequence[tuple[int, int]],
    embedder: Embedder,
    must: int | None,
) -> tuple[int, ...]:
    from bot.outlining.extracts import telling  # it imports numpy

    return telling(heard, vectors, spans, embedder.embed, must)


async def quotes_of_chapter(
    ports: Ports, invocation: Invocation, moment: Moment, asked: Timecode | None = None
) -> Quotes | None:
    """Return what tells most of a chapter; None for a note, which has words of its own."""
    segment = moment.segment
    if segment.kind is not SegmentKind.CHAPTER or segment.text or segment.end is None:
        return None
    return await quotes_of(
        ports, invocation, segment.episode_id, segment.at, segment.end, asked=asked
    )


def stretch_of(segment: Segment) -> str | None:
    """Return from when to when a segment goes, as people read it; None for a point."""
    return None if segment.end is None else f"{segment.at} to {segment.end}"


def extract(heard: Sequence[Sentence], asked: Timecode | None = None) -> list[Sentence]:
    """Return the sentence that is being said then, and those that tell most of what is around."""
    from bot.core.extract import telling  # where nothing is kept of what was said, never

    places = list(range(len(heard)))
    if asked is None:
        chosen = telling([one.text for one in heard], "", most=MOST_QUOTED - 1, room=ROOM)
        # Where each is too long for a card, the first one's beginning stands for them.
        return [heard[place] for place in chosen or places[:1]]
    there = _nearest(heard, asked)
    others = [place for place in places if place != there]
    texts = [heard[place].text for place in others]
    room = ROOM - min(len(heard[there].text), LONGEST_QUOTE)
    chosen = telling(texts, heard[there].text, most=MOST_QUOTED - 1, room=room)
    return [heard[place] for place in sorted([there, *(others[one] for one in chosen)])]


def _nearest(heard: Sequence[Sentence], asked: Timecode) -> int:
    """Return the place of the sentence that is being said at a second, or next to it."""
    return min(range(len(heard)), key=lambda place: _away(heard[place], asked))


def _away(sentence: Sentence, asked: Timecode) -> int:
    at = asked.seconds * 1_000
    return max(sentence.start_ms - at, at - sentence.end_ms, 0)


def quoted(sentence: Sentence) -> str:
    """Return a sentence as a quotation with its second, and its speaker if the source has one."""
    who = f"{shorten(sentence.speaker, LONGEST_NAME)}: " if sentence.speaker else ""
    at = second_of(sentence.start_ms)
    return f"{at} {who}“{shorten(sentence.text, LONGEST_QUOTE)}”"


def second_of(milliseconds: int) -> Timecode:
    """Return the second that a time lies in: a link to it opens no later than that time."""
    return Timecode(min(milliseconds // 1_000, MAX_SECONDS))
