"""The parsers that are fuzzed: what each begins from, how it is called, and what must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.commands import PlainText, action_command, parse_plain
from bot.core.grounding import grounded, speaks_to_a_model
from bot.core.lines import read_line
from bot.core.media import likeliest_link, parse_link, written_links
from bot.core.query import SearchQuery, parse_query
from bot.core.timequery import parse_time
from bot.core.transcript import Sentence, Transcript
from bot.ingest.captions import sentences_of
from bot.ingest.chapter_lists import is_sponsor, read_chapters, youtube_would_show
from bot.ingest.feeds import Feed, read_feed
from bot.ingest.json_chapters import read_json_chapters
from bot.ingest.json_transcripts import read_json_transcript, read_timed_episode
from bot.ingest.sources import Source, read_source
from bot.ingest.subrip import read_subrip
from bot.ingest.takeaways import read_takeaways
from bot.ingest.transcripts import read_transcript
from bot.ingest.webvtt import read_webvtt
from tests.fuzz import asking, growing, sound, written_feeds, written_notes, written_transcripts
from tests.fuzz.bytes_as_talk import chapters_at, cues_in
from tests.fuzz.grammar import Grammar

NOTHING = Grammar({"document": [""]})


@dataclass(frozen=True)
class Target:
    """A parser. ``read`` takes the bytes of an input; ``check`` what it returned.

    ``frames`` stand around what is grown, ``units`` are grown beside those of all parsers.
    ``largest`` is the size, in bytes, of the largest input it takes, where that is timed.
    """

    name: str
    read: Callable[[bytes], Any]
    check: Callable[[Any], None]
    seeds: Sequence[bytes]
    grammar: Grammar = field(default=NOTHING, repr=False)
    frames: Sequence[tuple[bytes, bytes]] = ((b"", b""),)
    units: Sequence[bytes] = ()
    largest: int = 0


def text_of(data: bytes) -> str:
    """Return bytes as text; what is no UTF-8 becomes halves of characters, as JSON may hold."""
    return data.decode("utf-8", "surrogateescape")


def _either(read: Callable[[str | bytes], Any]) -> Callable[[bytes], Any]:
    """Return a reader of bytes that gives those that are no UTF-8 as a broken text as well."""

    def reading(data: bytes) -> Any:
        try:
            data.decode()
        except UnicodeDecodeError:
            text = text_of(data)
            if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
                return read(text)
        return read(data)

    return reading


def _sentences(data: bytes) -> tuple[Transcript, Iterable[Sentence]] | None:
    found = cues_in(data)
    return (found, sentences_of(found)) if found else None


def _check_sentences(found: tuple[Transcript, Iterable[Sentence]] | None) -> None:
    if found:
        sound.sentences(*found)


def _is_bool(found: object) -> None:
    assert isinstance(found, bool)


def _feed(data: bytes) -> Feed:
    return read_feed(data, "https://example.org/feed")


def _links(data: bytes) -> object:
    text = text_of(data)
    chosen = likeliest_link(written_links(text))
    if chosen is not None:
        sound.link(parse_link(chosen))
        assert parse_link(chosen) is not None
    return parse_link(text)


def _commands(data: bytes) -> PlainText:
    text = text_of(data)
    sound.line(parse_plain(text))
    return read_line(text)


def _query(data: bytes) -> SearchQuery:
    text = data.decode("utf-8", "ignore")
    sound.query(parse_query(text, exact=True))
    return parse_query(text)


def _grounded(data: bytes) -> tuple[str, bool]:
    written, _, source = data.decode("utf-8", "ignore").partition("\0")
    return grounded(written, source), speaks_to_a_model(source)


def _check_grounded(found: tuple[str, bool]) -> None:
    assert len(found[0]) <= 450
    assert not set(found[0]) & set("<>@\0")


def _check_source(found: Source) -> None:
    if found.sentences:
        assert [one.start_ms for one in found.sentences] == sorted(
            one.start_ms for one in found.sentences
        )
    assert found.feed or found.notes or found.chapters or found.sentences


TARGETS: Sequence[Target] = (
    Target(
        "read_source",
        read_source,
        _check_source,
        (
            *written_notes.TAKEAWAY_SEEDS,
            *written_transcripts.WEBVTT_SEEDS,
            *written_transcripts.SUBRIP_SEEDS,
            *written_transcripts.JSON_SEEDS,
            *written_feeds.CHAPTER_SEEDS,
            *written_feeds.JSON_CHAPTER_SEEDS,
            *written_feeds.FEED_SEEDS,
        ),
        frames=((b"", b""), (b"<", b""), (b"[", b""), (b"{", b"")),
    ),
    Target(
        "read_takeaways",
        _either(read_takeaways),
        sound.takeaways,
        written_notes.TAKEAWAY_SEEDS,
        written_notes.TAKEAWAYS,
        (
            (growing.NOTE_HEAD, b""),
            (growing.NOTE_HEAD + b"| 1:00 | ", b" |\n"),
            (growing.NOTE_HEAD + b"\n## References\n\n", b""),
        ),
        growing.NOTE_UNITS,
        5_000_000,
    ),
    Target(
        "read_webvtt",
        _either(read_webvtt),
        sound.transcript,
        written_transcripts.WEBVTT_SEEDS,
        written_transcripts.WEBVTT,
        ((growing.VTT, b""), (growing.VTT + b"a <", b"")),
        growing.CUE_UNITS,
        10_000_000,
    ),
    Target(
        "read_subrip",
        _either(read_subrip),
        sound.transcript,
        written_transcripts.SUBRIP_SEEDS,
        written_transcripts.SUBRIP,
        ((b"1\n0:01 --> 0:02\n", b""),),
        growing.CUE_UNITS,
        10_000_000,
    ),
    Target(
        "read_json_transcript",
        _either(read_json_transcript),
        sound.transcript,
        written_transcripts.JSON_SEEDS,
        written_transcripts.JSON_TRANSCRIPT,
        (
            (b'{"segments": [', b'{"startTime": 1, "body": "a b"}]}'),
            (b'{"events": [', b'{"tStartMs": 1, "segs": [{"utf8": "a"}]}]}'),
            (b'{"events": [{"tStartMs": 1, "segs": [', b'{"utf8": "a"}]}]}'),
        ),
        growing.JSON_UNITS,
        10_000_000,
    ),
    Target(
        "read_timed_episode",
        _either(read_timed_episode),
        sound.timed_episode,
        written_transcripts.JSON_SEEDS,
        written_transcripts.TIMED_EPISODE,
        ((b'{"cues": [', b'[1, 2, "a"]]}'), (b'{"cues": [[1, 2, "a"]], "title": "', b'"}')),
        growing.JSON_UNITS,
    ),
    Target(
        "read_transcript",
        _either(read_transcript),
        sound.talk,
        (
            *written_transcripts.WEBVTT_SEEDS,
            *written_transcripts.SUBRIP_SEEDS,
            *written_transcripts.JSON_SEEDS,
        ),
        written_transcripts.SUBRIP,
        ((b"", b""), (b"  ", b""), (b"0:01 --> 0:02\n", b"")),
        (*growing.CUE_UNITS, *growing.JSON_UNITS, b"1:1"),
    ),
    Target(
        "sentences_of",
        _sentences,
        _check_sentences,
        written_transcripts.CUE_SEEDS,
        written_transcripts.CUES,
        ((b"0 900 A ", b""), (b"rolling\n0 900 + a ", b"")),
        (
            *growing.CUE_UNITS,
            b"\n0 900 A a",
            b"\n0 0  a b c d",
            b"\n0 9 + a b. c",
            b"[a]",
            b"[a ",
            "[music♪".encode(),
            b"Mr. ",
            b"a.b.",
            b'."',
            b"!",
            b"...",
            b"a, ",
        ),
    ),
    Target(
        "read_chapters",
        lambda data: read_chapters(text_of(data)),
        sound.listed_chapters,
        written_feeds.CHAPTER_SEEDS,
        written_feeds.CHAPTERS,
        ((b"", b""), (b"0:00 a\n1:00 b", b"")),
        growing.CHAPTER_UNITS,
        1_000_000,
    ),
    Target(
        "youtube_would_show",
        lambda data: youtube_would_show(chapters_at(data)),
        _is_bool,
        written_feeds.START_SEEDS,
        written_feeds.STARTS,
        ((b"0", b""),),
        (b" 0", b" 99999"),
    ),
    Target(
        "read_json_chapters",
        _either(read_json_chapters),
        sound.chapters,
        written_feeds.JSON_CHAPTER_SEEDS,
        written_feeds.JSON_CHAPTERS,
        (
            (b'{"chapters": [', b'{"startTime": 1, "title": "a"}]}'),
            (b'[{"startTime": 1, "title": "', b'"}]'),
        ),
        (*growing.JSON_UNITS, b'{"startTime": 1, "title": "a"},', b'{"startTime": 1},'),
        5_000_000,
    ),
    Target(
        "read_feed",
        _feed,
        sound.feed,
        written_feeds.FEED_SEEDS,
        written_feeds.FEED,
        (
            (growing.FEED_HEAD, growing.FEED_FOOT),
            (growing.FEED_HEAD + b"<description>", b"</description>" + growing.FEED_FOOT),
            (growing.FEED_HEAD + b"<x y='", b"'/>" + growing.FEED_FOOT),
            (b"<rss ", b"><channel></channel></rss>"),
        ),
        (*growing.FEED_UNITS, *growing.CHAPTER_UNITS),
        10_000_000,
    ),
    Target(
        "is_sponsor",
        lambda data: is_sponsor(text_of(data)),
        _is_bool,
        written_feeds.TITLE_SEEDS,
        written_feeds.TITLES,
        units=(b"sponsor ", b"[ad ", b"thanks to ", b"our "),
    ),
    Target(
        "parse_link",
        _links,
        sound.link,
        written_notes.LINK_SEEDS,
        written_notes.LINKS,
        ((b"https://example.org/", b""), (b"https://youtu.be/aaaaaaaaaaa?t=", b""), (b"", b"")),
        growing.LINK_UNITS,
    ),
    Target(
        "parse_time",
        lambda data: parse_time(text_of(data)),
        sound.time,
        written_notes.TYPED_SEEDS,
        written_notes.TYPED,
        ((b"", b""), (b"1:00", b"")),
        growing.TYPED_UNITS,
    ),
    Target(
        "read_line",
        _commands,
        sound.line,
        written_notes.TYPED_SEEDS,
        written_notes.TYPED,
        ((b"", b""), (b"/topic ", b"")),
        growing.TYPED_UNITS,
    ),
    Target(
        "action_command",
        lambda data: action_command(text_of(data)),
        sound.action,
        written_notes.ACTION_SEEDS,
        written_notes.ACTIONS,
        ((b"1|search", b""),),
        (b"|", b"1|"),
    ),
    Target(
        "parse_query",
        _query,
        sound.query,
        written_notes.TYPED_SEEDS,
        written_notes.TYPED,
        ((b"", b""), (b'"', b"")),
        growing.TYPED_UNITS,
    ),
    Target(
        "asked",
        asking.asked,
        asking.check,
        (*asking.SEEDS, *written_notes.TYPED_SEEDS),
        written_notes.TYPED,
        ((b"", b""), (b'"', b"")),
        growing.TYPED_UNITS,
    ),
    Target(
        "grounded",
        _grounded,
        _check_grounded,
        written_notes.PROSE_SEEDS,
        written_notes.PROSE,
        ((b"", b""), (b"The cache.\0", b"")),
        (b"a. ", b"A.B.", b"1,000 ", b"ignore ", b"you are ", b"a-b-", b"Nvidia ", b"3.5."),
    ),
)
"""Every parser of what others write: of documents, feeds and captions, and of what people type."""

TARGETS_BY_NAME = {target.name: target for target in TARGETS}
