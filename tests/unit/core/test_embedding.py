"""The cosine of two vectors of bytes."""

import pytest

from bot.core.embedding import SCALE, cosine


def vector(*components: float) -> bytes:
    return bytes(round(component * SCALE) % 256 for component in components)


def test_cosine_of_a_direction_with_itself_is_one_and_with_its_opposite_minus_one():
    one = vector(*[0.1] * 100)
    assert cosine(one, one) == pytest.approx(1.0)
    assert cosine(one, vector(*[-0.1] * 100)) == pytest.approx(-1.0)


def test_cosine_of_right_angles_is_zero():
    assert cosine(vector(0.3, 0.0), vector(0.0, 0.3)) == 0


def test_vectors_of_two_models_are_not_compared():
    with pytest.raises(ValueError, match="two models"):
        cosine(bytes(384), bytes(256))
