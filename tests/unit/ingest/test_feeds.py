"""Feeds as podcasts publish them, right and wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.errors import BadDocument
from bot.core.transcript import Chapter
from bot.ingest.feed_dates import read_date, read_duration
from bot.ingest.feeds import Feed, FeedItem, TranscriptLink, read_feed

URL = "https://example.org/show/feed.xml"
PODCAST = "https://podcastindex.org/namespace/1.0"


def rss(items: str, *, attributes: str = "", channel: str = "<title>Show</title>") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {attributes}>\n'
        f"<channel>{channel}\n{items}\n</channel></rss>\n"
    ).encode()


def only(document: bytes, url: str = URL) -> FeedItem:
    (item,) = read_feed(document, url).items
    return item


EVERYTHING = rss(
    """<item>
    <title>Ep. 1: R&amp;D</title><guid isPermaLink="false">abc-1</guid>
    <link>https://example.org/1</link><pubDate>Wed, 02 Oct 2024 15:00:00 +0200</pubDate>
    <enclosure url="https://cdn.example.org/1.mp3?a=1&amp;b=2" length="9" type="audio/mpeg"/>
    <i:duration>1:02:03</i:duration>
    <p:transcript url="/t/1.vtt" type="Text/VTT; charset=utf-8" language="en" rel="captions"/>
    <p:transcript url="/t/1.srt" type="application/x-subrip" language="pt_BR"/>
    <p:transcript url="ftp://example.org/1.txt" type="text/plain"/>
    <p:chapters url="/c/1.json" type="application/json+chapters"/>
    <description>Short.</description>
    <c:encoded><![CDATA[<p>Hello &amp; welcome.</p><p>0:00 Intro<br>1:00 Talk</p>]]></c:encoded>
    </item>""",
    attributes=f'xmlns:p="{PODCAST}" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:c="http://purl.org/rss/1.0/modules/content/"',
    channel="<title>Show</title><link>https://example.org/</link>",
)


def test_an_rss_feed_under_prefixes_of_its_own_is_read_whole():
    assert read_feed(EVERYTHING, URL) == Feed(
        title="Show",
        link="https://example.org/",
        items=(
            FeedItem(
                guid="abc-1",
                title="Ep. 1: R&D",
                link="https://example.org/1",
                published_at=datetime(2024, 10, 2, 13, tzinfo=UTC),
                media_url="https://cdn.example.org/1.mp3?a=1&b=2",
                media_type="audio/mpeg",
                duration_s=3723,
                description="Hello & welcome.\n\n0:00 Intro\n1:00 Talk",
                transcripts=(
                    TranscriptLink("https://example.org/t/1.vtt", "text/vtt", "en", "captions"),
                    TranscriptLink("https://example.org/t/1.srt", "application/x-subrip", "pt-BR"),
                ),
                chapters_url="https://example.org/c/1.json",
                chapters_type="application/json+chapters",
                chapters=(Chapter(0, "Intro"), Chapter(60_000, "Talk")),
            ),
        ),
    )


@pytest.mark.parametrize(
    "uri",
    [
        PODCAST,
        "http://podcastindex.org/namespace/1.0/",
        "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    ],
)
@pytest.mark.parametrize("prefix", ["podcast", "pc", "x-1"])
def test_the_podcast_namespace_is_known_by_each_of_its_names(uri: str, prefix: str):
    item = f'<item><title>A</title><{prefix}:transcript url="https://example.org/t"/></item>'
    assert only(rss(item, attributes=f'xmlns:{prefix}="{uri}"')).transcripts


def test_a_usual_prefix_that_was_not_declared_is_understood():
    assert only(
        rss("<item><title>A</title><itunes:duration>90</itunes:duration></item>")
    ).duration_s


def test_a_usual_prefix_that_was_declared_as_something_else_is_not():
    item = "<item><title>A</title><itunes:duration>90</itunes:duration></item>"
    document = rss(item, attributes='xmlns:itunes="https://example.org/mine"')
    assert only(document).duration_s is None


def test_an_atom_feed_is_read():
    document = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/a/">
    <title type="text">AT&amp;T &lt;3</title><link rel="self" href="feed"/><link href="/"/>
    <entry xml:base="b/"><id>tag:1</id><title type="html">&lt;b&gt;One&lt;/b&gt; &amp;amp; two
    </title><link href="one"/><link rel="enclosure" type="audio/mpeg" href="one.mp3" length="5"/>
    <updated>2024-10-03T00:00:00Z</updated><published>2024-10-02T15:00:00+02:00</published>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <b>you</b> &lt;3</p>
    <p>There</p></div></content></entry></feed>"""
    feed = read_feed(document, URL)
    assert (feed.title, feed.link) == ("AT&T <3", "https://example.org/")
    assert feed.items == (
        FeedItem(
            guid="tag:1",
            title="One & two",
            link="https://example.org/a/b/one",
            published_at=datetime(2024, 10, 2, 13, tzinfo=UTC),
            media_url="https://example.org/a/b/one.mp3",
            media_type="audio/mpeg",
            description="Hi you <3\n\nThere",
        ),
    )


def test_a_youtube_channels_feed_gives_its_videos():
    document = b"""<?xml version="1.0"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015"
    xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom"><title>C</title>
    <entry><id>yt:video:abcdefghijk</id><yt:videoId>abcdefghijk</yt:videoId><title>V</title>
    <link rel="alternate" href="https://www.youtube.com/watch?v=abcdefghijk"/>
    <published>2024-10-02T15:00:00+00:00</published><media:group><media:title>V</media:title>
    <media:content url="https://www.youtube.com/v/abcdefghijk?version=3"
    type="application/x-shockwave-flash"/><media:description>Words &lt;3
0:00 Intro
1:00 Talk</media:description></media:group></entry></feed>"""
    item = only(document)
    assert item.youtube_url == "https://youtu.be/abcdefghijk"
    assert item.media_url == ""
    assert item.description == "Words <3\n0:00 Intro\n1:00 Talk"
    assert [chapter.title for chapter in item.chapters] == ["Intro", "Talk"]


def test_podlove_chapters_come_before_those_of_a_description():
    item = """<item><title>A</title><description>0:00 X&lt;br&gt;1:00 Y</description>
    <s:chapters version="1.2"><s:chapter start="00:01:00.5" title="B" href="/b"/>
    <s:chapter start="0" title="A &amp;amp; C"/><s:chapter start="99"/></s:chapters></item>"""
    read = only(rss(item, attributes='xmlns:s="http://podlove.org/simple-chapters"'))
    assert read.chapters == (
        Chapter(0, "A & C"),
        Chapter(60_500, "B", url="https://example.org/b"),
    )


def test_podlove_chapters_with_a_time_of_no_meaning_do_not_count():
    item = """<item><title>A</title><psc:chapters><psc:chapter start="soon" title="B"/>
    <psc:chapter start="5" title="C"/></psc:chapters></item>"""
    assert only(rss(item)).chapters == ()


def test_rss_1_and_rss_under_atoms_namespace_are_read():
    rdf = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>S
    </title></channel><item><title>A</title><dc:date>2024-10-02</dc:date></item></rdf:RDF>"""
    assert read_feed(rdf).title == "S"
    assert only(rdf).published_at == datetime(2024, 10, 2, tzinfo=UTC)
    mistaken = rss(
        "<item><title>A</title></item>", attributes='xmlns="http://www.w3.org/2005/Atom"'
    )
    assert only(mistaken).title == "A"


_LATIN = "<rss><channel><title>Café “late” – ok</title></channel></rss>"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(_LATIN.encode(), id="UTF-8 undeclared"),
        pytest.param(_LATIN.encode("utf-8-sig"), id="UTF-8 with its mark"),
        pytest.param(_LATIN.encode("utf-16"), id="UTF-16 with its mark"),
        pytest.param(_LATIN.encode("utf-16-be"), id="UTF-16 without"),
        pytest.param(_LATIN.encode("utf-32"), id="UTF-32"),
        pytest.param(_LATIN.encode("cp1252"), id="cp1252 undeclared"),
        *(
            pytest.param(f'<?xml version="1.0" encoding="{name}"?>'.encode() + _LATIN.encode(codec),
                         id=f"{name} is {codec}")
            for name, codec in [
                ("ISO-8859-1", "cp1252"), ("windows-1252", "cp1252"), ("US-ASCII", "cp1252"),
                ("ISO-8859-1", "utf-8"), ("utf-16", "utf-8"), ("UTF-8", "cp1252"), ("no", "utf-8"),
                ("GB2312", "gb18030"), ("utf-7", "utf-8"), ("unicode_escape", "utf-8"),
            ]
        ),
        pytest.param(_LATIN.encode().replace("–".encode(), b"\x96"), id="one stray byte"),
    ],
)  # fmt: skip
def test_an_encoding_declared_wrongly_or_not_at_all_is_found(document: bytes):
    assert read_feed(document).title == "Café “late” – ok"


def test_customary_slips_of_xml_are_mended():
    document = (
        b"\n\n  Warning: <b>oops</b> in feed.php\n<?xml version='1.0'?>\n<!-- a -- b -->\n"
        b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/r.dtd">\n'
        b"<rss><channel><title>A &nbsp; B & C &unknown; &#146;\x08 &#0;&eacute; I <3 U</title>"
        b"<link>https://example.org/?a=1&b=2</link></channel></rss> <!-- cached --> junk"
    )
    feed = read_feed(document)
    assert feed.title == "A B & C &unknown; ’ \ufffdé I <3 U"
    assert feed.link == "https://example.org/?a=1&b=2"


def test_character_data_is_left_as_it_is():
    item = "<item><title><![CDATA[A & B &lt;3 <i>C</i>]]></title></item>"
    assert only(rss(item)).title == "A & B <3 C"


@pytest.mark.parametrize(
    ("items", "guids"),
    [
        ("<enclosure url='/1.mp3'/><link>/1</link>", ["https://example.org/1.mp3"]),
        ("<link>/1</link>", ["https://example.org/1"]),
        ("<guid>  </guid><link>/1</link>", ["https://example.org/1"]),
        (
            "<guid>x</guid><enclosure url='/1.mp3'/>|<guid>x</guid><enclosure url='/2.mp3'/>",
            ["https://example.org/1.mp3", "https://example.org/2.mp3"],
        ),
        ("<guid>x</guid><enclosure url='/1.mp3'/>|<guid>x</guid><enclosure url='/1.mp3'/>", ["x"]),
        ("<guid>x</guid><link>/1</link>|<guid>y</guid><link>/1</link>", ["x", "y"]),
    ],
)
def test_a_missing_or_shared_id_is_replaced_by_what_names_the_recording(items: str, guids: list):
    document = rss("".join(f"<item><title>T</title>{item}</item>" for item in items.split("|")))
    assert [item.guid for item in read_feed(document, URL).items] == guids


def test_an_item_of_a_title_alone_is_named_by_what_it_says():
    one, other, dated = read_feed(
        rss(
            "<item><title>A</title></item><item><title>B</title></item><item><title>A</title></item>"
            "<item><title>A</title><pubDate>2024-10-02</pubDate></item>"
        )
    ).items
    assert len({one.guid, other.guid, dated.guid}) == 3
    assert all(item.guid.startswith("sha256:") for item in (one, other, dated))


def test_a_dated_item_keeps_its_name_when_its_notes_are_edited():
    item = "<item><title>A</title><pubDate>2024-10-02</pubDate><description>{}</description></item>"
    assert only(rss(item.format("x"))).guid == only(rss(item.format("y"))).guid


def test_a_guid_of_any_length_names_its_item():
    one = only(rss(f"<item><title>A</title><guid>{'x' * 5_000}1</guid></item>"))
    other = only(rss(f"<item><title>A</title><guid>{'x' * 5_000}2</guid></item>"))
    assert one.guid != other.guid
    assert len(one.guid) < 100


def test_a_permanent_id_is_a_link_where_there_is_no_other():
    assert only(rss("<item><guid>https://example.org/1</guid></item>")).link
    assert not only(
        rss("<item><title>A</title><guid isPermaLink='false'>https://example.org/1</guid></item>")
    ).link


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.org/", "//[",
     "", "https://user:pass@example.org/", "https://example.org/" + "a" * 3_000,
     "mailto:a@example.org"],
)  # fmt: skip
def test_a_link_that_is_not_http_is_left_out(link: str):
    item = f"<item><title>A</title><link>{link}</link><enclosure url='{link}'/></item>"
    read = only(rss(item))
    assert (read.link, read.media_url) == ("", "")


def test_a_recording_is_chosen_before_its_picture():
    item = """<item><title>A</title><media:content url="/a.jpg" medium="image"/>
    <enclosure url="/a.png" type="image/png"/><enclosure url="/a.bin"/>
    <media:group><media:content url="/a.mp4" medium="video" duration="61"/></media:group></item>"""
    read = only(rss(item))
    assert (read.media_url, read.media_type, read.duration_s) == (
        "https://example.org/a.mp4", "video", 61,
    )  # fmt: skip


def test_an_enclosure_without_a_type_is_the_recording_if_nothing_else_is():
    read = only(rss("<item><enclosure url=' /a b.mp3&amp;amp;c&#10; ' type='x'/></item>"))
    assert (read.media_url, read.media_type) == ("https://example.org/a%20b.mp3&c", "")


def test_texts_are_plain_and_bounded():
    item = (
        f"<item><title>&lt;script&gt;x()&lt;/script&gt;A\n b {'c' * 400}</title>"
        f"<description>{'word ' * 20_000}</description></item>"
    )
    read = only(rss(item))
    assert read.title.startswith("A b ccc")
    assert len(read.title) == 300
    assert len(read.description) <= 50_000


def test_an_item_without_a_title_borrows_the_first_words():
    assert only(
        rss("<item><description>Hello &lt;b&gt;all&lt;/b&gt;</description></item>")
    ).title == ("Hello all")


def test_an_item_that_says_nothing_is_none():
    assert read_feed(rss("<item/><item><pubDate>2024-10-02</pubDate></item>")).items == ()


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "empty"),
        (b"hello", "no feed"),
        (b'{"a": 1}', "no feed"),
        (b"<!doctype html><html><head></head></html>", "web page"),
        (b"<?xml version='1.0'?><opml/>", "no feed"),
        (b"<feed><title>A</title></feed>", "neither RSS nor Atom"),
        (b"<rss>\n<channel>\n<title>A</channel></rss>", "Line 3: This feed's XML is broken"),
        (b"\n\n<?xml version='1.0'?>\n<rss>\n<channel>", "Line 5: This feed's XML is broken"),
        (b"<!DOCTYPE rss [<!ENTITY l0 'ha'>" + _LAUGHS.encode() + b"]><rss>&l9;</rss>", "entities"),
        (b"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss>&x;</rss>", "entities"),
        (b"<!DOCTYPE rss [<!ENTITY % x SYSTEM 'http://127.0.0.1/'> %x;]><rss/>", "entities"),
        (b"<!DOCTYPE rss [<!ATTLIST rss a CDATA 'aaaa'>]>\n<rss/>", "Line 1: This feed declares"),
        (b"<rss>" + b"<a>" * 200, "nested deeper than 100"),
        (b"<rss>" + b"<a/>" * 30_000, "more than 20,000 elements"),
        (b"<rss><item>" + b"<a/>" * 30_000, "more than 20,000 elements"),
        (b"<rss " + b"".join(b"xmlns:a%d='u' " % n for n in range(200)) + b"/>", "100 namespaces"),
        (b"<rss>" + b" " * 20_000_000, "larger than 20 MB"),
    ],
)  # fmt: skip
def test_what_is_no_feed_or_an_attack_is_refused(document: bytes, sentence: str):
    with pytest.raises(BadDocument) as caught:
        read_feed(document)
    assert sentence in caught.value.sentence


def test_too_many_items_are_refused():
    items = "".join(
        f"<item><guid>{number}</guid><title>A</title></item>" for number in range(20_001)
    )
    with pytest.raises(BadDocument, match="more than 20,000 items"):
        read_feed(rss(items))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Wed, 02 Oct 2024 15:00:00 GMT", "2024-10-02T15:00"),
        ("Wed, 2 Oct 2024 15:00 +0200", "2024-10-02T13:00"),
        ("02 Oct 24 15:00:00 EST", "2024-10-02T20:00"),
        ("Mi, 02 October 2024 15:00:00 CEST", "2024-10-02T13:00"),
        ("mié., 02 Oct 2024 15:00:00 GMT+2", "2024-10-02T13:00"),
        ("Wed, 02 Oct 2024 03:00 PM EST", "2024-10-02T20:00"),
        ("Wed, 02 Oct 2024 12:05:00 am UTC", "2024-10-02T00:05"),
        ("October 2, 2024 15:00:00", "2024-10-02T15:00"),
        ("2024-10-02", "2024-10-02T00:00"),
        ("2024-10-02T15:00:00Z", "2024-10-02T15:00"),
        ("2024-10-02 15:00:00 UTC", "2024-10-02T15:00"),
        ("2024-10-02T15:00:00.123-05:00", "2024-10-02T20:00"),
        ("2024-10-02 15:00:00 +0530", "2024-10-02T09:30"),
        (" Wed, 02 Oct 2024\n 15:00:00 Z ", "2024-10-02T15:00"),
    ],
)
def test_a_date_in_an_odd_form_is_read(written: str, read: str):
    at = read_date(written)
    assert at is not None
    assert at.isoformat().startswith(read)
    assert at.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "0001-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000", "2024-13-02",
     "Wed, 32 Oct 2024 15:00:00 GMT", "13:00 PM, 02 Oct 2024", "10/02/2024", "x" * 5_000,
     "9999-12-31T23:59:59-23:00", "Wed, 02 Oct 2024 25:00:00 GMT"],
)  # fmt: skip
def test_a_date_that_means_nothing_is_none(written: str):
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("3723", 3723), ("1:02:03", 3723), ("62:03", 3723), ("01:02:03.5", 3723), ("3723.9", 3723),
     ("1h 2m 3s", 3723), ("PT1H2M3S", 3723), ("4:08", 248), ("62 min", 3720), ("0", None),
     ("00:00:00", None), ("", None), ("soon", None), ("-5", None), ("1-2", None), ("9" * 99, None),
     ("1:99:99", None), ("https://youtu.be/abcdefghijk?t=5", None), ("1/2", None)],
)  # fmt: skip
def test_a_duration_in_any_form_is_read(written: str, seconds: int | None):
    assert read_duration(written) == seconds
