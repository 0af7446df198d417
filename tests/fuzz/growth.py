"""Grows what is hostile, and sees that a parser takes no more than its share of time for it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.errors import UserError
from tests.fuzz.mutations import HOSTILE

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

SMALL = (2_000, 10_000)
"""Bytes of the smaller of two inputs, the other is TIMES as large: many a bound lies between."""

TIMES = 4
MOST_TIMES = 8.0
"""By how much the time may grow: twice what is linear, half of what is quadratic."""

FLOOR_S = 0.008
"""Seconds below which a time says nothing: the smaller input counts as taking this long."""

PER_BYTE_S = 2e-6
"""Seconds for each byte of the largest inputs: four times what the slowest takes."""

ROUNDS = 3

SURE_S = 0.5
"""Seconds that no disturbance explains: one round is enough."""

UNITS: Sequence[bytes] = (
    b"<", b">", b"[", b"]", b"[]", b"(", b"()", b"{", b"{}", b"&", b"&#", b"&a", b"&amp;", b"&a;",
    b"-->", b"--> ", b"<!--", b"<!", b"<?", b"]]>",
    b"<a", b"<a ", b"<a>", b"</a>", b"<a href='", b"<b><i>", b"(00:00)", b"(00:00) ", b"0:00 ",
    b"0:00\n", b"00:", b"1", b"1 ", b"1.", b"0", b"-", b"--", b"- ", b"_", b"*", b"**a",
    b"`", b"``", b"~~", b"#", b"# ", b"|", b"| ", b"a|", b"\\", b"\\|", b"'", b'"', b'"a', b"a",
    b"a ", b"a.", b"a. ", b"A. ", b".", b",", b":", b": ", b";", b"/", b"=", b"@", b"%",
    b" ", b"\t", b"\n", b"\n\n", b"\r", b"\r\n", b" \n", b"a\n", b"\0", b"\x0b", b"\xff",
    "\ufeff".encode(), "\u200b".encode(), "\u2028".encode(), "\u202e".encode(),
    "\u0301".encode(), "é".encode(), "中".encode(), "。".encode(), "…".encode(), "♪".encode(),
    "🎙".encode(), b"[](", b"](a", b"![", b"[a](b)", b"[a][", b"[a]:", b"https://",
    b"https://a.b ",
)  # fmt: skip
"""What is repeated, for every parser, in one line and on a line of its own."""


LARGE_UNITS: Sequence[bytes] = (b"<", b"[](", b"a ", b"\r", b"&amp;", b"0:00 a\n")
"""What the largest inputs are made of."""


@dataclass(frozen=True)
class Shape:
    """An input that grows: ``unit`` again and again between ``head`` and ``foot``."""

    head: bytes
    unit: bytes
    foot: bytes

    def of(self, size: int) -> bytes:
        """Return the input with about ``size`` bytes of the unit."""
        return self.head + self.unit * max(size // len(self.unit), 1) + self.foot

    def __str__(self) -> str:
        return f"{self.head[-80:]!r} + {self.unit!r} × n + {self.foot[:80]!r}"


def shapes(target: Target) -> Iterator[Shape]:
    """Yield what is grown for a parser: each unit in each frame, together and in lines."""
    for head, foot in target.frames:
        for unit in (*UNITS, *target.units):
            yield Shape(head, unit, foot)
            line = unit * max(40 // len(unit), 1)
            yield Shape(head, line + b"\n", foot)


def large_shapes(target: Target) -> Iterator[Shape]:
    """Yield what the largest inputs of a parser are made of, where those are timed."""
    for head, foot in target.frames[:1] if target.largest else ():
        for unit in LARGE_UNITS:
            yield Shape(head, unit, foot)
            yield Shape(head, unit * max(40 // len(unit), 1) + b"\n", foot)


def found_shapes(target: Target, seed: int) -> Iterator[Shape]:
    """Yield shapes that nobody thought of: a stretch of a seed, or two, again and again."""
    rng = random.Random(f"{seed}/{target.name}/growth")
    while True:
        source = rng.choice(target.seeds)
        start = rng.randrange(len(source) + 1)
        stop = min(start + rng.choice((1, 3, 10, 30, 100)), len(source))
        unit = source[start:stop]
        if rng.random() < 0.5:
            unit += rng.choice(HOSTILE)[:20]
        if rng.random() < 0.3:
            unit += rng.choice(target.seeds)[: rng.randrange(1, 60)]
        yield Shape(source[:start], unit or b"\n", source[stop:])


def superlinear(target: Target, shape: Shape) -> str | None:
    """Return what is wrong with the time that a shape takes, or None."""
    return next(filter(None, (_grows(target, shape, small) for small in SMALL)), None)


def _grows(target: Target, shape: Shape, small: int) -> str | None:
    few, many = shape.of(small), shape.of(TIMES * small)
    # Most are clearly linear the first time; what is not may have been disturbed.
    quick = slow = float("inf")
    for _ in range(ROUNDS):
        slow = min(slow, _seconds(target.read, many))
        if slow <= MOST_TIMES * FLOOR_S:
            return None
        quick = max(min(quick, _seconds(target.read, few)), FLOOR_S)
        if slow <= MOST_TIMES * quick:
            return None
        if slow > SURE_S:
            break
    return f"{quick:.3f} s for {len(few):,} bytes, {slow:.3f} s for {len(many):,}: {shape}"


def too_long(target: Target, shape: Shape) -> str | None:
    """Return what is wrong with the time of the largest input of a shape, or None."""
    data = shape.of(target.largest)
    spent = _seconds(target.read, data)
    if spent <= PER_BYTE_S * len(data):
        return None
    spent = min(spent, _seconds(target.read, data))
    allowed = PER_BYTE_S * len(data)
    return None if spent <= allowed else f"{spent:.1f} s for {len(data):,} bytes: {shape}"


def _seconds(read: Callable[[bytes], object], data: bytes) -> float:
    start = time.process_time()
    with suppress(UserError):
        read(data)
    return time.process_time() - start
