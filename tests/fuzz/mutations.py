"""Breaks documents as transfers, editors and attackers do: bytes flip, go, come twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

MAX_SIZE = 4_096
"""Bytes of an ordinary input: small ones find the same faults, and many more can be tried."""

MAX_GROWN = 65_536
"""Bytes of the few inputs that are blown up."""

_ONE_GROWS_IN = 400
_MOST_CHANGES = 5

_TEXTS = (
    "\0", "\ufeff", "\ud800", "\udfff\ud800", "\u2028", "\u2029", "\x85", "\x1b[2J", "\u200f",
    "\u202e", "\u2066", "\u200b", "\u00ad", "\u0301" * 9, "\U0010ffff", "\ufffe", "\x7f",
    "\x9f",
    "9" * 30, "0" * 40, "9" * 5_000, "-1", "-9e99", "1e400", "NaN", "Infinity", "0x1p9", "1_0",
    "٤:٠٨", "４：０８", "²", "𝟗", "99:59:59", "100:00:00", "9:99:99", "-0:01", "0:00",
    "0:00:00.999",
    "[" * 300, "(" * 300, "{" * 300, "[[](" * 90, "<b>" * 150, "</", "<", ">", "<!--", "-->",
    "--",
    "<![CDATA[", "]]>", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "]>", "&a;", "&#0;", "&#xD800;",
    "&#99999999;", "&amp;", "&nbsp;", "&", "&lt;script&gt;", "<script>",
    "<?xml version='1.1'?>",
    "\r", "\r\n", "\n", "\n\n", "\r\r\n", "\t", "\v", "\f", " ", "\u00a0", "\u3000", "|", "||",
    "\\", "\\\"", '"', "'", "`", "```", "~~~", "**", "_", "#", "---", "{}", "[]", "null",
    "true",
    '":', "{\"", "\\ud800", "\\u0000", "://", "https://", "https://youtu.be/aaaaaaaaaaa?t=9",
    "http://[::1", "http://a.b:99999999/", "http://a@b.c/", "//", "?t=", "#t=1h", "%00", "%ff",
    "…", "。", "♪", "🎙", "👩🏽‍💻", "ß", "İ", "ŉ", "ﷺ", "中文", "שלום", "(00:00)", "xmlns:a='b'",
)  # fmt: skip

HOSTILE: Sequence[bytes] = (
    *(each.encode("utf-8", "surrogatepass") for each in _TEXTS),
    b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xff\xfe", b"\xfe\xff", b"\x80",
)  # fmt: skip
"""Pieces that have broken somebody's parser before, in bytes."""

_Change = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutated(rng: random.Random, source: bytes, others: Sequence[bytes]) -> bytes:
    """Return ``source`` with a few changes; what it is spliced with is taken from ``others``."""
    for _ in range(1 + int(rng.random() ** 2 * _MOST_CHANGES)):
        source = _CHANGES[int(rng.random() * len(_CHANGES))](rng, source, others)
    if rng.random() * _ONE_GROWS_IN < 1:
        return _grown(rng, source)[:MAX_GROWN]
    return source[:MAX_SIZE]


def _place(rng: random.Random, source: bytes) -> int:
    return int(rng.random() * (len(source) + 1))


def _stretch(rng: random.Random, source: bytes) -> tuple[int, int]:
    """Return where a stretch starts and ends: mostly a short one, sometimes any."""
    start = _place(rng, source)
    most = 12 if rng.random() < 0.7 else len(source)
    return start, min(start + 1 + int(rng.random() * most), len(source))


def _flip(rng: random.Random, source: bytes, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(source)
    for _ in range(1 + int(rng.random() * 3)):
        if changed:
            place = int(rng.random() * len(changed))
            changed[place] ^= 1 << int(rng.random() * 8)
    return bytes(changed)


def _digit(rng: random.Random, source: bytes, _others: Sequence[bytes]) -> bytes:
    """Change one digit into another: the document stays of its kind, a time in it moves."""
    start = _place(rng, source)
    for place in range(start, min(start + 80, len(source))):
        if 48 <= source[place] <= 57:
            return source[:place] + b"%d" % int(rng.random() * 10) + source[place + 1 :]
    return source


def _delete(rng: random.Random, source: bytes, _others: Sequence[bytes]) -> bytes:
    start, stop = _stretch(rng, source)
    return source[:start] + source[stop:]


def _duplicate(rng: random.Random, source: bytes, _others: Sequence[bytes]) -> bytes:
    start, stop = _stretch(rng, source)
    place = stop if rng.random() < 0.5 else _place(rng, source)
    return source[:place] + source[start:stop] + source[place:]


def _truncate(rng: random.Random, source: bytes, _others: Sequence[bytes]) -> bytes:
    place = _place(rng, source)
    return source[:place] if rng.random() < 0.7 else source[place:]


def _splice(rng: random.Random, source: bytes, others: Sequence[bytes]) -> bytes:
    other = others[int(rng.random() * len(others))]
    return source[: _place(rng, source)] + other[_place(rng, other) :]


def _plant(rng: random.Random, source: bytes, _others: Sequence[bytes]) -> bytes:
    start = _place(rng, source)
    stop = start if rng.random() < 0.7 else min(start + int(rng.random() * 6), len(source))
    planted = HOSTILE[int(rng.random() * len(HOSTILE))]
    return source[:start] + planted + source[stop:]


def _repeat(rng: random.Random, source: bytes, _others: Sequence[bytes]) -> bytes:
    start, stop = _stretch(rng, source)
    times: int = 10 ** (1 + int(rng.random() * 3))
    return (
        source[:start]
        + source[start:stop] * min(times, 1 + MAX_SIZE // (stop - start + 1))
        + source[stop:]
    )


def _swap_lines(rng: random.Random, source: bytes, _others: Sequence[bytes]) -> bytes:
    lines = source.split(b"\n")
    one, other = int(rng.random() * len(lines)), int(rng.random() * len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _grown(rng: random.Random, source: bytes) -> bytes:
    start, stop = _stretch(rng, source)
    unit = source[start:stop] or b"<"
    return source[:start] + unit * (MAX_GROWN // len(unit)) + source[stop:]


_CHANGES: tuple[_Change, ...] = (
    _flip, _digit, _delete, _duplicate, _truncate, _splice, _plant, _plant, _plant, _repeat,
    _swap_lines,
)  # fmt: skip
