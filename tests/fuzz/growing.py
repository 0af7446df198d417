"""What is grown for each parser: the pieces of its format, and what stands around them."""

from __future__ import annotations

VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\n"
CUE_UNITS = (
    b"<c>", b"</c>", b"<v A>", b"<v ", b"<rt>", b"<rt", b"<ruby>a<rt>b", b"<br>", b"<00:01.500>",
    b"<00:", b"{\\an8}", b"{\\",
    b"LEX: ", b"A B C D: ", b">> ", b"- a: ", b"[music] ", b"(a b c ", "♪".encode(), "a。".encode(),
    b"word ", b"word. ", b"a-",
    b"\n\n00:01.000 --> 00:02.000\na", b"\n\n00:01.000 --> 00:09.000\nLEX: b",
    b"\n\n00:01.000 --> 00:02.000\nsame words again",
    b"\n\n1\n00:01.000 --> 00:02.000\n", b"\n1", b"1 : ", b"00:01.000 -->", b"0:01 -> ",
    b"<v A>a</v> ", b"<v A>a<v B>b",
)  # fmt: skip
JSON_UNITS = (
    b'{"startTime": 1, "body": "a"},', b'{"startTime": 1, "endTime": 9, "body": "a b c"},',
        b'{"startTime": 1, "body": ","},', b"[", b"[1,",
    b'{"a":', b'"\\u0061', b'{"tStartMs": 1, "segs": [{"utf8": "a"}]},',
        b'{"utf8": "a", "tOffsetMs": 1},', b'[1, 2, "a b"],', b"1", b"null,", b'"",',
)  # fmt: skip
FEED_HEAD = (
    b"<rss version='2.0' xmlns:psc='http://podlove.org/simple-chapters' "
    b"xmlns:p='https://podcastindex.org/namespace/1.0'><channel><item><title>a</title>"
)
FEED_FOOT = b"</item></channel></rss>"
FEED_UNITS = (
    b"</item><item><title>a</title>", b"</item><item><guid>1</guid><enclosure url='/a'/>", b"<a>",
    b"<a></a>", b"<a b='c'/>", b"<a xmlns:b='c'>", b"<title>a</title>",
    b"<title></title>", b"<guid></guid>", b"<guid>a</guid>", b"<enclosure url='x'/>",
    b"<link>/a</link>", b"<link> </link>", b"<pubDate>x</pubDate>", b"<p:transcript url='a'/>",
    b"<psc:chapters><psc:chapter start='1' title='a'/></psc:chapters>", b"<psc:chapters>",
    b"<description>a</description>", b"<description> </description>",
    b"<![CDATA[", b"<![CDATA[a]]>", b"<!-- -->", b"<!--", b"<?a?>", b"&amp;", b"&eacute;", b"&a;",
    b" a='b'", b"<description>0:00 a\n", b"</item>", b"<itunes:duration>x</itunes:duration>",
)  # fmt: skip
CHAPTER_UNITS = (
    b"0:00 a\n", b"a 0:00\n", b"(0:00) ", b"(00:00)", b"0:00\na\n",
    b"[0:00](https://youtu.be/aaaaaaaaaaa) a\n", b"0:00-1:00 a\n", b"<li>0:00 a</li>", b"<li>",
    b"9:99 a\n", b"1:00 a https://example.org/a\n", b"0:00", b"1. ", b"0:00 [", b"0:00 <",
    b"0:00 (", b"0:00 |", b"1:00:00 b\n0:00 a\n",
)  # fmt: skip
NOTE_HEAD = b"# T\n\nhttps://youtu.be/aaaaaaaaaaa\n\n| Time | Topic |\n|---|---|\n| 0:05 | a |\n"
NOTE_UNITS = (
    b"| 1:00 | a |\n", b"| a |\n", b"|", b"| | |\n", b"|---|\n", b"| Time | Topic |\n|---|---|\n",
    b"| Time | Topic |\n|---|---|\n| 1:00 | a |\n\n", b"[a]: b\n", b"[a]: https://a.b\n",
    b"[a][a] ",
    b"\n| 1:00 | ", b"| [1:00](https://youtu.be/aaaaaaaaaaa?t=60) | **a** |\n", b"\\|", b"`",
    b"``a`", b"**a", b"*a_", b"<br>", b"<a href='", b"![a](", b"](", b"- a\n", b"> ", b"# a\n",
    b"```\n", b"---\n",
    b"<!-- a -->\n", b"<!--\n", b"https://a.b/", b"~~", b"1:00 | a\n", b"\n\n",
    b"| 4:08 | a |\n| 3:59:00 | b |\n",
)  # fmt: skip
LINK_UNITS = (
    b"/",
    b"?",
    b"&",
    b"&t=1",
    b"t=&",
    b"%",
    b"%41",
    b".",
    b"a.",
    b"-",
    b"#",
    b"https://",
    b"https://a.b ",
    b"https://a.b.",
    b":",
    b"@",
    b"[",
    b"=",
)
TYPED_UNITS = (b"in:", b" in:a", b"1:", b"1h", b"0", b"1 ", b"t=", b"to ", b" - ", b"[", b"<", b'"',
    b'"a" ', b"R&D ", b"'s ", b"running ", b"/topic ", "中".encode(), "e\u0301".encode(),
    "\u0301".encode(), "\u200e".encode())  # fmt: skip
