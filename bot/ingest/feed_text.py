"""Makes the XML of a feed readable: its bytes to text, its customary slips mended.

What feeds get wrong most: their encoding, entities of HTML, a bare ``&``, control characters,
words before the first tag. None of it changes what the feed says.
"""

from __future__ import annotations

import codecs
import html
import re

from bot.core.errors import BadDocument
from bot.ingest.plain_text import ENTITY

MAX_BYTES = 20_000_000
"""Largest feed: a thousand bytes for each of the most items."""

_PREAMBLE = 100_000
"""Characters before the first tag that are passed over."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHAPES = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
"""How a feed begins that is UTF-16 without saying so."""

_WESTERN = "cp1252"
"""What latin-1 and ASCII mean to every browser: the same, with quotes and dashes."""

_ENCODINGS = {
    **dict.fromkeys(
        ("iso88591", "latin1", "usascii", "ascii", "windows1252", "cp1252", "ansi"), _WESTERN
    ),
    **{f"iso8859{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15)},
    **{f"windows{page}": f"cp{page}" for page in range(1250, 1259)},
    **{f"cp{page}": f"cp{page}" for page in range(1250, 1259)},
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "macintosh": "mac-roman",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "windows31j": "cp932",
    "eucjp": "euc-jp",
    "iso2022jp": "iso2022-jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "tis620": "cp874",
}
"""The encodings that documents have been written in; Python knows more, some of them costly."""

_DECLARED = re.compile(
    rb"""<\?xml[^<>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""", re.IGNORECASE
)
_STRAYS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
"""What stands for a byte that is no UTF-8, and what it was where it was copied from."""

_BEGINNING = re.compile(
    r"<(?:!DOCTYPE(?:\s{1,9}html)?|(?:[\w.-]{1,40}:)?(?:rss|feed|RDF|html))\b", re.IGNORECASE
)
_NO_CHARACTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]"
)
"""What XML forbids, and the control characters that it does not."""

# Each form that opens reaches to the end if it never closes: nothing is looked at twice.
_SLIPS = re.compile(
    r"(?P<cdata><!\[CDATA\[.*?(?:\]\]>|\Z))"
    r"|(?P<comment><!--.*?(?:-->|\Z))"
    rf"|(?P<entity>{ENTITY})"
    r"|&|<(?![a-z_:/!?])",
    re.IGNORECASE | re.DOTALL,
)


def read_text(document: bytes) -> tuple[str, int]:
    """Return a feed's XML from its first tag on, and how many lines came before it.

    Raise BadDocument if it is too large or no feed at all.
    """
    if len(document) > MAX_BYTES:
        raise BadDocument("This feed is larger than 20 MB.")
    text = _NO_CHARACTERS.sub("", _decoded(document))
    if not text.strip():
        raise BadDocument("This feed is empty.")
    found = _BEGINNING.search(text, 0, _PREAMBLE)
    if found is None:
        raise BadDocument("This is no feed: it has neither RSS nor Atom in it.")
    if found[0].lower().endswith("html"):
        raise BadDocument("This is a web page, not a feed: look for its RSS link.")
    before = text.count("\n", 0, found.start())
    return _SLIPS.sub(_mended, text[found.start() :]), before


def _decoded(document: bytes) -> str:
    for bom, encoding in _BOMS:
        if document.startswith(bom):
            return _in_encoding(document.removeprefix(bom), encoding)
    body = document.lstrip(b" \t\r\n")
    for shape, encoding in _SHAPES:
        if body.startswith(shape):
            return body.decode(encoding, "replace")
    return _in_encoding(document, _declared(document))


def _declared(document: bytes) -> str:
    found = _DECLARED.search(document, 0, _PREAMBLE)
    name = re.sub("[^a-z0-9]", "", found[1].decode("ascii", "replace").lower()) if found else ""
    return _ENCODINGS.get(name, "utf-8")


def _in_encoding(document: bytes, encoding: str) -> str:
    if encoding not in {"utf-8", _WESTERN}:
        return document.decode(encoding, "replace")
    try:
        # No western text is UTF-8 by accident, whatever it was declared to be.
        return document.decode("utf-8")
    except UnicodeDecodeError:
        if encoding == _WESTERN:
            return document.decode(_WESTERN, "replace")
    return document.decode("utf-8", "surrogateescape").translate(_STRAYS)


def _mended(slip: re.Match[str]) -> str:
    if slip["cdata"]:
        return slip["cdata"]
    if slip["comment"]:
        # Its lines still count: an error names the line of the document.
        return "\n" * slip["comment"].count("\n")
    if not slip["entity"]:
        return "&amp;" if slip[0] == "&" else "&lt;"
    characters = _NO_CHARACTERS.sub("", html.unescape(slip["entity"]))
    # Written by number, a character is never markup. What no one knows unescapes to itself.
    return "".join(f"&#{ord(character)};" for character in characters)
