"""Actions fit a button and come back whole."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.actions import MAX_BYTES, Action, decode_name, split_args

PART = st.text(alphabet=st.characters(exclude_characters="|", codec="utf-8"), max_size=8)


def test_action_is_a_version_a_name_and_ids():
    assert Action("help").encode() == "1|help"
    assert Action("pick", ("7", "4:08|x")).encode() == "1|pick|7|4:08|x"


@given(st.lists(PART, max_size=3), st.text(st.characters(codec="utf-8"), max_size=20))
@example([], "")
@example(["", ""], "||")
def test_action_that_fits_comes_back_whole(args, last):
    action = Action("search", (*args, last))
    if not action.fits():
        return
    decoded = decode_name(action.encode())
    assert decoded is not None
    assert decoded[0] == "search"
    assert split_args(decoded[1], len(action.args)) == action.args


def test_action_without_arguments_comes_back():
    assert decode_name(Action("help").encode()) == ("help", "")
    assert split_args("", 0) == ()


def test_action_is_measured_in_bytes():
    assert Action("search", ("x" * (MAX_BYTES - 9),)).fits()
    assert not Action("search", ("x" * (MAX_BYTES - 8),)).fits()
    assert not Action("search", ("é" * 60,)).fits()
    with pytest.raises(ValueError, match="more than 100 bytes"):
        Action("search", ("é" * 60,)).encode()


def test_half_a_surrogate_pair_does_not_fit():
    assert not Action("search", ("\ud800",)).fits()


@pytest.mark.parametrize("action", [Action("search", ("a|b", "c")), Action("se|arch")])
def test_separator_before_the_last_argument_is_refused(action):
    assert not action.fits()
    with pytest.raises(ValueError, match="separator"):
        action.encode()


@pytest.mark.parametrize(
    "text", ["", "1", "1|", "help", "0|help", "11|help", "|help", " 1|help", "1|" + "x" * MAX_BYTES]
)
def test_text_that_is_no_action_of_this_version_is_none(text):
    assert decode_name(text) is None


@given(st.text(st.characters(), max_size=120), st.integers(0, 4))
@example("1|\ud800", 1)
def test_any_text_is_an_action_or_none(text, count):
    decoded = decode_name(text)
    assert decoded is None or len(split_args(decoded[1], count)) == count


def test_argument_that_an_older_button_lacks_is_empty():
    assert split_args("7", 3) == ("7", "", "")
