"""What must hold for feeds and lists of chapters that nobody wrote by hand."""

from __future__ import annotations

import contextlib
import json
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadDocument
from bot.core.timecode import MAX_SECONDS
from bot.core.transcript import Chapter
from bot.ingest.chapter_lists import is_sponsor, read_chapters, youtube_would_show
from bot.ingest.feed_dates import read_date, read_duration
from bot.ingest.feeds import FeedItem, read_feed
from bot.ingest.json_chapters import read_json_chapters
from bot.ingest.plain_text import MAX_TEXT, MAX_TITLE, plain_line, plain_text
from tests.strategies import clock

_SHARDS = [
    "0:00", "1:00", "12:34:56", "9:99", "1:30–2:00", " Intro", "\n", "\r\n", "\t", "- ", "• ",
    "1. ", "[", "](", ")", "(", "|", "https://youtu.be/aaaaaaaaaaa?t=60", "<br>", "<p>", "</li>",
    "&amp;", "&#x0;", "&#99999999;", "**", "：", "٠", "🎙", "\ud800", "\0", " AM", ",5", "<!--",
]  # fmt: skip

_TAGS = [
    "<rss>", "</rss>", "<channel>", "</channel>", "<item>", "</item>", "<title>", "</title>",
    "<guid>",
    "</guid>", "<link>", "</link>", "<link href='x'/>", "<entry>", "</entry>", "<![CDATA[", "]]>",
    "<!--", "-->", "<?xml version='1.0' encoding='latin-1'?>", "<!DOCTYPE rss [", "<!ENTITY a 'b'>",
    "]>", "&a;", "&", "<", ">", "é", "\x80", "<description>", "</description>", "0:00 A\n1:00 B",
    "<podcast:transcript url='x'/>", "<psc:chapters>", "<psc:chapter start='1' title='x'/>",
    "</psc:chapters>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "</feed>",
    "<enclosure url='x'/>",
    "<itunes:duration>1:00</itunes:duration>", "<pubDate>Wed, 02 Oct 2024</pubDate>", "\0", "\xa0",
]  # fmt: skip


def _assert_sound(chapters: tuple[Chapter, ...]) -> None:
    for chapter in chapters:
        assert 0 <= chapter.start_ms <= (MAX_SECONDS + 1) * 1_000
        assert chapter.end_ms is None or chapter.end_ms > chapter.start_ms
        assert _is_line(chapter.title)
        assert chapter.title
        assert chapter.url == "" or chapter.url.lower().startswith(("http://", "https://"))
    assert all(one.start_ms <= other.start_ms for one, other in pairwise(chapters))
    youtube_would_show(chapters)


def _is_line(text: str) -> bool:
    text.encode()
    return len(text) <= MAX_TITLE and text == " ".join(text.split())


def _assert_item_sound(item: FeedItem) -> None:
    assert item.guid
    assert _is_line(item.title)
    assert len(item.description) <= MAX_TEXT
    addresses = [item.link, item.media_url, item.chapters_url, item.youtube_url]
    for url in (*addresses, *(each.url for each in item.transcripts)):
        assert url == "" or url.lower().startswith(("http://", "https://"))
    assert item.published_at is None or item.published_at.tzinfo is not None
    _assert_sound(item.chapters)


@settings(max_examples=300, deadline=None)
@given(st.text() | st.lists(st.sampled_from(_SHARDS), max_size=60).map("".join))
def test_read_chapters_of_anything_are_sound_or_refused(text: str):
    is_sponsor(text)
    with contextlib.suppress(BadDocument):
        chapters = read_chapters(text)
        assert len(chapters) >= 2
        assert all(one.start_ms < other.start_ms for one, other in pairwise(chapters))
        _assert_sound(chapters)


_FORMS: list[Callable[[str, str], str]] = [
    lambda at, title: f"{at} {title}",
    lambda at, title: f"({at}) {title}",
    lambda at, title: f"• [{at}] - {title}",
    lambda at, title: f"{at}\t| {title}",
]
_TITLES = st.text("abcXYZéß中 日🎙", min_size=1, max_size=40).map(lambda text: f"T {text}".strip())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, MAX_SECONDS), min_size=2, max_size=12, unique=True).map(sorted),
    st.sampled_from(_FORMS),
    st.lists(_TITLES, max_size=3),
    st.data(),
)
def test_read_chapters_of_a_written_list_gives_what_was_written(
    starts: list[int], form: Callable[[str, str], str], prose: list[str], data: st.DataObject
):
    titles = [" ".join(data.draw(_TITLES).split()) for _ in starts]
    lines = [form(clock(at), title) for at, title in zip(starts, titles, strict=True)]
    written = "\n".join(["About this: words.", *lines, *(line for line in prose)])
    read = [(chapter.start_ms // 1_000, chapter.title) for chapter in read_chapters(written)]
    assert read == list(zip(starts, titles, strict=True))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_VALUES = (
    _JSON | st.floats(0, MAX_SECONDS) | st.sampled_from(["1:00", "5.5", "https://example.org/"])
)
_KEYS = st.sampled_from(["startTime", "endTime", "title", "url", "toc", "img"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.dictionaries(_KEYS, _VALUES), max_size=5) | _JSON, st.booleans())
def test_read_json_chapters_of_any_json_are_sound_or_refused(value: object, bare: bool):
    document = json.dumps(value if bare else {"version": "1.2.0", "chapters": value})
    with contextlib.suppress(BadDocument):
        _assert_sound(read_json_chapters(document))


@settings(max_examples=100, deadline=None)
@given(st.text() | st.binary())
def test_read_json_chapters_of_garbage_raises_nothing_but_bad_document(garbage: str | bytes):
    with contextlib.suppress(BadDocument):
        read_json_chapters(garbage)


@settings(max_examples=300, deadline=None)
@given(
    st.binary()
    | st.lists(st.sampled_from(_TAGS), max_size=60).flatmap(
        lambda shards: st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-16-be"]).map(
            lambda encoding: "".join(["<rss>", *shards]).encode(encoding, "replace")
        )
    )
)
def test_read_feed_of_garbage_is_sound_or_refused(document: bytes):
    with contextlib.suppress(BadDocument):
        for item in read_feed(document, "https://example.org/").items:
            _assert_item_sound(item)


_FEED = b"""<?xml version='1.0' encoding='utf-8'?>
<rss version='2.0' xmlns:p='https://podcastindex.org/namespace/1.0'
xmlns:a='http://www.w3.org/2005/Atom'><channel><title>S</title>
<item><title>A</title><guid>1</guid><link>https://example.org/1</link><enclosure url='/1.mp3'/>
<pubDate>Wed, 02 Oct 2024 15:00:00 GMT</pubDate><a:link rel='enclosure' href='/2'/>
<description><![CDATA[<p>0:00 A<br>1:00 B</p>]]></description>
<p:transcript url='/t' type='text/vtt'/></item>
<item><title>B</title><guid>1</guid></item></channel></rss>"""


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_read_feed_that_somebody_mangled_is_sound_or_refused(data: st.DataObject):
    document = _FEED
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(document)))
        gone = data.draw(st.integers(0, 3))
        shard = data.draw(st.binary(max_size=3) | st.sampled_from(_TAGS).map(str.encode))
        document = document[:place] + shard + document[place + gone :]
    with contextlib.suppress(BadDocument):
        items = read_feed(document, "https://example.org/").items
        assert len({item.guid for item in items}) == len(items)
        for item in items:
            _assert_item_sound(item)


def test_control_characters_that_xml_allows_are_in_no_name_and_no_text():
    document = "<rss><item><guid>a\x9fb</guid><title>c\x7fd</title></item></rss>"
    (item,) = read_feed(document.encode()).items
    assert (item.guid, item.title) == ("ab", "cd")


@settings(max_examples=200, deadline=None)
@given(st.text() | st.text("0123456789:.-+ ,TZGMTOctWedPA", max_size=40))
def test_dates_and_durations_of_garbage_are_read_or_none(text: str):
    assert (at := read_date(text)) is None or at.tzinfo is not None
    assert (length := read_duration(text)) is None or 0 < length <= MAX_SECONDS


@settings(max_examples=200, deadline=None)
@given(st.text() | st.lists(st.sampled_from([*_SHARDS, *_TAGS])).map("".join))
def test_plain_text_of_anything_is_bounded_and_tidy(text: str):
    plain = plain_text(text)
    assert "\n\n\n" not in plain
    assert plain == plain.strip()
    line = plain_line(text)
    assert len(line) <= MAX_TITLE
    assert line == " ".join(line.split())


_BOMBS = [
    "0:00", "0:00 ", "0:00-", "1:00 (", "[0:00](", "(", "[", "<", "<p ", "<br>", "<!--", "<script>",
    "&", "&a", "&#1", "&#11111;", " ", "\t", "\n", "\n ", "\r", "*", "_", "`", "- ", "1. ", "1",
    "：",
    "0:00 A\n", "0:00\nA\n", "1:00 A\n0:00 B\n", "A 0:00\n", "<li>0:00 A", "| 0:00 ", "9:99 A\n",
    "-", "ad ",
    "sponsor ", "https://", "<![CDATA[", "]]", "<a href='", "\ud800", ".", ")", "1,", "٠:",
]  # fmt: skip


def _seconds(read: Callable[[], object]) -> float:
    start = time.process_time()
    with contextlib.suppress(BadDocument):
        read()
    return time.process_time() - start


@pytest.mark.parametrize("shard", _BOMBS)
def test_a_million_characters_of_anything_are_read_in_linear_time(shard: str):
    # Anything quadratic would take minutes; linear is below a second on any machine.
    bomb = shard * (1_000_000 // len(shard))
    within = shard * (200_000 // len(shard))
    assert _seconds(lambda: read_chapters(bomb)) < 10
    assert _seconds(lambda: plain_text(bomb)) < 10
    assert _seconds(lambda: (is_sponsor(bomb), read_date(bomb), read_duration(bomb))) < 1
    data = f"<rss><channel><item><title>A</title><description>{within}".encode("utf-8", "replace")
    for end in (b"", b"</description></item></channel></rss>"):
        assert _seconds(lambda end=end: read_feed(data + end)) < 10
    assert _seconds(lambda: read_feed(b"<rss a='" + data + b"'>")) < 10
    assert _seconds(lambda: read_feed(bomb.encode("utf-8", "replace"))) < 10


def test_feed_is_read_in_half_the_time_of_feedparser():
    words_of_it = "Lorem ipsum dolor sit amet, <a href='https://example.org/x'>consetetur</a>. "
    item = (
        "<item><title>Episode {0}</title><guid>g{0}</guid><link>https://example.org/{0}</link>"
        "<enclosure url='https://example.org/{0}.mp3' type='audio/mpeg'/>"
        "<itunes:duration>1:02:03</itunes:duration><pubDate>Wed, 02 Oct 2024 15:00:00 GMT</pubDate>"
        "<podcast:transcript url='https://example.org/{0}.vtt' type='text/vtt'/>"
        f"<description><![CDATA[<p>{words_of_it * 6}</p>]]></description></item>"
    )

    def document(count: int) -> bytes:
        items = "".join(item.format(number) for number in range(count))
        return f"<rss><channel><title>S</title>{items}</channel></rss>".encode()

    # Turn by turn: others are at work on this machine, and make it slower for a while.
    few = document(500)
    ratios = [
        _seconds(lambda: read_feed(few)) / _seconds(lambda: feedparser.parse(few)) for _ in range(7)
    ]
    assert statistics.median(ratios) < 1 / 2
    assert len(read_feed(document(5_000)).items) == 5_000
