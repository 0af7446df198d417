"""What the headers of a stranger's answer say, as far as it can be believed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

LONGEST_VALIDATOR = 256

CHARSETS = frozenset(
    "utf-8 utf-16 utf-16-le utf-16-be ascii big5 gb2312 gbk gb18030 euc_jp iso2022_jp shift_jis "
    "euc_kr koi8-r koi8-u mac-roman".split()
    + [f"iso8859-{number}" for number in (*range(1, 12), 13, 14, 15, 16)]
    + [f"cp{number}" for number in (866, 874, 932, 949, *range(1250, 1259))]
)
"""The charsets of the web; Python has more, some of them slow or no text at all."""

_TYPE = re.compile(r"\s*([a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63})", re.I)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([a-z0-9_.:-]{1,40})", re.I | re.ASCII)


def content_type(headers: Mapping[str, str]) -> str:
    """Return the media type in lower case, without parameters, or ""."""
    found = _TYPE.match(headers.get("Content-Type", "")[:LONGEST_VALIDATOR])
    return found[1].lower() if found else ""


def charset(headers: Mapping[str, str]) -> str:
    """Return the charset by Python's name, or ""."""
    found = _CHARSET.search(headers.get("Content-Type", "")[:LONGEST_VALIDATOR])
    try:
        name = codecs.lookup(found[1]).name if found else ""
    except LookupError:
        return ""
    return name if name in CHARSETS else ""


def validator(headers: Mapping[str, str], name: str) -> str:
    """Return an ETag or a Last-Modified that can be sent back as it is, or ""."""
    value = headers.get(name, "")
    fits = len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    return value if fits else ""
