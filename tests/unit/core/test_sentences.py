"""Prose cut into sentences."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four…", ["One.", "Two!", "Three?", "Four…"]),
        ("It costs $5.6 million. So what?", ["It costs $5.6 million.", "So what?"]),
        ("Dr. Smith met J. Edgar at 3 p.m. today.", ["Dr. Smith met J. Edgar at 3 p.m. today."]),
        ("The U.S. bans chips, e.g. the H100.", ["The U.S. bans chips, e.g. the H100."]),
        ("He said “no.” She left.", ["He said “no.”", "She left."]),
        ("A title\n\nA text. Its end", ["A title", "A text.", "Its end"]),
        ("这是一句。这是另一句！", ["这是一句。", "这是另一句！"]),
        ("I can't. I know.", ["I can't.", "I know."]),
        ("They do R&D. It helps.", ["They do R&D.", "It helps."]),
        ("no end", ["no end"]),
        (" \n ", []),
    ],
)
def test_prose_is_cut_where_its_sentences_end(text, expected):
    assert sentences(text) == expected


@given(st.text("a.! \n?。“”\"'1", max_size=60))
def test_sentences_hold_every_letter_in_order(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_long_text_takes_time_in_proportion():
    began = time.perf_counter()
    sentences("e.g. " * 200_000)
    sentences("." * 1_000_000)
    sentences(" " * 1_000_000)
    assert time.perf_counter() - began < 5
