"""Actions fit a button and come back whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.actions import MAX_BYTES, Action, decode_name, split_args

PART = st.text(alphabet=st.characters(exclude_characters="|", codec="utf-8"), max_size=8)


@given(st.lists(PART, max_size=3), st.text(st.characters(codec="utf-8"), max_size=20))
def test_action_that_fits_comes_back_whole(args, last):
    action = Action("search", (*args, last))
    if not action.fits():
        return
    decoded = decode_name(action.encode())
    assert decoded is not None
    assert decoded[0] == "search"
    assert split_args(decoded[1], len(action.args)) == action.args


def test_action_is_measured_in_bytes():
    assert Action("search", ("x" * (MAX_BYTES - 9),)).fits()
    assert not Action("search", ("x" * (MAX_BYTES - 8),)).fits()
    assert not Action("search", ("é" * 60,)).fits()


def test_separator_before_the_last_argument_is_refused():
    with pytest.raises(ValueError, match="separator"):
        Action("search", ("a|b", "c")).encode()
