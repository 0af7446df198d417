"""Feeds and lists of chapters to begin from, and the grammars of more."""

from __future__ import annotations

from tests.fuzz.grammar import Grammar

FEED_SEEDS = (
    b"""<?xml version='1.0' encoding='utf-8'?>
<rss version='2.0' xmlns:p='https://podcastindex.org/namespace/1.0'
xmlns:psc='http://podlove.org/simple-chapters' xmlns:a='http://www.w3.org/2005/Atom'
xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>
<channel><title>S</title><link>https://example.org</link>
<item><title>A &amp; B</title><guid isPermaLink='false'>1</guid><link>https://example.org/1</link>
<enclosure url='/1.mp3' type='audio/mpeg' length='5'/><itunes:duration>1:02:03</itunes:duration>
<pubDate>Wed, 02 Oct 2024 15:00:00 GMT</pubDate><a:link rel='enclosure' href='/2'/>
<description><![CDATA[<p>0:00 A<br>1:00 B</p>]]></description>
<psc:chapters><psc:chapter start='0' title='x'/>
<psc:chapter start='1:00.5' title='y' href='/c'/></psc:chapters>
<p:transcript url='/t' type='text/vtt' language='en'/><p:chapters url='/c.json'/></item>
<item><title>B</title><guid>1</guid></item></channel></rss>""",
    b"""<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://example.org/a/'><title>S</title>
<link href='.'/><entry><id>tag:1</id><title type='html'>A &lt;b&gt;x&lt;/b&gt;</title>
<published>2024-10-02T15:00:00+02:00</published>
<link rel='alternate' href='https://youtu.be/aaaaaaaaaaa'/>
<link rel='enclosure' href='e.mp3' type='audio/mpeg'/>
<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One<br/>two</p></div></content></entry></feed>""",
    "<?xml version='1.0' encoding='iso-8859-1'?><!DOCTYPE rss PUBLIC 'x' 'y'>\n<rss>"
    "<channel><title>Caf\xe9 & more</title>"
    "<item><title>x &nbsp; <b></title><media:content url='https://a.example/x.mp4' "
    "medium='video' duration='61'/>"
    "<description>&lt;ul&gt;&lt;li&gt;(0:00) \x93A\x94&lt;/li&gt;&lt;li&gt;(2:00) "
    "B&lt;/li&gt;&lt;/ul&gt;</description>"
    "</item></channel></rss>".encode("latin-1"),
    "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel><title>Ü</title></channel>"
    "<item><link>https://example.org/x"
    "</link><dc:date>2024-10-02</dc:date></item></rdf:RDF>".encode("utf-16"),
)  # fmt: skip

_PROSE = {
    "word": ["a", "Intro", "R&amp;D", "é", "中文", "שלום", "&nbsp;", "&#39;", "&", "<b>", "x>y",
        "&lt;p&gt;", "1:00"],
    "words": ["{word}", "{word} {words}", "{word} {words}"],
    "d": list("0123456789"),
    "s": list("012345"),
    "clock": ["0:00", "{d}:{s}{d}", "1:{s}{d}:{s}{d}", "{d}{d}:{s}{d}", "{d}:{s}{d}.{d}",
        "0{d}:{s}{d}"],
    "nl": ["\n", "\n", "\n", "\r\n", "<br>", "\n\n"],
    "url": [
        "https://example.org/{d}", "/x", "https://youtu.be/aaaaaaaaaaa?t={d}", "x.mp3", "http://[",
        "javascript:x",
        "https://a.example/?a=b&amp;t={d}", "//b.example/é",
        "https://youtube.com/watch?v=bbbbbbbbbbb", " ", "data:,",
    ],
}  # fmt: skip

FEED = Grammar(
    _PROSE
    | {
        "document": ["{decl}<rss version='2.0'{ns}><channel>{parts}</channel></rss>",
            "{decl}<rss{ns}><channel>{parts}</channel></rss>",
                     "{decl}<feed xmlns='http://www.w3.org/2005/Atom'{ns}>{entries}</feed>",
                     "<rss{ns}>{parts}</rss>{words}"],
        "decl": ["", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='{charset}'?>",
            "{words}", "<!DOCTYPE rss SYSTEM 'x'>"],
        "charset": ["utf-8", "latin-1", "windows-1251", "shift_jis", "utf-16", "gb2312", "x",
            "utf-7", "iso-2022-jp", "big5"],
        "ns": ["", " xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'",
            " xmlns:podcast='x'{ns}", " xml:base='{url}'",
               " xmlns:psc='http://podlove.org/simple-chapters'{ns}",
               " xmlns:content='http://purl.org/rss/1.0/modules/content/'{ns}"],
        "parts": ["", "{field}{parts}", "<item{ns}>{fields}</item>{parts}",
            "<item>{fields}</item>{parts}", "<item>{fields}</item>{parts}"],
        "entries": ["", "{field}{entries}", "<entry>{fields}</entry>{entries}",
            "<entry>{fields}</entry>{entries}"],
        "fields": ["", "{field}{fields}", "{field}{fields}", "{field}{fields}", "{field}{fields}"],
        "field": [
            "<title>{words}</title>", "<title>{words}</title>", "<guid>{words}</guid>",
            "<guid>{url}</guid>", "<id>{words}</id>",
            "<link>{url}</link>", "<link href='{url}' rel='{rel}'/>",
            "<enclosure url='{url}' type='{type}'/>",
            "<pubDate>{date}</pubDate>", "<published>{date}</published>",
            "<itunes:duration>{length}</itunes:duration>",
            "<description>{text}</description>", "<description><![CDATA[{text}]]></description>",
            "<content:encoded>{text}</content:encoded>",
            "<content type='{type}'>{text}</content>",
            "<podcast:transcript url='{url}' type='{type}' language='{words}'/>",
            "<podcast:chapters url='{url}' type='{type}'/>", "<psc:chapters>{psc}</psc:chapters>",
            "<!-- {words} -->", "{words}",
            "<media:group><media:content url='{url}' medium='video'/></media:group>",
            "<x:y>{words}</x:y>", "<title>",
        ],
        "psc": ["", "<psc:chapter start='{clock}' title='{attr}' href='{url}'/>{psc}",
            "<psc:chapter start='{clock}' title='{attr}'/>{psc}"],
        "attr": ["Intro", "é", "&quot;", "&#10;", "\u200b", "a\nb"],
        "rel": ["alternate", "enclosure", "self", ""],
        "type": ["audio/mpeg", "text/vtt", "xhtml", "html", "text", "video/mp4; x=y", "é"],
        "date": ["Wed, 0{d} Oct 2024 1{d}:{s}{d}:00 {zone}", "2024-1{d}-0{d}T0{d}:00:00{zone}",
            "{d}{d}{d}{d}-{d}{d}-{d}{d}", "0001-01-01T00:00:00{zone}",
                 "9999-12-31T23:59:59{zone}", "Thu, 01 Jan 1970 00:00:00 GMT", "{words}"],
        "zone": ["GMT", "Z", "+0{d}:00", "-{d}{d}{d}{d}", "CEST", "+99:99", "", " PM EST", "-1400"],
        "length": ["{clock}", "{d}{d}{d}", "PT{d}H{d}M", "{d}h", "1:00-2:00", "-{d}", "{words}",
            "{d}{d}{d}.{d}"],
        "text": ["{words}", "{clock} {words}{nl}{text}", "({clock}) {words}{nl}{text}",
            "{words}{nl}{text}", "&lt;li&gt;{clock} {words}&lt;/li&gt;{text}"],
    }
)  # fmt: skip

CHAPTER_SEEDS = (
    "About this.\n\n0:00 Intro\n1:30 – Middle\n1:02:03 End\n".encode(),
    "(00:00) Intro\r\n• [02:00](https://youtu.be/aaaaaaaaaaa?t=120) **B**\r\n3. "
    "3:00–4:00 | C https://example.org/c\r\n".encode(),
    b"<p>Topics:</p><ul><li>0:00 A &amp; B</li><li>1:00 C</li></ul>", b"A 0:00\nB (1:00)\nC 2:00\n",
    b"0:00\nIntro\n1:00\nMore\n1:15\nEnd", "00：00 始め\n01：30 終わり\n".encode(),
    b"3:00 C\n2:00 B\n1:00 A\n0:00 Z\n", b"1:15 a\n2:30 b\n3:10:00 c\n4:15:00 d\n",
)  # fmt: skip

CHAPTERS = Grammar(
    _PROSE
    | {
        "document": ["{lines}", "{words}{nl}{nl}{lines}", "0:00 Intro{nl}{ascending}",
            "{ascending}"],
        "lines": ["{line}", "{line}{nl}{lines}", "{line}{nl}{lines}", "{line}{nl}{lines}"],
        "line": ["{mark}{clock}{gap}{words}", "{mark}({clock}) {words}", "{words} {clock}",
            "{words} ({clock})", "{words}", "{clock}", "",
                 "{mark}[{clock}]({url}) {words}", "{mark}{clock}-{clock} {words}",
                 "{clock} {words} {url}", "{clock} am {words}", "9:99 {words}"],
        "ascending": ["{mark}1{s}:{s}0 {words}{nl}2{s}:{s}0 {words}{nl}3{s}:{s}0 {words}",
            "1:0{d} {words}{nl}2:{s}0 {words}{nl}3:{s}{d} {words}{nl}1:00:00 {words}"],
        "mark": ["", "", "- ", "• ", "{d}. ", "🎙 ", "* ", "**", "#", "\t"],
        "gap": [" ", " - ", " – ", ": ", " | ", "\t", "", ") "],
    }
)  # fmt: skip

JSON_CHAPTER_SEEDS = (
    b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Intro"}, {"startTim'
    b'e": 60.5, "endTime": 90, "title":'
    b' "A &amp; B", "url": "https://example.org/a", "toc": false}, {"startTime": '
    b'"1:02:03.5", "title": "End"}]}',
    '\ufeff[{"startTime": 1, "title": "é"}, {"startTime": 1, "title": "é"}]'.encode(),
    '{"chapters": [{"startTime": 5, "title": "中"}]}'.encode("utf-16"),
)  # fmt: skip

JSON_CHAPTERS = Grammar(
    _PROSE
    | {
        "document": ["{\"chapters\": [{list}]}", "{\"version\": \"1.2.0\", \"chapters\": [{list}]}",
            "[{list}]", "{odd}"],
        "list": ["{chapter}", "{chapter}, {list}", "{chapter}, {list}", "{chapter}, {list}"],
        "chapter": ["{\"startTime\": {d}{d}, \"title\": {text}}",
            "{\"startTime\": {d}, \"title\": {text}, {field}}",
            "{\"startTime\": {n}, \"title\": {text}}"],
        "field": ["\"endTime\": {n}", "\"url\": \"{url}\"", "\"url\": {text}", "\"toc\": {odd}",
            "\"img\": {odd}, {field}", "\"endTime\": {n}, {field}"],
        "n": ["{d}", "{d}.{d}", "{d}e{d}", "-{d}", "1e999", "NaN", "359999.9999", "\"{clock}\"",
            "\"{d}\"", "{odd}", "99999999999999999999"],
        "text": ["\"{words}\"", "\"{words}\"", "\"\"", "\"\\ud800\"", "\"\\u0000\"",
            "\"\\n{word}\"", "\"&#0;\"", "{odd}"],
        "odd": ["null", "true", "false", "[]", "{}", "\"false\"", "[{odd}]",
            "{\"chapters\": {odd}}", "{d}"],
    }
)  # fmt: skip

TITLE_SEEDS = (
    b"Sponsors", b"[Ad] Acme", b"A word from our sponsors", b"Acme (ad)", b"Who sponsors podcasts?",
    "– Sponsor: Acme".encode(), b"#ad", b"This episode is brought to you by Acme",
    b"Post-roll ads 2]",
)  # fmt: skip

TITLES = Grammar(
    {
        "document": ["{words}"],
        "words": ["{word}", "{word}{gap}{words}", "{word}{gap}{words}"],
        "word": ["sponsor", "Sponsors", "ad", "Ads", "break", "our", "today's", "today’s", "a word",
            "from", "Werbung", "publicité", "#ad",
                 "brought to you by", "thanks to", "pre-roll", "2", "#2", "Acme", "this episode",
                 "is", "Anzeige", "message", "\u200b", "é"],
        "gap": [" ", " ", " ", "", ": ", " - ", " (", ") ", "[", "] ", " | ", "  ", "\n", "–"],
    }
)  # fmt: skip

START_SEEDS = (b"0 10000 20000 -1", b"0 60000 120000 180000", b"500 9000", b"0", b"")
"""Starts of chapters in milliseconds, as ``chapters_at`` reads them; below 0 is a length."""

STARTS = Grammar(
    {
        "document": ["0 {starts}", "{starts}"],
        "starts": ["{n}", "{n} {starts}", "{n} {starts}", "-{n}"],
        "n": ["0", "{d}0000", "{d}{d}000", "{d}{d}{d}", "{d}{d}{d}000"],
        "d": list("0123456789"),
    }
)  # fmt: skip
