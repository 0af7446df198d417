"""Feeds against feedparser, lists of chapters against yt-dlp: alike but where we mean to differ.

``docs/readers-feeds.md`` lists each difference and says why; here each is shown.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadDocument
from bot.ingest.chapter_lists import read_chapters
from bot.ingest.feeds import read_feed
from tests.strategies import clock

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

URL = "https://example.org/show/feed.xml"
PODCAST = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
HOURS = 99 * 3600
PAGE = Path(__file__).resolve().parents[3] / "docs" / "readers-feeds.md"


def rss(items: str, attributes: str = "", title: str = "Show") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {attributes}><channel>'
        f"<title>{title}</title>{items}</channel></rss>"
    ).encode()


def item(inner: str) -> bytes:
    return rss(f"<item><title>A</title>{inner}</item>", PODCAST)


def feedparsers(document: bytes) -> Any:
    import feedparser

    headers = {"content-location": URL, "content-type": "application/xml"}
    return feedparser.parse(document, response_headers=headers)


def yt_dlps(text: str) -> list[tuple[int, str]]:
    from yt_dlp.extractor.common import InfoExtractor

    quiet = SimpleNamespace(params={}, write_debug=lambda _: None, report_warning=lambda _: None)
    extractor = InfoExtractor(quiet)
    chapters = extractor._extract_chapters_from_description(text, HOURS)
    return [(chapter["start_time"], chapter["title"]) for chapter in chapters or []]


def our_chapters(text: str) -> list[tuple[int, str]] | str:
    try:
        return [(chapter.start_ms // 1_000, chapter.title) for chapter in read_chapters(text)]
    except BadDocument as error:
        return error.sentence


_LETTERS = st.text("abc XYZ éß – “” 中日🎙 &<>'!?", min_size=1, max_size=30).map(
    lambda text: f"T{' '.join(text.split())}"
)
_MOMENTS = st.integers(631_152_000, 4_102_444_800).map(lambda at: datetime.fromtimestamp(at, UTC))
_EPISODES = st.lists(st.tuples(_LETTERS, _MOMENTS, st.integers(1, 10**9)), max_size=3)


def _written(number: int, title: str, at: datetime, size: int, *, atom: bool) -> str:
    page, media = f"https://example.org/{number}", f"https://example.org/{number}.mp3?a=1&amp;b=2"
    title = escape(escape(title))
    if atom:
        return (
            f"<entry><id>urn:id:{number}</id><title type='html'>{title}</title>"
            f"<link href='{page}'/><published>{at.isoformat()}</published>"
            f"<link rel='enclosure' type='audio/mpeg' length='{size}' href='{media}'/></entry>"
        )
    return (
        f"<item><guid isPermaLink='false'>id-{number}</guid><title>{title}</title>"
        f"<link>{page}</link><pubDate>{at.strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate>"
        f"<enclosure url='{media}' type='audio/mpeg' length='{size}'/></item>"
    )


@settings(max_examples=30, deadline=None)
@given(_EPISODES, _LETTERS, st.booleans(), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_feeds_without_slips_are_read_like_feedparser(
    episodes: list[tuple[str, datetime, int]], title: str, atom: bool, encoding: str
):
    items = "".join(_written(n, *episode, atom=atom) for n, episode in enumerate(episodes))
    around = (
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>", "</title>", "</feed>")
        if atom
        else ("<rss version='2.0'><channel><title>", "</title>", "</channel></rss>")
    )
    text = around[0] + escape(escape(title)) + around[1] + items + around[2]
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' + text
    theirs, ours = feedparsers(declared.encode(encoding)), read_feed(declared.encode(encoding), URL)
    assert unescape(theirs.feed.title) == ours.title == title
    assert [
        (
            each.id,
            unescape(each.title),
            each.link,
            each.enclosures[0].href,
            each.enclosures[0].type,
            datetime(*each.published_parsed[:6], tzinfo=UTC),
        )
        for each in theirs.entries
    ] == [
        (each.guid, each.title, each.link, each.media_url, each.media_type, each.published_at)
        for each in ours.items
    ]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, HOURS), min_size=3, max_size=12, unique=True).map(sorted),
    st.lists(st.text("abcXYZ éß中日🎙", min_size=1, max_size=20), min_size=12, max_size=12),
    st.sampled_from(["{at} {title}", "{at} - {title}", "{at} | {title}", "{title} {at}"]),
    st.booleans(),
)
def test_plain_lists_are_read_like_yt_dlp(
    starts: list[int], titles: list[str], form: str, prose: bool
):
    starts[0] = 0 if form.startswith("{title}") else starts[0]
    lines = [
        form.format(at=clock(at), title=f"T{' '.join(title.split())}e")
        for at, title in zip(starts, titles, strict=False)
    ]
    text = "\n".join([*(["About this, and more.", ""] if prose else []), *lines])
    assert our_chapters(text) == yt_dlps(text)


CHAPTERS = {
    "brackets": (
        "(00:00) A\n(01:00) B",
        [],
        [(0, "A"), (60, "B")],
    ),
    "bullets": (
        "• 0:00 A\n• 1:00 B",
        [],
        [(0, "A"), (60, "B")],
    ),
    "full-width colons": (
        "0：00 A\n1：00 B",
        [],
        [(0, "A"), (60, "B")],
    ),
    "three digits of minutes": (
        "100:30 A\n120:00 B",
        [],
        [(6030, "A"), (7200, "B")],
    ),
    "ranges": (
        "0:00-1:00 A\n1:00-2:00 B",
        [],
        [(0, "A"), (60, "B")],
    ),
    "linked times": (
        "[0:00](https://youtu.be/abcdefghijk?t=0) A\n[1:00](https://youtu.be/abcdefghijk?t=60) B",
        [],
        [(0, "A"), (60, "B")],
    ),
    "an emoji before the time": (
        "A 🎙 0:00\nB 🎙 1:00\nC 🎙 2:00",
        [(0, "A"), (60, "B"), (120, "C")],
        [(0, "A 🎙"), (60, "B 🎙"), (120, "C 🎙")],
    ),
    "HTML": (
        "0:00 A &amp; B<br>1:00 C",
        [(0, "A &amp; B<br>1:00 C")],
        [(0, "A & B"), (60, "C")],
    ),
    "a time in prose": (
        "We meet at 9:00",
        [(540, "We meet at")],
        "I see no list of chapters there: a line for each, such as 1:02:03 Title.",
    ),
    "times of day": (
        "9:00 AM doors\n11:00 AM end",
        [(540, "AM doors"), (660, "AM end")],
        "I see no list of chapters there: a line for each, such as 1:02:03 Title.",
    ),
    "lengths of songs": (
        "Song 3:45\nOther 4:10\nLast 5:00",
        [(225, "Song"), (250, "Other"), (300, "Last")],
        "I see no list of chapters there: a line for each, such as 1:02:03 Title.",
    ),
    "a slip in the order": (
        "0:00 A\n21:30 B\n15:00 C\n20:00 D",
        [(0, "A"), (900, "C"), (1200, "D"), (1290, "B")],
        "Line 3: 15:00 comes after 21:30 of line 2, but lies before it.",
    ),
    "two titles for one time": (
        "0:00 A\n0:00 B\n1:00 C",
        [(0, "A"), (0, "B"), (60, "C")],
        "Line 2: 0:00 is the time of line 1 already.",
    ),
    "two lists": (
        "0:00 A\n1:00 B\n\n0:00 Uno\n1:00 Dos",
        [(0, "A"), (0, "Uno"), (60, "B"), (60, "Dos")],
        [(0, "A"), (60, "B")],
    ),
    "hours and minutes": (
        "58:00 A\n1:02:03 B\n1:15 C",
        [(75, "C"), (3480, "A"), (3723, "B")],
        [(3480, "A"), (3723, "B"), (4500, "C")],
    ),
}

FEEDS: dict[str, tuple[bytes, str, object, object]] = {
    "several transcripts": (
        item('<podcast:transcript url="https://example.org/1.vtt"/>'
             '<podcast:transcript url="https://example.org/1.srt"/>'),
        "transcripts", ["https://example.org/1.srt"],
        ["https://example.org/1.vtt", "https://example.org/1.srt"],
    ),
    "another prefix": (
        rss('<item><p:transcript url="https://a.de/"/><title>A</title></item>',
            PODCAST.replace(":podcast", ":p")),
        "transcripts", [], ["https://a.de/"],
    ),
    "a relative transcript": (
        item('<podcast:transcript url="/1.vtt"/>'),
        "transcripts", ["/1.vtt"], ["https://example.org/1.vtt"],
    ),
    "a relative enclosure": (
        item('<enclosure url="/1.mp3" type="audio/mpeg"/>'),
        "media", "/1.mp3", "https://example.org/1.mp3",
    ),
    "a picture before the recording": (
        item('<enclosure url="https://a.de/1.png" type="image/png"/>'
             '<enclosure url="https://a.de/1.mp3" type="audio/mpeg"/>'),
        "media", "https://a.de/1.png", "https://a.de/1.mp3",
    ),
    "a link that runs a script": (
        item("<link>javascript:alert(1)</link>"), "link", "javascript:alert(1)", "",
    ),
    "no id": (
        item('<enclosure url="https://a.de/1.mp3" type="audio/mpeg"/>'),
        "guid", None, "https://a.de/1.mp3",
    ),
    "an id that two recordings share": (
        rss('<item><guid isPermaLink="false">x</guid><enclosure url="https://a.de/1.mp3"/></item>'
            '<item><guid isPermaLink="false">x</guid><enclosure url="https://a.de/2.mp3"/></item>'),
        "guid", "x", "https://a.de/1.mp3",
    ),
    "an id that is a relative link": (
        item("<guid>x</guid>"), "guid", "https://example.org/show/x", "x",
    ),
    "HTML in a title": (
        rss("<item/>", title="A &lt;b&gt;B&lt;/b&gt; &amp;amp; C"),
        "show", "A <b>B</b> &amp; C", "A B & C",
    ),
    "a stray byte in UTF-8": (
        rss("", title="Café –").replace("–".encode(), b"\x96"), "show", "CafÃ© –", "Café –",
    ),
    "an afternoon": (
        item("<pubDate>Wed, 02 Oct 2024 03:00 PM EST</pubDate>"),
        "published", (2024, 10, 2, 3, 0), (2024, 10, 2, 20, 0),
    ),
    "a European zone": (
        item("<pubDate>Wed, 02 Oct 2024 15:00:00 CEST</pubDate>"),
        "published", (2024, 10, 2, 15, 0), (2024, 10, 2, 13, 0),
    ),
    "a date that means none": (
        item("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>"),
        "published", (1970, 1, 1, 0, 0), None,
    ),
    "a usual prefix of another namespace": (
        rss("<item><title>A</title><itunes:duration>90</itunes:duration></item>",
            'xmlns:itunes="https://example.org/mine"'),
        "duration", "90", None,
    ),
    "entities of its own": (
        b'<!DOCTYPE rss [<!ENTITY x "ha">]><rss><channel><title>&x;</title></channel></rss>',
        "show", "&x;", "Line 1: This feed declares entities of its own, which no feed needs.",
    ),
    "a feed cut off": (
        b"<rss><channel><title>Show</title>\n<item><title>A</title></item><item>",
        "show", "Show", "Line 2: This feed's XML is broken: no element found.",
    ),
    "tags that do not close": (
        rss("<item><description>a<br>b</description></item>"),
        "show", "Show", "Line 1: This feed's XML is broken: mismatched tag.",
    ),
    "a web page": (
        b"<html><head><title>A</title></head></html>",
        "show", None, "This is a web page, not a feed: look for its RSS link.",
    ),
}  # fmt: skip


def _theirs(document: bytes, part: str) -> object:
    parsed = feedparsers(document)
    if part == "show":
        return parsed.feed.get("title")
    first = parsed.entries[0]
    transcript = first.get("podcast_transcript")
    media = [link.href for link in first.get("links", []) if link.rel == "enclosure"]
    parts = {
        "transcripts": [transcript["url"]] if transcript else [],
        "media": next(iter(media), ""),
        "link": first.get("link"),
        "guid": first.get("id"),
        "published": tuple(first.published_parsed[:5]) if "published_parsed" in first else None,
        "duration": first.get("itunes_duration"),
    }
    return parts[part]


def _ours(document: bytes, part: str) -> object:
    try:
        feed = read_feed(document, URL)
    except BadDocument as error:
        return error.sentence
    if part == "show":
        return feed.title
    first = feed.items[0]
    parts = {
        "transcripts": [transcript.url for transcript in first.transcripts],
        "media": first.media_url,
        "link": first.link,
        "guid": first.guid,
        "published": first.published_at and first.published_at.timetuple()[:5],
        "duration": first.duration_s,
    }
    return parts[part]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_list_that_yt_dlp_reads_otherwise_is_read_as_the_page_says(name: str):
    text, theirs, ours = CHAPTERS[name]
    assert yt_dlps(text) == theirs
    assert our_chapters(text) == ours


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_that_feedparser_reads_otherwise_is_read_as_the_page_says(name: str):
    document, part, theirs, ours = FEEDS[name]
    assert _theirs(document, part) == theirs
    assert _ours(document, part) == ours


def test_every_difference_stands_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    rows = [row.split("|")[1].strip() for row in page.splitlines() if re.match(r"\| [^|]+\|", row)]
    assert [row for row in rows if row != "input"] == [*CHAPTERS, *FEEDS]
