"""Vectors of bytes: what lies between them, and what a passage's is in its context."""

import pytest

from bot.core.embedding import SCALE, centre
from tests.fakes.vectors import cosine


def vector(*components: float) -> bytes:
    return bytes(round(component * SCALE) % 256 for component in components)


# Unit vectors, whose components are as small as real ones.
RIGHT, UP = vector(*[0.2] * 25, *[0.0] * 25), vector(*[0.0] * 25, *[0.2] * 25)


def test_centre_of_one_is_itself():
    assert centre([RIGHT]) == RIGHT
    assert cosine(RIGHT, RIGHT) == pytest.approx(1.0)


def test_centre_of_two_is_as_far_from_either():
    middle = centre([RIGHT, UP])
    assert cosine(middle, RIGHT) == cosine(middle, UP) > 0.7 - 0.01


def test_vectors_that_cancel_each_other_leave_none():
    assert centre([vector(0.3), vector(-0.3)]) == bytes(1)


def test_vectors_of_two_models_have_no_centre():
    with pytest.raises(ValueError, match="zip"):
        centre([bytes(384), bytes(256)])
