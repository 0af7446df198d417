"""Vectors of bytes: how close two are, and what lies between them."""

import pytest

from bot.core.embedding import SCALE, between, cosine, in_context


def vector(*components: float) -> bytes:
    return bytes(round(component * SCALE) % 256 for component in components)


# Unit vectors, whose components are as small as real ones.
RIGHT, UP = vector(*[0.2] * 25, *[0.0] * 25), vector(*[0.0] * 25, *[0.2] * 25)


def test_cosine_of_a_direction_with_itself_is_one_and_with_its_opposite_minus_one():
    one = vector(*[0.1] * 100)
    assert cosine(one, one) == pytest.approx(1.0)
    assert cosine(one, vector(*[-0.1] * 100)) == pytest.approx(-1.0)


def test_cosine_of_right_angles_is_zero():
    assert cosine(RIGHT, UP) == 0


def test_vectors_of_two_models_are_not_compared():
    with pytest.raises(ValueError, match="two models"):
        cosine(bytes(384), bytes(256))


def test_passage_in_its_context_moves_towards_its_neighbours():
    moved = in_context([RIGHT, RIGHT, UP])
    assert cosine(moved[0], UP) == 0
    assert 0.2 < cosine(moved[1], UP) < 0.4
    assert 0.2 < cosine(moved[2], RIGHT) < 0.4
    assert all(0.98 < cosine(one, one) < 1.02 for one in moved)


def test_lone_passage_and_none_at_all_have_no_context():
    alone = vector(*[0.1] * 100)
    assert in_context([alone]) == [alone]
    assert in_context([]) == []


def test_vector_between_two_is_as_far_from_either():
    middle = between(RIGHT, UP)
    assert cosine(middle, RIGHT) == cosine(middle, UP) > 0.7 - 0.01


def test_vectors_that_cancel_each_other_leave_none():
    assert between(vector(0.3), vector(-0.3)) == bytes(1)
