"""Gives a parser one input and says what came of it, and makes what fails as small as it can."""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

from bot.core.errors import BadDocument, UserError
from tests.fuzz import sound

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

MAX_SECONDS = 3.0
"""Processor time of one input: hundreds of times what the slowest needs."""

MAX_SENTENCE = 500
"""Longest sentence of a refusal, in characters: it goes to a chat."""

MOST_TRIES = 1_500
"""Inputs that are tried to find a smaller one that fails alike."""


class TooSlow(Exception):
    """A parser did not end within its time."""


@dataclass(frozen=True)
class Fault:
    """What went wrong: ``kind`` is the same for inputs that fail alike."""

    kind: str
    detail: str


def outcome(target: Target, data: bytes) -> Fault | bool:
    """Return whether a parser read an input (else it refused it), or what went wrong."""
    try:
        with _limited():
            try:
                found = target.read(data)
            except UserError as refusal:
                _check_refusal(refusal)
                return False
            target.check(found)
    except Exception as error:
        return _fault(error)
    return found is not None


def _check_refusal(refusal: UserError) -> None:
    assert refusal.sentence.strip(), "a refusal without a word"
    assert len(refusal.sentence) <= MAX_SENTENCE, "a refusal as long as a document"
    if isinstance(refusal, BadDocument):
        # It is stored with the document's address; what a chat is told is escaped there.
        sound.stored(refusal.sentence)


def _fault(error: Exception) -> Fault:
    if isinstance(error, TooSlow):
        return Fault("TooSlow", f"still busy after {MAX_SECONDS:g} s of processor time")
    frames = traceback.extract_tb(error.__traceback__)
    # Deep in the standard library every fault looks alike: our own last line tells them apart.
    own = [each for each in frames if "/bot/" in each.filename or "/tests/" in each.filename]
    last = (own or frames)[-1]
    return Fault(
        f"{type(error).__name__} at {last.name}:{last.lineno}",
        "".join(traceback.format_exception(error)[-6:]),
    )


@contextmanager
def _limited() -> Iterator[None]:
    """Raise TooSlow in what takes MAX_SECONDS of this process's own time.

    Python's patterns look for signals too. Only a process's main thread can be told.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def smallest(target: Target, data: bytes, kind: str) -> bytes:
    """Return a smaller input that fails in the same way, ``data`` itself where none is found."""

    def fails(candidate: bytes) -> bool:
        found = outcome(target, candidate)
        return isinstance(found, Fault) and found.kind == kind

    # What is slow is slow to make smaller.
    return _shrunk(data, fails, 25 if kind == "TooSlow" else MOST_TRIES)


def _shrunk(data: bytes, fails: Callable[[bytes], bool], tries: int) -> bytes:
    """Leave out ever smaller pieces, as long as what is left still fails."""
    size = max(len(data) // 2, 1)
    while size and tries > 0:
        place, left_out = 0, False
        while place < len(data) and tries > 0:
            candidate = data[:place] + data[place + size :]
            tries -= 1
            if fails(candidate):
                data, left_out = candidate, True
            else:
                place += size
        if not left_out or size > 1:
            size //= 2
    return data
