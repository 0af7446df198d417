"""Counts, spoken times, excerpts and pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.timecode import Timecode
from bot.core.wording import count, excerpt, pages, spoken


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(14_880, "4 h 8 min"), (248, "4 min 8 s"), (0, "0 s"), (3_600, "1 h"), (7_232, "2 h 32 s")],
)
def test_spoken_time_leaves_no_reading_open(seconds, expected):
    assert spoken(Timecode(seconds)) == expected


def test_count_of_one_is_singular():
    assert (count(1, "moment"), count(0, "moment"), count(1_500, "note")) == (
        "1 moment",
        "0 moments",
        "1,500 notes",
    )


def test_excerpt_cuts_at_a_word_and_says_so():
    assert excerpt("alpha beta gamma", 12) == ("alpha beta…", True)
    assert excerpt("short", 12) == ("short", False)


@given(st.text(), st.integers(2, 50))
def test_excerpt_never_exceeds_its_limit(text, limit):
    shown, cut = excerpt(text, limit)
    assert len(shown) <= limit
    assert cut == (len(text) > limit)


@given(st.text(alphabet="ab .\n", max_size=400), st.integers(5, 60))
def test_pages_hold_every_word_in_order(text, size):
    pieces = pages(text, size)
    assert all(len(piece) <= size for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
