"""A long talk is read a part at a time: the same sentences, in little memory."""

from __future__ import annotations

import tracemalloc

import pytest

from bot.core.transcript import Cue, Transcript
from bot.ingest import captions
from bot.ingest.captions import sentences_of
from bot.ingest.rolling import is_rolling

SAID = "So Mr. Smith asked, e.g. what? 3.5 of them... no! and 行く。then it went on without points"


@pytest.mark.parametrize("held", range(1, 40))
def test_parts_of_a_row_of_words_give_the_same_sentences(monkeypatch, held):
    words = SAID.split() * 4
    cues = [Cue(n * 400, n * 400 + 400, word) for n, word in enumerate(words)]
    whole = sentences_of(Transcript(tuple(cues)))
    monkeypatch.setattr(captions, "_HELD", held)
    assert sentences_of(Transcript(tuple(cues))) == whole
    assert len(whole) > 8


def test_words_of_a_long_talk_are_never_all_in_memory() -> None:
    line = "and this is what people said about the memory of chips."
    cues = [Cue(n * 1_000, n * 1_000 + 1_000, f"{line} {n}?") for n in range(10_000)]
    tracemalloc.start()
    try:
        assert not is_rolling(cues)
        found = sentences_of(Transcript(tuple(cues)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found) == 2 * len(cues)
    # The words alone, each with its times, are some twenty megabytes.
    assert peak < 10_000_000
